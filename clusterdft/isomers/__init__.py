"""Isomers: when two geometries are the same minimum, and the pool of distinct ones."""

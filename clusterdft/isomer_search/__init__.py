"""Searches: start geometries are asked for, relaxed, and merged into distinct isomers."""

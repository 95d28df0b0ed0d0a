"""Symmetry: point groups of noisy geometries, character tables, irreducible representations."""

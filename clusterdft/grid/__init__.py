"""Quadrature for smooth valence densities: no cores, so a few hundred points an atom suffice."""

from clusterdft.grid.quadrature import Grid, Quadrature, build_grid

__all__ = ["Grid", "Quadrature", "build_grid"]

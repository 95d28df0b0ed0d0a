"""Quadrature for smooth valence densities: no cores, so a few hundred points an atom suffice."""

from clusterdft.grid.quadrature import Grid, build_grid, weight_gradient

__all__ = ["Grid", "build_grid", "weight_gradient"]

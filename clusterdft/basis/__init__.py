"""Basis sets: primitive Gaussians for the orbitals, Hermite Gaussians for the fitted density."""

"""The symmetry of geometries: point groups of noisy coordinates, frames, subgroups, irreps of motions."""

"""Places of atoms: formulas, fragments, distances, shapes."""

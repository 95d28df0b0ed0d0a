"""The symmetry of electrons: irreps of levels and modes, term symbols, electronic states."""

"""Matrix elements: fitted Coulomb and nonlocal parts in numba, the rest through libcint."""

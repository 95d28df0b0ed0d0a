"""Orbital sets made here: exponents from the energies of small systems."""

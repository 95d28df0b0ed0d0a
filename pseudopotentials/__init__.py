"""Pseudopotential files, one TOML file an element; read through clusterdft.pseudo."""

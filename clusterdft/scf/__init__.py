"""The self-consistent field of one geometry: energy terms, occupations, iterations, forces."""

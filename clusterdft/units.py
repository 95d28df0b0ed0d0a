"""Conversion factors (CODATA 2018) and the letters of angular momenta.

Every other file works in atomic units and takes a factor from here.
"""

from math import pi

HARTREE_EV = 27.211386245988
BOHR_ANGSTROM = 0.529177210903
HARTREE_CM1 = 219474.6313632
DALTON_ELECTRON_MASS = 1822.888486209
BOLTZMANN_HARTREE_PER_KELVIN = 3.166811563e-6
HARTREE_PER_BOHR_EV_PER_ANGSTROM = HARTREE_EV / BOHR_ANGSTROM
SPEED_OF_LIGHT = 137.035999084  # atomic units: the inverse fine-structure constant
ATOMIC_TIME_SECONDS = 2.4188843265857e-17
AVOGADRO = 6.02214076e23
# integrated absorption of a mole, N_A pi / (3 c^2) |dd/dQ|^2, from |dd/dQ|^2 in squared charges/electron mass
INFRARED_KM_PER_MOL = AVOGADRO * pi / (3 * SPEED_OF_LIGHT**2) * BOHR_ANGSTROM * 1e-13

MOMENTUM_LETTERS = "spdfghiklm"  # of l = 0, 1, ...; there is no j

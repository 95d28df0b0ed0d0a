"""Spectroscopic constants of Na2 and Na2+ with the shipped potential and the paper's basis.

Expected values: measured with exact Coulomb integrals and a fine grid for the same potential and basis; the
1985 paper prints 5.48 bohr, 0.91 eV, 173 cm^-1 and 6.42 bohr, 1.05 eV, 115 cm^-1 for its own potential.
"""

import numpy as np
import pytest

from clusterdft.cluster import Cluster
from clusterdft.method import Method
from clusterdft.scf.solve_scf import solve_scf
from clusterdft.units import DALTON_ELECTRON_MASS, HARTREE_CM1, HARTREE_EV

SODIUM_MASS = 22.98976928  # dalton


def dimer(distance, charge):
    return Cluster(symbols=("Na",) * 2, positions=[[0, 0, 0], [0, 0, distance]], charge=charge)


@pytest.mark.parametrize(
    ("charge", "re", "de", "we"), [(0, 5.503, 0.875, 170.0), (1, 6.420, 0.994, 122.0)], ids=["Na2", "Na2+"]
)
def test_spectroscopic_constants(charge, re, de, we):
    distances = re + np.linspace(-0.3, 0.3, 7)
    energies = [solve_scf(dimer(d, charge), Method()).energy for d in distances]
    curve = np.polynomial.Polynomial.fit(distances, energies, 4).convert()
    roots = curve.deriv().roots()
    minimum = float(next(r.real for r in roots if abs(r.imag) < 1e-9 and abs(r.real - re) < 0.3))
    atom = solve_scf(Cluster(symbols=("Na",), positions=np.zeros((1, 3))), Method()).energy
    separated = (2 - charge) * atom
    frequency = np.sqrt(curve.deriv(2)(minimum) / (0.5 * SODIUM_MASS * DALTON_ELECTRON_MASS)) * HARTREE_CM1
    assert minimum == pytest.approx(re, abs=0.01)
    assert (separated - curve(minimum)) * HARTREE_EV == pytest.approx(de, abs=0.01)
    assert frequency == pytest.approx(we, abs=3)

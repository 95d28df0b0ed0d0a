"""Pseudo-Jahn-Teller candidates: near levels whose product holds a soft vibration."""

import numpy as np
import pytest
from test_open_shells import SHAPES

from clusterdft.cluster import Cluster
from clusterdft.electronic_symmetry.level_irreps import LevelSet
from clusterdft.jahn_teller.degenerate_modes import DegenerateModes
from clusterdft.jahn_teller.pseudo_jahn_teller import pseudo_candidates
from clusterdft.symmetry.point_group import find_point_group

SQUARE = find_point_group(Cluster(symbols=("Na",) * 4, positions=SHAPES["D4h"]))


def level(irrep, energy, electrons, degeneracy=1, spin=0):
    return LevelSet(
        label=f"1{irrep.lower()}",
        irrep=irrep,
        spin=spin,
        indices=tuple(range(degeneracy)),
        energies=(energy,) * degeneracy,
        occupation=(electrons / degeneracy,) * degeneracy,
        shares={irrep: 1.0},
        purity=1.0,
    )


def mode(irrep, frequency):
    return DegenerateModes(
        irrep=irrep, frequency=frequency, force_constant=1.0, mass=1.0, vectors=np.zeros((1, 4, 3))
    )


def test_only_products_with_a_soft_mode_count():
    levels = (level("Eu", -0.10, 2.0, 2), level("B1g", -0.07, 0.0), level("B2g", 0.05, 0.0))
    modes = (mode("B1g", -1e-4), mode("Eu", 1e-4), mode("A1g", 1e-5))
    (one,) = pseudo_candidates(SQUARE, levels, modes, 2)  # Eu x B1g = Eu; B2g is too far up
    assert (one.filled, one.empty, one.irrep) == ("1eu", "1b1g", "Eu")
    assert one.gap == pytest.approx(0.03)
    stiff = (mode("B1g", -1e-4), mode("Eu", 5e-4))
    assert pseudo_candidates(SQUARE, levels, stiff, 2) == ()


def test_spins_do_not_mix_and_full_levels_are_not_empty():
    soft = (mode("B2u", -1e-4),)
    filled, empty = level("A1g", -0.1, 1.0), level("B2u", -0.09, 0.0)
    assert len(pseudo_candidates(SQUARE, (filled, empty), soft, 2)) == 1
    assert pseudo_candidates(SQUARE, (filled, level("B2u", -0.09, 0.0, spin=1)), soft, 2) == ()
    assert pseudo_candidates(SQUARE, (filled, level("B2u", -0.09, 1.0)), soft, 2) == ()
    assert len(pseudo_candidates(SQUARE, (filled, level("B2u", -0.09, 1.0)), soft, 1)) == 1

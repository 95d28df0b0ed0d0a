"""The gain in the linear model: modes of one filling add up, and filling has its price."""

from types import SimpleNamespace

import numpy as np
import pytest

from clusterdft.jahn_teller.analysis import JahnTeller
from clusterdft.jahn_teller.couplings import Coupling
from clusterdft.jahn_teller.degenerate_modes import DegenerateModes, Direction


def along(subgroup, *signs, irrep="E'", stiffness=1.0):
    """Couplings along one mode, from (V^2 / 2K, energy of filling) for each sign."""
    modes = DegenerateModes(
        irrep=irrep, frequency=1e-3, force_constant=stiffness, mass=1.0, vectors=np.zeros((2, 5, 3))
    )
    direction = Direction(
        modes=modes,
        subgroup=SimpleNamespace(name=subgroup, members=tuple(map(ord, subgroup))),
        vector=np.zeros((5, 3)),
        unique=True,
        two_sided=len(signs) == 2,
    )
    return tuple(
        Coupling(
            direction=direction,
            sign=sign,
            slopes=(),
            force_of_levels=(2 * abs(stiffness) * gain) ** 0.5,
            force_of_filling=None if filling is None else (2 * abs(stiffness) * gain) ** 0.5,
            filling_energy=filling,
            step=0.05,
        )
        for sign, (gain, filling) in zip((1, -1), signs, strict=False)
    )


def gain_of(*couplings):
    return JahnTeller(
        state=None,
        free_energy=None,
        high_spin=None,
        couplings=sum(couplings, ()),
        pseudo=(),
        points=(),
        path=None,
        dynamics=None,
    ).linear_stabilisation


def test_the_energy_of_filling_is_paid_once():
    assert gain_of(along("C2v", (3e-3, 7e-4), (2e-3, 1e-4))) == pytest.approx(2.3e-3)
    assert gain_of(along("C2v", (3e-3, 7e-4)), along("C2v", (2e-3, 7.02e-4))) == pytest.approx(5e-3 - 7.02e-4)
    assert gain_of(along("C2v", (3e-3, 2.5e-3), (1e-3, 1e-4))) == pytest.approx(9e-4)  # the lower force gains


def test_modes_add_up_where_the_same_electrons_are_filled():
    # Na5, D3h: the sign that pulls harder along the second mode belongs to the other filling of the first
    first, second = (
        along("C2v", (2.7e-3, 2.7e-5), (2.6e-3, 8.6e-5)),
        along("C2v", (9e-5, 8.4e-5), (8e-5, 2.85e-5)),
    )
    assert gain_of(first, second) == pytest.approx(2.7e-3 + 8e-5 - 2.85e-5)


def test_different_epikernels_and_representations_do_not_add_up():
    assert gain_of(along("C2v", (3e-3, 0.0)), along("Cs", (2e-3, 0.0))) == pytest.approx(3e-3)
    assert gain_of(along("D2", (3e-3, 0.0)), along("D2", (2e-3, 0.0), irrep='E"')) == pytest.approx(3e-3)


def test_a_filling_that_is_not_known_along_each_mode_is_left_out():
    partly = along("D3d", (9e-3, 1.5e-2), (2e-3, 7e-4)), along("D3d", (8e-3, None), (1e-3, 7.1e-4))
    assert gain_of(*partly) == pytest.approx(3e-3 - 7.1e-4)
    assert gain_of(along("D5d", (9e-3, 1e-3)), along("D5d", (8e-3, 4e-3))) is None
    assert gain_of(along("D5d", (9e-3, None))) is None


def test_no_couplings_or_a_soft_mode():
    assert gain_of() is None
    assert gain_of(along("C2v", (3e-3, 0.0)), along("D2h", (1e-3, 0.0), stiffness=-1.0)) is None

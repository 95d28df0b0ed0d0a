"""Couplings against the exact E x e model, and what they gain: modes of one filling add up, filling costs."""

from types import SimpleNamespace

import numpy as np
import pytest
from scipy.spatial.transform import Rotation
from two_sheets import TwoSheets, triangle

from clusterdft.errors import InputError
from clusterdft.jahn_teller.couplings import Coupling, couplings_along, linear_stabilisation
from clusterdft.jahn_teller.degenerate_modes import DegenerateModes, Direction, degenerate_modes, directions
from clusterdft.jahn_teller.open_shells import OpenLevel
from clusterdft.properties.vibrations import vibrations
from clusterdft.symmetry.point_group import find_point_group

LEVEL = OpenLevel(label="1e'", irrep="E'", spin=0, indices=(1, 2), electrons=1.0, full=1)


def model_couplings(model, turn=None, step=0.01):
    cluster = triangle(turn=turn)
    group = find_point_group(cluster)
    (modes,) = degenerate_modes(group, vibrations(cluster, model, step=0.02), ["E'"])
    c2v, *_ = directions(group, modes, np.random.default_rng(0))
    return couplings_along(c2v, cluster, (LEVEL,), model, step=step)


@pytest.mark.parametrize("warping", [0.0, 0.0006, -0.001])
def test_constants_of_the_model(warping):
    model = TwoSheets(equal=True, warping=warping)
    found = model_couplings(model, Rotation.random(random_state=4).as_matrix())
    assert [one.sign for one in found] == [1, -1]
    for one in found:
        assert one.force_of_levels == pytest.approx(model.linear * 1.5**0.5, rel=1e-4)
        assert one.force_of_filling == pytest.approx(model.linear * 1.5**0.5, rel=2e-3)
        assert one.direction.modes.force_constant == pytest.approx(1.5 * model.stiffness, rel=1e-4)
        assert one.stabilisation == pytest.approx(model.linear**2 / (2 * model.stiffness), rel=4e-3)
        assert one.distortion == pytest.approx(model.linear / model.stiffness / 1.5**0.5, rel=2e-3)
        assert abs(one.filling_energy) < 2e-6
        assert one.slopes[0] == pytest.approx([-one.force_of_levels, one.force_of_levels])


def test_shares_that_do_not_stay_equal_are_noticed():
    class Uneven(TwoSheets):
        def point(self, cluster, restart=None):
            found = super().point(cluster, restart)
            found.details["occupation"] = np.array([[1.0, 1.0, 0.0], [1.0, 0.0, 0.0]])
            return found

    with pytest.raises(InputError, match="do not stay equal"):
        model_couplings(Uneven(equal=True))


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
    return linear_stabilisation(sum(couplings, ()))


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

"""Couplings against the exact E x e model: V, K, stabilisation, on both sides and in any orientation."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation
from two_sheets import TwoSheets, triangle

from clusterdft.errors import InputError
from clusterdft.jahn_teller.couplings import coupling
from clusterdft.jahn_teller.degenerate_modes import degenerate_modes, directions
from clusterdft.jahn_teller.open_shells import OpenLevel
from clusterdft.properties.vibrations import vibrations
from clusterdft.symmetry.point_group import find_point_group

LEVEL = OpenLevel(label="1e'", irrep="E'", spin=0, indices=(1, 2), electrons=1.0, full=1)


def model_couplings(model, turn=None, step=0.01):
    cluster = triangle(turn=turn)
    group = find_point_group(cluster)
    (modes,) = degenerate_modes(group, vibrations(cluster, model, step=0.02), ["E'"])
    c2v, *_ = directions(group, modes, np.random.default_rng(0))
    return coupling(cluster, (LEVEL,), c2v, model, step=step)


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

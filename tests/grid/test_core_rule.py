"""The quadrature around a partial core."""

import numpy as np
import pytest

from clusterdft.grid.core_rule import CORE_GRID_LEVELS, core_rule

CORES = {
    "Na": ((0.506473, 1.082433), (0.017913, 0.396823)),
    "K": ((0.2824, 0.5723), (0.01294, 0.28527)),
    "Li": ((1.3, 4.0), (0.15, 2.5)),
}
OUTSIDE = {"coarse": 2e-4, "default": 3e-5, "fine": 2e-6, "ultra": 2e-7}


def electrons(core):
    exponents, heights = np.array(core)
    return heights @ (np.pi / exponents) ** 1.5


@pytest.mark.parametrize("level", list(CORE_GRID_LEVELS))
@pytest.mark.parametrize("symbol", list(CORES))
def test_weights_add_up_to_the_electrons_of_the_core(level, symbol):
    _, weights = core_rule(level, symbol, *CORES[symbol])
    assert weights.sum() == pytest.approx(electrons(CORES[symbol]), rel=OUTSIDE[level])
    assert np.all(weights > 0)


@pytest.mark.parametrize("symbol", list(CORES))
def test_product_of_the_core_with_a_gaussian_off_centre(symbol):
    """A neighbour's density at the core, written out."""
    points, weights = core_rule("default", symbol, *CORES[symbol])
    exponents, heights = np.array(CORES[symbol])
    a, place = 0.1, np.array([3.0, -3.5, 2.5])
    total = a + exponents
    exact = heights @ ((np.pi / total) ** 1.5 * np.exp(-a * exponents / total * (place @ place)))
    value = weights @ np.exp(-a * np.sum((points - place) ** 2, axis=1))
    assert value == pytest.approx(exact, rel=3e-4)


def test_levels_are_a_ladder_of_few_points():
    for symbol, core in CORES.items():
        count = [len(core_rule(level, symbol, *core)[0]) for level in CORE_GRID_LEVELS]
        assert count == sorted(count)
        assert count[1] < 450


def test_a_sharper_core_has_closer_shells():
    wide, sharp = (core_rule("default", "Na", (alpha,), (1.0,))[0] for alpha in (0.5, 5.0))
    nearest = [np.min(np.linalg.norm(points, axis=1)) for points in (wide, sharp)]
    assert nearest[0] / nearest[1] == pytest.approx(np.sqrt(10.0))


def test_the_rule_does_not_depend_on_the_height_of_the_core():
    points, weights = core_rule("default", "Na", *CORES["Na"])
    alpha, c = CORES["Na"]
    faint = core_rule("default", "Na", alpha, tuple(1e-9 * x for x in c))
    np.testing.assert_array_equal(points, faint[0])
    np.testing.assert_allclose(faint[1], 1e-9 * weights, rtol=1e-12)

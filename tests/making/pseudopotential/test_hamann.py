"""The norm-conserving construction, held against the radial equation itself."""

import numpy as np
import pytest

from clusterdft.atom import bound_state, logarithmic_mesh, solve_outward
from clusterdft.errors import InputError
from clusterdft.making.pseudopotential.hamann import (
    check_cutoff,
    cutoff,
    norm_inside,
    outermost_node_and_maximum,
    pseudo_orbital,
)

MESH = logarithmic_mesh(3)


def screened(r):
    """A screened nucleus with 1s and 2s states, like lithium's."""
    return -(1 + 2 * np.exp(-2 * r)) / r


def state(l, nodes):  # noqa: E741
    found = bound_state(MESH, screened(MESH.r), l=l, nodes=nodes)
    return {"l": l, "energy": found.energy, "orbital": found.orbital}


@pytest.fixture(scope="module", params=[(0, 1, 1.7), (1, 0, 1.5), (2, 0, 3.0)], ids="spd")
def case(request):
    l, nodes, radius = request.param  # noqa: E741
    real = state(l, nodes)
    return real, pseudo_orbital(MESH, screened(MESH.r), cutoff_radius=radius, **real)


def test_orbital_is_the_lowest_state_of_the_potential(case):
    real, pseudo = case
    found = bound_state(MESH, pseudo.potential, l=pseudo.l, nodes=0)
    assert found.energy == pytest.approx(real["energy"], abs=1e-9)
    np.testing.assert_allclose(np.abs(found.orbital), pseudo.orbital, atol=2e-7)


def test_nothing_changes_beyond_the_reach(case):
    real, pseudo = case
    outside = (pseudo.reach * 1.001 < MESH.r) & (MESH.r < 30)
    np.testing.assert_allclose(pseudo.potential[outside], screened(MESH.r)[outside], atol=1e-8)
    np.testing.assert_allclose(pseudo.orbital[outside], np.abs(real["orbital"])[outside], atol=1e-7)


def test_norm_inside_the_reach_is_kept(case):
    real, pseudo = case
    edge = int(np.searchsorted(MESH.r, pseudo.reach))
    assert norm_inside(MESH, pseudo.orbital, edge) == pytest.approx(
        norm_inside(MESH, real["orbital"], edge), abs=1e-9
    )


def test_norm_gives_the_slope_of_the_logarithmic_derivative(case):
    """-1/2 d/dE [d ln P/dr] P^2 = int_0^R P^2: the slopes of both potentials agree, to first order."""
    real, pseudo = case
    edge = int(np.searchsorted(MESH.r, pseudo.reach))

    def slope(potential):
        values = []
        for energy in (real["energy"] - 1e-4, real["energy"] + 1e-4):
            p = solve_outward(MESH, potential, l=pseudo.l, energy=energy, relativity="none", z=None)
            values.append(MESH.derivative(p)[edge] / p[edge])
        return (values[1] - values[0]) / 2e-4

    assert slope(pseudo.potential) == pytest.approx(slope(screened(MESH.r)), rel=1e-4)


def test_cutoff_function_is_one_inside_and_gone_outside():
    assert cutoff(1e-3, 2.0) == pytest.approx(1, abs=1e-10)
    assert cutoff(2.0, 2.0) == pytest.approx(np.exp(-1))
    assert cutoff(5.0, 2.0) < 1e-10


def test_node_and_maximum_of_a_hydrogen_orbital():
    """2s: P = r (2 - r) exp(-r/2) has its node at 2 and its maxima at 3 -+ sqrt(5) bohr."""
    mesh = logarithmic_mesh(1)
    node, peak = outermost_node_and_maximum(mesh, mesh.r * (2 - mesh.r) * np.exp(-mesh.r / 2))
    assert node == pytest.approx(2, rel=1e-2)
    assert peak == pytest.approx(3 + np.sqrt(5), rel=1e-2)


@pytest.mark.parametrize(("radius", "word"), [(0.3, "inside the outermost node"), (9.0, "beyond")])
def test_impossible_cutoff_radius_is_refused_with_a_proposal(radius, word):
    real = state(0, 1)
    with pytest.raises(InputError, match=word) as caught:
        pseudo_orbital(MESH, screened(MESH.r), cutoff_radius=radius, **real)
    proposal = float(str(caught.value).rsplit("about ", 1)[1])
    check_cutoff(MESH, real["orbital"], 0, proposal)

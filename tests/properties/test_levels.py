"""Angular character and shells."""

from dataclasses import replace

import numpy as np
import pytest
from clusters import rearranged_result
from scipy.special import spherical_in
from solved import ATOM, MIXED, RHOMBUS, SEPTAMER, TIGHT, TRIMER, solved

from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.method import Method
from clusterdft.properties.levels import angular_character, centre_of_charge, levels
from clusterdft.scf.solve_scf import solve_scf

LOOSE = Method()
D_SHELLS = Method(basis="opt-4s3p1d", pseudopotential="bhs-core", tolerance=1e-8)


def test_an_atoms_orbitals_are_pure():
    """3 s and two shells of p functions, at a place off the origin."""
    away = Cluster(symbols=("Na",), positions=[[4.0, -3.0, 11.0]])
    found = levels(solve_scf(away, TIGHT))
    assert found.centre == pytest.approx([4.0, -3.0, 11.0], abs=1e-9)
    share = np.sort(found.character[0].max(axis=1))
    assert share == pytest.approx(np.ones(9), abs=1e-7)
    assert found.character[0].sum(axis=0) == pytest.approx([3, 6, 0, 0, 0], abs=1e-6)
    assert found.label == "1s1"


def test_shells_of_one_momentum_are_counted():
    """With every orbital of the atom filled, as many of either spin: three s and two p shells."""
    result = solved(ATOM)
    found = levels(replace(result, occupation=np.ones_like(result.occupation)))
    counts = {shell.name: shell.electrons for shell in found.shells}
    assert counts == pytest.approx({"1s": 2, "2s": 2, "3s": 2, "1p": 6, "2p": 6})
    assert found.gap is None


def test_d_functions_are_d():
    result = solve_scf(Cluster(symbols=("Na",), positions=np.zeros((1, 3))), D_SHELLS)
    assert angular_character(result, np.zeros(3))[0].sum(axis=0) == pytest.approx([4, 9, 5, 0, 0], abs=1e-6)


def test_a_displaced_gaussian():
    """s function at distance d, in closed form: w_l = (2l+1) i_l(x) / sum, x = a d^2, with <psi|psi> = 1.

    exp(-a|r-d|^2) = exp(-a(r^2+d^2)) sum_l (2l+1) i_l(2ard) P_l; the radial integral of i_l(2ard)^2 is
    proportional to exp(a d^2) i_l(a d^2), the sum over l to one.
    """
    result = solved(ATOM)
    a, d = 0.086586, 3.0
    shells = result.shells
    column = np.zeros(shells.nao)
    column[shells.offset[np.flatnonzero(np.isclose(shells.exponent, a))[0]]] = 1.0
    alone = replace(result, mo_coeff=np.repeat(column[None, :, None], 9, axis=2))
    found = angular_character(alone, np.array([0.0, 0.0, -d]))[0, 0]
    x = a * d**2
    momenta = np.arange(4)
    exact = (2 * momenta + 1) * spherical_in(momenta, x) * np.exp(-x)
    assert found[:4] == pytest.approx(exact, abs=1e-8)
    assert found[4] == pytest.approx(1 - exact.sum(), abs=1e-8)


@pytest.mark.parametrize(
    ("cluster", "charge", "label"),
    [(TRIMER, 0, "1s2 1p1"), (RHOMBUS, 0, "1s2 1p2"), (SEPTAMER, 0, "1s2 1p5"), (SEPTAMER, -1, "1s2 1p6")],
)
def test_shells(cluster, charge, label):
    found = levels(solve_scf(replace(cluster, charge=charge), LOOSE))
    assert found.label == label
    held = found.occupation > 0.5
    assert found.character[held].max(axis=1).min() > 0.7
    assert sum(shell.electrons for shell in found.shells) == pytest.approx(found.occupation.sum())


def test_smeared_tails_are_no_shells():
    found = levels(solve_scf(RHOMBUS, Method(occupation="fermi", width=0.004)))
    assert found.label == "1s2 1p2"
    assert len(found.shells) > 2
    assert sum(shell.electrons for shell in found.shells) == pytest.approx(4, abs=1e-6)


def test_the_gap_does_not_see_what_the_field_left_in_empty_levels():
    found = levels(solved(RHOMBUS))
    stray = found.occupation + 1e-6 * (found.occupation == 0)
    assert replace(found, occupation=stray).gap == found.gap
    assert found.gap == pytest.approx(found.energy[0, 2] - found.energy[0, 1])
    halves = np.where(np.arange(found.energy.size) == 2, 0.5, found.occupation)
    assert replace(found, occupation=halves).gap == 0


def test_a_dimer_mixes_odd_with_odd_only():
    pair = Cluster(symbols=("Na", "Na"), positions=[[0, 0, 0], [0, 0, 5.6]], n_unpaired=0)
    found = levels(solve_scf(pair, TIGHT))
    s, p, d, f, _ = found.character[0, 0]
    assert (p, f) == pytest.approx((0, 0), abs=1e-9)
    assert s > 0.9
    assert s + d == pytest.approx(1, abs=5e-3)
    assert found.centre == pytest.approx([0, 0, 2.8], abs=1e-8)
    assert found.gap == pytest.approx(found.energy[0, 1] - found.energy[0, 0])


@pytest.mark.parametrize(("cluster", "method"), [(TRIMER, TIGHT), (MIXED, D_SHELLS)])
def test_invariance(cluster, method):
    result = solved(cluster, method)
    moved, _, move = rearranged_result(result)
    one, two = levels(result), levels(moved)
    assert two.character == pytest.approx(one.character, abs=1e-6)
    assert two.centre == pytest.approx(move(one.centre), abs=1e-6)
    assert two.label == one.label


def test_centre_of_charge_of_a_mixed_cluster_is_not_that_of_the_nuclei():
    result = solved(MIXED, D_SHELLS)
    centre = centre_of_charge(result)
    assert np.linalg.norm(centre - MIXED.positions.mean(axis=0)) > 0.05


def test_no_electrons():
    result = solved(ATOM)
    with pytest.raises(InputError, match="no electrons"):
        levels(replace(result, occupation=np.zeros_like(result.occupation)))

"""Pseudo-atoms: node counts, the partial core, and consistency of energy and eigenvalues."""

# ruff: noqa: E741 - the angular momentum is called l

from types import SimpleNamespace

import numpy as np
import pytest
from scipy.special import erf

from clusterdft.atom import (
    ground_configuration,
    logarithmic_mesh,
    parse_configuration,
    solve_atom,
    solve_pseudo_atom,
    solve_valence,
)
from clusterdft.errors import InputError
from clusterdft.pseudo import load_pseudopotential

SODIUM = load_pseudopotential("Na", "bhs")


def pseudo(text, **options):
    return solve_pseudo_atom(SODIUM, parse_configuration("Na", text), **options)


def stand_in(symbol, z_valence, core=0.0):
    """A soft ion with, if asked for, a partial core."""
    return SimpleNamespace(
        symbol=symbol,
        name="soft",
        z_valence=z_valence,
        potential=lambda l, r: -z_valence * erf(r / (1 + 0.2 * l)) / r,
        partial_core=lambda r: core * np.exp(-2 * r**2),
    )


def test_the_sodium_pseudopotential_gives_the_level_of_the_atom():
    full = solve_atom(ground_configuration("Na"))
    assert pseudo("3s1").eigenvalue[0, 0] == pytest.approx(full.eigenvalue[0, -1], abs=5e-4)


@pytest.mark.parametrize("spin", [False, True])
def test_a_bare_coulomb_ion_is_the_all_electron_atom(spin):
    configuration = parse_configuration("He", "1s1.5 2p0")
    full = solve_atom(configuration, spin_polarized=spin)
    mesh = full.mesh
    bare = -2 / mesh.r
    valence = solve_valence(mesh, {0: bare, 1: bare}, configuration, z_valence=2, spin_polarized=spin)
    assert valence.energy == pytest.approx(full.energy, abs=1e-10)
    np.testing.assert_allclose(valence.eigenvalue, full.eigenvalue, atol=1e-10)
    np.testing.assert_allclose(valence.potential[0] + bare, full.potential[0], atol=1e-6)


@pytest.mark.parametrize(
    ("symbol", "z_valence", "text", "nodes"),
    [
        ("Na", 1, "3s1 3p0 4s0", (0, 0, 1)),
        ("K", 1, "4s1 4p0", (0, 0)),
        ("K", 9, "3s2 3p6 4s1", (0, 0, 1)),
        ("Al", 3, "3s2 3p1", (0, 0)),
        ("Ga", 13, "3d10 4s2 4p1", (0, 0, 0)),
    ],
)
def test_orbitals_have_the_nodes_that_the_core_leaves(symbol, z_valence, text, nodes):
    found = solve_pseudo_atom(stand_in(symbol, z_valence), parse_configuration(symbol, text))
    r = found.mesh.r
    seen = (r > 1e-3) & (r < 15)
    changes = [int(np.sum(np.diff(np.sign(p[seen])) != 0)) for p in found.orbital[0]]
    assert tuple(changes) == nodes


@pytest.mark.parametrize("core", [0.0, 0.5])
@pytest.mark.parametrize("shell", [0, 1])
def test_janak_theorem_with_and_without_a_partial_core(core, shell):
    def energy_and_level(change):
        electrons = [1.5, 0.75]
        electrons[shell] += change
        text = f"3s1,{electrons[0] - 1} 3p{electrons[1]}"
        found = solve_pseudo_atom(
            stand_in("Al", 3, core),
            parse_configuration("Al", text),
            functional="lda-vwn",
            spin_polarized=True,
        )
        return found.energy, found.eigenvalue[1 - shell, shell]

    h = 0.01
    slope = (energy_and_level(h)[0] - energy_and_level(-h)[0]) / (2 * h)
    assert slope == pytest.approx(energy_and_level(0.0)[1], abs=1e-5)


def test_a_partial_core_changes_exchange_and_correlation_only():
    configuration = parse_configuration("Al", "3s2 3p1")
    without, with_core = (solve_pseudo_atom(stand_in("Al", 3, core), configuration) for core in (0.0, 0.5))
    one, two = (
        solve_pseudo_atom(stand_in("Al", 3, 0.5), parse_configuration("Al", "3s2"), spin_polarized=spin)
        for spin in (False, True)
    )
    r = with_core.mesh.r
    electrons = with_core.mesh.integrate(4 * np.pi * r**2 * with_core.density[0])
    assert electrons == pytest.approx(3, abs=1e-11)
    assert with_core.energies["xc"] < without.energies["xc"] - 0.1
    assert one.energy == pytest.approx(two.energy, abs=1e-10)


def test_empty_shells_and_ions():
    found = pseudo("3s1 3p0 3d0", spin_polarized=True)
    assert found.eigenvalue.shape == (2, 3)
    assert np.isnan(found.eigenvalue[1, 2])
    assert found.energy == pytest.approx(pseudo("3s1", spin_polarized=True).energy, abs=1e-12)
    assert pseudo("3s0.5").energy > pseudo("3s1").energy


def test_impossible_pseudo_atoms_are_refused():
    with pytest.raises(InputError, match=r"2p of Na is in the core.*lowest of that kind is 3p"):
        pseudo("3s1 2p1")
    with pytest.raises(InputError, match="shell 3s of Na 3s2 is not bound"):
        pseudo("3s2")
    with pytest.raises(InputError, match="is for Na, not for K"):
        solve_pseudo_atom(SODIUM, parse_configuration("K", "4s1"))
    with pytest.raises(InputError, match="separable"):
        solve_pseudo_atom(load_pseudopotential("Mg", "gth-pade-q2"), parse_configuration("Mg", "3s2"))
    mesh = logarithmic_mesh(11)
    with pytest.raises(InputError, match="no potential for the shell 3p"):
        solve_valence(mesh, {0: -1 / mesh.r}, parse_configuration("Na", "3s0.5 3p0.5"), z_valence=1)

"""Scattering beside the all-electron atom: equal potentials, free electrons, phases without poles."""

from dataclasses import replace

import numpy as np
import pytest

from clusterdft.atom import (
    ground_configuration,
    logarithmic_mesh,
    parse_configuration,
    solve_atom,
    solve_pseudo_atom,
)
from clusterdft.making.quality.scattering import LogarithmicDerivatives, compare_orbital, compare_scattering
from clusterdft.pseudo import Pseudopotential, load_pseudopotential

FEW = np.linspace(-0.3, 0.2, 6)  # hartree
SODIUM = load_pseudopotential("Na", "bhs")


class Bare:
    """A configuration of the nuclear charge zero."""

    z = 0


def test_scattering_of_a_potential_with_itself_is_equal():
    """The pseudo-atom stands for the all-electron atom: both sides then solve one equation."""
    pseudo = solve_pseudo_atom(SODIUM, parse_configuration("Na", "3s1"))
    screened = pseudo.potential[0] + SODIUM.potential(2, pseudo.mesh.r)
    itself = replace(pseudo, potential=screened[None], configuration=Bare())
    _, _, d = compare_scattering(SODIUM, itself, pseudo, radius=3.0, energies=FEW)
    assert d.rms_phase < 1e-10
    assert d.largest_phase < 1e-10


def test_orbital_of_an_atom_beside_itself():
    """A bare Coulomb ion for the all-electron atom: the same orbital, level and norm on both sides."""
    hydrogen = ground_configuration("H")
    mesh = logarithmic_mesh(1)
    bare = Pseudopotential(
        symbol="H", z_valence=1, name="bare", source="analytic", core_alpha=[1e9], core_c=[1.0]
    )
    full, pseudo = solve_atom(hydrogen, mesh=mesh), solve_pseudo_atom(bare, hydrogen, mesh=mesh)
    both = compare_orbital(bare, full, pseudo, hydrogen.shells[0], radius=1.5)
    assert both.eigenvalue_pseudo == pytest.approx(both.eigenvalue_all_electron, abs=1e-6)
    np.testing.assert_allclose(both.pseudo, both.all_electron, atol=1e-5)
    assert both.norm_error == pytest.approx(0.0, abs=1e-5)
    assert both.norm_all_electron == pytest.approx(
        mesh.integrate(full.orbital[0, 0] ** 2 * (mesh.r < 1.5)), abs=1e-3
    )


def test_phases_have_no_poles():
    """L = k cot(kr + shift): across a pole of one, before one of the other."""
    k, shift = np.linspace(0.5, 1.5, 201), 0.02
    radius = 3.0

    def slope(phase):
        return k / np.tan(k * radius + phase) - 1 / radius

    derivatives = LogarithmicDerivatives(
        l=0, radius=radius, energy=k**2 / 2, all_electron=slope(0.0), pseudo=slope(shift)
    )
    assert np.abs(derivatives.pseudo - derivatives.all_electron).max() > 1
    assert derivatives.largest_phase < 0.1


def test_free_electron_scatters_like_a_bessel_function():
    """A vanishing potential: d ln R / dr = k cot(kr) - 1/r for s."""
    nothing = Pseudopotential(
        symbol="H",
        z_valence=1,
        name="nothing",
        source="analytic",
        core_alpha=[1e-9],
        core_c=[1.0],
    )
    atom = solve_pseudo_atom(SODIUM, parse_configuration("Na", "3s1"))
    free = replace(atom, potential=np.zeros_like(atom.potential), configuration=Bare())
    s, p, _ = compare_scattering(nothing, free, free, radius=2.0, energies=np.array([0.05, 0.2]))
    k = np.sqrt(2 * s.energy)
    x = 2 * k
    assert s.all_electron == pytest.approx(k / np.tan(x) - 0.5, abs=1e-9)
    j1 = np.sin(x) / x**2 - np.cos(x) / x
    slope = k * (np.sin(x) / x - 2 * j1 / x)  # j1' = j0 - 2 j1 / x
    assert p.all_electron == pytest.approx(slope / j1, abs=1e-8)
    assert s.largest_phase < 1e-3  # what is left is the weak charge of the ion

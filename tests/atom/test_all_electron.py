"""All-electron atoms against published numbers, PySCF, and the theorems that they obey."""

from dataclasses import replace

import numpy as np
import pytest
from spherical_oracle import spherical_atom

from clusterdft.atom import (
    Configuration,
    bound_state,
    ground_configuration,
    logarithmic_mesh,
    parse_configuration,
    radial_scf,
    solve_atom,
)
from clusterdft.errors import InputError, ScfNotConverged
from clusterdft.units import HARTREE_EV
from clusterdft.xc import get_functional

FIRST_ROWS = (
    "H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr"
)
FAST = ("H", "C", "Na", "Al")


def atom(symbol, text=None, **options):
    configuration = parse_configuration(symbol, text) if text else ground_configuration(symbol)
    return solve_atom(configuration, **options)


@pytest.mark.parametrize(("relativity", "level"), [("none", -0.103588), ("scalar", -0.103725)])
def test_sodium_valence_level(relativity, level):
    sodium = atom("Na", relativity=relativity)
    assert sodium.eigenvalue[0, sodium.shell_index("3s")] == pytest.approx(level, abs=2e-6)


def test_sodium_with_spin():
    sodium, ion, excited = (
        atom("Na", text, spin_polarized=True) for text in ("[Ne] 3s1", "[Ne] 3s0", "[Ne] 3p1")
    )
    assert sodium.energy == pytest.approx(-161.44062, abs=1e-5)
    assert (ion.energy - sodium.energy) * HARTREE_EV == pytest.approx(5.3645, abs=1e-3)
    assert (excited.energy - sodium.energy) * HARTREE_EV == pytest.approx(2.182, abs=1e-3)


@pytest.mark.parametrize(
    ("symbol", "energy"),
    [("Cr", -1042.030238), ("Kr", -2750.147940), ("Cs", -7550.557710), ("Rn", -21861.346869)],
)
def test_published_total_energies(symbol, energy):
    """Kotochigova et al., Phys. Rev. A 55, 191 (1997), LDA without relativity, to all their digits."""
    assert atom(symbol, functional="lda-vwn").energy == pytest.approx(energy, abs=1e-6)


@pytest.mark.parametrize(
    "symbol",
    [s if s in FAST else pytest.param(s, marks=pytest.mark.slow) for s in FIRST_ROWS.split()],
)
def test_first_rows_against_pyscf(symbol):
    energy, levels = spherical_atom(symbol)
    found = atom(symbol)
    assert found.energy == pytest.approx(energy, abs=1e-3)
    for name, level in levels.items():
        assert found.eigenvalue[0, found.shell_index(name)] == pytest.approx(level, abs=1e-4), name


@pytest.mark.parametrize(("symbol", "spin"), [("Ne", False), ("Na", True), ("Cr", True)])
def test_virial_theorem(symbol, spin):
    """2 T + E_ext + E_H + 3 int (n v_xc - e_xc) = 0, by scaling the density."""
    found = atom(symbol, functional="lda-vwn", spin_polarized=spin)
    volume = 4 * np.pi * found.mesh.r**2
    energy, potential, _ = get_functional("lda-vwn").evaluate(found.density)
    scaling = 3 * found.mesh.integrate(volume * (np.sum(found.density * potential, axis=0) - energy))
    parts = found.energies
    rest = parts["external"] + parts["hartree"] + scaling
    assert 2 * parts["kinetic"] == pytest.approx(-rest, rel=1e-9)


@pytest.mark.parametrize(
    ("symbol", "shell", "relativity"),
    [("Na", "3s", "none"), ("Al", "3p", "none"), ("Mg", "2p", "scalar"), ("Cs", "5p", "scalar")],
)
def test_janak_theorem(symbol, shell, relativity):
    """dE/d(occupation) is the eigenvalue; with relativity only if the density holds the small component."""
    start = ground_configuration(symbol)
    place = start.index(shell)

    def charged(change):
        shells = list(start.shells)
        shells[place] = replace(shells[place], up=shells[place].up - change)
        return solve_atom(
            Configuration(symbol, tuple(shells)),
            functional="lda-vwn",
            spin_polarized=True,
            relativity=relativity,
        )

    h = 0.01
    energy = [charged(k * h).energy for k in range(1, 6)]
    slope = (-25 * energy[0] + 48 * energy[1] - 36 * energy[2] + 16 * energy[3] - 3 * energy[4]) / (12 * h)
    assert -slope == pytest.approx(charged(h).eigenvalue[0, place], abs=2e-6)


@pytest.mark.parametrize("relativity", ["none", "scalar"])
def test_parts_density_and_orbitals_belong_together(relativity):
    found = atom("Ca", "[Ar] 4s1,0 3d1,0", spin_polarized=True, relativity=relativity)
    mesh = found.mesh
    assert sum(found.energies.values()) == pytest.approx(found.energy, abs=1e-12)
    assert mesh.integrate(4 * np.pi * mesh.r**2 * found.density) == pytest.approx([11, 9], abs=1e-11)
    for spin in (0, 1):
        state = bound_state(mesh, found.potential[spin], l=1, nodes=1, relativity=relativity)
        place = found.shell_index("3p")
        assert found.eigenvalue[spin, place] == pytest.approx(state.energy, abs=1e-11)
        np.testing.assert_allclose(found.orbital[spin, place], state.orbital, atol=1e-10)
    assert not found.density.flags.writeable
    share = mesh.integrate(found.orbital**2)[0, 0]
    if relativity == "none":
        assert share == pytest.approx(1, abs=1e-13)
    else:  # the small component of 1s holds about (Z/2c)^2
        assert 1 - share == pytest.approx((20 / 274) ** 2, rel=0.1)


def test_the_same_twice_to_the_last_digit():
    first, second = (atom("K", spin_polarized=True, relativity="scalar") for _ in range(2))
    assert first.energy == second.energy
    assert np.array_equal(first.eigenvalue, second.eigenvalue)
    assert np.array_equal(first.density, second.density)


def test_the_mesh_does_not_matter():
    usual = atom("Ar", functional="lda-vwn")
    finer = atom("Ar", functional="lda-vwn", mesh=logarithmic_mesh(18, r_max=60.0, n=7001))
    assert finer.energy == pytest.approx(usual.energy, abs=1e-9)
    np.testing.assert_allclose(finer.eigenvalue, usual.eigenvalue, atol=1e-9)


def test_a_closed_shell_is_the_same_with_and_without_spin():
    one, two = (atom("Ne", spin_polarized=spin) for spin in (False, True))
    assert one.energy == pytest.approx(two.energy, abs=1e-10)
    np.testing.assert_allclose(two.eigenvalue, np.tile(one.eigenvalue, (2, 1)), atol=1e-10)


@pytest.mark.parametrize("symbol", ["Cs", "Rn"])
def test_heavy_atoms_with_relativity(symbol):
    """Relativity binds the valence s shell more and the d shells less."""
    plain, scalar = (atom(symbol, relativity=kind) for kind in ("none", "scalar"))
    outer = "6s"
    assert scalar.energy < plain.energy
    assert scalar.eigenvalue[0, scalar.shell_index(outer)] < plain.eigenvalue[0, plain.shell_index(outer)]
    assert scalar.eigenvalue[0, scalar.shell_index("4d")] > plain.eigenvalue[0, plain.shell_index("4d")]


def test_empty_shells_are_solved_and_nan_where_not_bound():
    found = atom("Na", "[Ne] 3s1 3p0 3d0")
    excited = atom("Na", "[Ne] 3s1 3p0.0001")
    assert found.eigenvalue[0, 4] == pytest.approx(excited.eigenvalue[0, 4], abs=1e-4)
    assert np.isnan(found.eigenvalue[0, 5])
    assert np.isnan(found.orbital[0, 5]).all()
    assert found.energy == pytest.approx(atom("Na").energy, abs=1e-12)


def test_what_is_not_bound_is_said():
    with pytest.raises(InputError, match=r"shell 3s of Na .*is not bound"):
        atom("Na", "[Ne] 3s2")
    with pytest.raises(InputError, match=r"shell 3p of Na .*is not bound"):
        atom("Na", "[Ne] 3s1 3p1")


def test_impossible_requests_are_refused():
    with pytest.raises(InputError, match="gradients"):
        atom("H", functional="pbe")
    with pytest.raises(InputError, match="relativity"):
        atom("H", relativity="dirac")
    with pytest.raises(InputError, match="no shell of"):
        atom("H").shell_index("2s")


def test_no_result_without_convergence(monkeypatch):
    monkeypatch.setattr(radial_scf, "MOST_ITERATIONS", 4)
    with pytest.raises(ScfNotConverged, match="4 iterations"):
        atom("C")

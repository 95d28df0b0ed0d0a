"""Pseudo-atoms beside all-electron atoms: known numbers of sodium, and a damaged potential is noticed."""

from dataclasses import replace

import numpy as np
import pytest

from clusterdft.atom import solve_pseudo_atom
from clusterdft.atom.configuration import parse_configuration
from clusterdft.errors import InputError
from clusterdft.making.quality.transferability import transferability
from clusterdft.pseudo import Semilocal, load_pseudopotential
from clusterdft.units import HARTREE_EV
from clusterdft.xc import get_functional

FEW = np.linspace(-0.3, 0.2, 6)


@pytest.fixture(scope="module")
def sodium():
    return transferability(load_pseudopotential("Na", "bhs"), energies=FEW)


def damaged(pseudopotential, factor):
    """The same with the Gaussians of l = 0 multiplied."""
    s, *others = pseudopotential.channels
    wrong = Semilocal(l=0, exponent=s.exponent, a=factor * s.a, b=factor * s.b)
    return replace(pseudopotential, channels=(wrong, *others))


def with_partial_core(pseudopotential):
    return replace(
        pseudopotential, partial_core_exponent=[0.509, 1.09], partial_core_coefficient=[0.018452, 0.40539]
    )


def test_eigenvalue_that_the_shipped_file_prints(sodium):
    (level,) = sodium.configuration("ground, unpolarised").levels
    assert level.all_electron == pytest.approx(-0.103725, abs=1e-6)
    assert level.pseudo == pytest.approx(-0.103776, abs=1e-6)


def test_ionization_energy_of_the_shipped_file(sodium):
    """Linear unscreening costs 0.1 eV: 5.266 eV instead of 5.37 (non-relativistic: 5.365)."""
    ionised = sodium.configuration("ionised")
    assert ionised.pseudo * HARTREE_EV == pytest.approx(5.266, abs=1e-3)
    assert ionised.all_electron * HARTREE_EV == pytest.approx(5.3725, abs=1e-3)
    assert ionised.text == "bare ion"
    assert not ionised.levels


def test_relativity_reaches_the_all_electron_atom(sodium):
    plain = transferability(load_pseudopotential("Na", "bhs"), relativity="none", energies=FEW)
    level = plain.configuration("ground, unpolarised").levels[0]
    assert level.all_electron == pytest.approx(-0.103588, abs=2e-6)  # as the shipped file says
    assert plain.configuration("ionised").all_electron * HARTREE_EV == pytest.approx(5.3645, abs=1e-3)
    assert plain.configuration("ionised").pseudo == sodium.configuration("ionised").pseudo


def test_slope_of_the_energy_is_the_eigenvalue(sodium):
    """Janak's theorem: E(3s0.5) - E(3s1) is minus the integral of the 3s eigenvalue over its occupation."""
    half = sodium.configuration("half ionised")
    (ground,) = sodium.configuration("ground").levels
    (middle,) = half.levels
    for which in ("all_electron", "pseudo"):
        mean = 0.5 * (getattr(ground, which) + getattr(middle, which))
        assert getattr(half, which) == pytest.approx(-0.5 * mean, abs=1e-3)


def test_norms_are_conserved_inside_half_a_bond(sodium):
    norms = {orbital.shell: orbital for orbital in sodium.orbitals}
    assert norms["3s"].norm_error == pytest.approx(0, abs=2e-4)
    assert norms["3p"].norm_error == pytest.approx(0, abs=2e-4)
    assert 0.2 < norms["3s"].norm_all_electron < 0.4
    assert norms["3d"].norm_error < -1e-3  # the file has no d channel


def test_orbitals_agree_outside_and_are_normalised(sodium):
    mesh = sodium.all_electron.mesh
    for orbital in sodium.orbitals[:2]:
        outside = (orbital.r > 4.0) & (orbital.r < 15)
        assert np.abs(orbital.pseudo - orbital.all_electron)[outside].max() < 2e-3
        for values in (orbital.pseudo, orbital.all_electron):
            assert mesh.integrate(values**2) == pytest.approx(1, abs=1e-9)
            assert values[np.searchsorted(mesh.r, 6.0)] > 0


def test_good_potential_has_no_problems_and_a_damaged_one_has(sodium):
    assert sodium.problems == ()
    wrong = transferability(damaged(load_pseudopotential("Na", "bhs"), 0.8), energies=FEW)
    assert wrong.scattering[0].rms_phase > 20 * sodium.scattering[0].rms_phase
    assert wrong.scattering[1].rms_phase < 0.3
    assert any(problem.startswith("levels") for problem in wrong.problems)
    assert wrong.largest_level_error > 5 * sodium.largest_level_error


def test_bare_ion_keeps_the_energy_of_its_partial_core():
    """The ionization energy counts E_xc[n_c] of the ion: without it, it would be wrong by an eV."""
    report = transferability(with_partial_core(load_pseudopotential("Na", "bhs")), energies=FEW)
    mesh = report.pseudo.mesh
    n_core = report.pseudopotential.partial_core(mesh.r)
    e, _, _ = get_functional("lda-pz").evaluate(n_core[None])
    bare = float(mesh.integrate(4 * np.pi * mesh.r**2 * e))
    polarised = solve_pseudo_atom(
        report.pseudopotential, parse_configuration("Na", "3s1"), spin_polarized=True, mesh=mesh
    )
    assert bare < -0.1
    assert report.configuration("ionised").pseudo == pytest.approx(bare - polarised.energy, abs=1e-9)


def test_unbound_states_are_left_out_with_the_reason():
    """A d channel that repels far out binds no 3d electron; s and p stay as they are."""
    sodium = load_pseudopotential("Na", "bhs")
    repulsive = Semilocal(l=2, exponent=[1e-4], a=[0.5], b=[0.0])
    report = transferability(replace(sodium, channels=(*sodium.channels, repulsive)), energies=FEW)
    excited = report.configuration("s to d")
    assert excited.left_out.startswith("pseudo-atom")
    assert "3d" in excited.left_out
    assert excited.error is None
    assert [orbital.shell for orbital in report.orbitals] == ["3s", "3p"]
    assert any("left out" in problem for problem in report.problems)


def test_separable_potentials_are_refused():
    with pytest.raises(InputError, match="separable"):
        transferability(load_pseudopotential("Na", "gth-pade-q1"))


def test_unknown_label_names_the_others(sodium):
    with pytest.raises(InputError, match="half ionised"):
        sodium.configuration("excited")

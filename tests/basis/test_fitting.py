"""Fitting sets: their form, and their error against exact densities."""

from dataclasses import replace

import numpy as np
import pytest

from clusterdft.basis.fitting import derived_ladder, fitting_set
from clusterdft.basis.sets import BASIS_SETS, orbital_set
from clusterdft.errors import InputError
from clusterdft.making.basis.sample_systems import reference_method, solve_in_shells, systems
from clusterdft.method import Method
from clusterdft.units import HARTREE_EV

VALENCE = {"Li": 1, "Na": 1, "K": 1, "Rb": 1, "Cs": 1, "Mg": 2, "Al": 3}
MEV = 1e-3 / HARTREE_EV


def binding_energy(cluster, atom, basis, fitting, **changes):
    """hartree an atom, of the neutral or charged cluster with respect to neutral atoms."""
    symbol = cluster.symbols[0]
    method = Method(pseudopotential="bhs-core", occupation="fermi", width=0.003, **changes)
    shells = orbital_set(symbol, basis), fitting_set(symbol, basis, fitting)
    energy = [solve_in_shells(system, method, *shells).energy for system in (atom, cluster)]
    return energy[0] - energy[1] / cluster.natom


def fit_error(cluster, basis, grid):
    """hartree an atom: default fitting set against exact exchange-correlation and a large fitting set."""
    atom = systems(cluster.symbols[0])[0]
    exact = binding_energy(cluster, atom, basis, "large", density="orbital", grid=grid)
    return binding_energy(cluster, atom, basis, "default", grid=grid) - exact


@pytest.mark.parametrize("symbol", VALENCE)
def test_default_set_of_the_small_basis_is_good_to_a_millielectronvolt(symbol):
    for cluster in systems(symbol)[1:3]:
        assert abs(fit_error(cluster, "paper-3s2p", "fine")) < MEV


@pytest.mark.slow
@pytest.mark.parametrize("symbol", VALENCE)
@pytest.mark.parametrize("basis", BASIS_SETS)
def test_default_set_is_good_to_a_millielectronvolt(basis, symbol):
    for cluster in systems(symbol)[1:]:
        if cluster.natom > 1:
            assert abs(fit_error(cluster, basis, "ultra")) < MEV


@pytest.mark.parametrize(("symbol", "basis"), [("K", "opt-4s3p1d"), ("Al", "opt-4s3p1d")])
def test_large_set_has_the_exact_coulomb_energy(symbol, basis):
    from pyscf import dft, gto

    cluster = systems(symbol)[2]
    shells = orbital_set(symbol, basis)
    table = f"gth-pade-q{VALENCE[symbol]}"
    mol = gto.M(
        atom=[[s, tuple(r)] for s, r in zip(cluster.symbols, cluster.positions, strict=True)],
        unit="Bohr",
        basis={symbol: [[momentum, [a, 1.0]] for momentum, a in shells]},
        pseudo=table,
        charge=1,
        spin=1,
        verbose=0,
    )
    mf = dft.UKS(mol)
    mf.xc, mf.grids.level, mf.conv_tol = "lda,pz", 4, 1e-10
    mf = mf.smearing(sigma=0.005, method="fermi", fix_spin=True)
    mf.kernel()
    assert mf.converged
    method = replace(reference_method(table), grid="fine")  # the default errs by 2e-5 hartree an atom of Al
    ours = solve_in_shells(cluster, method, shells, fitting_set(symbol, basis, "large"))
    assert ours.energy == pytest.approx(mf.e_free, abs=2e-5)


def test_ladders_grow_with_the_range_of_exponents():
    narrow, wide = ((0, 0.02), (1, 0.3)), ((0, 0.02), (1, 3.0))
    with_d = ((0, 0.02), (1, 0.3), (2, 0.5))
    assert derived_ladder(narrow, 1, "default") == (pytest.approx(0.036), (1, 3, 3, 2, 1))
    assert derived_ladder(wide, 1, "default") == (pytest.approx(0.036), (1, 3, 3, 3, 3, 3, 2, 1))
    assert derived_ladder(narrow, 3, "default") == (pytest.approx(0.034), (1, 3, 4, 3, 1))
    for valence in (1, 3):
        assert derived_ladder(with_d, valence, "default") == (pytest.approx(0.044), (1, 3, 4, 4, 4, 2, 1))
    first, degrees = derived_ladder(wide, 1, "large")
    assert first == 0.02
    assert first * 2 ** (len(degrees) - 1) >= 12.0 > first * 2 ** (len(degrees) - 2)
    assert (degrees[:3], degrees[-3:]) == ((2, 3, 4), (4, 3, 2))


def test_exponents_double():
    exponents = np.array([a for _, a in fitting_set("Rb", "paper-3s2p", "default")])
    assert exponents[1:] / exponents[:-1] == pytest.approx(2.0)


def test_ladders_of_a_file_come_before_derived_ones(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(
        '[Na]\nvalence = 1\nsource = "mine"\ns = [0.03, 0.4]\n'
        "[Na.fitting]\nlarge = { first = 0.02, degrees = [1, 4] }\n"
    )
    assert fitting_set("Na", str(path), "large") == ((1, 0.02), (4, 0.04))
    assert fitting_set("Na", str(path), "default")[0] == (1, pytest.approx(0.054))


def test_unknown_fitting_set():
    with pytest.raises(InputError, match="there are default, large; did you mean 'large'"):
        fitting_set("Na", "paper-3s2p", "larg")

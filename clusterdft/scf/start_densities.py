"""Start densities: superposed free atoms, with a chosen number of unpaired electrons."""

from dataclasses import replace
from functools import lru_cache

import numpy as np

from clusterdft.arrays import Floats, frozen_array
from clusterdft.cluster import Cluster
from clusterdft.errors import ScfNotConverged
from clusterdft.method import Method
from clusterdft.scf.energy_functional import EnergyFunctional
from clusterdft.scf.resolve import ResolvedMethod, resolve
from clusterdft.scf.self_consistency import ScfStep, SelfConsistency
from clusterdft.scf.setup import ScfSetup, build_setup


def atomic_start(setup: ScfSetup, n_unpaired: int, nspin: int) -> Floats:
    """Fitting coefficients of superposed spherical atoms.

        x_up,down = (N +- n_unpaired) / (2 sum Z) * sum_A x_A

    Parameters
    ----------
    setup : ScfSetup
    n_unpaired : int
        Number of unpaired electrons of the start, 0 .. N.
    nspin : 1 or 2
        1 for a closed shell, 2 for two spins.

    Returns
    -------
    (nspin, naux)
    """
    method, symbols = _atom_method(setup.method), setup.cluster.symbols
    atoms = {symbol: atom_density(symbol, resolve(method, (symbol,))) for symbol in set(symbols)}
    x = np.concatenate([atoms[symbol] for symbol in symbols])
    share = x / setup.z_valence.sum()
    if nspin == 1:
        closed: Floats = setup.n_electrons * share[None]
        return closed
    spins = np.array([setup.n_electrons + n_unpaired, setup.n_electrons - n_unpaired]) / 2
    polarised: Floats = spins[:, None] * share
    return polarised


def broken_symmetry(functional: EnergyFunctional, step: ScfStep) -> Floats:
    """Fitting coefficients of a closed shell whose frontier electrons are pulled apart by their spins.

        phi_up,down = (highest filled +- lowest empty) / sqrt(2)

    Parameters
    ----------
    functional : EnergyFunctional
    step : ScfStep
        Of the closed shell (nspin = 1).

    Returns
    -------
    (2, naux)
    """
    pairs = functional.setup.n_electrons // 2
    orbitals = np.linalg.eigh(step.fock[0])[1]
    basis = functional.setup.orthonormal
    dms = []
    for sign in (1.0, -1.0):
        frontier = (orbitals[:, pairs - 1] + sign * orbitals[:, pairs]) / np.sqrt(2.0)
        filled = basis @ np.column_stack([orbitals[:, : pairs - 1], frontier])
        dms.append(filled @ filled.T)
    return functional.evaluate(np.array(dms)).fit_coefficients


def _atom_method(method: Method) -> Method:
    """The method of the atoms that start densities are made of: spherical, whatever the cluster's scheme."""
    return replace(
        method,
        occupation="equal",
        width=0.0,
        density="fitted",
        stability=False,
        tolerance=1e-5,
        forces="total",
        max_iterations=100,
    )


@lru_cache(maxsize=64)
def atom_density(symbol: str, resolved: ResolvedMethod) -> Floats:
    """Fitting coefficients of the spherical, neutral, spin-averaged atom.

    Parameters
    ----------
    symbol : str
    resolved : ResolvedMethod

    Returns
    -------
    (naux of the atom,)

    Raises
    ------
    ScfNotConverged
        The method is such that not even the atom converges.
    """
    setup = build_setup(Cluster(symbols=(symbol,), positions=np.zeros((1, 3))), resolved)
    run = SelfConsistency(EnergyFunctional(setup), None)
    empty = np.zeros((2, setup.fit.naux))
    *_, step = run.steps(empty)
    if not step.converged:
        raise ScfNotConverged(f"the start density of the {symbol} atom did not converge", step)
    return frozen_array(step.evaluation.fit_coefficients.sum(axis=0))

"""Densities and orbitals of a result at points: total, spin, bonding, any orbital."""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import ArrayLike

from clusterdft.arrays import Floats
from clusterdft.basis.shells import OrbitalShells
from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.integrals.one_electron import ao_values
from clusterdft.scf.result import ScfResult
from clusterdft.scf.solve_scf import solve_scf

BLOCK_POINTS = 4096  # points whose basis functions are held in memory at once


def density(result: ScfResult, points: ArrayLike) -> Floats:
    """Electron density.

        n(r) = sum_si f_si |psi_si(r)|^2

    Parameters
    ----------
    result : ScfResult
    points : (..., 3) bohr

    Returns
    -------
    (...) bohr^-3
    """
    return _from_matrix(result.dm.sum(axis=0), result.shells, result.cluster.positions, points)


def spin_density(result: ScfResult, points: ArrayLike) -> Floats:
    """Density of the majority spin minus that of the minority.

        m(r) = n_up(r) - n_down(r)

    Parameters
    ----------
    result : ScfResult
    points : (..., 3) bohr

    Returns
    -------
    (...) bohr^-3
        Zero in a closed shell; its integral is |n_unpaired|.
    """
    return _from_matrix(spin_matrix(result), result.shells, result.cluster.positions, points)


def orbital(result: ScfResult, points: ArrayLike, index: int, spin: int = 0) -> Floats:
    """One Kohn-Sham orbital.

        psi(r) = sum_a C_a phi_a(r)

    Parameters
    ----------
    result : ScfResult
    points : (..., 3) bohr
    index : int
        Among the orbitals of the spin, 0 for the lowest.
    spin : int
        0 for up or a closed shell's, 1 for down.

    Returns
    -------
    (...) bohr^(-3/2)
        The overall sign means nothing.

    Raises
    ------
    InputError
        No such orbital.
    """
    nspin, _, nmo = result.mo_coeff.shape
    if not (0 <= spin < nspin and 0 <= index < nmo):
        raise InputError(
            f"there is no orbital {index} of spin {spin}; "
            f"give one from 0 to {nmo - 1} and a spin below {nspin}"
        )
    column = result.mo_coeff[spin][:, index]
    return _over_blocks(lambda ao: ao @ column, result.shells, result.cluster.positions, points)


def bonding_density(
    result: ScfResult, points: ArrayLike, atoms: Mapping[str, ScfResult] | None = None
) -> Floats:
    """Density of the cluster minus that of its free atoms at the same places.

        n(r) - sum_A n_A(r - R_A)

    Parameters
    ----------
    result : ScfResult
    points : (..., 3) bohr
    atoms : {symbol: ScfResult}
        Of the neutral atoms; None to compute them with the result's method.

    Returns
    -------
    (...) bohr^-3
        Its integral is minus the charge of the cluster.

    Raises
    ------
    InputError
        An element is not among the atoms.
    """
    return density(result, points) - superposed_density(result, points, atoms)


def superposed_density(
    result: ScfResult, points: ArrayLike, atoms: Mapping[str, ScfResult] | None = None
) -> Floats:
    """Density of spherically averaged neutral atoms at the places of the nuclei.

    Parameters
    ----------
    result, points, atoms
        As in `bonding_density`.

    Returns
    -------
    (...) bohr^-3

    Raises
    ------
    InputError
        As `bonding_density`.
    """
    points = np.asarray(points, float)
    total = np.zeros(points.shape[:-1])
    atoms = free_atoms(result) if atoms is None else atoms
    for symbol, position in zip(result.cluster.symbols, result.cluster.positions, strict=True):
        atom = atom_of(atoms, symbol)
        matrix = _spherical(atom.dm.sum(axis=0), atom.shells)
        total = total + _from_matrix(matrix, atom.shells, position[None], points)
    return total


def free_atoms(result: ScfResult) -> dict[str, ScfResult]:
    """Neutral atoms of a result's elements, in its method, their spins free.

    Parameters
    ----------
    result : ScfResult

    Returns
    -------
    {symbol: ScfResult}
    """
    symbols = dict.fromkeys(result.cluster.symbols)
    return {s: solve_scf(Cluster(symbols=(s,), positions=np.zeros((1, 3))), result.method) for s in symbols}


def atom_of(atoms: Mapping[str, ScfResult], symbol: str) -> ScfResult:
    """The free atom of an element.

    Parameters
    ----------
    atoms : {symbol: ScfResult}
    symbol : str

    Returns
    -------
    ScfResult

    Raises
    ------
    InputError
        It is not there.
    """
    if symbol not in atoms:
        raise InputError(
            f"there is no free atom {symbol} among {', '.join(atoms) or 'none'}; give its result"
        )
    return atoms[symbol]


def spin_matrix(result: ScfResult) -> Floats:
    """Density matrix of the majority spin minus that of the minority.

    Parameters
    ----------
    result : ScfResult

    Returns
    -------
    (nao, nao)
        Zero in a closed shell.
    """
    if len(result.dm) == 1:
        return np.zeros_like(result.dm[0])
    spin: Floats = (result.dm[0] - result.dm[1]) * (-1.0 if result.n_unpaired < 0 else 1.0)
    return spin


def _from_matrix(dm: Floats, shells: OrbitalShells, positions: Floats, points: ArrayLike) -> Floats:
    def values(ao: Floats) -> Floats:
        rows: Floats = np.einsum("pa,pa->p", ao @ dm, ao)
        return rows

    return _over_blocks(values, shells, positions, points)


def _over_blocks(
    function: Callable[[Floats], Floats], shells: OrbitalShells, positions: Floats, points: ArrayLike
) -> Floats:
    """A function of the basis functions' values (npoint, nao), at all points."""
    points = np.asarray(points, float)
    flat = np.ascontiguousarray(points.reshape(-1, 3))
    values = np.empty(len(flat))
    for start in range(0, len(flat), BLOCK_POINTS):
        rows = slice(start, start + BLOCK_POINTS)
        values[rows] = function(ao_values(shells, positions, flat[rows])[0])
    return values.reshape(points.shape[:-1])


def _spherical(dm: Floats, shells: OrbitalShells) -> Floats:
    """An atom's density matrix averaged over all orientations."""
    averaged = np.zeros_like(dm)
    slices = [slice(a, b) for a, b in zip(shells.offset[:-1], shells.offset[1:], strict=True)]
    for i, rows in enumerate(slices):
        for j, columns in enumerate(slices):
            if shells.l[i] == shells.l[j]:
                m = 2 * int(shells.l[i]) + 1
                averaged[rows, columns] = np.eye(m) * np.trace(dm[rows, columns]) / m
    return averaged

"""One-electron integrals over the orbital basis, through libcint."""

from functools import lru_cache
from types import SimpleNamespace
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from clusterdft.arrays import Floats
from clusterdft.basis.shells import OrbitalShells
from clusterdft.errors import InputError

_Int32s: TypeAlias = NDArray[np.int32]


@lru_cache(maxsize=1)
def load_library() -> None:
    """Loads libcint, so that limits on its threads take hold."""
    import pyscf.gto.moleintor  # noqa: F401


def overlap(shells: OrbitalShells, positions: Floats) -> Floats:
    """Overlap matrix.

        S_ab = <a|b>

    Parameters
    ----------
    shells : OrbitalShells
    positions : (natom, 3) bohr

    Returns
    -------
    (nao, nao)
    """
    return _integrals("int1e_ovlp_sph", shells, positions, hermi=1)


def kinetic(shells: OrbitalShells, positions: Floats) -> Floats:
    """Kinetic energy matrix.

        T_ab = <a| -1/2 nabla^2 |b>

    Parameters
    ----------
    shells : OrbitalShells
    positions : (natom, 3) bohr

    Returns
    -------
    (nao, nao) hartree
    """
    return _integrals("int1e_kin_sph", shells, positions, hermi=1)


def dipole(shells: OrbitalShells, positions: Floats) -> Floats:
    """First moments about the origin.

        (r_x)_ab = <a| x |b>

    Parameters
    ----------
    shells : OrbitalShells
    positions : (natom, 3) bohr

    Returns
    -------
    (3, nao, nao) bohr
    """
    return _integrals("int1e_r_sph", shells, positions, hermi=1, comp=3)


def overlap_gradient(shells: OrbitalShells, positions: Floats, w: Floats) -> Floats:
    """Gradient of sum_ab w_ab S_ab for a fixed matrix w.

        dE/dR_A = -sum_{a on A} sum_b (w_ab + w_ba) <nabla a|b>

    Parameters
    ----------
    shells : OrbitalShells
    positions : (natom, 3) bohr
    w : (nao, nao)

    Returns
    -------
    (natom, 3)
    """
    return _gradient("int1e_ipovlp_sph", shells, positions, w)


def kinetic_gradient(shells: OrbitalShells, positions: Floats, dm: Floats) -> Floats:
    """Gradient of sum_ab dm_ab T_ab for a fixed density matrix; otherwise as `overlap_gradient`.

    Parameters
    ----------
    shells : OrbitalShells
    positions : (natom, 3) bohr
    dm : (nao, nao)

    Returns
    -------
    (natom, 3) hartree/bohr
    """
    return _gradient("int1e_ipkin_sph", shells, positions, dm)


def dipole_gradient(shells: OrbitalShells, positions: Floats, direction: ArrayLike, w: Floats) -> Floats:
    """Gradient of sum_ab w_ab <a| f.r |b> for a fixed symmetric matrix w, the origin held.

        dE/dR_A = -2 sum_{b on A} sum_a w_ab <a| f.r nabla |b>

    Parameters
    ----------
    shells : OrbitalShells
    positions : (natom, 3) bohr
    direction : (3,)
        f.
    w : (nao, nao)

    Returns
    -------
    (natom, 3)
    """
    derivative = _integrals("int1e_irp_sph", shells, positions, comp=9)
    derivative = derivative.reshape(3, 3, shells.nao, shells.nao)  # moment, nabla
    along = np.einsum("x,xyab->yab", np.asarray(direction, float), derivative)
    return _by_atom(shells, positions, -2 * np.einsum("yab,ab->by", along, w))


def ao_values(shells: OrbitalShells, positions: Floats, points: Floats, deriv: int = 0) -> Floats:
    """Orbital basis functions at points.

    Parameters
    ----------
    shells : OrbitalShells
    positions : (natom, 3) bohr
    points : (npoint, 3) bohr
    deriv : 0, 1 or 2
        Values; and first derivatives; and second ones.

    Returns
    -------
    (1, 4 or 10, npoint, nao)
        Value; x, y, z; xx, xy, xz, yy, yz, zz.

    Raises
    ------
    InputError
        Any other deriv.
    """
    from pyscf.gto.eval_gto import eval_gto

    if deriv not in (0, 1, 2):
        raise InputError(
            f"deriv is {deriv!r}; allowed: 0 (values), 1 (and gradients), 2 (and second derivatives)"
        )
    ncomp = (1, 4, 10)[deriv]
    atm, bas, env = libcint_tables(shells, positions)
    tables = SimpleNamespace(_atm=atm, _bas=bas, _env=env)
    values: Floats = eval_gto(tables, f"GTOval_sph_deriv{deriv}", points, comp=ncomp)
    return values.reshape(ncomp, len(points), shells.nao)


def _integrals(
    name: str, shells: OrbitalShells, positions: Floats, hermi: int = 0, comp: int | None = None
) -> Floats:
    from pyscf.gto.moleintor import getints

    values = getints(name, *libcint_tables(shells, positions), comp=comp, hermi=hermi)
    return np.ascontiguousarray(values)


def _gradient(name: str, shells: OrbitalShells, positions: Floats, w: Floats) -> Floats:
    derivative = _integrals(name, shells, positions, comp=3)
    return _by_atom(shells, positions, -np.einsum("xab,ab->ax", derivative, w + w.T))


def _by_atom(shells: OrbitalShells, positions: Floats, by_function: Floats) -> Floats:
    """(natom, 3) sums of (nao, 3) over the functions of each atom."""
    gradient = np.zeros((len(positions), 3))
    np.add.at(gradient, np.repeat(shells.atom, 2 * shells.l + 1), by_function)
    return gradient


def libcint_tables(shells: OrbitalShells, positions: Floats) -> tuple[_Int32s, _Int32s, Floats]:
    """The tables atm, bas and env of libcint for a geometry.

    Parameters
    ----------
    shells : OrbitalShells
    positions : (natom, 3) bohr

    Returns
    -------
    atm : (natom, 6) int32
    bas : (nshell, 8) int32
    env : (nenv,)
    """
    atm, bas, head, tail = _fixed_tables(shells, len(positions))
    return atm, bas, np.concatenate([head, np.ravel(positions), tail])


@lru_cache(maxsize=8)
def _fixed_tables(shells: OrbitalShells, natom: int) -> tuple[_Int32s, _Int32s, Floats, Floats]:
    """What of libcint's tables does not depend on the positions; env = reserved slots, positions, shells."""
    from pyscf.gto.mole import (
        ANG_OF,
        ATOM_OF,
        NCTR_OF,
        NPRIM_OF,
        PTR_COEFF,
        PTR_COORD,
        PTR_ENV_START,
        PTR_EXP,
        gto_norm,
    )

    nshell = shells.l.size
    atm = np.zeros((natom, 6), np.int32)
    atm[:, PTR_COORD] = PTR_ENV_START + 3 * np.arange(natom)
    bas = np.zeros((nshell, 8), np.int32)
    bas[:, ATOM_OF], bas[:, ANG_OF], bas[:, NPRIM_OF], bas[:, NCTR_OF] = shells.atom, shells.l, 1, 1
    bas[:, PTR_EXP] = PTR_ENV_START + 3 * natom + 2 * np.arange(nshell)
    bas[:, PTR_COEFF] = bas[:, PTR_EXP] + 1
    norms = [gto_norm(degree, a) for degree, a in zip(shells.l, shells.exponent, strict=True)]
    return atm, bas, np.zeros(PTR_ENV_START), np.column_stack([shells.exponent, norms]).ravel()

"""Charges and spins on the atoms: isotropic spin populations, Mulliken and Loewdin."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg import eigh

from clusterdft.arrays import Floats, frozen_array
from clusterdft.errors import InputError
from clusterdft.integrals.one_electron import overlap
from clusterdft.properties.density import atom_of, free_atoms, spin_density, spin_matrix
from clusterdft.scf.result import ScfResult

EQUIVALENCE_TOLERANCE = 0.005  # populations of equivalent nuclei differ by less
MIN_UNPAIRED = 1e-6  # electrons: fewer make no spin density
MIN_SPIN_DENSITY = 1e-10  # bohr^-3, at the nucleus of a free atom that is a unit
MIN_S_SHARE = 0.5  # of s functions in the unpaired electrons of a free atom; 1 in alkali atoms, 0.001 in Al


@dataclass(frozen=True, kw_only=True, eq=False)
class Populations:
    """Electrons and spin that the basis functions of each atom hold.

    Attributes
    ----------
    mulliken_charge, loewdin_charge : (natom,) elementary charges
        Ionic charge minus electrons; they add up to the charge of the cluster.
    mulliken_spin, loewdin_spin : (natom,) electrons
        Of the majority spin minus those of the minority.
    """

    mulliken_charge: Floats
    mulliken_spin: Floats
    loewdin_charge: Floats
    loewdin_spin: Floats


@dataclass(frozen=True, kw_only=True)
class EquivalentNuclei:
    """Nuclei of one element with the same spin population.

    Attributes
    ----------
    symbol : str
        Chemical symbol.
    value : float
        Mean of their populations.
    atoms : indices
        Ascending.
    """

    symbol: str
    value: float
    atoms: tuple[int, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class SpinPopulations:
    """Isotropic spin populations, as electron spin resonance measures them.

    Attributes
    ----------
    values : (natom,)
        Spin density at the nucleus over that of the free atom; negative for minority spin.
    groups : tuple of EquivalentNuclei
        The largest value first.
    atom_spin_density : {symbol: bohr^-3}
        At the nucleus of the free atom.
    """

    values: Floats
    groups: tuple[EquivalentNuclei, ...]
    atom_spin_density: dict[str, float]


def populations(result: ScfResult) -> Populations:
    """Mulliken and Loewdin populations.

        N_A = sum_{a on A} (D S)_aa  or  (S^1/2 D S^1/2)_aa,   q_A = Z_A - N_A

    Parameters
    ----------
    result : ScfResult

    Returns
    -------
    Populations

    Notes
    -----
    Both depend on the basis; with diffuse functions Mulliken's lose their meaning first.

    References
    ----------
    Mulliken, J. Chem. Phys. 23, 1833 (1955); Loewdin, J. Chem. Phys. 18, 365 (1950)
    """
    shells = result.shells
    s = overlap(shells, result.cluster.positions)
    values, vectors = eigh(s)
    root = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
    owner = np.repeat(shells.atom, 2 * shells.l + 1)
    ionic = result.z_valence

    def by_atom(diagonal: Floats) -> Floats:
        return np.bincount(owner, diagonal, minlength=result.cluster.natom).astype(np.float64)

    total, spin = result.dm.sum(axis=0), spin_matrix(result)
    return Populations(
        mulliken_charge=frozen_array(ionic - by_atom(np.einsum("ab,ba->a", total, s))),
        mulliken_spin=frozen_array(by_atom(np.einsum("ab,ba->a", spin, s))),
        loewdin_charge=frozen_array(
            ionic - by_atom(np.einsum("ab,bc,ca->a", root, total, root, optimize=True))
        ),
        loewdin_spin=frozen_array(by_atom(np.einsum("ab,bc,ca->a", root, spin, root, optimize=True))),
    )


def spin_populations(
    result: ScfResult,
    atoms: Mapping[str, ScfResult] | None = None,
    *,
    tolerance: float = EQUIVALENCE_TOLERANCE,
) -> SpinPopulations:
    """Spin density at each nucleus over that at the nucleus of the free atom.

        p_A = m(R_A) / m_atom(0),   m = n_up - n_down

    Parameters
    ----------
    result : ScfResult
        With unpaired electrons.
    atoms : {symbol: ScfResult}
        Of the neutral atoms; None to compute them with the result's method.
    tolerance : float
        Nuclei whose populations, put in order, follow each other within it are equivalent.

    Returns
    -------
    SpinPopulations

    Raises
    ------
    InputError
        No unpaired electrons, here or in a free atom, a free atom whose unpaired electrons are not
        s-like or whose spin density at the nucleus is not positive, or an element is not among the atoms.

    Notes
    -----
    With a pseudopotential these are pseudo densities; the ratio takes out what the core would do, as
    both measure the s part of the unpaired orbital at the nucleus. An unpaired p electron has none: what
    is left at the nucleus of Al is the polarisation of its closed s shell, negative, and no unit.

    References
    ----------
    Martins, Buttet, Car, Phys. Rev. B 31, 1804 (1985), table IV
    """
    cluster = result.cluster
    if abs(result.n_unpaired) < MIN_UNPAIRED:
        raise InputError("a singlet has no spin populations; take a cluster with unpaired electrons")
    atoms = free_atoms(result) if atoms is None else atoms
    reference = {symbol: _at_nucleus(atom_of(atoms, symbol)) for symbol in dict.fromkeys(cluster.symbols)}
    scale = np.array([reference[symbol] for symbol in cluster.symbols])
    values = spin_density(result, cluster.positions) / scale
    return SpinPopulations(
        values=frozen_array(values),
        groups=equivalent_nuclei(cluster.symbols, values, tolerance),
        atom_spin_density=reference,
    )


def equivalent_nuclei(
    symbols: Sequence[str], values: Floats, tolerance: float = EQUIVALENCE_TOLERANCE
) -> tuple[EquivalentNuclei, ...]:
    """Nuclei of one element grouped by value.

    Parameters
    ----------
    symbols : (natom,)
    values : (natom,)
    tolerance : float
        Neighbours in the order of values that differ by less belong together.

    Returns
    -------
    tuple of EquivalentNuclei
        The largest value first.
    """
    groups: list[tuple[str, list[int]]] = []
    for symbol in dict.fromkeys(symbols):
        chain: list[int] = []
        for atom in sorted((a for a, s in enumerate(symbols) if s == symbol), key=lambda a: -values[a]):
            if chain and values[chain[-1]] - values[atom] >= tolerance:
                groups.append((symbol, chain))
                chain = []
            chain.append(atom)
        groups.append((symbol, chain))
    nuclei = [
        EquivalentNuclei(symbol=symbol, value=float(np.mean(values[chain])), atoms=tuple(sorted(chain)))
        for symbol, chain in groups
    ]
    return tuple(sorted(nuclei, key=lambda group: -group.value))


def _at_nucleus(atom: ScfResult) -> float:
    """Spin density at the nucleus of a free atom, bohr^-3."""
    (symbol,) = atom.cluster.symbols
    if abs(atom.n_unpaired) < MIN_UNPAIRED:
        raise InputError(f"the free atom {symbol} has no unpaired electrons to refer spin populations to")
    share = _s_share(atom)
    if share < MIN_S_SHARE:
        raise InputError(
            f"the unpaired electrons of the free atom {symbol} are s-like by {abs(share):.3f} only: its spin "
            "density at the nucleus is no unit of spin populations; take Mulliken's or Loewdin's instead"
        )
    value = float(spin_density(atom, atom.cluster.positions)[0])
    if value < MIN_SPIN_DENSITY:
        raise InputError(f"the free atom {symbol} has no spin density at its nucleus to refer populations to")
    return value


def _s_share(atom: ScfResult) -> float:
    """Share of s functions in the unpaired electrons of a free atom.

    sum_{a in s} (M S)_aa / |n_unpaired|,   M = D_up - D_down
    """
    shells = atom.shells
    momentum = np.repeat(shells.l, 2 * shells.l + 1)
    spin: Floats = np.einsum("ab,ba->a", spin_matrix(atom), overlap(shells, atom.cluster.positions))
    return float(spin[momentum == 0].sum() / abs(atom.n_unpaired))

"""What a method's names mean for some elements, found once and handed down, and which clusters fit it."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from clusterdft.basis.fitting import fitting_set
from clusterdft.basis.set_files import ShellSet
from clusterdft.basis.sets import check_valence, orbital_set
from clusterdft.basis.shells import n_hermite
from clusterdft.cluster import Cluster, count_electrons
from clusterdft.errors import InputError
from clusterdft.method import Method
from clusterdft.pseudo import Pseudopotential, load_pseudopotential
from clusterdft.xc import get_functional
from clusterdft.xc.functional import XcFunctional

PROGRAM_BYTES = 2.5e8  # the program with its libraries
BYTES_PER_ORBITAL_PAIR = 1000.0  # measured 630 to 930 for 20 to 40 atoms, with small and large sets
BYTES_PER_FITTING_PAIR = 32.0  # the metric, its factor and the copies on the way


@dataclass(frozen=True, kw_only=True, eq=False)
class ResolvedMethod:
    """A method with what its names stand for.

    Attributes
    ----------
    method : Method
    functional : XcFunctional
    pseudopotentials : {symbol: Pseudopotential}
    orbital_shells, fitting_shells : {symbol: ShellSet}
    """

    method: Method
    functional: XcFunctional
    pseudopotentials: dict[str, Pseudopotential]
    orbital_shells: dict[str, ShellSet]
    fitting_shells: dict[str, ShellSet]


def resolve(method: Method, symbols: Iterable[str]) -> ResolvedMethod:
    """What a method means for some elements.

    Parameters
    ----------
    method : Method
    symbols : chemical symbols
        Of the atoms, in any order; repetitions do no harm.

    Returns
    -------
    ResolvedMethod
        The same object each time, as long as files of one's own hold the same.

    Raises
    ------
    InputError
        Unknown functional; element without pseudopotential, basis or fitting set, or with ones that do not go
        together.
    """
    elements = tuple(sorted(set(symbols)))
    pseudopotentials = tuple(load_pseudopotential(symbol, method.pseudopotential) for symbol in elements)
    for symbol, pseudo in zip(elements, pseudopotentials, strict=True):
        check_valence(symbol, method.basis, pseudo.z_valence)
    return _resolved(
        method,
        get_functional(method.functional),
        pseudopotentials,
        tuple(orbital_set(symbol, method.basis) for symbol in elements),
        tuple(fitting_set(symbol, method.basis, method.fitting) for symbol in elements),
    )


@lru_cache(maxsize=256)
def _resolved(
    method: Method,
    functional: XcFunctional,
    pseudopotentials: tuple[Pseudopotential, ...],
    orbital: tuple[ShellSet, ...],
    fitting: tuple[ShellSet, ...],
) -> ResolvedMethod:
    """One object for the same parts, which others remember results by."""
    elements = [pseudo.symbol for pseudo in pseudopotentials]
    return ResolvedMethod(
        method=method,
        functional=functional,
        pseudopotentials=dict(zip(elements, pseudopotentials, strict=True)),
        orbital_shells=dict(zip(elements, orbital, strict=True)),
        fitting_shells=dict(zip(elements, fitting, strict=True)),
    )


def check_electrons(cluster: Cluster, resolved: ResolvedMethod) -> int:
    """Number of valence electrons of a cluster that they are possible in.

    Parameters
    ----------
    cluster : Cluster
    resolved : ResolvedMethod
        Of the cluster's elements at least.

    Returns
    -------
    int

    Raises
    ------
    InputError
        Impossible charge or spin, or more electrons of one spin than orbitals.
    """
    pseudos = [resolved.pseudopotentials[symbol] for symbol in set(cluster.symbols)]
    has_cores = any(pseudo.partial_core_exponent.size for pseudo in pseudos)
    valence = {pseudo.symbol: pseudo.z_valence for pseudo in pseudos}
    n_electrons = count_electrons(cluster, valence, fewest=0 if has_cores else 1)
    nao = _sizes(cluster.symbols, resolved)[0]
    up = (n_electrons + (cluster.n_unpaired or 0) + 1) // 2
    if up > nao:
        raise InputError(
            f"{up} electrons of one spin do not fit into {nao} orbitals of basis {resolved.method.basis!r}; "
            "take a larger basis or fewer unpaired electrons"
        )
    return n_electrons


def estimated_memory(symbols: Sequence[str], resolved: ResolvedMethod) -> float:
    """About how many bytes one process needs, before anything is allocated.

        M = M_0 + a nao^2 + b naux^2

    Parameters
    ----------
    symbols : (natom,) chemical symbols
    resolved : ResolvedMethod

    Returns
    -------
    float

    Notes
    -----
    Pairs of far atoms are left out by the program, so that it needs less for large clusters.
    """
    nao, naux = _sizes(symbols, resolved)
    return PROGRAM_BYTES + BYTES_PER_ORBITAL_PAIR * nao**2 + BYTES_PER_FITTING_PAIR * naux**2


def check_memory(symbols: Sequence[str], resolved: ResolvedMethod) -> None:
    """Refuses a calculation that does not fit into the memory of this computer.

    Parameters
    ----------
    symbols, resolved : as in `estimated_memory`

    Raises
    ------
    InputError
        It does not.
    """
    needed, available = estimated_memory(symbols, resolved), physical_memory()
    if available is not None and needed > available:
        raise InputError(
            f"{len(symbols)} atoms in basis {resolved.method.basis!r} need about {needed / 1e9:.0f} GB of "
            f"memory, this computer has {available / 1e9:.0f}; take fewer atoms, a smaller basis or another "
            "computer"
        )


def physical_memory() -> float | None:
    """Bytes of memory of this computer, or None where the system does not tell."""
    try:
        return float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    except (AttributeError, OSError, ValueError):
        return None


def _sizes(symbols: Sequence[str], resolved: ResolvedMethod) -> tuple[int, int]:
    """Numbers of orbital and of fitting functions, nao and naux."""
    nao = naux = 0
    for symbol in set(symbols):
        count = list(symbols).count(symbol)
        nao += count * sum(2 * momentum + 1 for momentum, _ in resolved.orbital_shells[symbol])
        naux += count * sum(n_hermite(degree) for degree, _ in resolved.fitting_shells[symbol])
    return nao, naux

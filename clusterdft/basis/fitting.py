"""Fitting sets: even-tempered ladders of Hermite Gaussians for the density.

A ladder has exponents first * 2^k. The ratio 2 lets one exponential serve a whole ladder by squaring.
Products of s and p functions of two atoms need f functions at the middle exponents: without them the
exchange-correlation energy of the fitted density is too low by 1 to 2.5 meV an atom, with one f shell by
less than 0.2 meV (measured on Na2, Na2+, Na4, Na4+, Na8, Na8+ against exact densities).

Ladders that a set's file does not give follow from its exponents, see `derived_ladder`. Largest error of
binding energies in "default", meV an atom, of X2, X2+ and a rhombus X4, pseudopotentials `bhs-core`, against
exact exchange-correlation densities and "large":

    Li  0.68    Na  0.26    K  0.33    Rb  0.28    Cs  0.26    Mg  0.21    Al  0.29
"""

from clusterdft.basis.set_files import FITTING_SETS, Ladder, ShellSet
from clusterdft.basis.sets import load_basis
from clusterdft.errors import InputError, nearest_name_hint

EXPONENT_RATIO = 2.0  # of neighbouring exponents


def derived_ladder(shells: ShellSet, valence: int, name: str) -> Ladder:
    """A ladder for orbital shells, from their smallest and largest exponents a and A.

        default: first 1.8 a (1.7 a for several electrons), at least five exponents, up to A at least
                 with d functions first 2.2 a, at least six, up to A and to four times the largest of d
        large:   first a, at least five exponents, up to 4 A at least

    Parameters
    ----------
    shells : ((l, exponent bohr^-2), ...)
    valence : int
        Electrons of an atom.
    name : str
        One of FITTING_SETS.

    Returns
    -------
    first : float, bohr^-2
        The smallest exponent.
    degrees : tuple of int
        Highest degree at each exponent.

    Notes
    -----
    Products of two functions on one atom have exponents from 2 a to 2 A.
    """
    exponents = [exponent for _, exponent in shells]
    low, high = min(exponents), max(exponents)
    largest_d = max((exponent for momentum, exponent in shells if momentum == 2), default=0.0)
    count, rising, middle, falling = 5, (1, 3), 4, (2, 1)
    if name == "large":
        first, last, rising, falling = low, 4 * high, (2, 3), (3, 2)
    elif largest_d:
        first, last, count = 2.2 * low, max(high, 4 * largest_d), 6
    elif valence > 1:
        first, last, falling = 1.7 * low, high, (3, 1)
    else:
        first, last, middle = 1.8 * low, high, 3
    while first * EXPONENT_RATIO ** (count - 1) < last:
        count += 1
    return first, (*rising, *[middle] * (count - 4), *falling)


def fitting_set(symbol: str, basis: str, name: str) -> ShellSet:
    """Fitting shells of one element for one orbital basis.

    Parameters
    ----------
    symbol : str
        Chemical symbol.
    basis : str
        Name of the orbital set, as in `load_basis`.
    name : str
        One of FITTING_SETS.

    Returns
    -------
    tuple of (highest degree, exponent bohr^-2)

    Raises
    ------
    InputError
        No such fitting set, or no set for this element and basis.
    """
    element = load_basis(symbol, basis)
    if name not in FITTING_SETS:
        hint = nearest_name_hint(name, FITTING_SETS, "; {}")
        raise InputError(f"unknown fitting set {name!r}; there are {', '.join(FITTING_SETS)}{hint}")
    first, degrees = element.ladders.get(name) or derived_ladder(element.shells, element.valence, name)
    return tuple((degree, first * EXPONENT_RATIO**k) for k, degree in enumerate(degrees))

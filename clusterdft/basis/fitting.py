"""Fitting sets: even-tempered ladders of Hermite Gaussians for the density.

A ladder has exponents first * 2^k. The ratio 2 lets one exponential serve a whole ladder by squaring.
Products of s and p functions of two atoms need f functions at the middle exponents: without them the
exchange-correlation energy of the fitted density is too low by 1 to 2.5 meV an atom, with one f shell by
less than 0.2 meV (measured on Na2, Na2+, Na4, Na4+, Na8, Na8+ against exact densities).
"""

from difflib import get_close_matches

from clusterdft.basis.sets import orbital_set
from clusterdft.errors import InputError

RATIO = 2.0

FITTING_SETS = ("default", "large")

# (basis, symbol) -> fitting set -> (first exponent in bohr^-2, highest degree at each exponent of the ladder)
LADDERS = {
    ("paper-3s2p", "Na"): {
        "default": (0.05, (1, 2, 3, 2, 1)),
        "large": (0.03, (2, 3, 3, 3, 3, 3, 2, 2)),
    },
    ("even-6s5p3d", "Na"): {
        "default": (0.03, (1, 2, 3, 3, 2, 1)),
        "large": (0.02, (2, 3, 3, 4, 4, 3, 3, 2, 2)),
    },
}


def fitting_set(symbol, basis, name):
    """Fitting shells of one element for one orbital basis.

    Returns
    -------
    tuple of (highest degree, exponent bohr^-2)
    Raises
    ------
    InputError   no such fitting set, or no set for this element and basis
    """
    orbital_set(symbol, basis)
    if name not in FITTING_SETS:
        near = get_close_matches(name, FITTING_SETS, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise InputError(f"unknown fitting set {name!r}; there are {', '.join(FITTING_SETS)}{hint}")
    first, degrees = LADDERS[basis, symbol][name]
    return tuple((degree, first * RATIO**k) for k, degree in enumerate(degrees))

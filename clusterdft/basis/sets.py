"""Named orbital basis sets: primitive Gaussians on each atom, element by element."""

from difflib import get_close_matches

from clusterdft.errors import InputError

S, P, D = 0, 1, 2


def even_tempered(momentum, first, ratio, count):
    """Shells (l, exponent) with exponents first * ratio^k, k = 0 .. count - 1 (bohr^-2)."""
    return tuple((momentum, first * ratio**k) for k in range(count))


# name -> symbol -> ((l, exponent in bohr^-2), ...)
BASIS_SETS = {
    # Martins, Buttet and Car, Phys. Rev. B 31, 1804 (1985), Table I
    "paper-3s2p": {"Na": ((S, 0.030466), (S, 0.086586), (S, 0.397668), (P, 0.090545), (P, 0.634653))},
    # nearly complete for one valence electron: shows the error of the small set
    "even-6s5p3d": {
        "Na": even_tempered(S, 0.016, 2.15, 6)
        + even_tempered(P, 0.018, 2.35, 5)
        + even_tempered(D, 0.04, 2.4, 3)
    },
}

VALENCE = {"Na": 1}  # electrons of an atom that the sets are made for


def check_valence(symbol, name, z_valence):
    """Raises InputError where a set has no functions for the shells that a pseudopotential leaves to it."""
    if z_valence != VALENCE[symbol]:
        raise InputError(
            f"basis {name!r} describes {VALENCE[symbol]} valence electron of {symbol}, the pseudopotential "
            f"leaves {z_valence:g}; take one for {VALENCE[symbol]}, such as bhs or gth-pade-q1"
        )


def orbital_set(symbol, name):
    """Shells of one element.

    Returns
    -------
    tuple of (l, exponent bohr^-2)
    Raises
    ------
    InputError   no such set, or the set lacks the element; the message names the sets there are
    """
    if name not in BASIS_SETS:
        near = get_close_matches(name, BASIS_SETS, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise InputError(f"unknown basis {name!r}; there are {', '.join(BASIS_SETS)}{hint}")
    if symbol not in BASIS_SETS[name]:
        having = [other for other, elements in BASIS_SETS.items() if symbol in elements]
        instead = (
            f"sets for {symbol}: {', '.join(having)}" if having else f"no set has {symbol} yet; {_elements()}"
        )
        raise InputError(f"basis {name!r} has no functions for {symbol}; {instead}")
    return BASIS_SETS[name][symbol]


def _elements():
    """What there is, in words."""
    return "there are " + "; ".join(f"{name} ({', '.join(sets)})" for name, sets in BASIS_SETS.items())

"""How much memory a cluster takes in a method, before anything is allocated."""

import os

from clusterdft.basis.fitting import fitting_set
from clusterdft.basis.sets import orbital_set
from clusterdft.errors import InputError

PROGRAM = 2.5e8  # bytes, the program with its libraries
PER_ORBITAL_PAIR = 1000.0  # bytes; measured 630 to 930 for 20 to 40 atoms, with small and large sets
PER_FITTING_PAIR = 32.0  # bytes: the metric, its factor and the copies on the way


def estimated_memory(symbols, method):
    """About how many bytes one process needs.

        M = M_0 + a nao^2 + b naux^2

    Parameters
    ----------
    symbols : (natom,) chemical symbols
    method : Method

    Notes
    -----
    Pairs of far atoms are left out by the program, so that it needs less for large clusters.
    """
    nao = naux = 0
    for symbol in set(symbols):
        count = list(symbols).count(symbol)
        nao += count * sum(2 * l + 1 for l, _ in orbital_set(symbol, method.basis))  # noqa: E741
        fit = fitting_set(symbol, method.basis, method.fitting)
        naux += count * sum((l + 1) * (l + 2) * (l + 3) // 6 for l, _ in fit)  # noqa: E741
    return PROGRAM + PER_ORBITAL_PAIR * nao**2 + PER_FITTING_PAIR * naux**2


def check_memory(symbols, method):
    """Raises InputError where a calculation does not fit into the memory of this computer."""
    needed, there = estimated_memory(symbols, method), _memory()
    if there is not None and needed > there:
        raise InputError(
            f"{len(symbols)} atoms in basis {method.basis!r} need about {needed / 1e9:.0f} GB of memory, "
            f"this computer has {there / 1e9:.0f}; take fewer atoms, a smaller basis or another computer"
        )


def _memory():
    """Bytes of physical memory, or None where the system does not tell."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return None

"""Goedecker-Teter-Hutter pseudopotentials by name."""

import numpy as np

from clusterdft.errors import InputError
from clusterdft.integrals.gth_tables import gth_names, gth_table
from clusterdft.pseudo.potential import Pseudopotential, Separable


def read_gth(symbol, name):
    """A tabulated pseudopotential, such as gth-pade-q1 or gth-pbe-q1.

        V = -(Z/r) erf(r / sqrt(2) r_loc) + exp(-r^2 / 2 r_loc^2) sum_k C_k (r/r_loc)^(2k-2)
            + sum_lm sum_ij |p_i Y_lm> h_ij <p_j Y_lm|

    Parameters
    ----------
    symbol : chemical symbol
    name : of a table that PySCF ships, upper or lower case; without -q, the default for the element

    Returns
    -------
    Pseudopotential

    Raises
    ------
    InputError
        there is no such table for the element; the message names those there are
    """
    key = name.lower()
    known = gth_names(symbol)
    if key not in known:
        offer = f"there are {', '.join(known)}" if known else "there is no table for this element"
        raise InputError(f"there is no {name} pseudopotential for {symbol}; {offer}")
    z_valence, r_loc, local, projectors = gth_table(symbol, key)
    exponent = 0.5 / r_loc**2
    return Pseudopotential(
        symbol=symbol,
        z_valence=z_valence,
        name=key,
        source=f"{key} table for {symbol} of the CP2K collection, as shipped with PySCF",
        core_alpha=[exponent],
        core_c=[1.0],
        local_exponent=[exponent] if local else [],
        local_coefficient=[np.array(local) / r_loc ** (2 * np.arange(len(local)))] if local else [],
        channels=tuple(
            Separable(l=momentum, radius=radius, h=h)
            for momentum, (radius, h) in enumerate(projectors)
            if len(h)
        ),
    )

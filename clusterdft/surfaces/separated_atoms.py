"""The zero of the binding energy."""

from clusterdft.errors import InputError, ScfNotConverged


def separated_energy(spec, symbols, charge):
    """Energy of the separated atoms, the zero of the binding energy; None where it is not known.

        sum_A E(A) + the cheapest way to put the charge on |charge| of the atoms, one each

    Parameters
    ----------
    spec : SurfaceSpec
    symbols : (natom,) chemical symbols
    charge : elementary charges

    Returns
    -------
    float, hartree, or None when an atom or ion does not converge or the charge exceeds the atoms
    """
    sign = (charge > 0) - (charge < 0)
    if abs(charge) > len(symbols):
        return None
    try:
        neutral = {symbol: spec.atom_energy(symbol) for symbol in set(symbols)}
        ion = {symbol: spec.atom_energy(symbol, sign) for symbol in set(symbols)} if charge else neutral
    except (ScfNotConverged, InputError):
        return None
    costs = sorted(ion[symbol] - neutral[symbol] for symbol in symbols)
    return sum(neutral[symbol] for symbol in symbols) + sum(costs[: abs(charge)])

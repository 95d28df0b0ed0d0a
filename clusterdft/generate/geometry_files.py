"""Start geometries from a structure file."""

from collections import Counter
from dataclasses import replace

from clusterdft.errors import InputError
from clusterdft.files.structures import read_named_structures


def read_geometries(path, symbols, *, charge=0, n_unpaired=None):
    """All geometries of a file, in any format that ASE reads, as named starts of one composition.

    Parameters
    ----------
    path : file name
    symbols : (natom,) chemical symbols; the atoms of the file are put in this order
    charge, n_unpaired : of the starts, as in Cluster, whatever the file declares

    Returns
    -------
    tuple of (name, Cluster)
        centred; the name is what the file gives as name="...", else the name of the
        file and a number; a name that comes again gets the number of its geometry

    Raises
    ------
    InputError
        the file cannot be read, or a geometry has other atoms than `symbols`
    """
    found, taken = [], set()
    for k, (name, cluster) in enumerate(read_named_structures(path), start=1):
        if sorted(cluster.symbols) != sorted(symbols):
            raise InputError(
                f"geometry {k} of {path} ({name}) has the atoms {_formula(cluster.symbols)}, not "
                f"{_formula(symbols)}; take it out, or give a file of this composition"
            )
        name = f"{name} ({k})" if name in taken else name
        taken.add(name)
        x = cluster.positions[_in_order(cluster.symbols, symbols)]
        centred = x - x.mean(axis=0)
        one = replace(cluster, symbols=symbols, positions=centred, charge=charge, n_unpaired=n_unpaired)
        found.append((name, one))
    return tuple(found)


def _in_order(given, wanted):
    """Indices that put the given symbols into the wanted order, atoms of one species as they come."""
    left = {symbol: [i for i, s in enumerate(given) if s == symbol] for symbol in set(given)}
    return [left[symbol].pop(0) for symbol in wanted]


def _formula(symbols):
    """Symbols with their numbers, such as Na4 K2."""
    return " ".join(f"{symbol}{number}" for symbol, number in Counter(symbols).items())

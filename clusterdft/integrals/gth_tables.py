"""The tables of Goedecker-Teter-Hutter pseudopotentials that PySCF ships."""

from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=1)
def _tables():
    """{symbol: {lower-case name: text of the table}}; a table stands under each of its names."""
    from pyscf.pbc.gto import pseudo

    tables = {}
    for path in sorted(Path(pseudo.__file__).parent.glob("gth-*.dat")):
        for text in path.read_text().split("#PSEUDOPOTENTIAL")[1:]:
            symbol, *names = text.strip().splitlines()[0].split()
            for name in names:
                tables.setdefault(symbol, {}).setdefault(name.lower(), text)
    return tables


def gth_names(symbol):
    """Names of the tables there are for an element, such as gth-pade-q1, sorted; empty for none."""
    return sorted(_tables().get(symbol, {}))


def gth_table(symbol, name):
    """The numbers of one table.

        V_loc = -(Z/r) erf(r / sqrt(2) r_loc) + exp(-r^2 / 2 r_loc^2) sum_k C_k (r/r_loc)^(2k-2)

    Parameters
    ----------
    symbol, name : one of `gth_names(symbol)`
    Returns
    -------
    Z, r_loc, [C_1, ...], [(r_l, h_l) for l = 0, 1, ...] with h_l (n, n), n may be 0; hartree, bohr
    """
    from pyscf.gto.basis import parse_cp2k_pp

    text = "\n".join(line for line in _tables()[symbol][name].splitlines() if not line.startswith("#"))
    electrons, r_loc, _, local, _, *projectors = parse_cp2k_pp.parse(text)
    return sum(electrons), r_loc, local, [(radius, h) for radius, _, h in projectors]

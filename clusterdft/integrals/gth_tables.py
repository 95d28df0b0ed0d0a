"""The tables of Goedecker-Teter-Hutter pseudopotentials that PySCF ships."""

import re
from functools import lru_cache
from pathlib import Path

from clusterdft.errors import InputError

FILES = ("GTH_POTENTIALS", "POTENTIAL_UZH", "gth-hf-rev.dat")  # a name found twice is the earlier file's


@lru_cache(maxsize=1)
def _tables():
    """{symbol: {lower-case name: lines of the table}}; a table stands under each of its names."""
    from pyscf.pbc.gto import pseudo

    tables = {}
    for file in FILES:
        lines = []
        for line in (Path(pseudo.__file__).parent / file).read_text().splitlines():
            header = re.match(r"\s*([A-Z][a-z]?)\s+(GTH.*)", line)
            if header:
                lines = []
                for name in header[2].lower().split():
                    tables.setdefault(header[1], {}).setdefault(name, lines)
            if not line.startswith("#"):
                lines.append(line)
    return {symbol: {n: t for n, t in named.items() if _has_numbers(t)} for symbol, named in tables.items()}


def _has_numbers(lines):
    """Some tables are announced and then left out, with NA for the electrons."""
    return re.fullmatch(r"[\d\s]+", lines[1]) is not None


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

    Raises
    ------
    InputError
        the table is damaged
    """
    from pyscf.gto.basis import parse_cp2k_pp

    try:
        electrons, r_loc, _, local, _, *projectors = parse_cp2k_pp.parse("\n".join(_tables()[symbol][name]))
    except (ValueError, StopIteration):
        raise InputError(f"the table {name} of {symbol} in PySCF is damaged; try another table") from None
    return sum(electrons), r_loc, local, [(radius, h) for radius, _, h in projectors]

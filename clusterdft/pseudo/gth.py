"""Goedecker-Teter-Hutter pseudopotentials by name, from the tables in CP2K's format that PySCF ships."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from clusterdft.arrays import Floats
from clusterdft.errors import InputError
from clusterdft.pseudo.potential import Pseudopotential, Separable

TABLE_FILES = (
    "GTH_POTENTIALS",
    "POTENTIAL_UZH",
    "gth-hf-rev.dat",
)  # a name found twice is the earlier file's


def read_gth(symbol: str, name: str) -> Pseudopotential:
    """A tabulated pseudopotential, such as gth-pade-q1 or gth-pbe-q1.

        V = -(Z/r) erf(r / sqrt(2) r_loc) + exp(-r^2 / 2 r_loc^2) sum_k C_k (r/r_loc)^(2k-2)
            + sum_lm sum_ij |p_i Y_lm> h_ij <p_j Y_lm|

    Parameters
    ----------
    symbol : str
        Chemical symbol.
    name : str
        Of a table that PySCF ships, upper or lower case; without -q, the default for the element.

    Returns
    -------
    Pseudopotential

    Raises
    ------
    InputError
        There is no such table for the element; the message names those there are.
    """
    key = name.lower()
    known = gth_names(symbol)
    if key not in known:
        offer = f"there are {', '.join(known)}" if known else "there is no table for this element"
        raise InputError(f"there is no {name} pseudopotential for {symbol}; {offer}")
    try:
        table = _parse(_tables()[symbol][key])
    except (ValueError, StopIteration):
        raise InputError(f"the table {key} of {symbol} in PySCF is damaged; try another table") from None
    exponent, n_local = 0.5 / table.r_loc**2, len(table.local)
    return Pseudopotential(
        symbol=symbol,
        z_valence=table.z_valence,
        name=key,
        source=f"{key} table for {symbol} of the CP2K collection, as shipped with PySCF",
        core_alpha=np.array([exponent]),
        core_c=np.array([1.0]),
        local_exponent=np.array([exponent] if n_local else []),
        local_coefficient=(table.local / table.r_loc ** (2 * np.arange(n_local)))[None, :],
        channels=table.channels,
    )


def gth_names(symbol: str) -> list[str]:
    """Names of the tables there are for an element, such as gth-pade-q1, sorted; empty for none."""
    return sorted(_tables().get(symbol, {}))


@dataclass(frozen=True, kw_only=True, eq=False)
class _Table:
    """The numbers of one table.

    Attributes
    ----------
    z_valence : electrons of all momenta
    r_loc : bohr
    local : (n,) hartree, C_1, C_2, ...
    channels : those that have projectors
    """

    z_valence: int
    r_loc: float
    local: Floats
    channels: tuple[Separable, ...]


@lru_cache(maxsize=1)
def _tables() -> dict[str, dict[str, list[str]]]:
    """{symbol: {lower-case name: lines of the table}}; a table stands under each of its names."""
    tables: dict[str, dict[str, list[str]]] = {}
    for file in TABLE_FILES:
        lines: list[str] = []
        for line in (_folder() / file).read_text().splitlines():
            header = re.match(r"\s*([A-Z][a-z]?)\s+(GTH.*)", line)
            if header:
                lines = []
                for name in header[2].lower().split():
                    tables.setdefault(header[1], {}).setdefault(name, lines)
            elif line.strip() and not line.startswith("#"):
                lines.append(line)
    return {symbol: {n: t for n, t in named.items() if _has_numbers(t)} for symbol, named in tables.items()}


def _folder() -> Path:
    """Where PySCF keeps the tables; it is not imported for that, which takes a second."""
    package = find_spec("pyscf")
    if package is None or not package.submodule_search_locations:
        raise InputError("the GTH tables come with PySCF, which is not installed; install pyscf")
    return Path(package.submodule_search_locations[0]) / "pbc" / "gto" / "pseudo"


def _has_numbers(lines: list[str]) -> bool:
    """Some tables are announced and then left out, with NA for the electrons."""
    return bool(lines) and re.fullmatch(r"[\d\s]+", lines[0]) is not None


def _parse(lines: list[str]) -> _Table:
    """One table.

    electrons of s, p, ...
    r_loc  n  C_1 ... C_n
    number of momenta
    r_l  n  h_11 ... h_1n          for l = 0, 1, ...
            h_22 ... h_2n
    """
    rows = iter(line.split() for line in lines)
    electrons = next(rows)
    r_loc, _, *local = next(rows)
    momenta = int(next(rows)[0])
    channels = [_channel(momentum, rows) for momentum in range(momenta)]
    return _Table(
        z_valence=sum(map(int, electrons)),
        r_loc=float(r_loc),
        local=np.array(local, dtype=float),
        channels=tuple(channel for channel in channels if len(channel.h)),
    )


def _channel(momentum: int, rows: Iterator[list[str]]) -> Separable:
    """Projectors of one angular momentum; the upper triangle of h stands in the table, a row a line."""
    radius, count, *first = next(rows)
    n = int(count)
    h = np.zeros((n, n))
    for i in range(n):
        values = first if i == 0 else next(rows)
        if len(values) != n - i:
            raise ValueError("a row of h has another length")
        h[i, i:] = h[i:, i] = np.array(values, dtype=float)
    return Separable(l=momentum, radius=float(radius), h=h)

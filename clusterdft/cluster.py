"""A cluster: nuclei, a charge and a spin."""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
from ase.data import atomic_numbers
from numpy.typing import ArrayLike

from clusterdft.arrays import Floats, frozen_array
from clusterdft.errors import InputError

SMALLEST_DISTANCE = 0.5  # bohr; no two nuclei of any cluster come this close


def _is_whole(value: Any) -> bool:
    """Whether a value is a whole number, of whatever numeric type."""
    return isinstance(value, Real) and not isinstance(value, bool) and float(value).is_integer()


@dataclass(frozen=True, kw_only=True, eq=False)
class Cluster:
    """Species, positions, charge and number of unpaired electrons.

    Parameters
    ----------
    symbols : (natom,) chemical symbols
    positions : (natom, 3) bohr
        No two atoms nearer than half a bohr.
    charge : int, elementary charges
        Positive for cations.
    n_unpaired : int or None
        N_up - N_down, or None when the spin is an outcome of the calculation.
    """

    symbols: tuple[str, ...]
    positions: Floats
    charge: int = 0
    n_unpaired: int | None = None

    def __post_init__(self) -> None:
        symbols = tuple(str(symbol) for symbol in self.symbols)
        if not symbols:
            raise InputError("the cluster has no atoms; give at least one")
        for symbol in dict.fromkeys(symbols):
            if symbol not in atomic_numbers or symbol == "X":
                raise InputError(f"unknown element {symbol!r}; give chemical symbols such as Na or K")
        for name in ("charge", "n_unpaired"):
            value = getattr(self, name)
            if value is not None and not _is_whole(value):
                raise InputError(f"{name} is {value}; give a whole number")
        object.__setattr__(self, "symbols", symbols)
        object.__setattr__(self, "charge", int(self.charge))
        if self.n_unpaired is not None:
            object.__setattr__(self, "n_unpaired", int(self.n_unpaired))
        self._set_positions(self.positions)

    def _set_positions(self, given: ArrayLike) -> None:
        """Takes positions in, once they are checked."""
        try:
            positions = frozen_array(given, (self.natom, 3))
        except (ValueError, TypeError):
            raise InputError(
                f"positions of shape {np.shape(given)} do not fit {self.natom} atoms; "
                f"give {self.natom} rows of x, y, z in bohr"
            ) from None
        if not np.isfinite(positions).all():
            raise InputError("positions hold a value that is not a finite number")
        object.__setattr__(self, "positions", positions)
        self._refuse_coincident_atoms()

    def _refuse_coincident_atoms(self) -> None:
        r2: Floats = sum(np.subtract.outer(x, x) ** 2 for x in self.positions.T)
        r2.ravel()[:: self.natom + 1] = np.inf
        if r2.min() < SMALLEST_DISTANCE**2:
            i, j = np.unravel_index(np.argmin(r2), r2.shape)
            raise InputError(
                f"atoms {i} and {j} coincide ({np.sqrt(r2[i, j]):.3f} bohr apart); "
                f"move them at least {SMALLEST_DISTANCE} bohr apart"
            )

    @property
    def natom(self) -> int:
        """Number of atoms."""
        return len(self.symbols)

    def at(self, positions: ArrayLike) -> "Cluster":
        """The same cluster at other positions.

        Parameters
        ----------
        positions : (natom, 3) bohr

        Returns
        -------
        Cluster

        Raises
        ------
        InputError
            Another number of positions, or atoms that coincide.
        """
        moved = copy(self)  # all but the positions is checked already
        moved._set_positions(positions)
        return moved


def geometry_values(cluster: Cluster) -> dict[str, Any]:
    """Symbols, positions and charge of a cluster, ready for JSON."""
    return {
        "symbols": list(cluster.symbols),
        "positions_bohr": cluster.positions.tolist(),
        "charge": cluster.charge,
    }


def cluster_values(cluster: Cluster) -> dict[str, Any]:
    """All that a cluster is, ready for JSON; `cluster_from` gives it back to the last bit."""
    return {**geometry_values(cluster), "n_unpaired": cluster.n_unpaired}


def cluster_from(values: Mapping[str, Any]) -> Cluster:
    """The cluster of `cluster_values`, or of a dict that has them among others.

    Parameters
    ----------
    values : mapping with symbols, positions_bohr, charge, n_unpaired

    Returns
    -------
    Cluster

    Raises
    ------
    InputError
        The values are none of a cluster.
    KeyError
        One of them is missing.
    """
    return Cluster(
        symbols=tuple(values["symbols"]),
        positions=values["positions_bohr"],
        charge=values["charge"],
        n_unpaired=values["n_unpaired"],
    )


def count_electrons(cluster: Cluster, valence: Mapping[str, int], fewest: int = 1) -> int:
    """Number of valence electrons, checked against charge and spin.

        N = sum_A Z_A - charge,   N_up - N_down = n_unpaired

    Parameters
    ----------
    cluster : Cluster
    valence : {symbol: ionic charge Z of its pseudopotential}
    fewest : int
        The smallest number of electrons that is allowed.

    Returns
    -------
    int

    Raises
    ------
    InputError
        Too few electrons, or an impossible number of unpaired electrons.
    """
    electrons = sum(valence[symbol] for symbol in cluster.symbols) - cluster.charge
    if electrons < fewest:
        raise InputError(
            f"charge {cluster.charge:+d} leaves {electrons} valence electrons; at least "
            f"{fewest} must be left, so the charge can be at most "
            f"{electrons + cluster.charge - fewest:+d}"
        )
    unpaired = cluster.n_unpaired
    if unpaired is not None and (unpaired < 0 or unpaired > electrons or (electrons - unpaired) % 2):
        allowed = ", ".join(str(n) for n in range(electrons % 2, electrons + 1, 2))
        raise InputError(
            f"{unpaired} unpaired electrons are impossible with {electrons} valence electrons; "
            f"allowed: {allowed}, or auto"
        )
    return electrons

"""The surface: positions to energy and forces. Searches and relaxers see nothing else of the physics."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from clusterdft.arrays import Floats
from clusterdft.cluster import Cluster
from clusterdft.errors import InputError, ScfNotConverged

if TYPE_CHECKING:  # classical surfaces need no electrons
    from clusterdft.scf.result import ScfResult


@dataclass(frozen=True, kw_only=True, eq=False)
class SurfacePoint:
    """Energy and forces of one geometry.

    Attributes
    ----------
    energy : hartree
        The quantity whose negative gradient the forces are.
    forces : (natom, 3) hartree/bohr
    n_unpaired : electrons
        N_up - N_down, an outcome where the spin is free.
    restart : object or None
        What the next point may start from (a density), opaque.
    n_iterations : int
        Iterations that the point took.
    details : mapping
        What else is known of the point; a Kohn-Sham surface gives "energies", "zero_width_energy",
        "total_forces", "hellmann_feynman_forces" and "dipole" (about the origin of the coordinates).
    """

    energy: float
    forces: Floats
    n_unpaired: float = 0.0
    restart: Any = None
    n_iterations: int = 1
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def largest_force(self) -> float:
        """Largest norm of the force on an atom, hartree/bohr."""
        return float(np.sqrt(np.max(np.sum(self.forces**2, axis=1))))


class Surface(ABC):
    """Energy and forces as a function of the positions; a surface of its own defines `point` at least."""

    @abstractmethod
    def point(self, cluster: Cluster, restart: Any = None) -> SurfacePoint:
        """Energy and forces of a geometry.

        Parameters
        ----------
        cluster : Cluster
        restart : object or None
            What a neighbouring point has kept; the answer may be less accurate with it.

        Returns
        -------
        SurfacePoint

        Raises
        ------
        ScfNotConverged
            There is no self-consistent answer.
        """

    def precise_point(self, cluster: Cluster, restart: Any = None) -> SurfacePoint:
        """The point with full accuracy, restart or not: derivatives are made of such points."""
        return self.point(cluster, restart)

    def confirm(self, cluster: Cluster) -> SurfacePoint | None:
        """The point with full accuracy and without a path's memory, which ends a relaxation.

        Returns
        -------
        SurfacePoint or None
            None where `point` has neither a memory nor less accuracy.
        """
        return None

    def electronic_result(self, cluster: Cluster) -> "ScfResult | None":
        """The self-consistent field of a geometry; None on a surface without electrons."""
        return None


class SurfaceSpec(ABC):
    """What a surface is built from: small, picklable, the same in every process.

    Attributes
    ----------
    has_electrons : bool
        Whether the surface has an `electronic_result`.
    """

    has_electrons: ClassVar[bool] = False

    @property
    @abstractmethod
    def key(self) -> str:
        """Hash of everything that changes an energy."""

    @property
    @abstractmethod
    def description(self) -> dict[str, Any]:
        """The inputs, ready for JSON; "surface" is its name."""

    @abstractmethod
    def build(self) -> Surface:
        """The surface itself."""

    def atom_energy(self, symbol: str, charge: int = 0) -> float:
        """Energy of the isolated atom or ion of charge -1 or +1, hartree: the zero of the binding energy."""
        return 0.0

    def check(self, cluster: Cluster) -> None:
        """Raises InputError for an impossible element, charge or spin, before anything runs."""
        return

    def warm_up(self) -> None:
        """Compiles what a search needs, once, before worker processes start."""
        return


def separated_energy(spec: SurfaceSpec, symbols: Sequence[str], charge: int) -> float | None:
    """Energy of the separated atoms, the zero of the binding energy; None where it is not known.

        sum_A E(A) + the cheapest way to put the charge on |charge| of the atoms, one each

    Parameters
    ----------
    spec : SurfaceSpec
    symbols : (natom,) chemical symbols
    charge : elementary charges

    Returns
    -------
    float or None
        hartree; None when an atom or ion does not converge or the charge exceeds the atoms
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

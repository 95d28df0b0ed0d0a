"""What a study asks for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from clusterdft.geometry.formula import formula_of


@dataclass(frozen=True, kw_only=True, eq=False)
class ClusterPlan:
    """One cluster to search.

    Attributes
    ----------
    symbols, charge, n_unpaired : as in Cluster
    search : keyword arguments of `search`: limits, strategy, seeds and so on
    """

    symbols: tuple[str, ...]
    charge: int
    n_unpaired: int | None
    search: Mapping

    @property
    def name(self):
        """Such as Na4+, also of its folder."""
        return formula_of(self.symbols, self.charge)


@dataclass(frozen=True, kw_only=True)
class MapPlan:
    """One figure of maps of one cluster's lowest isomer.

    Attributes
    ----------
    name : of the figure's file
    cluster : such as Na4+
    what : maps side by side, of `report.maps.MAPS`
    plane : one of `map_planes.RULES`, or indices of atoms
    step : atomic units, between contours; None for a round one
    orbital, spin : of an orbital, 0 for the lowest and for up; None for the highest that holds electrons
    """

    name: str
    cluster: str
    what: tuple[str, ...]
    plane: str | tuple[int, ...]
    step: float | None
    orbital: int | None
    spin: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Study:
    """A series of clusters, how they are searched, and what is read off them.

    Attributes
    ----------
    name : for headings
    spec : SurfaceSpec
    clusters : ClusterPlan, without single atoms
    charges : of the study, for the atoms
    elements : of the atoms
    properties : names in PROPERTIES
    references : names or paths of reference files
    folder : of the study file, where relative paths begin
    variants : {name: SurfaceSpec} on which the isomers are relaxed again, for columns of that name
    maps : MapPlan, the figures of densities and orbitals
    """

    name: str
    spec: Any
    clusters: tuple[ClusterPlan, ...]
    charges: tuple[int, ...]
    elements: tuple[str, ...]
    properties: tuple[str, ...]
    references: tuple[str, ...]
    folder: str
    variants: Mapping = field(default_factory=dict)
    maps: tuple[MapPlan, ...] = ()

"""What a study asks for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from clusterdft.geometry.formula import formula_of
from clusterdft.surfaces.surface import SurfaceSpec


@dataclass(frozen=True, kw_only=True, eq=False)
class ClusterPlan:
    """One cluster to search.

    Attributes
    ----------
    symbols, charge, n_unpaired
        As in Cluster.
    search : mapping
        Keyword arguments of `search`: limits, strategy, seeds and so on.
    """

    symbols: tuple[str, ...]
    charge: int
    n_unpaired: int | None
    search: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Such as Na4+, also of its folder."""
        return formula_of(self.symbols, self.charge)


@dataclass(frozen=True, kw_only=True)
class MapPlan:
    """One figure of maps of one cluster's lowest isomer.

    Attributes
    ----------
    name : str
        Of the figure's file.
    cluster : str
        Such as Na4+.
    what : tuple of str
        Maps side by side, of `report.maps.MAPS`.
    plane : str or tuple of int
        One of `map_planes.RULES`, or indices of atoms.
    step : atomic units
        Between contours; None for a round one.
    orbital : int
        0 for the lowest; None for the highest that holds electrons.
    spin : int
        Of the orbital, 0 for up.
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
    name : str
        For headings.
    spec : SurfaceSpec
        The surface of all searches.
    clusters : tuple of ClusterPlan
        Without single atoms.
    charges : tuple of int
        Of the study, for the atoms.
    elements : tuple of str
        Of the atoms.
    properties : tuple of str
        Names in PROPERTIES.
    references : tuple of str
        Names or paths of reference files.
    folder : str
        Of the study file, where relative paths begin.
    variants : mapping
        From name to SurfaceSpec on which the isomers are relaxed again, for columns of that name.
    maps : tuple of MapPlan
        The figures of densities and orbitals.
    """

    name: str
    spec: SurfaceSpec
    clusters: tuple[ClusterPlan, ...]
    charges: tuple[int, ...]
    elements: tuple[str, ...]
    properties: tuple[str, ...]
    references: tuple[str, ...]
    folder: str
    variants: Mapping[str, SurfaceSpec] = field(default_factory=dict)
    maps: tuple[MapPlan, ...] = ()

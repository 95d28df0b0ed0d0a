"""The cluster that a property is computed of."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeAlias

import numpy as np

from clusterdft.cluster import Cluster
from clusterdft.errors import InputError, ScfNotConverged
from clusterdft.method import Method
from clusterdft.scf.result import ScfResult
from clusterdft.study.series import FoundIsomer
from clusterdft.surfaces.kohn_sham import KohnShamSpec
from clusterdft.surfaces.surface import SurfaceSpec

ClusterKey: TypeAlias = tuple[tuple[str, ...], bytes, int, int | None]
"""A cluster that can be looked up: symbols, positions, charge, unpaired electrons."""

WHOLE_SPIN_TOLERANCE = 1e-3  # electrons
ENERGY_TOLERANCE = 1e-5  # hartree an atom, between the quadratures of differently turned clusters: an energy
# farther from the search's is that of another electronic state
SPIN_TOLERANCE = 0.1  # electrons, between results of one state


@dataclass(frozen=True, kw_only=True, eq=False)
class Target:
    """The lowest isomer of a cluster and the surface that it was found on.

    Attributes
    ----------
    isomer : FoundIsomer
        The lowest.
    spec : SurfaceSpec
        Of its search.
    charges : tuple of int
        Of all searches of the same atoms.
    folder : str
        Where files of this cluster belong, or None.
    """

    isomer: FoundIsomer
    spec: SurfaceSpec
    charges: tuple[int, ...]
    folder: str | None = None

    @property
    def cluster(self) -> Cluster:
        """Geometry and charge, and the spin that was asked for."""
        return self.isomer.cluster

    @property
    def method(self) -> Method:
        """The Method; InputError on a surface without electrons."""
        if not isinstance(self.spec, KohnShamSpec):
            raise InputError(f"the surface {self.spec.description['surface']} has no electrons")
        return self.spec.method

    def scf(self) -> ScfResult:
        """The self-consistent field of the isomer, which properties computed one after the other share.

        Its spin is fixed where a free one leads to another state: the search has tried several.

        Returns
        -------
        ScfResult

        Raises
        ------
        InputError
            The surface has no electrons.
        ScfNotConverged
            Also where it ends in another state than the search's.
        """
        result = solved(self.cluster, self.method)
        if self._is_state_of_search(result):
            return result
        n_unpaired = self.isomer.n_unpaired
        if self.cluster.n_unpaired is None and n_unpaired is not None:
            whole = round(n_unpaired)
            if abs(whole - n_unpaired) < WHOLE_SPIN_TOLERANCE:
                fixed = solved(replace(self.cluster, n_unpaired=whole), self.method)
                if self._is_state_of_search(fixed):
                    return fixed
        raise ScfNotConverged(
            f"the self-consistent field ended {result.energy - self.isomer.energy:+.2e} hartree from the "
            f"energy that the search found, with {result.n_unpaired:.2f} unpaired electrons: "
            "another electronic state"
        )

    def _is_state_of_search(self, result: ScfResult) -> bool:
        spin = self.isomer.n_unpaired
        same_spin = spin is None or abs(abs(result.n_unpaired) - abs(spin)) < SPIN_TOLERANCE
        off = abs(result.energy - self.isomer.energy)
        return same_spin and off < ENERGY_TOLERANCE * (1 + self.cluster.natom)


def solved(cluster: Cluster, method: Method) -> ScfResult:
    """The self-consistent field of a cluster; the last two are remembered."""
    key = (cluster.symbols, cluster.positions.tobytes(), cluster.charge, cluster.n_unpaired)
    return _solved(key, method)


@lru_cache(maxsize=2)
def _solved(key: ClusterKey, method: Method) -> ScfResult:
    from clusterdft.scf.solve_scf import solve_scf

    symbols, content, charge, n_unpaired = key
    positions = np.frombuffer(content).reshape(-1, 3)
    cluster = Cluster(symbols=symbols, positions=positions, charge=charge, n_unpaired=n_unpaired)
    return solve_scf(cluster, method)


def with_charge(cluster: Cluster, charge: int) -> Cluster:
    """The same geometry with another charge; its spin is free."""
    return replace(cluster, charge=charge, n_unpaired=None)

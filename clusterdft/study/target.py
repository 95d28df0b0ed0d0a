"""The cluster that a property is computed of."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from clusterdft.cluster import Cluster
from clusterdft.errors import InputError, ScfNotConverged
from clusterdft.study.series import FoundIsomer

WHOLE = 1e-3  # electrons
OTHER_STATE = 2e-5  # hartree: an energy so far from the search's is that of another electronic state


@dataclass(frozen=True, kw_only=True, eq=False)
class Target:
    """The lowest isomer of a cluster and the surface that it was found on.

    Attributes
    ----------
    isomer : FoundIsomer, the lowest
    spec : SurfaceSpec
    charges : of all searches of the same atoms
    folder : path where files of this cluster belong, or None
    """

    isomer: FoundIsomer
    spec: Any
    charges: tuple[int, ...]
    folder: str | None = None

    @property
    def cluster(self):
        """Geometry and charge, and the spin that was asked for."""
        return self.isomer.cluster

    @property
    def method(self):
        """The Method; InputError on a surface without electrons."""
        if not hasattr(self.spec, "method"):
            raise InputError(f"the surface {self.spec.description['surface']} has no electrons")
        return self.spec.method

    def scf(self):
        """ScfResult of the isomer, which properties computed one after the other share.

        Its spin is fixed where a free one leads to another state: the search has tried several.

        Raises
        ------
        InputError   the surface has no electrons
        ScfNotConverged   also where it ends in another state than the search's
        """
        result = solved(self.cluster, self.method)
        if abs(result.energy - self.isomer.energy) < OTHER_STATE:
            return result
        spin = round(self.isomer.n_unpaired)
        if self.cluster.n_unpaired is None and abs(spin - self.isomer.n_unpaired) < WHOLE:
            fixed = solved(replace(self.cluster, n_unpaired=spin), self.method)
            if abs(fixed.energy - self.isomer.energy) < OTHER_STATE:
                return fixed
        raise ScfNotConverged(
            f"the self-consistent field ended {result.energy - self.isomer.energy:+.2e} hartree from the "
            "energy that the search found: another electronic state"
        )


def solved(cluster, method):
    """ScfResult of a cluster; the last two are remembered."""
    place = (cluster.symbols, cluster.positions.tobytes(), cluster.charge, cluster.n_unpaired)
    return _solved(place, method)


@lru_cache(maxsize=2)
def _solved(place, method):
    from clusterdft.scf.solve import solve_scf

    symbols, positions, charge, n_unpaired = place
    positions = np.frombuffer(positions).reshape(-1, 3)
    cluster = Cluster(symbols=symbols, positions=positions, charge=charge, n_unpaired=n_unpaired)
    return solve_scf(cluster, method)


def with_charge(cluster, charge):
    """The same geometry with another charge; its spin is free."""
    return replace(cluster, charge=charge, n_unpaired=None)

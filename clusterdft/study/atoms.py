"""The free atoms of a series, which need no search."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from clusterdft.cluster import Cluster
from clusterdft.errors import InputError, ScfNotConverged
from clusterdft.geometry.formula import formula_of
from clusterdft.keys import text_hash
from clusterdft.study.series import Entry, FoundIsomer
from clusterdft.surfaces.surface import SurfaceSpec
from clusterdft.work.store import Store


def atoms_of(symbols: Iterable[str], charges: Iterable[int], spec: SurfaceSpec, store: Store) -> list[Entry]:
    """Entries of free atoms and ions.

    Parameters
    ----------
    symbols : iterable of str
        Elements.
    charges : iterable of int
        Of the clusters of the series; atoms take their signs, and 0.
    spec : SurfaceSpec
        Of their energies.
    store : Store
        Where these are kept.

    Returns
    -------
    list of Entry
        An ion without an energy has the reason.
    """
    signs = sorted({0} | {(charge > 0) - (charge < 0) for charge in charges})
    return [_atom(symbol, charge, spec, store) for symbol in dict.fromkeys(symbols) for charge in signs]


def _atom(symbol: str, charge: int, spec: SurfaceSpec, store: Store) -> Entry:
    name = formula_of((symbol,), charge)
    key = text_hash(f"{name} {spec.key}")
    value = store.kept(key, "atom")
    if value is None:
        value = _value(symbol, charge, spec)
        store.keep(key, "atom", value)
    isomers: tuple[FoundIsomer, ...] = ()
    reason = ""
    if "energy_hartree" in value:
        cluster = Cluster(symbols=(symbol,), positions=np.zeros((1, 3)), charge=charge)
        energy = value["energy_hartree"]
        isomers = (FoundIsomer(cluster=cluster, energy=energy, n_unpaired=None, n_hits=1),)
    else:
        reason = f"no energy of {name}: {value['reason']}"
    return Entry(symbols=(symbol,), charge=charge, isomers=isomers, reason=reason)


def _value(symbol: str, charge: int, spec: SurfaceSpec) -> dict[str, Any]:
    try:
        return {"energy_hartree": float(spec.atom_energy(symbol, charge))}
    except (ScfNotConverged, InputError) as error:
        return {"reason": str(error)}

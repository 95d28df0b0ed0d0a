"""Properties of all clusters of a series: looked up in a store, or computed somewhere and kept there."""

import hashlib
import json
import pickle
from contextlib import closing
from functools import lru_cache

from clusterdft.errors import InputError, ScfNotConverged
from clusterdft.executors import EXECUTORS, WorkerDied
from clusterdft.study import PROPERTIES
from clusterdft.study.target import Target

VERSION = 1  # of what properties say of a cluster; a higher one computes all of them again


def property_key(target, name):
    """Hash of everything that decides a property: geometry, charge, spin, surface, property."""
    content = {
        "property": name,
        "version": VERSION,
        "symbols": target.cluster.symbols,
        "positions": target.cluster.positions.tolist(),
        "charge": target.cluster.charge,
        "n_unpaired": target.cluster.n_unpaired,
        "surface": target.spec.key,
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def solve_properties(series, names, store, *, jobs=1, progress=None):
    """The properties of the lowest isomer of every cluster that has more than one atom.

    Parameters
    ----------
    series : Series
    names : of PROPERTIES
    store : Store; what it has is not computed again, and what is computed is kept at once
    jobs : at a time; 1 computes them in this process
    progress : called with a sentence whenever one was computed or has failed, or None
    Returns
    -------
    {(name of the cluster, name of the property): dict}; with the one key "reason" where a cluster does not
    have the property. Impossible ones are not kept: another search may make them possible.
    """
    found, missing = {}, {}
    for entry in series.clusters():
        if not entry.isomers:
            continue
        target = target_of(entry, series)
        for name in names:
            known = store.kept(property_key(target, name), name[:32])
            if known is None:
                missing[entry.name, name] = target
            else:
                found[entry.name, name] = known
    if missing:
        for place, value in _computed(missing, jobs):
            found[place] = value
            if not value.pop("keep", True):
                continue
            store.keep(property_key(missing[place], place[1]), place[1][:32], value)
            if progress is not None:
                failed = value.keys() == {"reason"}
                progress(f"{place[0]}: {place[1]} {'failed: ' + value['reason'] if failed else 'computed'}")
    return found


def target_of(entry, series):
    """The Target of an entry with isomers."""
    return Target(
        isomer=entry.isomers[0],
        spec=series.spec,
        charges=series.charges_of_formula(entry.formula),
        folder=entry.folder,
    )


def compute(name, pickled_target):
    """One property of one pickled Target, for a worker process.

    Returns
    -------
    dict; of a property that is impossible the "reason" and "keep" False, of one that failed the reason
    """
    try:
        return PROPERTIES.pick(name)(_target(pickled_target))
    except InputError as error:
        return {"reason": str(error), "keep": False}
    except ScfNotConverged as error:
        return {"reason": str(error)}


@lru_cache(maxsize=2)
def _target(pickled):
    return pickle.loads(pickled)


def _computed(missing, jobs):
    """((cluster, property), dict) of all that is missing, as they end."""
    kind = "serial" if jobs == 1 else "processes"
    with closing(EXECUTORS[kind](jobs=jobs)) as executor:
        for (cluster, name), target in missing.items():
            executor.submit((cluster, name), compute, name, pickle.dumps(target))
        for _ in missing:
            place, value = executor.result()
            if isinstance(value, WorkerDied):
                value = {"reason": f"its worker process died (exit code {value.exit_code})", "keep": False}
            yield place, value

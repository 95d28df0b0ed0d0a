"""Properties of all clusters of a series."""

from clusterdft.errors import InputError, ScfNotConverged
from clusterdft.study import PROPERTIES
from clusterdft.study.target import Target
from clusterdft.work.workplace import JsonWork, NotKept, results_of, work_key

VERSION = 1  # of what properties say of a cluster; a higher one computes all of them again
NEWER = {
    "vibrations": 2,
    "spin-populations": 2,
    "jellium": 2,
    "dimer-curve": 2,
}  # versions of single properties
KIND = 32  # characters


def property_key(target, name):
    """Hash of everything that decides a property: geometry, charge, spin, surface, property."""
    version = NEWER.get(name, VERSION)
    return work_key(target.cluster, target.spec.key, property=name, version=version)


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

    def announce(place, value):
        failed = value.keys() == {"reason"}
        progress(f"{place[0]}: {place[1]} {'failed: ' + value['reason'] if failed else 'computed'}")

    on_result = None if progress is None else announce
    return results_of(_work(series, names), store, jobs=jobs, on_result=on_result)


def kept_properties(series, names, store):
    """What a store has of properties, the values as `solve_properties` gives them; nothing is computed."""
    found = {place: work.known(store) for place, work in _work(series, names).items()}
    return {place: value for place, value in found.items() if value is not None}


def _work(series, names):
    """{(name of the cluster, name of the property): JsonWork} of all clusters that have isomers."""
    targets = {entry.name: target_of(entry, series) for entry in series.clusters() if entry.isomers}
    return {
        (cluster, name): JsonWork(
            key=property_key(target, name),
            kind=name[:KIND],
            function=compute,
            subject=target,
            arguments=(name,),
        )
        for cluster, target in targets.items()
        for name in names
    }


def target_of(entry, series):
    """The Target of an entry with isomers."""
    return Target(
        isomer=entry.isomers[0],
        spec=series.spec,
        charges=series.charges_of_formula(entry.formula),
        folder=entry.folder,
    )


def compute(target, name):
    """One property of one Target.

    Returns
    -------
    dict
        Of a property that failed the "reason" alone; of one that is impossible the same, NotKept.
    """
    try:
        return PROPERTIES.pick(name)(target)
    except InputError as error:
        return NotKept({"reason": str(error)})
    except ScfNotConverged as error:
        return {"reason": str(error)}

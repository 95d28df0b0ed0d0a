"""Properties of all clusters of a series."""

from clusterdft.errors import InputError, ScfNotConverged
from clusterdft.keys import content_hash
from clusterdft.study import PROPERTIES
from clusterdft.study.target import Target
from clusterdft.work.workplace import Work, done

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
    content = {
        "property": name,
        "version": NEWER.get(name, VERSION),
        "symbols": target.cluster.symbols,
        "positions": target.cluster.positions.tolist(),
        "charge": target.cluster.charge,
        "n_unpaired": target.cluster.n_unpaired,
        "surface": target.spec.key,
    }
    return content_hash(content)


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

    def told(place, value):
        failed = value.keys() == {"reason"}
        progress(f"{place[0]}: {place[1]} {'failed: ' + value['reason'] if failed else 'computed'}")

    return done(_work(series, names), store, jobs=jobs, told=None if progress is None else told)


def kept_properties(series, names, store):
    """What a store has of properties, the values as `solve_properties` gives them; nothing is computed."""
    found = {place: store.kept(work.key, work.kind) for place, work in _work(series, names).items()}
    return {place: value for place, value in found.items() if value is not None}


def _work(series, names):
    """{(name of the cluster, name of the property): Work} of all clusters that have isomers."""
    targets = {entry.name: target_of(entry, series) for entry in series.clusters() if entry.isomers}
    return {
        (cluster, name): Work(
            key=property_key(target, name), kind=name[:KIND], function=compute, name=name, subject=target
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


def compute(name, target):
    """One property of one Target.

    Returns
    -------
    dict; of a property that is impossible the "reason" and "keep" False, of one that failed the reason
    """
    try:
        return PROPERTIES.pick(name)(target)
    except InputError as error:
        return {"reason": str(error), "keep": False}
    except ScfNotConverged as error:
        return {"reason": str(error)}

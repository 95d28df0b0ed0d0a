"""Properties of all clusters of a series."""

from collections.abc import Callable, Iterable
from typing import Any

from clusterdft.errors import InputError, ScfNotConverged
from clusterdft.study import PROPERTIES
from clusterdft.study.series import Entry, Series
from clusterdft.study.target import Target
from clusterdft.work.store import Store
from clusterdft.work.workplace import JsonWork, NotKept, results_of, work_key

FIRST_VERSION = 1
VERSIONS = {  # of what properties say of a cluster; a higher one computes them again
    "vibrations": 2,
    "spin-populations": 2,
    "jellium": 2,
    "dimer-curve": 2,
}
KIND_LENGTH = 32  # characters that a store keeps of the name of a property


def property_key(target: Target, name: str) -> str:
    """Hash of everything that decides a property: geometry, charge, spin, surface, property."""
    version = VERSIONS.get(name, FIRST_VERSION)
    return work_key(target.cluster, target.spec.key, property=name, version=version)


def solve_properties(
    series: Series,
    names: Iterable[str],
    store: Store,
    *,
    jobs: int = 1,
    progress: Callable[[str], None] | None = None,
) -> dict[tuple[str, str], dict[str, Any]]:
    """The properties of the lowest isomer of every cluster that has more than one atom.

    Parameters
    ----------
    series : Series
        The clusters.
    names : iterable of str
        Of PROPERTIES.
    store : Store
        What it has is not computed again, and what is computed is kept at once.
    jobs : int
        Properties at a time; 1 computes them in this process.
    progress : function (str)
        Called with a sentence whenever one was computed or has failed, or None.

    Returns
    -------
    dict
        From (name of the cluster, name of the property) to a dict; one with the one key "reason" where a
        cluster does not have the property. Impossible ones are not kept: another search may make them
        possible.
    """
    tell = progress or (lambda sentence: None)

    def announce(key: tuple[str, str], value: dict[str, Any]) -> None:
        failed = value.keys() == {"reason"}
        tell(f"{key[0]}: {key[1]} {'failed: ' + value['reason'] if failed else 'computed'}")

    return results_of(_work(series, names), store, jobs=jobs, on_result=announce)


def kept_properties(
    series: Series, names: Iterable[str], store: Store
) -> dict[tuple[str, str], dict[str, Any]]:
    """What a store has of properties, the values as `solve_properties` gives them; nothing is computed."""
    kept = {key: work.known(store) for key, work in _work(series, names).items()}
    return {key: value for key, value in kept.items() if value is not None}


def _work(series: Series, names: Iterable[str]) -> dict[tuple[str, str], JsonWork]:
    """{(name of the cluster, name of the property): JsonWork} of all clusters that have isomers."""
    targets = {entry.name: target_of(entry, series) for entry in series.clusters() if entry.isomers}
    return {
        (cluster, name): JsonWork(
            key=property_key(target, name),
            kind=name[:KIND_LENGTH],
            function=compute,
            subject=target,
            arguments=(name,),
        )
        for cluster, target in targets.items()
        for name in names
    }


def target_of(entry: Entry, series: Series) -> Target:
    """The Target of an entry with isomers."""
    return Target(
        isomer=entry.isomers[0],
        spec=series.spec,
        charges=series.charges_of_formula(entry.formula),
        folder=entry.folder,
    )


def compute(target: Target, name: str) -> dict[str, Any] | NotKept[dict[str, Any]]:
    """One property of one Target.

    Parameters
    ----------
    target : Target
        The isomer.
    name : str
        Of PROPERTIES.

    Returns
    -------
    dict
        Of a property that failed the "reason" alone; of one that is impossible the same, NotKept.
    """
    try:
        values: dict[str, Any] = PROPERTIES.pick(name)(target)
    except InputError as error:
        return NotKept({"reason": str(error)})
    except ScfNotConverged as error:
        return {"reason": str(error)}
    return values

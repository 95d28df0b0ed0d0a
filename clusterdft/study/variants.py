"""The isomers of a study relaxed again with another method, for columns of their own."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from clusterdft.cluster import Cluster, cluster_from, cluster_values
from clusterdft.isomer_search.outcome import Outcome, task_key
from clusterdft.isomers.pool import merge
from clusterdft.relaxation.relax import FMAX, MAX_CALLS, relax
from clusterdft.study.series import Entry, FoundIsomer
from clusterdft.surfaces.surface import SurfaceSpec
from clusterdft.symmetry.point_group import oriented
from clusterdft.units import HARTREE_EV
from clusterdft.work.store import Store
from clusterdft.work.workplace import JsonWork, results_of

RELAXED_WINDOW = 0.15 / HARTREE_EV  # hartree above the lowest isomer up to which others are relaxed again
MOST_ISOMERS = 3  # of a cluster that are relaxed again
RELAXATION: dict[str, Any] = {"relaxer": "quasi-newton", "fmax": FMAX, "max_calls": MAX_CALLS}


def relaxed_entries(
    entries: Sequence[Entry],
    spec: SurfaceSpec,
    store: Store,
    *,
    jobs: int = 1,
    progress: Callable[[str], None] | None = None,
) -> list[Entry]:
    """Entries with the isomers that others have, relaxed on another surface.

    Parameters
    ----------
    entries : sequence of Entry
        Of each the lowest isomers, three at most, within 0.15 eV, are relaxed.
    spec : SurfaceSpec
        The other surface.
    store : Store
        Where the relaxations are kept.
    jobs, progress
        As in `solve_properties`.

    Returns
    -------
    list of Entry
        An order that the other surface changes is changed; what only it would bind is not found.
    """
    tell = progress or (lambda sentence: None)
    wanted = {}
    for entry in entries:
        for number, isomer in enumerate(_lowest(entry.isomers)):
            key = task_key(isomer.cluster, spec.key, RELAXATION)
            wanted[entry.name, number] = JsonWork(
                key=key, kind="relaxation", function=relaxed, subject=spec, arguments=(isomer.cluster,)
            )

    def announce(key: tuple[str, int], value: dict[str, Any]) -> None:
        tell(f"{key[0]}: isomer {key[1] + 1} {value['reason'] or 'relaxed again'}")

    ends = results_of(wanted, store, jobs=jobs, on_result=announce)
    return [
        _entry(entry, [value for (name, _), value in ends.items() if name == entry.name]) for entry in entries
    ]


def relaxed(spec: SurfaceSpec, cluster: Cluster) -> dict[str, Any]:
    """How the relaxation of a geometry on a surface ended, ready for JSON."""
    end = relax(cluster, spec, **RELAXATION)
    return {
        "relaxed": end.relaxed,
        "reason": end.reason,
        **cluster_values(end.cluster),
        "energy_hartree": end.energy,
        "n_unpaired_found": None if end.n_unpaired is None else float(end.n_unpaired),
        "n_force_calls": end.n_force_calls,
    }


def _lowest(isomers: Sequence[FoundIsomer]) -> list[FoundIsomer]:
    near = [isomer for isomer in isomers if isomer.energy <= isomers[0].energy + RELAXED_WINDOW]
    return near[:MOST_ISOMERS]


def _entry(entry: Entry, values: Sequence[Mapping[str, Any]]) -> Entry:
    """The Entry of relaxed geometries, duplicates merged."""
    outcomes = [_outcome(number, value) for number, value in enumerate(values) if value.get("relaxed")]
    isomers = tuple(
        FoundIsomer(
            cluster=oriented(isomer.cluster),
            energy=isomer.energy,
            n_unpaired=isomer.n_unpaired,
            n_hits=isomer.n_hits,
        )
        for isomer in merge(outcomes)
    )
    reasons = [value["reason"] for value in values if value["reason"]]
    reason = "" if isomers else (reasons or [entry.reason])[0]
    return Entry(symbols=entry.symbols, charge=entry.charge, isomers=isomers, reason=reason)


def _outcome(number: int, value: Mapping[str, Any]) -> Outcome:
    return Outcome(
        index=number,
        key=str(number),
        relaxed=True,
        reason="",
        cluster=cluster_from(value),
        energy=value["energy_hartree"],
        n_unpaired=value["n_unpaired_found"],
        n_force_calls=value["n_force_calls"],
    )

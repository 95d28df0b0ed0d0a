"""The isomers of a study relaxed again with another method, for columns of their own."""

from clusterdft.cluster import cluster_from, cluster_values
from clusterdft.isomer_search.outcome import Outcome, task_key
from clusterdft.isomers.pool import merge
from clusterdft.relaxation.relax import FMAX, MAX_CALLS, relax
from clusterdft.study.series import Entry, FoundIsomer
from clusterdft.symmetry.point_group import oriented
from clusterdft.units import HARTREE_EV
from clusterdft.work.workplace import JsonWork, results_of

WITHIN = 0.15 / HARTREE_EV  # hartree above the lowest isomer
MOST = 3  # isomers of a cluster that are relaxed again
HOW = {"relaxer": "quasi-newton", "fmax": FMAX, "max_calls": MAX_CALLS}


def relaxed_entries(entries, spec, store, *, jobs=1, progress=None):
    """Entries with the isomers that others have, relaxed on another surface.

    Parameters
    ----------
    entries : sequence of Entry; of each the lowest isomers, three at most, within 0.15 eV
    spec : SurfaceSpec of the other surface
    store : Store where the relaxations are kept
    jobs, progress : as in `solve_properties`

    Returns
    -------
    list of Entry
        an order that the other surface changes is changed; what only it would bind is not found
    """
    wanted = {}
    for entry in entries:
        for number, isomer in enumerate(_lowest(entry.isomers)):
            key = task_key(isomer.cluster, spec.key, HOW)
            wanted[entry.name, number] = JsonWork(
                key=key, kind="relaxation", function=relaxed, subject=spec, arguments=(isomer.cluster,)
            )

    def announce(place, value):
        progress(f"{place[0]}: isomer {place[1] + 1} {value['reason'] or 'relaxed again'}")

    on_result = None if progress is None else announce
    found = results_of(wanted, store, jobs=jobs, on_result=on_result)
    return [
        _entry(entry, [value for (name, _), value in found.items() if name == entry.name])
        for entry in entries
    ]


def relaxed(spec, cluster):
    """How the relaxation of a geometry on a surface ended, ready for JSON."""
    end = relax(cluster, spec, **HOW)
    return {
        "relaxed": end.relaxed,
        "reason": end.reason,
        **cluster_values(end.cluster),
        "energy_hartree": end.energy,
        "n_unpaired_found": None if end.n_unpaired is None else float(end.n_unpaired),
        "n_force_calls": end.n_force_calls,
    }


def _lowest(isomers):
    return [one for one in isomers if one.energy <= isomers[0].energy + WITHIN][:MOST]


def _entry(entry, values):
    """The Entry of relaxed geometries, duplicates merged."""
    outcomes = [_outcome(number, value) for number, value in enumerate(values) if value.get("relaxed")]
    isomers = tuple(
        FoundIsomer(
            cluster=oriented(one.cluster), energy=one.energy, n_unpaired=one.n_unpaired, n_hits=one.n_hits
        )
        for one in merge(outcomes)
    )
    reasons = [value["reason"] for value in values if value["reason"]]
    reason = "" if isomers else (reasons or [entry.reason])[0]
    return Entry(symbols=entry.symbols, charge=entry.charge, isomers=isomers, reason=reason)


def _outcome(number, value):
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

"""The isomers of a study relaxed again with another method, for columns of their own."""

from dataclasses import dataclass
from typing import Any

from clusterdft.cluster import Cluster, cluster_from, cluster_values
from clusterdft.isomer_search.outcome import Outcome, task_key
from clusterdft.isomers.pool import merge
from clusterdft.relaxation.relax import FMAX, MAX_CALLS, relax
from clusterdft.study.series import Entry, FoundIsomer
from clusterdft.symmetry.point_group import oriented
from clusterdft.units import HARTREE_EV
from clusterdft.work.workplace import Work, done

WITHIN = 0.15 / HARTREE_EV  # hartree above the lowest isomer
MOST = 3  # isomers of a cluster that are relaxed again
HOW = {"relaxer": "quasi-newton", "fmax": FMAX, "max_calls": MAX_CALLS}


@dataclass(frozen=True, kw_only=True)
class Seed:
    """A geometry to relax on another surface."""

    cluster: Cluster
    spec: Any


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
            seed = Seed(cluster=isomer.cluster, spec=spec)
            key = task_key(seed.cluster, spec.key, HOW)
            wanted[entry.name, number] = Work(
                key=key, kind="relaxation", function=relaxed, name="", subject=seed
            )

    def told(place, value):
        progress(f"{place[0]}: isomer {place[1] + 1} {value['reason'] or 'relaxed again'}")

    found = done(wanted, store, jobs=jobs, told=None if progress is None else told)
    return [
        _entry(entry, [value for (name, _), value in found.items() if name == entry.name])
        for entry in entries
    ]


def relaxed(_, seed):
    """How the relaxation of a Seed ended, ready for JSON."""
    end = relax(seed.cluster, seed.spec, **HOW)
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

"""Maps of a study: computed once and kept like properties, then drawn."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from clusterdft.arrays import frozen_array
from clusterdft.cluster import Cluster
from clusterdft.errors import InputError, ScfNotConverged
from clusterdft.keys import text_hash
from clusterdft.properties.sampling import Plane
from clusterdft.report.maps import Map, map_on_plane
from clusterdft.study.map_planes import plane_of
from clusterdft.study.plan import MapPlan
from clusterdft.study.series import Series
from clusterdft.study.solving import property_key, target_of
from clusterdft.study.target import Target
from clusterdft.work.store import Store
from clusterdft.work.workplace import JsonWork, NotKept, results_of

MAP_DIGITS = 9  # behind the point, atomic units: far below any contour step


def solve_maps(
    series: Series,
    plans: Sequence[MapPlan],
    store: Store,
    *,
    jobs: int = 1,
    progress: Callable[[str], None] | None = None,
) -> dict[str, dict[str, Any]]:
    """The maps of a study.

    Parameters
    ----------
    series : Series
        The clusters.
    plans : sequence of MapPlan
        What is drawn.
    store, jobs, progress
        As in `solve_properties`.

    Returns
    -------
    dict
        From name of the figure to a dict ready for `maps_of`, or one with the key "reason".
    """
    tell = progress or (lambda sentence: None)
    entries = {entry.name: entry for entry in series.clusters()}
    wanted: dict[str, JsonWork] = {}
    missing: dict[str, dict[str, Any]] = {}
    for plan in plans:
        entry = entries.get(plan.cluster)
        if entry is None or not entry.isomers:
            missing[plan.name] = {"reason": entry.reason if entry else f"there is no {plan.cluster}"}
            continue
        target = target_of(entry, series)
        content = json.dumps([property_key(target, "map"), asdict(replace(plan, name=""))])
        wanted[plan.name] = JsonWork(
            key=text_hash(content), kind="map", function=sampled_maps, subject=target, arguments=(plan,)
        )

    def announce(name: str, value: dict[str, Any]) -> None:
        tell(f"map {name}: {value.get('reason', 'computed')}")

    return missing | results_of(wanted, store, jobs=jobs, on_result=announce)


def sampled_maps(target: Target, plan: MapPlan) -> dict[str, Any] | NotKept[dict[str, Any]]:
    """The maps of one figure, a dict ready for JSON; with "reason" where there are none."""
    try:
        result = target.scf()
        plane, words = plane_of(result.cluster, plan.plane)
        maps = []
        for what in plan.what:
            index, spin = (plan.orbital, plan.spin) if what == "orbital" else (None, 0)
            maps.append(
                map_on_plane(result, plane, what, index=index, spin=spin, step=plan.step, place=words)
            )
    except InputError as error:
        return NotKept({"reason": str(error)})
    except ScfNotConverged as error:
        return {"reason": str(error)}
    return {
        "plane": {name: np.asarray(getattr(plane, name)).tolist() for name in ("origin", "axes", "u", "v")},
        "cluster": plan.cluster,
        "place": words,
        "maps": [
            {
                "what": shown.what,
                "title": shown.title,
                "levels": list(shown.levels),
                "values": np.round(shown.values, MAP_DIGITS).tolist(),
            }
            for shown in maps
        ],
    }


def maps_of(cluster: Cluster, kept: Mapping[str, Any]) -> list[Map]:
    """The maps of a cluster, of what `solve_maps` has kept."""
    plane = Plane(**{name: frozen_array(values) for name, values in kept["plane"].items()})
    return [
        Map(
            cluster=cluster,
            what=shown["what"],
            title=shown["title"],
            place=kept["place"],
            plane=plane,
            values=frozen_array(shown["values"]),
            levels=tuple(shown["levels"]),
        )
        for shown in kept["maps"]
    ]

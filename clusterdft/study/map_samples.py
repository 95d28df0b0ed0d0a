"""Maps of a study: computed once and kept like properties, then drawn."""

import json
from dataclasses import asdict, replace

import numpy as np

from clusterdft.arrays import frozen_array
from clusterdft.errors import InputError, ScfNotConverged
from clusterdft.keys import text_hash
from clusterdft.properties.sampling import Plane
from clusterdft.report.maps import Map, map_on_plane
from clusterdft.study.map_planes import plane_of
from clusterdft.study.solving import property_key, target_of
from clusterdft.work.workplace import JsonWork, NotKept, results_of

DIGITS = 9  # behind the point, atomic units: far below any contour step


def solve_maps(series, plans, store, *, jobs=1, progress=None):
    """The maps of a study.

    Parameters
    ----------
    series : Series
    plans : sequence of MapPlan
    store, jobs, progress : as in `solve_properties`

    Returns
    -------
    {name of the figure: dict ready for `maps_of`, or one with the key "reason"}
    """
    entries = {entry.name: entry for entry in series.clusters()}
    wanted, found = {}, {}
    for plan in plans:
        entry = entries.get(plan.cluster)
        if entry is None or not entry.isomers:
            found[plan.name] = {"reason": entry.reason if entry else f"there is no {plan.cluster}"}
            continue
        target = target_of(entry, series)
        content = json.dumps([property_key(target, "map"), asdict(replace(plan, name=""))])
        wanted[plan.name] = JsonWork(
            key=text_hash(content), kind="map", function=sampled_maps, subject=target, arguments=(plan,)
        )

    def announce(name, value):
        progress(f"map {name}: {value.get('reason', 'computed')}")

    on_result = None if progress is None else announce
    return found | results_of(wanted, store, jobs=jobs, on_result=on_result)


def sampled_maps(target, plan):
    """The maps of one figure, a dict ready for JSON; with "reason" where there are none."""
    try:
        result = target.scf()
        plane, place = plane_of(result.cluster, plan.plane)
        maps = []
        for what in plan.what:
            chosen = {"index": plan.orbital, "spin": plan.spin} if what == "orbital" else {}
            maps.append(map_on_plane(result, plane, what, step=plan.step, place=place, **chosen))
    except InputError as error:
        return NotKept({"reason": str(error)})
    except ScfNotConverged as error:
        return {"reason": str(error)}
    return {
        "plane": {name: np.asarray(getattr(plane, name)).tolist() for name in ("origin", "axes", "u", "v")},
        "cluster": plan.cluster,
        "place": place,
        "maps": [
            {
                "what": shown.what,
                "title": shown.title,
                "levels": list(shown.levels),
                "values": np.round(shown.values, DIGITS).tolist(),
            }
            for shown in maps
        ],
    }


def maps_of(cluster, found):
    """The Maps that `solve_maps` kept of a Cluster."""
    plane = Plane(**{name: frozen_array(values) for name, values in found["plane"].items()})
    return [
        Map(
            cluster=cluster,
            what=one["what"],
            title=one["title"],
            place=found["place"],
            plane=plane,
            values=frozen_array(one["values"]),
            levels=tuple(one["levels"]),
        )
        for one in found["maps"]
    ]

"""The tables [maps.NAME] of a study file: what is drawn of which cluster, on which plane."""

import re
from collections.abc import Mapping
from math import inf
from typing import Any

from clusterdft.errors import InputError
from clusterdft.report.maps import MAPS, SPINS
from clusterdft.schema import Table, between, one_of, read, refused, text, unknown_key, whole
from clusterdft.study import FIGURES
from clusterdft.study.map_planes import RULES
from clusterdft.study.plan import MapPlan
from clusterdft.study.values import texts


def map_plans(table: Any, sizes: Mapping[str, int], problems: list[str]) -> tuple[MapPlan, ...]:
    """MapPlans of the tables of a study file; what is wrong is added to `problems`.

    Parameters
    ----------
    table : what was written
        {name of the figure: what it shows}
    sizes : {name of a cluster of the study: number of its atoms}
    problems : list of str

    Returns
    -------
    tuple of MapPlan
        Those without problems.
    """
    if not isinstance(table, dict) or not all(isinstance(values, dict) for values in table.values()):
        problems.append(f"maps is {table!r}; give tables such as [maps.figure-7]")
        return ()
    return tuple(plan for name, values in table.items() for plan in _plan(name, values, sizes, problems))


def _plan(name: str, written: dict[str, Any], sizes: Mapping[str, int], problems: list[str]) -> list[MapPlan]:
    """A list with the MapPlan of one table, empty where it is wrong."""
    where, before = f"maps.{name}", len(problems)
    values = read(written, MAP, where, problems)
    if not re.fullmatch(r"[A-Za-z0-9_+-]+", name) or name in FIGURES:
        problems.append(
            f"{where} becomes the name of a file; give letters, digits and -, and no {', '.join(FIGURES)}"
        )
    if "cluster" not in written:
        problems.append(f"{where}: give the cluster, such as {next(iter(sizes), 'Na3')}")
    elif values.get("cluster") not in (None, *sizes) and sizes:
        problems.append(f"{where}.cluster: {unknown_key(values['cluster'], sorted(sizes))}")
    natom, plane = sizes.get(values.get("cluster", "")), values.get("plane", "principal")
    if natom and not isinstance(plane, str) and max(plane) >= natom:
        problems.append(f"{where}.plane is {list(plane)}; give indices from 0 to {natom - 1}")
    if {"orbital", "spin"} & values.keys() and "orbital" not in values.get("what", ()):
        problems.append(f'{where}: orbital and spin belong to what = "orbital"')
    elif "spin" in values and "orbital" not in written:
        problems.append(
            f"{where}.spin: give orbital too, 0 for the lowest; the highest may be of either spin"
        )
    if len(problems) > before:
        return []
    return [
        MapPlan(
            name=name,
            cluster=values["cluster"],
            what=values.get("what", ("density",)),
            plane=plane,
            step=values.get("step"),
            orbital=values.get("orbital"),
            spin=values.get("spin", 0),
        )
    ]


def _maps(value: Any) -> tuple[str, ...]:
    """Names of maps, at least one."""
    if value == []:
        raise InputError(f"the list is empty; give some of {', '.join(MAPS)}")
    wrong = [item for item in texts(value) if item not in MAPS]
    if wrong:
        raise InputError(f"there is no map of {', '.join(map(repr, wrong))}; give some of {', '.join(MAPS)}")
    return texts(value)


def _plane(value: Any) -> str | tuple[int, ...]:
    """A rule, or indices of atoms."""
    if isinstance(value, str) and value in RULES:
        return value
    if isinstance(value, list) and len(set(map(str, value))) >= 3:
        return tuple(whole(0)(item) for item in value)
    raise refused(value, f"give one of {', '.join(RULES)}, or three or more atoms such as [0, 1, 2]")


def _spin(value: Any) -> int:
    """0 for up, 1 for down."""
    return SPINS[one_of(SPINS)(value)]


MAP = Table(
    {
        "cluster": text(),
        "what": _maps,
        "plane": _plane,
        "step": between(0, inf, 0.001),
        "orbital": whole(0),
        "spin": _spin,
    }
)

"""Measured searches, and the file that keeps them.

Imported by search.py.
"""

import csv
from dataclasses import astuple, dataclass, fields
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Case:
    """One search to measure; the search is a strategy of ours, or "ASE ..."."""

    surface: str
    natom: int
    charge: int
    search: str
    seed: int
    max_calls: int
    max_relaxations: int


@dataclass(frozen=True, kw_only=True)
class Run:
    """How a case ended: whether the minimum was found, at what cost, and the lowest energy seen, hartree."""

    case: Case
    found: bool
    calls: int
    relaxations: int
    lowest: float


COLUMNS = [field.name for field in fields(Case)]
TYPES = {field.name: field.type for field in fields(Case)}


def kept_runs(path):
    """The runs in a file by their cases; none where there is no file."""
    if path is None or not Path(path).is_file():
        return {}
    with Path(path).open(newline="") as file:
        runs = [_run(row) for row in csv.DictReader(file)]
    return {run.case: run for run in runs}


def _run(row):
    case = Case(**{name: kind(row[name]) for name, kind in TYPES.items()})
    return Run(
        case=case,
        found=row["found"] == "1",
        calls=int(row["calls"]),
        relaxations=int(row["relaxations"]),
        lowest=float(row["lowest"]),
    )


def keep(path, run):
    """Add a run to a file, at once."""
    if path is None:
        return
    new = not Path(path).is_file()
    with Path(path).open("a", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        if new:
            table.writerow([*COLUMNS, "found", "calls", "relaxations", "lowest"])
        numbers = [int(run.found), run.calls, run.relaxations, f"{run.lowest:.6f}"]
        table.writerow([*astuple(run.case), *numbers])

"""Isotropic spin populations of the lowest isomers."""

from clusterdft.study.tables.rows import reason, row

NAME = "spin-populations"


def spin_populations(series):
    """One row a cluster: groups of equivalent nuclei with their number, the largest value first."""
    return [_row(series, entry) for entry in series.clusters()]


def _row(series, entry):
    found, atoms = series.given(entry, NAME), series.given(entry, "populations")
    groups = None if found is None else [[g["isotropic"], len(g["atoms"])] for g in found["groups"]]
    values, lacking = {"isotropic": groups}, ""
    if found is not None:
        for kind in ("mulliken_spin", "loewdin_spin"):
            values[kind] = None if atoms is None else _in_groups(atoms[kind], found["groups"])
        lacking = reason(series, entry, "populations")
    return row(entry, values, reason(series, entry, NAME), lacking)


def _in_groups(values, groups):
    """Means over the groups of equivalent nuclei, with their number."""
    return [[sum(values[a] for a in g["atoms"]) / len(g["atoms"]), len(g["atoms"])] for g in groups]

"""Medians, intervals and Kaplan-Meier curves of measured searches.

Imported by search.py.
"""

import csv
from math import inf

import numpy as np

SAMPLES = 2000  # of the bootstrap


def survival(calls, found):
    """Kaplan-Meier estimate of the share of searches that have not found it after so many force calls.

        S(c) = product over finds at c_i <= c of (1 - 1 / number of searches still running at c_i)

    Parameters
    ----------
    calls, found : of each search, the force calls at which it ended, and whether it had found it

    Returns
    -------
    two lists : force calls, and the share from there on
    """
    order = sorted(zip(calls, found, strict=True), key=lambda end: (end[0], not end[1]))
    at, share = [0], [1.0]
    for k, (call, hit) in enumerate(order):
        at.append(call)
        share.append(share[-1] * (1.0 - hit / (len(order) - k)))
    return at, share


def median(values, seed=0):
    """Lower median and its bootstrap 95 % interval; what was not found counts as infinite.

    Returns
    -------
    (median, low, high)
    """
    values, half = np.asarray(values, float), (len(values) - 1) // 2
    drawn = np.random.default_rng(seed).choice(values, size=(SAMPLES, len(values)))
    middle = np.sort(np.sort(drawn, axis=1)[:, half])
    return np.sort(values)[half], middle[int(0.025 * SAMPLES)], middle[int(0.975 * SAMPLES) - 1]


def groups(runs):
    """Runs by (natom, charge) and then by the name of the search; within, in the order of the seeds."""
    by_cluster = {}
    for run in sorted(runs, key=lambda run: (run.case.natom, run.case.charge, run.case.seed)):
        by_name = by_cluster.setdefault((run.case.natom, run.case.charge), {})
        by_name.setdefault(run.case.search, []).append(run)
    return by_cluster


def rows(runs):
    """One dict for every size, charge and search, ready for a table."""
    for (natom, charge), by_name in groups(runs).items():
        medians = {name: median(_costs(some, "calls")) for name, some in by_name.items()}
        best_peer = min((m[0] for name, m in medians.items() if name.startswith("ASE")), default=inf)
        for name, some in by_name.items():
            calls, relaxations = medians[name], median(_costs(some, "relaxations"))
            ratio = calls[0] / best_peer if calls[0] < inf else inf
            yield {
                "atoms": natom,
                "charge": charge,
                "search": name,
                "found": sum(run.found for run in some),
                "runs": len(some),
                "calls_median": f"{calls[0]:g}",
                "calls_low": f"{calls[1]:g}",
                "calls_high": f"{calls[2]:g}",
                "relaxations_median": f"{relaxations[0]:g}",
                "relaxations_low": f"{relaxations[1]:g}",
                "relaxations_high": f"{relaxations[2]:g}",
                "calls_over_best_peer": f"{ratio:.2f}" if best_peer < inf else "",
                "max_calls": some[0].case.max_calls,
                "max_relaxations": some[0].case.max_relaxations,
                "lowest_hartree": f"{min(run.lowest for run in some):.6f}",
            }


def _costs(runs, name):
    return [getattr(run, name) if run.found else inf for run in runs]


def print_table(runs):
    """Prints a line for every size, charge and search."""
    for row in rows(runs):
        costs = "force calls {calls_median} ({calls_low} to {calls_high}), relaxations {relaxations_median}"
        costs += " ({relaxations_low} to {relaxations_high})"
        costs += ", {calls_over_best_peer} of the best peer's calls" if row["calls_over_best_peer"] else ""
        head = "{atoms} atoms, charge {charge}, {search:17s} found {found:3d} of {runs:3d}; "
        print((head + costs + "; lowest {lowest_hartree} hartree").format(**row))


def write_table(runs, path):
    """Writes the same as a CSV file."""
    table = list(rows(runs))
    with open(path, "w", newline="") as file:
        writer = csv.DictWriter(file, list(table[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)


def draw(runs, path):
    """Kaplan-Meier curves, a panel for each size and charge."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    panels = groups(runs)
    colours = {name: f"C{k}" for k, name in enumerate(dict.fromkeys(run.case.search for run in runs))}
    sizes, charges = (sorted({key[k] for key in panels}) for k in (0, 1))
    across = min(len(sizes), 4)
    rows_of_charge = -(-len(sizes) // across)
    down = len(charges) * rows_of_charge
    figure, axes = pyplot.subplots(
        down, across, figsize=(2.5 * across + 0.5, 1.7 * down + 0.9), squeeze=False, layout="constrained"
    )
    for axis in axes.flat:
        axis.set_visible(False)
    ends = [run.calls for run in runs]
    for (natom, charge), by_name in panels.items():
        row, column = divmod(sizes.index(natom), across)
        axis = axes[charges.index(charge) * rows_of_charge + row, column]
        axis.set(visible=True, xscale="log", ylim=(-0.03, 1.03), xlim=(0.8 * min(ends), 1.1 * max(ends)))
        axis.xaxis.set_major_formatter("{x:g}")
        axis.tick_params(labelsize=8)
        axis.set_title(f"{natom} atoms, charge {charge:+d}" if charge else f"{natom} atoms", fontsize=9)
        _draw_panel(axis, by_name, colours)
    lines = {
        name: line for axis in axes.flat for line, name in zip(*axis.get_legend_handles_labels(), strict=True)
    }
    figure.legend(
        lines.values(), lines.keys(), loc="outside upper center", ncols=4, frameon=False, fontsize=9
    )
    figure.supxlabel("force calls", fontsize=9)
    figure.supylabel("share of searches that have not found the lowest minimum", fontsize=9)
    figure.savefig(path, dpi=110)


def _draw_panel(axis, by_name, colours):
    """Our searches as full lines; those of ASE, which often agree, dashed and one thinner than the other."""
    for k, (name, some) in enumerate(by_name.items()):
        at, share = survival([run.calls for run in some], [run.found for run in some])
        style = {"linestyle": "--", "linewidth": 3.2 - 0.6 * k} if name.startswith("ASE") else {}
        axis.step([0.1, *at[1:]], share, where="post", label=name, color=colours[name], **style)

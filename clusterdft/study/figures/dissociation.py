"""Dissociation energies and second differences against size."""

from clusterdft.report.series_figures import draw_stability
from clusterdft.study.figures.curves import curves


def draw(series, tables, references, path):
    """The lowest channels of all charges, named by what they split off where there is one element."""
    single = len({entry.element for entry in series.entries if entry.element}) == 1
    split_off = {
        (entry.charge, entry.natom): row["lowest_channel"].split(" + ")[0]
        for row in tables["dissociation"]
        for entry in series.entries
        if entry.name == row["cluster"] and row["lowest_channel"]
    }
    draw_stability(
        curves(series, tables["dissociation"], "dissociation_energy_ev", references),
        curves(series, tables["atomization"], "second_difference_ev", (), needed=False),
        path,
        channels=split_off if single else None,
    )

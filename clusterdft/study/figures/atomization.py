"""Atomization energies against size."""

from clusterdft.report.series_figures import draw_atomization
from clusterdft.study.figures.curves import curves


def draw(series, tables, references, path):
    """Energies per atom of all charges."""
    draw_atomization(curves(series, tables["atomization"], "atomization_per_atom_ev", references), path)

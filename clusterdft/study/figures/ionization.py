"""Ionization potentials against size, as figure 6 of the 1985 paper."""

from clusterdft.report.series_figures import draw_ionization
from clusterdft.study.figures.curves import curves
from clusterdft.study.references import bulk_of


def draw(series, tables, references, path):
    """Adiabatic potentials of neutral clusters, with the sphere model of their element."""
    names = {entry.name for entry in series.entries if entry.charge == 0}
    rows = [row for row in tables["ionization"] if row["cluster"] in names]
    elements = {entry.element for entry in series.entries}
    bulk = bulk_of(elements.pop()) if len(elements) == 1 else None
    sphere = (
        {}
        if bulk is None
        else {
            "work_function_ev": bulk["work_function_ev"],
            "radius_per_electron": bulk["radius_per_electron_bohr"],
        }
    )
    draw_ionization(curves(series, rows, "adiabatic_ip_ev", references, one_charge=True), path, **sphere)

"""Figures of a study, one a file: functions (Series, tables, references, path)."""

from clusterdft.files.choices import Choices

_HERE = "clusterdft.study.figures."

FIGURES = Choices(
    "figure",
    {
        "isomers": _HERE + "isomers:draw",
        "ionization": _HERE + "ionization:draw",
        "atomization": _HERE + "atomization:draw",
        "dissociation": _HERE + "dissociation:draw",
        "levels": _HERE + "levels:draw",
    },
)
"""Each takes the Series, the tables {name: rows}, the references and the path of its file.

One that has nothing to draw raises InputError.
"""


def draw_figures(series, tables, references, folder):
    """Draw all figures that there is something for, those of maps too.

    Parameters
    ----------
    series : Series
    tables : {name: rows with the references' columns}
    references : list of Reference
    folder : where NAME.png go

    Returns
    -------
    {name: why it was not drawn}
    """
    from clusterdft.errors import InputError

    missing = {}
    for name in FIGURES:
        try:
            FIGURES[name](series, tables, references, folder / f"{name}.png")
        except InputError as error:
            missing[name] = str(error)
    return missing | _draw_maps(series, folder)


def _draw_maps(series, folder):
    """The figures of maps, as `draw_figures`."""
    from clusterdft.report.map_figures import draw_map
    from clusterdft.study.map_samples import maps_of

    missing = {}
    for name, found in series.maps.items():
        if "maps" in found:
            entry = next(entry for entry in series.entries if entry.name == found["cluster"])
            draw_map(maps_of(entry.isomers[0].cluster, found), folder / f"{name}.png")
        else:
            missing[name] = found["reason"]
    return missing

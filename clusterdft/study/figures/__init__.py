"""Figures of a study, one a file: functions (Series, tables, references, path)."""

from clusterdft.choices import Choices

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
    """Draw all figures that there is something for.

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
    return missing

"""The files of a study: summary.json, tables as CSV and Markdown, and the page beside published values."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any

from clusterdft.errors import InputError, StoreError
from clusterdft.files.writing import to_json, write_text
from clusterdft.report.map_figures import draw_map
from clusterdft.report.search_files import SUMMARY_FILE
from clusterdft.study import FIGURES, TABLES
from clusterdft.study.comparison import comparison_page
from clusterdft.study.map_samples import maps_of
from clusterdft.study.quantities.channels import channels_of
from clusterdft.study.quantities.rows_and_curves import Row
from clusterdft.study.references import Reference, beside
from clusterdft.study.series import Entry, Series
from clusterdft.work.environment import provenance

TABLES_FOLDER, FIGURES_FOLDER, COMPARISON_FILE = "tables", "figures", "comparison.md"
COSTLY_FIGURES = ("vibrations", "jellium")  # which many studies leave out
TABLE_DIGITS = 6  # behind the point, in tables
ENERGY_DIGITS = 8  # of hartree


def write_study_files(
    series: Series,
    out: str | PathLike[str],
    *,
    title: str,
    references: Sequence[Reference],
    remarks: Sequence[str] = (),
    figures: bool = True,
) -> None:
    """Write summary.json, comparison.md, tables/ and figures/ into a folder, each file replaced at once.

    Parameters
    ----------
    series : Series
        What is written.
    out : path
        The folder.
    title : str
        For headings.
    references : sequence of Reference
        Published values, and those of variants.
    remarks : sequence of str
        Sentences on what is missing.
    figures : bool
        Whether to draw.

    Raises
    ------
    StoreError
        A file cannot be written.
    """
    out = Path(out)
    tables = {name: beside(name, TABLES[name](series), references) for name in TABLES}
    _made(out / TABLES_FOLDER)
    for name, rows in tables.items():
        write_text(out / TABLES_FOLDER / f"{name}.csv", to_csv(rows))
        write_text(out / TABLES_FOLDER / f"{name}.md", to_markdown(rows))
    if figures:
        missing = draw_figures(series, tables, references, _made(out / FIGURES_FOLDER))
        remarks = [*remarks, *(f"no figure of {name}: {why}" for name, why in missing.items())]
    write_text(out / COMPARISON_FILE, comparison_page(title, tables, references, remarks))
    write_text(out / SUMMARY_FILE, to_json(study_summary(series, tables, title, references, remarks)))


def draw_figures(
    series: Series, tables: Mapping[str, Sequence[Row]], references: Sequence[Reference], folder: Path
) -> dict[str, str]:
    """Draw all figures that there is something for, those of maps too.

    Parameters
    ----------
    series : Series
        What is drawn.
    tables : mapping
        From name to rows with the references' columns.
    references : sequence of Reference
        Whose values are drawn too.
    folder : path
        Where NAME.png go.

    Returns
    -------
    dict
        {name: why it was not drawn}; figures of vibrations and jellium spheres that no cluster has are
        neither drawn nor missed
    """
    missing = {}
    for name in FIGURES:
        if name in COSTLY_FIGURES and all(
            series.computed_value(entry, name) is None for entry in series.entries
        ):
            continue
        try:
            FIGURES[name](series, tables, references, folder / f"{name}.png")
        except InputError as error:
            missing[name] = str(error)
    return missing | _draw_maps(series, folder)


def _draw_maps(series: Series, folder: Path) -> dict[str, str]:
    """The figures of maps, as `draw_figures`."""
    missing = {}
    for name, kept in series.maps.items():
        if "maps" in kept:
            entry = next(entry for entry in series.entries if entry.name == kept["cluster"])
            draw_map(maps_of(entry.isomers[0].cluster, kept), folder / f"{name}.png")
        else:
            missing[name] = kept["reason"]
    return missing


def _made(folder: Path) -> Path:
    """The folder, made if it is not there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"cannot write to {folder}: {error.strerror}; give another folder") from error
    return folder


def study_summary(
    series: Series,
    tables: Mapping[str, Sequence[Row]],
    title: str,
    references: Sequence[Reference],
    remarks: Iterable[str],
) -> dict[str, Any]:
    """All of a study as a dict ready for JSON."""
    return {
        "study": title,
        "surface": dict(series.spec.description),
        "surface_key": series.spec.key,
        **provenance(),
        "references": [
            {"name": r.name, "title": r.title, "source": r.source, "sources": dict(r.sources)}
            for r in references
            if not r.computed
        ],
        "remarks": list(remarks),
        "clusters": [_cluster(series, entry) for entry in series.entries],
        "tables": tables,
    }


def columns_of(rows: Iterable[Row]) -> list[str]:
    """The columns of rows, each behind the one that it follows in its row, the remark last."""
    columns = ["cluster"]
    for row in rows:
        position = 0
        for column in row:
            if column not in columns:
                columns.insert(position + 1, column)
            position = columns.index(column)
    return [column for column in columns if column != "remark"] + ["remark"]


def flattened(rows: Sequence[Row]) -> list[Row]:
    """Rows with lists of [value, nuclei] pairs as columns of their own."""
    paired = {column for row in rows for column, value in row.items() if _is_paired(value)}
    return [_flat(row, paired) for row in rows]


def _is_paired(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], list)


def _flat(row: Row, paired: set[str]) -> Row:
    cells: Row = {}
    for column, value in row.items():
        if column not in paired:
            cells[column] = value
            continue
        for number, (mean, nuclei) in enumerate(value or (), start=1):
            cells |= {f"{column}_{number}": mean, f"{column}_{number}_nuclei": nuclei}
    return cells


def to_csv(rows: Sequence[Row]) -> str:
    """Rows as CSV with a line of column names."""
    columns = columns_of(flattened(rows))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([[cell_text(row.get(name), name) for name in columns] for row in flattened(rows)])
    return text.getvalue()


def to_markdown(rows: Sequence[Row]) -> str:
    """Rows as a Markdown table."""
    columns = columns_of(flattened(rows))
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    for row in flattened(rows):
        cells = (cell_text(row.get(column), column).replace("|", "/") for column in columns)
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def cell_text(value: Any, column: str = "") -> str:
    """A cell: numbers to six digits behind the point (hartree to eight), nothing for None."""
    if value is None:
        return ""
    if isinstance(value, list):
        return " ".join(cell_text(item, column) for item in value)
    if isinstance(value, float):
        digits = ENERGY_DIGITS if column.endswith("hartree") else TABLE_DIGITS
        return f"{value:.{digits}f}".rstrip("0").rstrip(".")
    return str(value)


def _cluster(series: Series, entry: Entry) -> dict[str, Any]:
    """One cluster of the summary: its search, its properties or why they are missing, its channels."""
    values: dict[str, Any] = {
        "cluster": entry.name,
        "charge": entry.charge,
        "symbols": list(entry.symbols),
        "energy_hartree": entry.energy,
        "reason": entry.reason,
        "folder": entry.folder,
        "search": dict(entry.search),
    }
    if entry.isomers:
        lowest = entry.isomers[0]
        values |= {"positions_bohr": lowest.cluster.positions.tolist(), "n_unpaired": lowest.n_unpaired}
    names = dict.fromkeys(name for cluster, name in series.solved if cluster == entry.name)
    values["properties"] = {name: series.solved[entry.name, name] for name in names}
    if entry.natom > 1:
        channels, missing, reason = channels_of(series, entry)
        values["dissociation"] = {"channels": channels, "fragments_without_energy": missing, "reason": reason}
    return values

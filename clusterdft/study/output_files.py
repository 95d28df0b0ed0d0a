"""The files of a study: summary.json, tables as CSV and Markdown, and the page beside published values."""

import csv
import io
from pathlib import Path

from clusterdft.errors import InputError, StoreError
from clusterdft.files.writing import to_json, write_text
from clusterdft.report.map_figures import draw_map
from clusterdft.report.search_files import SUMMARY
from clusterdft.study import FIGURES, TABLES
from clusterdft.study.comparison import comparison_page
from clusterdft.study.map_samples import maps_of
from clusterdft.study.quantities.channels import channels_of
from clusterdft.study.references import beside
from clusterdft.work.environment import provenance

FOLDER, FIGURES_FOLDER, PAGE = "tables", "figures", "comparison.md"
NOT_MISSED = ("vibrations", "jellium")  # figures of costly properties, which many studies leave out
DIGITS = 6  # behind the point, in tables
ENERGY_DIGITS = 8  # of hartree


def write_study_files(series, out, *, title, references, remarks=(), figures=True):
    """Write summary.json, comparison.md, tables/ and figures/ into a folder, each file replaced at once.

    Parameters
    ----------
    series : Series
    out : folder
    title : for headings
    references : list of Reference
    remarks : sentences on what is missing
    figures : whether to draw

    Raises
    ------
    StoreError
        a file cannot be written
    """
    out = Path(out)
    tables = {name: beside(name, TABLES[name](series), references) for name in TABLES}
    _made(out / FOLDER)
    for name, rows in tables.items():
        write_text(out / FOLDER / f"{name}.csv", to_csv(rows))
        write_text(out / FOLDER / f"{name}.md", to_markdown(rows))
    if figures:
        missing = draw_figures(series, tables, references, _made(out / FIGURES_FOLDER))
        remarks = [*remarks, *(f"no figure of {name}: {why}" for name, why in missing.items())]
    write_text(out / PAGE, comparison_page(title, tables, references, remarks))
    write_text(out / SUMMARY, to_json(study_summary(series, tables, title, references, remarks)))


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
    dict
        {name: why it was not drawn}; figures of vibrations and jellium spheres that no cluster has are
        neither drawn nor missed
    """
    missing = {}
    for name in FIGURES:
        if name in NOT_MISSED and all(series.given(entry, name) is None for entry in series.entries):
            continue
        try:
            FIGURES[name](series, tables, references, folder / f"{name}.png")
        except InputError as error:
            missing[name] = str(error)
    return missing | _draw_maps(series, folder)


def _draw_maps(series, folder):
    """The figures of maps, as `draw_figures`."""
    missing = {}
    for name, kept in series.maps.items():
        if "maps" in kept:
            entry = next(entry for entry in series.entries if entry.name == kept["cluster"])
            draw_map(maps_of(entry.isomers[0].cluster, kept), folder / f"{name}.png")
        else:
            missing[name] = kept["reason"]
    return missing


def _made(folder):
    """The folder, made if it is not there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"cannot write to {folder}: {error.strerror}; give another folder") from error
    return folder


def study_summary(series, tables, title, references, remarks):
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


def columns_of(rows):
    """The columns of rows, each behind the one that it follows in its row, the remark last."""
    found = ["cluster"]
    for row in rows:
        place = 0
        for column in row:
            if column not in found:
                found.insert(place + 1, column)
            place = found.index(column)
    return [column for column in found if column != "remark"] + ["remark"]


def flattened(rows):
    """Rows with lists of [value, nuclei] pairs as columns of their own."""
    paired = {column for row in rows for column, value in row.items() if _is_paired(value)}
    return [_flat(row, paired) for row in rows]


def _is_paired(value):
    return isinstance(value, list) and bool(value) and isinstance(value[0], list)


def _flat(row, paired):
    found = {}
    for column, value in row.items():
        if column not in paired:
            found[column] = value
            continue
        for number, (mean, nuclei) in enumerate(value or (), start=1):
            found |= {f"{column}_{number}": mean, f"{column}_{number}_nuclei": nuclei}
    return found


def to_csv(rows):
    """Rows as CSV with a line of column names."""
    columns = columns_of(flattened(rows))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([[shown(row.get(name), name) for name in columns] for row in flattened(rows)])
    return text.getvalue()


def to_markdown(rows):
    """Rows as a Markdown table."""
    columns = columns_of(flattened(rows))
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    for row in flattened(rows):
        cells = (shown(row.get(column), column).replace("|", "/") for column in columns)
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def shown(value, column=""):
    """A cell: numbers to six digits behind the point (hartree to eight), nothing for None."""
    if value is None:
        return ""
    if isinstance(value, list):
        return " ".join(shown(item, column) for item in value)
    if isinstance(value, float):
        digits = ENERGY_DIGITS if column.endswith("hartree") else DIGITS
        return f"{value:.{digits}f}".rstrip("0").rstrip(".")
    return str(value)


def _cluster(series, entry):
    """One cluster of the summary: its search, its properties or why they are missing, its channels."""
    found = {
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
        found |= {"positions_bohr": lowest.cluster.positions.tolist(), "n_unpaired": lowest.n_unpaired}
    names = dict.fromkeys(name for cluster, name in series.solved if cluster == entry.name)
    found["properties"] = {name: series.solved[entry.name, name] for name in names}
    if entry.natom > 1:
        channels, missing, reason = channels_of(series, entry)
        found["dissociation"] = {"channels": channels, "fragments_without_energy": missing, "reason": reason}
    return found

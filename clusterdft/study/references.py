"""Published values beside ours: files of reference values, and their columns in tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from clusterdft.errors import InputError, nearest_name_hint
from clusterdft.files.toml import read_toml
from clusterdft.schema import read
from clusterdft.study.reference_parts import REFERENCE
from clusterdft.study.series import read_summary

FOLDER = "clusterdft.references"
VARIANTS = "variants"  # folder of a study for other methods
BULK = "elements"  # the one file there that is no reference


@dataclass(frozen=True, kw_only=True, eq=False)
class Reference:
    """Values of one source.

    Attributes
    ----------
    name : of a shipped reference, or the path of its file
    label : first part of its columns, such as "paper" in paper_mean_bohr
    title, source : for people
    values : {table: {cluster: {column: value}}}; isotropic spin populations are [value, nuclei] pairs
    sources : {table: where in the source}
    remarks : {table: {cluster: sentence}}
    expected_spread : {table: {column: number, or {cluster: number, "every": number}}}
    computed : whether they are ours too, of a variant of the study
    """

    name: str
    label: str
    title: str
    source: str
    values: Mapping
    sources: Mapping
    remarks: Mapping
    expected_spread: Mapping
    computed: bool = False

    def value(self, table, cluster, column):
        """A value, or None."""
        return self.values.get(table, {}).get(cluster, {}).get(column)

    def spread(self, table, cluster, column):
        """How far our value may be off, or None where nothing is expected."""
        found = self.expected_spread.get(table, {}).get(column)
        return found.get(cluster, found.get("every")) if isinstance(found, Mapping) else found

    def remark(self, table, cluster):
        """What the reference file says of a value, or an empty string."""
        return self.remarks.get(table, {}).get(cluster, "")


def shipped_references():
    """Names of the references that come with the program."""
    found = (place.name for place in files(FOLDER).iterdir() if place.name.endswith(".toml"))
    return sorted(name.removesuffix(".toml") for name in found if name != f"{BULK}.toml")


def load_references(names, folder=None):
    """References by name; one that is missing or wrong is told and left out, and never stops anything.

    Parameters
    ----------
    names : of shipped references, or paths of files like theirs
    folder : where relative paths begin, or None

    Returns
    -------
    list of Reference, and a list of sentences on those that are left out
    """
    found, problems = [], []
    for name in names:
        try:
            found.append(_reference(str(name), folder))
        except InputError as error:
            problems.append(f"reference {name!r} is left out: {error}")
    return found, problems


def variants_of(out, published):
    """The variants of a study as references: their values of the quantities that are published.

    Parameters
    ----------
    out : folder of the study
    published : list of Reference

    Returns
    -------
    list of Reference, one a folder in variants/
    """
    found = []
    for place in sorted(Path(out).glob(f"{VARIANTS}/*/summary.json")):
        told = read_summary(place)
        method = ", ".join(f"{told['surface'].get(key)}" for key in ("pseudopotential", "basis"))
        found.append(
            Reference(
                name=place.parent.name,
                label=place.parent.name,
                title=f"ours with {method}",
                source="The isomers of this study, relaxed again",
                values={
                    name: _published_part(name, rows, published) for name, rows in told["tables"].items()
                },
                sources={},
                remarks={},
                expected_spread={},
                computed=True,
            )
        )
    return found


def _published_part(table, rows, published):
    """{cluster: {column: value}} of the columns of a table for which there is a published value."""
    found = {}
    for row in rows:
        columns = {c for r in published for values in r.values.get(table, {}).values() for c in values}
        values = {column: row[column] for column in columns if row.get(column) is not None}
        found.setdefault(row["cluster"], values)
    return found


def bulk_of(element):
    """{work_function_ev, radius_per_electron_bohr} of an element's bulk, or None where it is not known."""
    return read_toml(files(FOLDER) / f"{BULK}.toml", "table of bulk metals").get(element)


def _reference(name, folder):
    place = _place(name, folder)
    table = read_toml(place, "reference file")
    problems: list[str] = []
    read(table, REFERENCE, "", problems)
    if problems:
        raise InputError("; ".join(problems))
    parts = {key: table.get(key, {}) for key in ("sources", "remarks", "expected_spread")}
    return Reference(
        name=str(place) if name.endswith(".toml") else name,
        label=table["label"],
        title=table.get("title", name),
        source=table.get("source", ""),
        values=table["values"],
        **parts,
    )


def _place(name, folder):
    """The file of a reference."""
    if name.endswith(".toml"):
        return (Path(folder or ".") / name).resolve()
    if name not in shipped_references():
        hint = nearest_name_hint(name, shipped_references(), "{} ")
        raise InputError(f"there is none of that name; {hint}there are: {', '.join(shipped_references())}")
    return files(FOLDER) / f"{name}.toml"


def beside(table, rows, references):
    """The rows of a table with the references' values behind ours.

    Parameters
    ----------
    table : name
    rows : list of dict with "cluster"; of several rows of a cluster the first is compared
    references : list of Reference

    Returns
    -------
    list of dict; a reference's columns are its label, "_" and the column's name
    """
    done, compared = [], set()
    for row in rows:
        cluster, values = row["cluster"], {}
        first = cluster not in compared
        compared.add(cluster)
        for column, value in row.items():
            values[column] = value
            for reference in references:
                if first and (found := reference.value(table, cluster, column)) is not None:
                    values.setdefault(f"{reference.label}_{column}", found)
        done.append(values)
    return done

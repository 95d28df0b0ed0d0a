"""Published values beside ours: files of reference values, and their columns in tables."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from clusterdft.errors import InputError, nearest_name_hint
from clusterdft.files.toml import TomlSource, read_toml
from clusterdft.schema import read
from clusterdft.study.reference_parts import REFERENCE
from clusterdft.study.series import read_summary

REFERENCES_PACKAGE = "clusterdft.references"
VARIANTS_FOLDER = "variants"  # folder of a study for other methods
BULK_FILE = "elements"  # the one file there that is no reference


@dataclass(frozen=True, kw_only=True, eq=False)
class Reference:
    """Values of one source.

    Attributes
    ----------
    name : str
        Of a shipped reference, or the path of its file.
    label : str
        First part of its columns, such as "paper" in paper_mean_bohr.
    title, source : str
        For people.
    values : {table: {cluster: {column: value}}}
        Isotropic spin populations are [value, nuclei] pairs.
    sources : {table: where in the source}
    remarks : {table: {cluster: sentence}}
    expected_spread : {table: {column: number, or {cluster: number, "every": number}}}
    computed : bool
        Whether they are ours too, of a variant of the study.
    """

    name: str
    label: str
    title: str
    source: str
    values: Mapping[str, Mapping[str, Mapping[str, Any]]]
    sources: Mapping[str, str]
    remarks: Mapping[str, Mapping[str, str]]
    expected_spread: Mapping[str, Mapping[str, Any]]
    computed: bool = False

    def value(self, table: str, cluster: str, column: str) -> Any:
        """A value, or None."""
        return self.values.get(table, {}).get(cluster, {}).get(column)

    def spread(self, table: str, cluster: str, column: str) -> float | None:
        """How far our value may be off, or None where nothing is expected."""
        spread: Any = self.expected_spread.get(table, {}).get(column)
        if isinstance(spread, Mapping):
            spread = spread.get(cluster, spread.get("every"))
        known: float | None = spread
        return known

    def remark(self, table: str, cluster: str) -> str:
        """What the reference file says of a value, or an empty string."""
        return self.remarks.get(table, {}).get(cluster, "")


def shipped_references() -> list[str]:
    """Names of the references that come with the program."""
    names = (file.name for file in files(REFERENCES_PACKAGE).iterdir() if file.name.endswith(".toml"))
    return sorted(name.removesuffix(".toml") for name in names if name != f"{BULK_FILE}.toml")


def load_references(
    names: Iterable[str], folder: str | Path | None = None
) -> tuple[list[Reference], list[str]]:
    """References by name; one that is missing or wrong is left out with a sentence, and never stops anything.

    Parameters
    ----------
    names : names
        Of shipped references, or paths of files like theirs.
    folder : path or None
        Where relative paths begin.

    Returns
    -------
    list of Reference
    list of str
        A sentence on each that is left out.
    """
    references: list[Reference] = []
    problems: list[str] = []
    for name in names:
        try:
            references.append(_reference(str(name), folder))
        except InputError as error:
            problems.append(f"reference {name!r} is left out: {error}")
    return references, problems


def variants_of(out: str | Path, published: Sequence[Reference]) -> list[Reference]:
    """The variants of a study as references: their values of the quantities that are published.

    Parameters
    ----------
    out : path
        Folder of the study.
    published : sequence of Reference

    Returns
    -------
    list of Reference
        One a folder in variants/.
    """
    variants = []
    for path in sorted(Path(out).glob(f"{VARIANTS_FOLDER}/*/summary.json")):
        summary: dict[str, Any] = read_summary(path) or {}
        surface, tables = summary["surface"], summary["tables"]
        method = ", ".join(f"{surface.get(key)}" for key in ("pseudopotential", "basis"))
        variants.append(
            Reference(
                name=path.parent.name,
                label=path.parent.name,
                title=f"ours with {method}",
                source="The isomers of this study, relaxed again",
                values={name: _published_part(name, rows, published) for name, rows in tables.items()},
                sources={},
                remarks={},
                expected_spread={},
                computed=True,
            )
        )
    return variants


def _published_part(
    table: str, rows: Iterable[Mapping[str, Any]], published: Sequence[Reference]
) -> dict[str, dict[str, Any]]:
    """{cluster: {column: value}} of the columns of a table for which there is a published value."""
    part: dict[str, dict[str, Any]] = {}
    for row in rows:
        columns = {c for r in published for values in r.values.get(table, {}).values() for c in values}
        values = {column: row[column] for column in columns if row.get(column) is not None}
        part.setdefault(row["cluster"], values)
    return part


def bulk_of(element: str) -> dict[str, float] | None:
    """{work_function_ev, radius_per_electron_bohr} of an element's bulk, or None where it is not known."""
    table = read_toml(files(REFERENCES_PACKAGE) / f"{BULK_FILE}.toml", "table of bulk metals")
    known: dict[str, float] | None = table.get(element)
    return known


def _reference(name: str, folder: str | Path | None) -> Reference:
    source = _source(name, folder)
    table = read_toml(source, "reference file")
    problems: list[str] = []
    read(table, REFERENCE, "", problems)
    if problems:
        raise InputError("; ".join(problems))
    return Reference(
        name=str(source) if name.endswith(".toml") else name,
        label=table["label"],
        title=table.get("title", name),
        source=table.get("source", ""),
        values=table["values"],
        sources=table.get("sources", {}),
        remarks=table.get("remarks", {}),
        expected_spread=table.get("expected_spread", {}),
    )


def _source(name: str, folder: str | Path | None) -> TomlSource:
    """The file of a reference."""
    if name.endswith(".toml"):
        return (Path(folder or ".") / name).resolve()
    if name not in shipped_references():
        hint = nearest_name_hint(name, shipped_references(), "{} ")
        raise InputError(f"there is none of that name; {hint}there are: {', '.join(shipped_references())}")
    return files(REFERENCES_PACKAGE) / f"{name}.toml"


def beside(
    table: str, rows: Iterable[Mapping[str, Any]], references: Sequence[Reference]
) -> list[dict[str, Any]]:
    """The rows of a table with the references' values behind ours.

    Parameters
    ----------
    table : str
        Its name.
    rows : mappings with "cluster"
        Of several rows of a cluster the first is compared.
    references : sequence of Reference

    Returns
    -------
    list of dict
        A reference's columns are its label, "_" and the column's name.
    """
    compared_rows: list[dict[str, Any]] = []
    seen: set[str] = set()
    for row in rows:
        cluster = row["cluster"]
        is_first = cluster not in seen
        seen.add(cluster)
        values: dict[str, Any] = {}
        for column, value in row.items():
            values[column] = value
            for reference in references if is_first else ():
                published = reference.value(table, cluster, column)
                if published is not None:
                    values.setdefault(f"{reference.label}_{column}", published)
        compared_rows.append(values)
    return compared_rows

"""The page that puts published values beside ours."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from clusterdft.study.quantities.rows_and_curves import Row
from clusterdft.study.references import Reference

WITHIN_SPREAD, BEYOND_SPREAD = "", "beyond"  # marks of differences


def comparison_page(
    title: str,
    tables: Mapping[str, Sequence[Row]],
    references: Sequence[Reference],
    remarks: Iterable[str] = (),
) -> str:
    """Published values beside ours: for each quantity theirs, ours, the difference, a mark and a remark.

    Parameters
    ----------
    title : str
        For the heading.
    tables : mapping
        From name to rows with the references' columns.
    references : sequence of Reference
        Published values, and those of variants.
    remarks : iterable of str
        Sentences on what is missing.

    Returns
    -------
    str
        Markdown.
    """
    lines = [f"# {title}: published values beside ours", ""]
    lines += [f"* *{r.label}*: {r.title}. {r.source}." for r in references]
    lines += [f"* {remark}" for remark in remarks]
    if all(reference.computed for reference in references):
        lines += ["There are no references to compare with."]
    else:
        lines += [
            "",
            'A difference is ours minus theirs; "beyond" marks those larger than the expected spread.',
        ]
    for name, rows in tables.items():
        for column in _compared(name, rows, references):
            lines += ["", *_section(name, column, rows, references, _groups(tables, references))]
    for reference in (r for r in references if not r.computed):
        lines += _order_of_potentials(tables.get("ionization", []), reference)
    return "\n".join(lines) + "\n"


def ours_minus_theirs(ours: Any, theirs: Any) -> float | None:
    """Ours minus theirs: of numbers the difference, of [value, nuclei] pairs the largest of any nucleus.

    Returns
    -------
    float
        None where they cannot be subtracted.
    """
    if isinstance(ours, (int, float)) and isinstance(theirs, (int, float)):
        return ours - theirs
    if isinstance(ours, list) and isinstance(theirs, list):
        a, b = _of_nuclei(ours), _of_nuclei(theirs)
        if len(a) == len(b):
            return max((x - y for x, y in zip(a, b, strict=True)), key=abs)
    return None


def _of_nuclei(pairs: Iterable[Sequence[Any]]) -> list[float]:
    """Values of single nuclei, the largest first."""
    return sorted((value for value, nuclei in pairs for _ in range(nuclei)), reverse=True)


def _compared(table: str, rows: Sequence[Row], references: Sequence[Reference]) -> list[str]:
    """Columns of a table for which there is a published value."""
    columns = dict.fromkeys(column for row in rows for column in row)
    return [
        column
        for column in columns
        if any(f"{r.label}_{column}" in row for r in references for row in rows)
        and any(r.value(table, row["cluster"], column) is not None for r in references for row in rows)
    ]


def _section(
    table: str,
    column: str,
    rows: Sequence[Row],
    references: Sequence[Reference],
    groups: Mapping[str, str],
) -> list[str]:
    """Heading, table and sources of one quantity."""
    named = [r for r in references if any(f"{r.label}_{column}" in row for row in rows)]
    published = _by_label(r for r in named if not r.computed)
    variants = [r.label for r in named if r.computed]
    heading = ["cluster", "ours", *variants]
    for label, labelled in published.items():
        heading += [label, "difference", ""]
        heading += [f"{variant} - {label}" for variant in variants if _is_measured(labelled, table)]
    lines = [f"## {table}: {column}", "", _line([*heading, "remark"]), "|" + "---|" * (len(heading) + 1)]
    for row in rows:
        if any(f"{label}_{column}" in row for label in published):
            lines.append(_line(_cells(table, column, row, published, variants, groups)))
    sources = [f"{r.label}: {r.sources[table]}" for r in named if table in r.sources]
    spreads = [
        f"expected spread of {r.label}: {_spread_in_words(r.expected_spread[table][column])}"
        for r in named
        if column in r.expected_spread.get(table, {})
    ]
    return [*lines, "", *(f"{line}.  " for line in (*sources, *spreads))]


def _by_label(references: Iterable[Reference]) -> dict[str, list[Reference]]:
    """{label: references that have it}."""
    labelled: dict[str, list[Reference]] = {}
    for reference in references:
        labelled.setdefault(reference.label, []).append(reference)
    return labelled


def _is_measured(references: Iterable[Reference], table: str) -> bool:
    """Whether nothing is expected of our values: then those of other methods are compared too."""
    return not any(table in reference.expected_spread for reference in references)


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"


def _spread_in_words(spread: Any) -> str:
    if not isinstance(spread, dict):
        return f"{spread:g}"
    return ", ".join(f"{value:g} ({name})" for name, value in spread.items())


def _cells(
    table: str,
    column: str,
    row: Row,
    published: Mapping[str, Sequence[Reference]],
    variants: Sequence[str],
    groups: Mapping[str, str],
) -> list[str]:
    """One line of a section."""
    cluster, ours = row["cluster"], row.get(column)
    cells = [cluster, _text(ours), *(_text(row.get(f"{name}_{column}")) for name in variants)]
    remarks = []
    for label, references in published.items():
        theirs = row.get(f"{label}_{column}")
        difference = ours_minus_theirs(ours, theirs)
        spreads = [reference.spread(table, cluster, column) for reference in references]
        off = _is_beyond(ours, theirs, difference, next((s for s in spreads if s is not None), None))
        cells += [_text(theirs), _signed(difference), BEYOND_SPREAD if off else WITHIN_SPREAD]
        if _is_measured(references, table):
            cells += [_signed(ours_minus_theirs(row.get(f"{name}_{column}"), theirs)) for name in variants]
        if off and difference is not None and cluster in groups:
            remarks.append(groups[cluster])
        remarks += [reference.remark(table, cluster) for reference in references]
    if ours is None:
        remarks.append(row["remark"])
    return [*cells, "; ".join(dict.fromkeys(remark for remark in remarks if remark))]


def _signed(difference: float | None) -> str:
    return "" if difference is None else f"{difference:+.3f}"


def _is_beyond(ours: Any, theirs: Any, difference: float | None, spread: float | None) -> bool:
    """Whether a value is off by more than expected; words are expected to be equal."""
    if isinstance(ours, str) and isinstance(theirs, str):
        return ours != theirs
    return difference is not None and spread is not None and abs(difference) > spread


def _groups(tables: Mapping[str, Sequence[Row]], references: Sequence[Reference]) -> dict[str, str]:
    """{cluster: sentence} where our lowest isomer has another point group than a reference's."""
    sentences = {}
    for row in tables.get("isomers", []):
        for reference in (r for r in references if not r.computed):
            theirs = row.get(f"{reference.label}_point_group")
            if theirs is not None and row.get("point_group") not in (None, theirs):
                ours = row["point_group"]
                sentences[row["cluster"]] = f"our lowest isomer is {ours}, the {reference.label}'s {theirs}"
    return sentences


def _order_of_potentials(rows: Sequence[Row], reference: Reference) -> list[str]:
    """Whether ionization potentials go up and down with size as the reference's do."""
    column = "adiabatic_ip_minus_atom_ev"
    theirs = f"{reference.label}_{column}"
    both = [row for row in rows if row.get(theirs) is not None and row.get(column) is not None]
    if len(both) < 2:
        return []
    names = ["the atom", *(row["cluster"] for row in both)]
    lines = [_order(names, [0.0, *(row[which] for row in both)]) for which in (column, theirs)]
    same = "the same as" if lines[0] == lines[1] else "another than"
    return [
        "",
        f"## Order of the ionization potentials: {same} that of the {reference.label}",
        "",
        f"* ours: {lines[0]}",
        f"* {reference.label}: {lines[1]}",
    ]


def _order(names: Sequence[str], values: Sequence[float]) -> str:
    """Such as "the atom > Na2 > Na3 < Na4"."""
    text = names[0]
    for name, before, value in zip(names[1:], values, values[1:], strict=False):
        text += f" {'<' if value > before else '>'} {name}"
    return text


def _text(value: Any) -> str:
    """A cell: three digits for numbers, pairs as value (nuclei)."""
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(f"{mean:.2f} ({nuclei}x)" for mean, nuclei in value)
    return f"{value:.3f}" if isinstance(value, float) else str(value)

"""The page that puts published values beside ours."""

WITHIN, BEYOND = "", "beyond"


def comparison_page(title, tables, references, remarks=()):
    """Markdown: for each quantity with published values, theirs, ours, the difference, a mark and a remark.

    Parameters
    ----------
    title : for the heading
    tables : {name: rows with the references' columns}
    references : list of Reference
    remarks : sentences on what is missing
    """
    lines = [f"# {title}: published values beside ours", ""]
    lines += [f"* *{r.label}*: {r.title}. {r.source}." for r in references]
    lines += [f"* {remark}" for remark in remarks]
    if not references:
        lines += ["There are no references to compare with."]
    else:
        lines += [
            "",
            'A difference is ours minus theirs; "beyond" marks those larger than the expected spread.',
        ]
    for name, rows in tables.items():
        for column in _compared(name, rows, references):
            lines += ["", *_section(name, column, rows, references, _groups(tables, references))]
    for reference in references:
        lines += _order_of_potentials(tables.get("ionization", []), reference)
    return "\n".join(lines) + "\n"


def deviation(ours, theirs):
    """Ours minus theirs: of numbers the difference, of [value, nuclei] pairs the largest of any nucleus.

    Returns
    -------
    float, or None where they cannot be subtracted
    """
    if isinstance(ours, (int, float)) and isinstance(theirs, (int, float)):
        return ours - theirs
    if isinstance(ours, list) and isinstance(theirs, list):
        a, b = _one_by_one(ours), _one_by_one(theirs)
        if len(a) == len(b):
            return max((x - y for x, y in zip(a, b, strict=True)), key=abs)
    return None


def _one_by_one(pairs):
    """Values of single nuclei, the largest first."""
    return sorted((value for value, nuclei in pairs for _ in range(nuclei)), reverse=True)


def _compared(table, rows, references):
    """Columns of a table for which there is a published value."""
    columns = dict.fromkeys(column for row in rows for column in row)
    return [
        column
        for column in columns
        if any(f"{r.label}_{column}" in row for r in references for row in rows)
        and any(r.value(table, row["cluster"], column) is not None for r in references for row in rows)
    ]


def _section(table, column, rows, references, groups):
    """Heading, table and sources of one quantity."""
    labels = list(dict.fromkeys(r.label for r in references if any(f"{r.label}_{column}" in x for x in rows)))
    heading = ["cluster", "ours", *(part for label in labels for part in (label, "difference", "")), "remark"]
    lines = [f"## {table}: {column}", "", "| " + " | ".join(heading) + " |", "|" + "---|" * len(heading)]
    for row in rows:
        if any(f"{label}_{column}" in row for label in labels):
            cells = _cells(table, column, row, labels, references, groups)
            lines.append("| " + " | ".join(cells) + " |")
    sources = [f"{r.label}: {r.sources[table]}" for r in references if table in r.sources]
    spreads = [
        f"expected spread of {r.label}: {_spread_in_words(r.expected_spread[table][column])}"
        for r in references
        if column in r.expected_spread.get(table, {})
    ]
    return [*lines, "", *(f"{line}.  " for line in (*sources, *spreads))]


def _spread_in_words(spread):
    if not isinstance(spread, dict):
        return f"{spread:g}"
    return ", ".join(f"{value:g} ({name})" for name, value in spread.items())


def _cells(table, column, row, labels, references, groups):
    """One line of a section."""
    cluster, ours = row["cluster"], row.get(column)
    cells, remarks = [cluster, _text(ours)], []
    for label in labels:
        theirs = row.get(f"{label}_{column}")
        difference = deviation(ours, theirs)
        spread = next(
            (
                s
                for r in references
                if r.label == label
                if (s := r.spread(table, cluster, column)) is not None
            ),
            None,
        )
        off = _is_beyond(ours, theirs, difference, spread)
        cells += [
            _text(theirs),
            "" if difference is None else f"{difference:+.3f}",
            BEYOND if off else WITHIN,
        ]
        if off and cluster in groups:
            remarks.append(groups[cluster])
    remarks += [r.remark(table, cluster) for r in references]
    if ours is None:
        remarks.append(row["remark"])
    return [*cells, "; ".join(dict.fromkeys(remark for remark in remarks if remark))]


def _is_beyond(ours, theirs, difference, spread):
    """Whether a value is off by more than expected; words are expected to be equal."""
    if isinstance(ours, str) and isinstance(theirs, str):
        return ours != theirs
    return difference is not None and spread is not None and abs(difference) > spread


def _groups(tables, references):
    """{cluster: sentence} where our lowest isomer has another point group than a reference's."""
    found = {}
    for row in tables.get("isomers", []):
        for reference in references:
            theirs = row.get(f"{reference.label}_point_group")
            if theirs is not None and row.get("point_group") not in (None, theirs):
                ours = row["point_group"]
                found[row["cluster"]] = f"our lowest isomer is {ours}, the {reference.label}'s {theirs}"
    return found


def _order_of_potentials(rows, reference):
    """Whether ionization potentials go up and down with size as the reference's do."""
    column = "adiabatic_ip_minus_atom_ev"
    theirs = f"{reference.label}_{column}"
    both = [row for row in rows if row.get(theirs) is not None and row.get(column) is not None]
    if len(both) < 2:
        return []
    names = ["the atom", *(row["cluster"] for row in both)]
    lines = [_order(names, [0.0, *(row[which] for row in both)]) for which in (column, theirs)]
    same = "the same" if lines[0] == lines[1] else "another"
    return [
        "",
        f"## Order of the ionization potentials: {same} as of the {reference.label}",
        "",
        f"* ours: {lines[0]}",
        f"* {reference.label}: {lines[1]}",
    ]


def _order(names, values):
    """Such as "the atom > Na2 > Na3 < Na4"."""
    text = names[0]
    for name, before, value in zip(names[1:], values, values[1:], strict=False):
        text += f" {'<' if value > before else '>'} {name}"
    return text


def _text(value):
    """A cell: three digits for numbers, pairs as value (nuclei)."""
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(f"{mean:.2f} ({nuclei}x)" for mean, nuclei in value)
    return f"{value:.3f}" if isinstance(value, float) else str(value)

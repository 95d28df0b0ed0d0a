"""The page that puts published values beside ours: differences, marks, and what explains them."""

import pytest

from clusterdft.study.comparison import comparison_page, ours_minus_theirs
from clusterdft.study.references import Reference, beside, load_references

PAPER, EXPERIMENT = "martins1985", "sodium-experiment"


def reference(name):
    (known,), problems = load_references([name])
    assert not problems
    return known


def test_deviations():
    assert ours_minus_theirs(1.5, 1.25) == 0.25
    assert ours_minus_theirs(None, 1.0) is None
    assert ours_minus_theirs("C2v", "C2v") is None
    # nucleus by nucleus, in the order of the values: 0.50 0.44 -0.05 against 0.48 0.48 -0.04
    assert ours_minus_theirs([[0.50, 1], [0.44, 1], [-0.05, 1]], [[0.48, 2], [-0.04, 1]]) == pytest.approx(
        -0.04
    )
    assert ours_minus_theirs([[0.5, 2]], [[0.48, 2], [-0.04, 1]]) is None


def page_of(**values):
    """The page of one table of atomization energies."""
    rows = [
        {"cluster": name, "atomization_per_atom_ev": value, "remark": "no search"}
        for name, value in values.items()
    ]
    references = [reference(PAPER), reference(EXPERIMENT)]
    return comparison_page("title", {"atomization": beside("atomization", rows, references)}, references)


def test_values_beyond_the_expected_spread_are_marked():
    lines = {
        line.split("|")[1].strip(): line
        for line in page_of(Na2=0.49, Na3=0.49, Na4=None).splitlines()
        if line.startswith("| Na")
    }
    assert "beyond" not in lines["Na2"]
    assert "+0.040" in lines["Na2"]
    assert "beyond" in lines["Na3"]
    assert "+0.060" in lines["Na3"]
    assert "+0.130" in lines["Na3"]
    assert "beyond" not in lines["Na4"]
    assert "no search" in lines["Na4"]


def test_another_point_group_explains_a_difference():
    references = [reference(PAPER)]
    tables = {
        "isomers": [{"cluster": "Na8", "isomer": 1, "point_group": "Td", "remark": ""}],
        "atomization": [{"cluster": "Na8", "atomization_per_atom_ev": 1.0, "remark": ""}],
    }
    tables = {name: beside(name, rows, references) for name, rows in tables.items()}
    page = comparison_page("title", tables, references)
    assert page.count("our lowest isomer is Td, the paper's D2d") == 1


def test_the_order_of_the_potentials_is_compared():
    rows = [
        {"cluster": f"Na{n}", "adiabatic_ip_minus_atom_ev": value, "remark": ""}
        for n, value in ((2, -0.1), (3, -1.2), (4, -0.8))
    ]
    references = [reference(PAPER)]
    page = comparison_page("title", {"ionization": beside("ionization", rows, references)}, references)
    assert "Order of the ionization potentials: the same as that of the paper" in page
    assert "the atom > Na2 > Na3 < Na4" in page
    rows[2]["adiabatic_ip_minus_atom_ev"] = -1.3
    page = comparison_page("title", {"ionization": beside("ionization", rows, references)}, references)
    assert "Order of the ionization potentials: another than that of the paper" in page


def test_a_page_without_references():
    assert "no references" in comparison_page("title", {}, [])


def test_variants_are_columns_of_their_own_with_their_deviation_from_experiment():
    references = [reference(PAPER), reference(EXPERIMENT)]
    variant = Reference(
        name="core",
        label="core",
        title="ours with another method",
        source="",
        values={"atomization": {"Na2": {"atomization_per_atom_ev": 0.40}}},
        sources={},
        remarks={},
        expected_spread={},
        computed=True,
    )
    rows = [{"cluster": "Na2", "atomization_per_atom_ev": 0.49, "remark": ""}]
    rows = beside("atomization", rows, [*references, variant])
    assert rows[0]["core_atomization_per_atom_ev"] == 0.40
    page = comparison_page("title", {"atomization": rows}, [*references, variant])
    heading = next(line for line in page.splitlines() if line.startswith("| cluster"))
    line = next(line for line in page.splitlines() if line.startswith("| Na2"))
    cells = dict(zip(heading.split("|"), line.split("|"), strict=True))
    assert cells[" core "].strip() == "0.400"
    assert cells[" core - experiment "].strip() == "+0.030"
    assert " core - paper " not in cells


def test_words_are_expected_to_be_equal():
    rows = [{"cluster": "Na4", "isomer": 1, "point_group": group, "remark": ""} for group in ("D2h", "Td")]
    lines = []
    for row in rows:
        tables = {"isomers": beside("isomers", [row], [reference(PAPER)])}
        page = comparison_page("title", tables, [reference(PAPER)]).splitlines()
        lines.append(next(line for line in page if line.startswith("| Na4")))
    assert "beyond" not in lines[0]
    assert "beyond" in lines[1]


def test_remarks_and_sources_stand_on_the_page():
    page = page_of(Na2=0.49)
    assert page.startswith("# title: published values beside ours")
    known = reference(PAPER)
    assert f"* *paper*: {known.title}. {known.source}." in page
    assert f"paper: {known.sources['atomization']}" in page
    assert "expected spread of paper: 0.05 (every)" in page
    assert "* a figure is missing" in comparison_page("title", {}, [known], ["a figure is missing"])


def test_bars_in_a_cell_do_not_end_it():
    rows = [{"cluster": "Na2", "atomization_per_atom_ev": None, "remark": "energy | nothing"}]
    references = [reference(PAPER)]
    page = comparison_page("title", {"atomization": beside("atomization", rows, references)}, references)
    assert "energy / nothing" in page

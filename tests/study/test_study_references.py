"""Published values: the shipped files, their columns beside ours, and the page that compares."""

import pytest
from studying import entry, series

from clusterdft.study import TABLES
from clusterdft.study.comparison import comparison_page, deviation
from clusterdft.study.output_files import columns_of, flattened, to_csv, to_markdown
from clusterdft.study.references import Reference, beside, bulk_of, load_references, shipped_references

PAPER, EXPERIMENT = "martins1985", "sodium-experiment"


def reference(name):
    (found,), problems = load_references([name])
    assert not problems
    return found


@pytest.mark.parametrize("name", shipped_references())
def test_shipped_references_speak_of_tables_and_name_their_sources(name):
    found = reference(name)
    assert found.label
    assert found.title
    assert found.source
    assert set(found.values) <= set(TABLES)
    assert set(found.sources) >= set(found.values)
    assert set(found.remarks) <= set(TABLES)


@pytest.mark.parametrize("name", shipped_references())
def test_their_columns_are_those_of_our_tables(name):
    """Every published value stands in a column that the table has."""
    ours = series(*(entry(f"Na{n}" if n > 1 else "Na", q, -0.2 * n) for n in (1, 2, 3) for q in (0, 1, -1)))
    for table, clusters in reference(name).values.items():
        columns = {column for row in TABLES[table](ours) for column in row}
        for values in clusters.values():
            assert set(values) <= columns, table


def test_the_papers_potentials_follow_from_its_table_of_atomization():
    found = reference(PAPER)
    for cluster, values in found.values["ionization"].items():
        n = int(cluster[2:])
        neutral, cation = (
            found.value("atomization", name, "atomization_per_atom_ev") for name in (cluster, f"{cluster}+")
        )
        assert values["adiabatic_ip_minus_atom_ev"] == pytest.approx(n * (neutral - cation), abs=1e-9)


def test_the_papers_tables_agree_with_one_another_within_their_rounding():
    """D = n E_a(n) - k E_a(k) - m E_a(m) of the paper's channels; of Na5+ only the dimer channel does."""
    found = reference(PAPER)

    def total(name):
        atoms = int("".join(c for c in name if c.isdigit()) or 1)
        return 0.0 if atoms == 1 else atoms * found.value("atomization", name, "atomization_per_atom_ev")

    for cluster, values in found.values["dissociation"].items():
        pieces = values["lowest_channel"].split(" + ")
        energy = total(cluster) - sum(total(piece) for piece in pieces)
        off = abs(energy - values["dissociation_energy_ev"])
        assert (off > 0.2) == (cluster == "Na5+"), cluster
    dimer = total("Na5+") - total("Na2") - total("Na3+")
    assert dimer == pytest.approx(found.value("dissociation", "Na5+", "dissociation_energy_ev"), abs=0.06)


def test_expected_spread_of_a_cluster_of_its_own():
    found = reference(PAPER)
    spreads = [found.spread("atomization", name, "atomization_per_atom_ev") for name in ("Na8", "Na8+")]
    assert spreads == [0.05, 0.07]
    assert found.spread("isomers", "Na4", "point_group") is None


def test_what_cannot_be_read_is_told_and_left_out(tmp_path):
    (tmp_path / "bad.toml").write_text("label = 1")
    (tmp_path / "worse.toml").write_text("label = ")
    found, problems = load_references(["martins1986", "bad.toml", "worse.toml", PAPER], tmp_path)
    assert [one.name for one in found] == [PAPER]
    assert "did you mean 'martins1985'?" in problems[0]
    assert "label is 1; give a word" in problems[1]
    assert "values is missing; give a table such as [values.dimers]" in problems[1]
    assert "not valid TOML" in problems[2]


def test_a_file_of_ones_own_beside_the_study(tmp_path):
    (tmp_path / "mine.toml").write_text('label = "mine"\n[values.dimers]\nNa2 = { bond_length_bohr = 5.6 }\n')
    (found,), problems = load_references(["mine.toml"], tmp_path)
    assert not problems
    rows = beside("dimers", [{"cluster": "Na2", "bond_length_bohr": 5.5, "remark": ""}], [found])
    assert list(rows[0]) == ["cluster", "bond_length_bohr", "mine_bond_length_bohr", "remark"]


def test_only_the_lowest_isomer_is_compared():
    rows = [{"cluster": "Na3", "isomer": n, "point_group": "C2v", "remark": ""} for n in (1, 2)]
    rows = beside("isomers", rows, [reference(PAPER)])
    assert "paper_point_group" in rows[0]
    assert "paper_point_group" not in rows[1]


def test_bulk_metals():
    assert bulk_of("Na")["work_function_ev"] == 2.75
    assert bulk_of("Xe") is None


def test_deviations():
    assert deviation(1.5, 1.25) == 0.25
    assert deviation(None, 1.0) is None
    assert deviation("C2v", "C2v") is None
    # nucleus by nucleus, in the order of the values: 0.50 0.44 -0.05 against 0.48 0.48 -0.04
    assert deviation([[0.50, 1], [0.44, 1], [-0.05, 1]], [[0.48, 2], [-0.04, 1]]) == pytest.approx(-0.04)
    assert deviation([[0.5, 2]], [[0.48, 2], [-0.04, 1]]) is None


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


def test_tables_as_text():
    rows = [
        {"cluster": "Na", "b": None, "remark": "x|y"},
        {
            "cluster": "Na2",
            "a": 1.23456789,
            "b": [[0.5, 2], [0.1, 1]],
            "energy_hartree": -0.123456789,
            "remark": "",
        },
    ]
    columns = ["cluster", "a", "b_1", "b_1_nuclei", "b_2", "b_2_nuclei", "energy_hartree", "remark"]
    assert sorted(columns_of(flattened(rows))) == sorted(columns)
    assert columns_of(flattened(rows))[-1] == "remark"
    lines = to_csv(rows).splitlines()
    assert "1.234568" in lines[2]
    assert "-0.12345679" in lines[2]
    assert "x/y" in to_markdown(rows)
    assert to_csv([]) == "cluster,remark\n"


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

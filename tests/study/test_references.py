"""Published values: the shipped files, files of one's own, and their columns beside ours."""

import pytest
from studying import entry, series

from clusterdft.study import TABLES
from clusterdft.study.references import beside, bulk_of, load_references, shipped_references

PAPER = "martins1985"


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

"""Isomers relaxed again on another surface."""

import numpy as np
import pytest
from studying import CALLS, FAST, Counted, entry, read, read_csv, run, small_study

from clusterdft.study.plan import Study
from clusterdft.study.variants import relaxed_entries
from clusterdft.surfaces.classical import LennardJones
from clusterdft.work.store import open_store


def with_variant(**more):
    """The small study with all bonds twice as strong beside it."""
    plain = small_study(Counted(), **more)
    names = ("name", "spec", "clusters", "charges", "elements", "properties", "references", "folder")
    values = {name: getattr(plain, name) for name in names}
    return Study(**values, variants={"strong": Counted(epsilon=0.02)})


def test_a_variant_has_its_tables_and_columns_beside_the_published_ones(tmp_path):
    run(with_variant(), tmp_path)
    own = read_csv(tmp_path / "variants" / "strong" / "tables" / "atomization.csv")
    beside = read_csv(tmp_path / "tables" / "atomization.csv")
    for name in ("Na2", "Na3+"):
        twice = 2 * float(beside[name]["atomization_per_atom_ev"])
        assert float(own[name]["atomization_per_atom_ev"]) == pytest.approx(twice, abs=1e-3)
        assert beside[name]["strong_atomization_per_atom_ev"] == own[name]["atomization_per_atom_ev"]
    assert "strong" in (tmp_path / "comparison.md").read_text()
    assert not any(column.startswith("strong_energy") for column in beside["Na2"])


def test_its_relaxations_are_kept(tmp_path):
    run(with_variant(), tmp_path)
    CALLS.clear()
    run(with_variant(), tmp_path)
    assert CALLS == []
    before = (tmp_path / "tables" / "atomization.csv").read_text()
    read([tmp_path], names=FAST)
    assert (tmp_path / "tables" / "atomization.csv").read_text() == before


def test_its_isomers_are_merged_and_failures_told():
    triangle = 6.0 * np.array([[0, 0, 0], [1, 0, 0], [0.5, 0.87, 0]])
    found = entry("Na3", 0, -0.03, positions=triangle)
    twice = type(found)(symbols=found.symbols, charge=0, isomers=found.isomers * 2)
    with open_store(None) as store:
        store.begin({})
        (again,) = relaxed_entries([twice], LennardJones(epsilon=0.02), store)
        assert len(again.isomers) == 1
        assert again.isomers[0].n_hits == 2
        assert again.energy == pytest.approx(-0.06, abs=1e-4)
        (failed,) = relaxed_entries([twice], Counted(broken=0), store)
        assert failed.isomers == ()
        assert "200 iterations" in failed.reason
        (nothing,) = relaxed_entries([entry("Na4", 0, None)], LennardJones(), store)
        assert nothing.reason == "none of 4 starts relaxed"

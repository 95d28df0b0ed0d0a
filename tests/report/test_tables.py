"""Tables and lines of a search for the terminal."""

from dataclasses import replace

import pytest

from clusterdft.cluster import Cluster
from clusterdft.isomer_search.outcome import Outcome
from clusterdft.isomer_search.search_result import CheckedIsomer, SearchResult
from clusterdft.isomer_search.spin_scan import SpinScan, SpinState
from clusterdft.report.tables import (
    confidence_line,
    failure_lines,
    isomer_table,
    progress_line,
    spin_table,
    verdict_lines,
)
from clusterdft.units import HARTREE_EV

EV = 1 / HARTREE_EV
PAIR = Cluster(symbols=("Na", "Na"), positions=[[0, 0, 0], [0, 0, 6.0]])
LOWEST = CheckedIsomer(
    cluster=PAIR,
    energy=-0.4,
    n_unpaired=0.0,
    binding_energy_per_atom=0.45 * EV,
    shortest_distance=6.0,
    mean_distance=6.0,
    distance_spread=0.0,
    starts=(0, 1),
    lowest_start=0,
    n_force_calls=20,
)
UPPER = replace(LOWEST, energy=-0.4 + 0.1 * EV, n_unpaired=0.67, binding_energy_per_atom=None, starts=(2,))
ENDED = [
    Outcome(index=k, key=str(k), relaxed=True, reason="", cluster=PAIR, energy=-0.4, n_force_calls=10)
    for k in range(3)
]
LOST = Outcome(index=3, key="3", relaxed=False, reason="it fell apart", cluster=PAIR, n_force_calls=7)


def result_of(*isomers, outcomes=(*ENDED, LOST), **more):
    inputs = {"symbols": ["Na", "Na"], "charge": 0, "formula": "Na2"}
    return SearchResult(
        **{
            "inputs": inputs,
            "isomers": isomers,
            "outcomes": outcomes,
            "n_starts": 4,
            "hits_of_lowest": 2,
            **more,
        }
    )


def rows_of(table):
    """Headings, and the rows below them."""
    headings = [column.header for column in table.columns]
    return headings, list(zip(*(column.cells for column in table.columns), strict=True))


def test_isomers_stand_in_a_row_each():
    headings, rows = rows_of(isomer_table(result_of(LOWEST, UPPER)))
    assert headings == ["", "above", "binding", "group", "mean bond", "unpaired", "hits"]
    assert rows[0] == ("1", "0.000", "0.450", "Dinfh", "6.00±0.00", "0", "2")
    assert rows[1] == ("2", "0.100", "-", "Dinfh", "6.00±0.00", "0.67", "1")


def test_states_and_verdicts_have_columns_where_there_are_any():
    described = replace(LOWEST, electrons={"state": "1Ag + 1B1g"}, verdict="minimum")
    headings, rows = rows_of(isomer_table(result_of(described, UPPER)))
    assert headings[-2:] == ["state", "vibrations"]
    assert rows[0][-2:] == ("1Ag ...", "minimum")
    assert rows[1][-2:] == ("-", "-")


def test_isomers_that_are_no_minima_have_a_line():
    saddle = replace(UPPER, verdict="saddle", verdict_reason="one imaginary mode")
    assert verdict_lines(result_of(LOWEST, saddle)) == ["isomer 2: saddle, one imaginary mode"]


def test_spins_stand_above_the_lowest_state_of_their_isomer():
    states = (
        SpinState(
            n_unpaired=0, kind="bound", reason="", vertical_energy=-0.4, energy=-0.4, same_geometry=True
        ),
        SpinState(n_unpaired=2, kind="loose", reason="hardly bound", vertical_energy=-0.39, energy=-0.395),
        SpinState(n_unpaired=4, kind="failed", reason="no answer"),
    )
    scan = SpinScan(
        cluster=PAIR,
        free_energy=-0.4,
        free_n_unpaired=0.0,
        states=states,
        crossings=((0, 2),),
        n_force_calls=9,
    )
    _, rows = rows_of(spin_table(result_of(replace(LOWEST, spin_scan=scan), UPPER)))
    assert [row[:2] for row in rows] == [("1", "0"), ("1", "2"), ("1", "4")]
    assert rows[0][2:] == ("0.000", "0.000", "ground state, crosses 2")
    assert rows[1][2:] == (
        f"{0.01 * HARTREE_EV:.3f}",
        f"{0.005 * HARTREE_EV:.3f}",
        "loose, another geometry, crosses 0",
    )
    assert rows[2][2:] == ("-", "-", "failed")


def test_failures_have_a_line_each():
    assert failure_lines(result_of(LOWEST)) == ["start 3 (random) is not relaxed: it fell apart"]


def test_progress_in_a_line():
    line = progress_line(result_of(LOWEST, UPPER), 150.0)
    assert line.startswith("lowest -0.400000 hartree, hit twice, 2 isomers, 37 force calls, confidence ")
    assert line.endswith("about 2 min left, 1 failed")
    assert progress_line(result_of(outcomes=())) == "nothing relaxed yet, 0 force calls"


@pytest.mark.parametrize(("seconds", "words"), [(40, "40 s"), (5000, "83 min"), (9000, "2.5 h")])
def test_times_are_told_in_the_unit_that_fits(seconds, words):
    assert f"about {words} left" in progress_line(result_of(LOWEST), seconds)


def test_confidence_never_rounds_up_to_certainty():
    line = confidence_line(result_of(LOWEST, hits_of_lowest=4000))
    assert "confidence 99.9 % that no isomer is lower (4000 times found independently)" in line
    assert "of further starts would find new isomers" in line
    bred = [replace(outcome, parents=(0,)) for outcome in ENDED]
    assert "further starts" not in confidence_line(result_of(LOWEST, outcomes=bred))

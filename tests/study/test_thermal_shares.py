"""Shares of isomers: the harmonic formula by hand, and what isomers without known vibrations do to it."""

import json

import numpy as np
import pytest
from ase.data import atomic_masses
from studying import entry, read_csv, series

from clusterdft.study import TABLES
from clusterdft.study.output_files import write_study_files
from clusterdft.study.quantities.thermal_shares import TEMPERATURES

KB, EV, PER_CM, DALTON = 3.166811563e-6, 1 / 27.211386246, 1 / 219474.6314, 1822.888486  # atomic units
TRIANGLE = 6.0 * np.array([[0, 0, 0], [1, 0, 0], [0.5, np.sqrt(3) / 2, 0]])
TETRAHEDRON = 2.2 * np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]])  # twelve rotations
SCREW = np.array([[5, 2.5, 1.0], [0, 3, -1.0], [0, -3, -1.0], [-5, -2.5, 1.0]])  # C2, unlike its mirror image


def trimer(above_ev, verdict="", frequencies=None):
    """An Entry with one trimer so far above zero."""
    more = {"verdict": verdict, "frequencies_cm1": frequencies}
    return entry("Na3", 0, above_ev * EV, positions=TRIANGLE, **more)


def minimum(above_ev):
    return trimer(above_ev, "minimum", (100.0, 100.0, 150.0))


def saddle(above_ev):
    return trimer(above_ev, "saddle", (-50.0, 100.0, 150.0))


def together(*entries):
    """A Series of one cluster with the isomers of several entries."""
    isomers = tuple(isomer for one in entries for isomer in one.isomers)
    return series(type(entries[0])(symbols=entries[0].symbols, charge=0, isomers=isomers))


def told(*entries):
    """{temperature: share} of the first row, and its remark."""
    first = TABLES["thermal"](together(*entries))[0]
    return {t: first[f"share_{t}_k"] for t in TEMPERATURES}, first["remark"]


def weight(positions, energy, frequencies, *, rotations, multiplicity, images, kt):
    """(2S + 1) images / sigma sqrt(I_a I_b I_c) prod 1 / (2 sinh(w / 2kT)) exp(-E / kT)."""
    x = positions - positions.mean(axis=0)
    inertia = atomic_masses[11] * DALTON * (np.sum(x**2) * np.eye(3) - x.T @ x)
    vibrations = np.prod(0.5 / np.sinh(np.array(frequencies) * PER_CM / (2 * kt)))
    turning = np.sqrt(np.linalg.det(inertia))
    return multiplicity * images / rotations * turning * vibrations * np.exp(-energy / kt)


def test_shares_of_two_unlike_isomers_are_those_of_the_formula():
    """A singlet unlike its mirror image, and a tetrahedral triplet: no factor is the same of both."""
    soft, stiff = (30.0, 45.0, 60.0, 80.0, 110.0, 140.0), (70.0, 70.0, 90.0, 90.0, 90.0, 150.0)
    energy = 0.01 * EV
    low = entry("Na4", 0, 0.0, positions=SCREW, verdict="minimum", frequencies_cm1=soft)
    high = entry(
        "Na4", 0, energy, positions=TETRAHEDRON, verdict="minimum", frequencies_cm1=stiff, n_unpaired=-2.0
    )
    rows = TABLES["thermal"](together(low, high))
    assert [row["isomer"] for row in rows] == [1, 2]
    for t in TEMPERATURES:
        one = weight(SCREW, 0.0, soft, rotations=2, multiplicity=1, images=2, kt=KB * t)
        other = weight(TETRAHEDRON, energy, stiff, rotations=12, multiplicity=3, images=1, kt=KB * t)
        found = [row[f"share_{t}_k"] for row in rows]
        assert found == pytest.approx([one / (one + other), other / (one + other)], rel=1e-5)
    assert rows[1]["share_500_k"] > 1e-3
    assert rows[0]["remark"] == ""


def test_saddle_points_are_no_isomers():
    rows = TABLES["thermal"](together(minimum(0), saddle(0.01), minimum(0.02)))
    assert [row["isomer"] for row in rows] == [1, 3]
    factor = np.exp(-0.02 * EV / (KB * 300))
    assert rows[1]["share_300_k"] / rows[0]["share_300_k"] == pytest.approx(factor)
    assert rows[0]["share_300_k"] + rows[1]["share_300_k"] == pytest.approx(1)
    assert rows[0]["remark"] == "without 1 saddle point"


def test_isomers_that_were_not_examined_hide_the_shares_that_they_would_have(tmp_path):
    """27 exp(-0.07 eV / kT) is 2e-6 at 50 K and 0.008 at 100 K; of a single one, 3e-4."""
    found = together(minimum(0), *(27 * [trimer(0.07)]))
    remark = (
        "27 isomers whose vibrations are not known would share from 100 K on; run the search with --check 1"
    )
    write_study_files(found, tmp_path, title="shares", references=[], figures=False)
    row = read_csv(tmp_path / "tables" / "thermal.csv")["Na3"]
    assert [row[f"share_{t}_k"] for t in TEMPERATURES] == ["1", "", "", "", ""]
    assert row["remark"] == remark
    (row,) = json.loads((tmp_path / "summary.json").read_text())["tables"]["thermal"]
    assert [row[f"share_{t}_k"] for t in TEMPERATURES] == [1.0, None, None, None, None]
    assert row["remark"] == remark
    shares, remark = told(minimum(0), trimer(0.07))
    assert shares == {50: 1.0, 100: 1.0, 200: None, 300: None, 500: None}
    assert remark.startswith("1 isomer whose vibrations are not known would share from 200 K on")


def test_uncertain_isomers_hide_shares_too_and_no_check_helps():
    shares, remark = told(minimum(0), trimer(0.07, "uncertain", (1.0, 100.0, 150.0)))
    assert shares[100] == 1
    assert shares[200] is None
    assert remark == "1 isomer whose vibrations are not known would share from 200 K on"


def test_what_is_not_known_counts_from_the_lowest_minimum():
    """A saddle point below it is none; an isomer below it that was not examined hides everything."""
    shares, remark = told(saddle(-0.5), minimum(0), trimer(0.07))
    assert shares[100] == 1
    assert shares[200] is None
    assert remark.startswith("without 1 saddle point; 1 isomer ")
    shares, _ = told(trimer(-9.0), minimum(0))
    assert set(shares.values()) == {None}


def test_high_isomers_hide_nothing():
    shares, remark = told(minimum(0), trimer(0.5))
    assert set(shares.values()) == {1.0}
    assert remark == "without 1 isomer whose vibrations are not known, too high in energy to share much"


def test_without_a_minimum_there_are_no_shares():
    (row,) = TABLES["thermal"](together(trimer(0), saddle(0.1)))
    assert row == {"cluster": "Na3", "isomer": None, "remark": "no isomer is known to be a minimum"}

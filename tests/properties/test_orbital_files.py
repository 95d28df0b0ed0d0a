"""Cube and Molden files, read back by other programs."""

from dataclasses import replace
from io import StringIO

import numpy as np
import pytest
from ase.io.cube import read_cube
from pyscf.tools import molden
from solved import MIXED, RHOMBUS, TIGHT, TRIMER, solved

from clusterdft.errors import InputError
from clusterdft.method import Method
from clusterdft.properties.density import density, orbital
from clusterdft.properties.orbital_files import cube_text, molden_text
from clusterdft.properties.sampling import box_around
from clusterdft.units import BOHR_ANGSTROM

D_SHELLS = Method(basis="opt-4s3p1d", pseudopotential="bhs-core", tolerance=1e-8)
POINTS = np.random.default_rng(0).uniform(-6, 8, (40, 3))


def test_cube():
    result = solved(TRIMER)
    box = box_around(TRIMER, margin=6.0, spacing=0.9)
    values = density(result, box.points)
    text = cube_text(TRIMER, box, values, "electron density of Na3")
    assert text.startswith("electron density of Na3\n")
    header = [line.split() for line in text.splitlines()[2:6]]
    assert [float(x) for x in header[0][1:]] == pytest.approx(box.origin.tolist(), abs=1e-6)
    assert [int(row[0]) for row in header[1:]] == list(box.shape)
    found = read_cube(StringIO(text))
    assert found["data"] == pytest.approx(values, abs=1e-8)
    assert found["origin"] == pytest.approx(box.origin * BOHR_ANGSTROM, abs=1e-5)
    assert found["spacing"] / BOHR_ANGSTROM == pytest.approx(0.9 * np.eye(3), abs=1e-5)
    assert found["atoms"].positions / BOHR_ANGSTROM == pytest.approx(TRIMER.positions, abs=1e-5)


def test_cube_refuses_other_shapes():
    box = box_around(TRIMER)
    with pytest.raises(InputError, match="one a point"):
        cube_text(TRIMER, box, np.zeros((2, 2, 2)), "n")
    with pytest.raises(InputError, match="one line"):
        cube_text(TRIMER, box, np.zeros(box.shape), "n\nm")


@pytest.mark.parametrize(("cluster", "method"), [(TRIMER, TIGHT), (RHOMBUS, TIGHT), (MIXED, D_SHELLS)])
def test_molden(tmp_path, cluster, method):
    """PySCF reads back the same orbitals, at points."""
    result = solved(cluster, method)
    (tmp_path / "orbitals.molden").write_text(molden_text(result))
    mol, energy, coefficients, occupation, _, spins = molden.load(str(tmp_path / "orbitals.molden"))
    assert mol.atom_coords() == pytest.approx(cluster.positions, abs=1e-9)
    nspin = len(result.mo_energy)
    energy, occupation = np.reshape(energy, (nspin, -1)), np.reshape(occupation, (nspin, -1))
    assert energy == pytest.approx(result.mo_energy, abs=1e-10)
    assert occupation == pytest.approx(result.occupation, abs=1e-9)
    ao = mol.eval_gto("GTOval_sph", POINTS)
    for spin, columns in enumerate([coefficients] if nspin == 1 else coefficients):
        for index in (0, 1, energy.shape[1] - 1):
            ours = orbital(result, POINTS, index, spin)
            assert ao @ columns[:, index] == pytest.approx(ours, abs=1e-9)
    assert {str(s)[0].upper() for s in np.ravel(spins)} == ({"A"} if nspin == 1 else {"A", "B"})


def test_shells_beyond_d_are_refused():
    result = solved(RHOMBUS)
    shells = replace(result.shells, l=np.where(result.shells.l == 1, 3, result.shells.l))
    with pytest.raises(InputError, match="l = 3"):
        molden_text(replace(result, shells=shells))


def test_title_is_one_line():
    text = molden_text(solved(RHOMBUS), "Na4\nrhombus")
    assert text.splitlines()[:3] == ["[Molden Format]", "[Title]", "Na4 rhombus"]

"""Populations against PySCF, and what their sums must be."""

import numpy as np
import pytest
from clusters import rearranged, rearranged_result
from pyscf import scf
from pyscf.dft import numint
from pyscf.lo import orth
from solved import ATOM, MIXED, RHOMBUS, SEPTAMER, TIGHT, TRIMER, atom, molecule, solved

from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.method import Method
from clusterdft.properties.density import free_atoms
from clusterdft.properties.populations import equivalent_nuclei, populations, spin_populations
from clusterdft.scf.solve_scf import solve_scf

CHARGED = Cluster(symbols=("Na",) * 3, positions=TRIMER.positions, charge=1)
D_SHELLS = Method(basis="opt-4s3p1d", pseudopotential="bhs-core", tolerance=1e-8)


@pytest.mark.parametrize(
    ("cluster", "method"), [(TRIMER, TIGHT), (RHOMBUS, TIGHT), (CHARGED, TIGHT), (MIXED, D_SHELLS)]
)
def test_sums(cluster, method):
    result = solved(cluster, method)
    found = populations(result)
    for name in ("mulliken", "loewdin"):
        assert getattr(found, f"{name}_charge").sum() == pytest.approx(cluster.charge, abs=1e-8)
        assert getattr(found, f"{name}_spin").sum() == pytest.approx(abs(result.n_unpaired), abs=1e-8)


@pytest.mark.parametrize(("cluster", "method"), [(TRIMER, TIGHT), (MIXED, D_SHELLS)])
def test_against_pyscf(cluster, method):
    result = solved(cluster, method)
    mol, found = molecule(result), populations(result)
    s = mol.intor("int1e_ovlp")
    sign = np.sign(result.n_unpaired)
    mulliken = scf.hf.mulliken_pop(mol, result.dm.sum(axis=0), s, verbose=0)
    assert found.mulliken_charge == pytest.approx(mulliken[1], abs=1e-8)
    half = np.linalg.inv(orth.lowdin(s))
    for matrix, values in (
        (result.dm.sum(axis=0), 1 - found.loewdin_charge),
        (result.dm[0] - result.dm[1], sign * found.loewdin_spin),
    ):
        diagonal = np.diag(half @ matrix @ half)
        mine = [diagonal[a:b].sum() for _, _, a, b in mol.aoslice_by_atom()]
        assert values == pytest.approx(mine, abs=1e-8)


def test_spin_populations_against_pyscf():
    result, free = solved(TRIMER), solved(ATOM)
    found = spin_populations(result, {"Na": free})

    def at_nuclei(one):
        ao = molecule(one).eval_gto("GTOval_sph", one.cluster.positions)
        up, down = (numint.eval_rho(molecule(one), ao, dm) for dm in one.dm)
        return (up - down) * np.sign(one.n_unpaired)

    assert found.values == pytest.approx(at_nuclei(result) / at_nuclei(free), abs=1e-8)
    assert found.atom_spin_density["Na"] == pytest.approx(at_nuclei(free)[0], rel=1e-10)


def test_trimer_as_in_the_paper():
    """Table IV: 0.48 twice and -0.04."""
    two, one = spin_populations(solved(TRIMER)).groups
    assert (len(two.atoms), len(one.atoms)) == (2, 1)
    assert two.value == pytest.approx(0.48, abs=0.07)
    assert one.value == pytest.approx(-0.04, abs=0.07)
    assert one.value < 0
    assert one.atoms == (0,)


def test_septamer_as_in_the_paper():
    """Table IV: 0.32 twice and -0.02 five times."""
    axial, ring = spin_populations(solve_scf(SEPTAMER, Method())).groups
    assert axial.atoms == (5, 6)
    assert axial.value == pytest.approx(0.32, abs=0.07)
    assert ring.value == pytest.approx(-0.02, abs=0.07)


def test_the_free_atom_has_one():
    assert spin_populations(solved(ATOM)).values == pytest.approx([1.0])


def test_far_atoms_have_one_each():
    far = Cluster(symbols=("Na", "Na"), positions=[[0, 0, 0], [0, 0, 80.0]], n_unpaired=2)
    assert spin_populations(solve_scf(far, TIGHT)).values == pytest.approx([1.0, 1.0], abs=1e-5)


def test_groups():
    groups = equivalent_nuclei(("Na", "Na", "K", "Na", "Na"), np.array([0.19, 0.061, 0.1901, 0.192, 0.06]))
    assert [(g.symbol, g.atoms) for g in groups] == [("Na", (0, 3)), ("K", (2,)), ("Na", (1, 4))]
    assert groups[0].value == pytest.approx(0.191)


def test_groups_as_near_as_those_of_five_atoms():
    """Table IV: 0.19 twice, 0.17 twice and 0.06."""
    groups = equivalent_nuclei(("Na",) * 5, np.array([0.171, 0.19, 0.06, 0.188, 0.17]))
    assert [g.atoms for g in groups] == [(1, 3), (0, 4), (2,)]
    chained = equivalent_nuclei(("Na",) * 3, np.array([0.1, 0.108, 0.104]))
    assert [g.atoms for g in chained] == [(0, 1, 2)]


@pytest.mark.parametrize(("cluster", "method"), [(TRIMER, TIGHT), (MIXED, D_SHELLS)])
def test_invariance(cluster, method):
    result = solved(cluster, method)
    moved, order, _ = rearranged_result(result)
    one, two = populations(result), populations(moved)
    for name in ("mulliken_charge", "mulliken_spin", "loewdin_charge", "loewdin_spin"):
        assert getattr(two, name) == pytest.approx(getattr(one, name)[order], abs=1e-7)
    free = free_atoms(result)
    turned, straight = spin_populations(moved, free), spin_populations(result, free)
    assert turned.values == pytest.approx(straight.values[order], abs=1e-7)


def test_invariance_when_solved_again():
    """The quadrature of exchange and correlation does not turn with the cluster."""
    moved, order, _ = rearranged(TRIMER)
    one, two = (spin_populations(result).values for result in (solved(TRIMER), solve_scf(moved, TIGHT)))
    assert two == pytest.approx(one[order], abs=5e-6)


def test_what_cannot_be_given():
    with pytest.raises(InputError, match="singlet"):
        spin_populations(solved(RHOMBUS))
    with pytest.raises(InputError, match="no free atom Na"):
        spin_populations(solved(TRIMER), {})


@pytest.mark.parametrize("method", [Method(), D_SHELLS])
def test_an_unpaired_p_electron_is_no_unit_of_spin_at_the_nucleus(method):
    """In Al it leaves -5e-5 bohr^-3 there: populations would have their sign turned."""
    result = solve_scf(atom("Al"), method)
    with pytest.raises(InputError, match=r"free atom Al are s-like by 0\.00"):
        spin_populations(result, {"Al": result})


def test_the_spin_at_the_nucleus_of_every_alkali_atom_is_a_unit():
    """In Cs it is 7e-6 bohr^-3, less than in Al."""
    result = solve_scf(atom("Cs"), Method(pseudopotential="bhs-core"))
    found = spin_populations(result, {"Cs": result})
    assert found.values == pytest.approx([1.0])
    assert 0 < found.atom_spin_density["Cs"] < 1e-4

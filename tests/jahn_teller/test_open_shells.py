"""Open levels, active representations, names of problems, who is filled."""

import numpy as np
import pytest

from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.jahn_teller.open_shells import (
    OpenLevel,
    active_irreps,
    hund_spin,
    lowest_sum,
    problem_name,
    split_filling,
)
from clusterdft.symmetry.point_group import find_point_group

GOLDEN = (1 + 5**0.5) / 2
RECTANGLES = np.array([[0, a, b * GOLDEN] for a in (1, -1) for b in (1, -1)])
EDGES = np.array([[a, b, 0.0] for a in (1, -1) for b in (1, -1)])
SHAPES = {
    "D3h": 6.0 / 3**0.5 * np.array([[1, 0, 0], [-0.5, 0.75**0.5, 0], [-0.5, -(0.75**0.5), 0]]),
    "Td": 2.2 * np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]]),
    "D4h": 4.3 * np.array([[1, 0, 0], [0, 1, 0], [-1, 0, 0], [0, -1, 0]]),
    "Oh": 4.6 * np.vstack([np.eye(3), -np.eye(3)]),
    "Ih": 3.3 * np.vstack([[[0, 0, 0]], *(np.roll(RECTANGLES, k, axis=1) for k in range(3))]),
}
CUBOCTAHEDRON = 4.6 * np.vstack([[[0, 0, 0]], *(np.roll(EDGES, k, axis=1) for k in range(3))])


def level(irrep, degeneracy, electrons, full=1, spin=0):
    return OpenLevel(
        label=f"1{irrep.lower()}",
        irrep=irrep,
        spin=spin,
        indices=tuple(range(1, degeneracy + 1)),
        electrons=electrons,
        full=full,
    )


def active(positions, *levels):
    return active_irreps(
        find_point_group(Cluster(symbols=("Na",) * len(positions), positions=positions)), levels
    )


@pytest.mark.parametrize(
    ("group", "irrep", "degeneracy", "expected", "name"),
    [
        ("D3h", "E'", 2, ("E'",), "E' x e'"),
        ("Td", "T2", 3, ("E", "T2"), "T2 x (e + t2)"),
        ("D4h", "Eu", 2, ("B1g", "B2g"), "Eu x (b1g + b2g)"),
        ("Oh", "T1u", 3, ("Eg", "T2g"), "T1u x (eg + t2g)"),
        ("Ih", "Hg", 5, ("Gg", "Hg"), "Hg x (gg + hg)"),
    ],
)
def test_known_problems(group, irrep, degeneracy, expected, name):
    one = level(irrep, degeneracy, 1.0)
    assert active(SHAPES[group], one) == expected
    assert problem_name((one,), expected) == name


def test_cubo_octahedron():
    assert active(CUBOCTAHEDRON, level("T2g", 3, 2.0)) == ("Eg", "T2g")
    assert active(CUBOCTAHEDRON, level("Eg", 2, 1.0)) == ("Eg",)
    # two open levels: their product counts too, here T2g x Eg = T1g + T2g, where spins agree
    assert active(CUBOCTAHEDRON, level("T2g", 3, 2.0), level("Eg", 2, 1.0)) == ("Eg", "T1g", "T2g")
    assert active(CUBOCTAHEDRON, level("T2g", 3, 2.0, full=2), level("Eg", 2, 1.0, full=2)) == (
        "Eg",
        "T1g",
        "T2g",
    )
    # Na13 with three unpaired electrons: eg is open for spin up, t2g for spin down
    levels = level("Eg", 2, 1.0), level("T2g", 3, 1.0, spin=1)
    assert active(CUBOCTAHEDRON, *levels) == ("Eg", "T2g")
    assert problem_name(levels, ("Eg", "T2g")) == "Eg + T2g x (eg + t2g)"


def test_a_line_is_refused_and_nothing_open_is_nothing_active():
    with pytest.raises(InputError, match="Renner"):
        active(np.array([[0, 0, -6.0], [0, 0, 0], [0, 0, 6.0]]), level("Pu", 2, 1.0))
    assert active(SHAPES["D3h"]) == ()
    assert problem_name((), ()) == ""


def test_least_first_order_energy():
    assert lowest_sum([-1.0, 1.0], level("E", 2, 1.0)) == pytest.approx(-1.0)
    assert lowest_sum([1.0, 1.0, -2.0], level("T2", 3, 2.0, full=2)) == pytest.approx(-4.0)
    assert lowest_sum([-1.0, -1.0, 2.0], level("T2", 3, 2.0, full=2)) == pytest.approx(-2.0)
    assert lowest_sum([4.0, 4.0, 1.0], level("T2", 3, 3.0)) == pytest.approx(0.0)  # full: no gain


def test_filling_shares_what_coincides():
    one = level("T2", 3, 2.0, full=2)
    assert split_filling([0.3, 0.1, 0.2], one).tolist() == [0, 1, 0]
    assert split_filling([0.3, 0.1, 0.2], one, -1).tolist() == [1, 0, 0]
    assert split_filling([0.1, 0.3, 0.1001], one).tolist() == [0.5, 0, 0.5]
    three = level("Hg", 5, 3.0)
    assert split_filling([0.0, 1.0, 1.01, 2.0, 2.01], three).tolist() == [1, 1, 1, 0, 0]
    assert split_filling([0.0, 1.0, 1.01, 2.0, 2.01], three, -1).tolist() == [0, 0.5, 0.5, 1, 1]


def test_spins_by_hund():
    assert hund_spin((level("T2", 3, 2.0, full=2),), 0) == 2
    assert hund_spin((level("T1u", 3, 4.0, full=2),), 0) == 2
    assert hund_spin((level("E'", 2, 1.0),), 1) == 1
    assert hund_spin((level("Hg", 5, 3.0), level("Hg", 5, 2.0, spin=1)), 1) == 5
    assert hund_spin((), 0) == 0


def test_spins_of_two_open_levels_by_hund():
    assert (
        hund_spin((level("Eg", 2, 1.0), level("T2g", 3, 1.0, spin=1)), 3) == 5
    )  # t2g up is full: eg takes it
    assert hund_spin((level("Eg", 2, 1.0), level("T2g", 3, 2.0, spin=1)), 2) == 4  # room for one only
    assert hund_spin((level("T2g", 3, 2.0, spin=1),), 1) == 1  # no room above in spin up
    assert hund_spin((level("T2g", 3, 4.0, full=2), level("Eg", 2, 2.0, full=2)), 0) == 4
    assert hund_spin((level("T2g", 3, 4.0, full=2), level("Eg", 2, 1.0, full=2)), 1) == 6

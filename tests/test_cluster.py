"""Clusters: what is refused, and how electrons are counted."""

import json

import numpy as np
import pytest

from clusterdft.cluster import Cluster, cluster_from, cluster_values, count_electrons, geometry_values
from clusterdft.errors import InputError

PAIR = {"symbols": ("Na", "Na"), "positions": [[0, 0, 0], [0, 0, 6]]}


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"symbols": ("Na", "Xx")}, "unknown element 'Xx'"),
        ({"symbols": ("Na", "X")}, "unknown element 'X'"),
        ({"symbols": ()}, "no atoms"),
        ({"positions": [[0, 0, 0]]}, "2 rows of x, y, z"),
        ({"positions": [[0, 0, 0], [0, 0, "far"]]}, "do not fit"),
        ({"positions": [[0, 0, 0], [0, 0, np.inf]]}, "not a finite number"),
        ({"positions": [[0, 0, 0], [0, 0, 0.4]]}, "atoms 0 and 1 coincide"),
        ({"charge": 0.5}, "charge is 0.5; give a whole number"),
        ({"charge": "one"}, "charge is one"),
        ({"charge": np.nan}, "charge is nan"),
        ({"n_unpaired": 1.5}, "n_unpaired is 1.5"),
        ({"n_unpaired": True}, "n_unpaired is True"),
    ],
    ids=str,
)
def test_impossible_clusters_are_refused(values, told):
    with pytest.raises(InputError, match=told):
        Cluster(**PAIR | values)


def test_whole_numbers_of_any_type_are_taken():
    cluster = Cluster(**PAIR, charge=np.int64(1), n_unpaired=1.0)
    assert (cluster.charge, cluster.n_unpaired) == (1, 1)
    assert type(cluster.charge) is type(cluster.n_unpaired) is int


def test_positions_cannot_change():
    positions = np.array(PAIR["positions"], float)
    cluster = Cluster(symbols=("Na", "Na"), positions=positions)
    positions[0] = 1.0
    assert np.all(cluster.positions[0] == 0.0)
    with pytest.raises(ValueError, match="read-only"):
        cluster.positions[0] = 1.0


def test_electrons_are_counted_against_charge_and_spin():
    assert count_electrons(Cluster(**PAIR, charge=-1, n_unpaired=3), {"Na": 1}) == 3
    with pytest.raises(InputError, match="at most \\+1"):
        count_electrons(Cluster(**PAIR, charge=2), {"Na": 1})
    with pytest.raises(InputError, match="allowed: 0, 2, or auto"):
        count_electrons(Cluster(**PAIR, n_unpaired=1), {"Na": 1})


def test_moved_clusters_are_checked_like_new_ones():
    cluster = Cluster(symbols=("Na", "K"), positions=[[0, 0, 0], [0, 0, 6]], charge=1, n_unpaired=0)
    moved = cluster.at([[0, 0, 0], [0, 0, 7.0]])
    assert (moved.symbols, moved.charge, moved.n_unpaired) == (("Na", "K"), 1, 0)
    assert moved.positions[1, 2] == 7.0
    assert cluster.positions[1, 2] == 6.0
    assert not moved.positions.flags.writeable
    for wrong in ([[0, 0, 0]], [[0, 0, 0], [0, 0, np.nan]], [[0, 0, 0], [0, 0, 0.4]]):
        with pytest.raises(InputError):
            cluster.at(wrong)


@pytest.mark.parametrize("n_unpaired", [None, 0, 3])
def test_values_of_a_cluster_give_it_back_to_the_last_bit(n_unpaired):
    cluster = Cluster(
        symbols=("Na", "K"), positions=[[0.1, 1 / 3, 0], [0, 0, 6.7]], charge=-1, n_unpaired=n_unpaired
    )
    values = json.loads(json.dumps(cluster_values(cluster)))
    assert list(values) == ["symbols", "positions_bohr", "charge", "n_unpaired"]
    found = cluster_from({**values, "energy_hartree": -1.0})
    assert np.array_equal(found.positions, cluster.positions)
    assert (found.symbols, found.charge, found.n_unpaired) == (("Na", "K"), -1, n_unpaired)
    assert geometry_values(cluster) == {k: values[k] for k in ("symbols", "positions_bohr", "charge")}

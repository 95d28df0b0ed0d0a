"""Channels and sum rules, on made-up energies and on the paper's tables."""

import numpy as np
import pytest

from clusterdft.errors import InputError
from clusterdft.properties.dissociation import (
    atomization_energy,
    dissociation,
    second_differences,
)

RNG = np.random.default_rng(8)
ENERGIES = {(n, q): -0.2 * (n - q) - 0.03 * n * RNG.random() for n in range(1, 9) for q in (-1, 0, 1)}

# atomization energies per atom, eV: Martins, Buttet, Car 1985, table V
NEUTRAL = {1: 0.0, 2: 0.45, 3: 0.43, 4: 0.61, 5: 0.64, 6: 0.73, 7: 0.82, 8: 0.86}
CATION = {1: 0.0, 2: 0.52, 3: 0.86, 4: 0.82, 5: 0.88, 6: 0.89, 7: 0.99, 8: 0.97}
PAPER = {(n, q): -n * e for q, table in ((0, NEUTRAL), (1, CATION)) for n, e in table.items()}


def test_every_channel_is_there_once():
    found = dissociation({k: v for k, v in ENERGIES.items() if k[1] >= 0}, 5, 1)
    assert {channel.fragments for channel in found.channels} == {
        ((1, 0), (4, 1)),
        ((1, 1), (4, 0)),
        ((2, 0), (3, 1)),
        ((2, 1), (3, 0)),
    }
    assert found.missing == ()
    even = dissociation({k: v for k, v in ENERGIES.items() if k[1] >= 0}, 4, 1)
    assert ((2, 1), (2, 0)) in {channel.fragments for channel in even.channels}
    assert len(even.channels) == 3


def test_sorted_and_the_lowest_marked():
    found = dissociation(ENERGIES, 7, 0)
    costs = [channel.energy for channel in found.channels]
    assert costs == sorted(costs)
    assert [channel.lowest for channel in found.channels] == [True] + [False] * (len(costs) - 1)
    for channel in found.channels:
        assert sum(n for n, _ in channel.fragments) == 7
        assert sum(q for _, q in channel.fragments) == 0
        total = sum(ENERGIES[fragment] for fragment in channel.fragments)
        assert channel.energy == pytest.approx(total - ENERGIES[7, 0])


def test_ion_pairs_where_they_are_known():
    assert ((1, 1), (3, -1)) in {channel.fragments for channel in dissociation(ENERGIES, 4).channels}


def test_five_cation_loses_a_dimer():
    """From the paper's own table V; its text says monomer."""
    first, second, *_ = dissociation(PAPER, 5, 1).channels
    assert first.fragments == ((2, 0), (3, 1))
    assert first.energy == pytest.approx(0.92, abs=0.01)
    assert second.fragments == ((1, 0), (4, 1))
    assert second.energy == pytest.approx(1.12, abs=0.01)


@pytest.mark.parametrize(("n", "lost"), [(3, 1), (4, 2), (5, 1), (6, 2), (7, 1), (8, 1)])
def test_neutral_clusters_of_the_paper(n, lost):
    assert dissociation(PAPER, n).channels[0].fragments[0] == (lost, 0)


@pytest.mark.parametrize("charge", [0, 1, -1])
def test_atomization_is_the_sum_along_any_path(charge):
    """Down to atoms along random channels that keep the sign of the charge."""
    rng = np.random.default_rng(3)
    for _ in range(20):
        pieces, spent = [(8, charge)], 0.0
        while any(n > 1 for n, _ in pieces):
            parent = next(piece for piece in pieces if piece[0] > 1)
            channels = [
                c
                for c in dissociation(ENERGIES, *parent).channels
                if {q for _, q in c.fragments} <= {0, parent[1]}
            ]
            chosen = channels[rng.integers(len(channels))]
            pieces.remove(parent)
            pieces += chosen.fragments
            spent += chosen.energy
        assert spent == pytest.approx(atomization_energy(ENERGIES, 8, charge), abs=1e-12)


def test_atomization():
    assert atomization_energy(ENERGIES, 1, 1) == 0
    assert atomization_energy(ENERGIES, 1) == 0
    assert atomization_energy(PAPER, 7, 1) == pytest.approx(7 * 0.99)
    with pytest.raises(InputError, match="one charge an atom"):
        atomization_energy(ENERGIES, 1, 2)


def test_second_differences():
    energies = {(n, 0): 0.5 * 0.01 * n**2 - 0.2 * n for n in range(1, 7)} | {(2, 1): 1.0}
    assert second_differences(energies) == pytest.approx(dict.fromkeys(range(2, 6), 0.01))
    assert second_differences({(1, 0): 0.0, (2, 0): -1.0, (4, 0): -3.0}) == {}
    assert max(second_differences(PAPER), key=second_differences(PAPER).get) in (2, 4)


def test_missing_fragments_are_named():
    found = dissociation({(4, 0): -1.0, (1, 0): -0.2, (3, 0): -0.7}, 4)
    assert found.missing == ((2, 0),)
    assert len(found.channels) == 1
    with pytest.raises(InputError, match="no energy of 4 atoms"):
        dissociation({(1, 0): 0.0}, 4)


def test_an_atom_has_no_channels():
    assert dissociation(ENERGIES, 1).channels == ()


def test_fragments_with_too_much_charge_are_not_missed():
    """Na4+2 has no channel with Na+2 or with Na2+2, which has no electron; Na3+2 might be."""
    energies = {(n, q): -0.2 * (n - q) - 0.03 * n + 0.1 * q**2 / n for n in (1, 2, 3) for q in (0, 1)}
    energies |= {(4, 2): -0.3, (3, 2): -0.1}
    found = dissociation(energies, 4, 2)
    assert found.missing == ()
    assert {channel.fragments for channel in found.channels} == {
        ((1, 1), (3, 1)),
        ((2, 1), (2, 1)),
        ((1, 0), (3, 2)),
    }
    del energies[3, 2]
    assert dissociation(energies, 4, 2).missing == ((3, 2),)
    assert dissociation(energies | {(1, 2): 1.0}, 4, 2).channels[-1].fragments == ((1, 2), (3, 0))
    anion = {(n, -q): energy for (n, q), energy in energies.items()}
    assert dissociation(anion, 4, -2).missing == ((3, -2),)

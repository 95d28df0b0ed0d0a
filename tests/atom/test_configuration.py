"""Configurations are read, written, checked and split into core and valence."""

import pytest
from ase.data import chemical_symbols

from clusterdft.atom import Shell, core_shells, ground_configuration, parse_configuration
from clusterdft.errors import InputError


def named(shells):
    return " ".join(f"{shell.name}{shell.electrons:g}" for shell in shells)


@pytest.mark.parametrize("symbol", chemical_symbols[1:87])
def test_ground_configurations_are_neutral_and_read_back(symbol):
    configuration = ground_configuration(symbol)
    assert configuration.charge == 0
    assert parse_configuration(symbol, configuration.text) == configuration


@pytest.mark.parametrize(
    ("symbol", "text"),
    [
        ("H", "1s1"),
        ("Na", "[Ne] 3s1"),
        ("Cr", "[Ar] 3d5 4s1"),
        ("Cu", "[Ar] 3d10 4s1"),
        ("Pd", "[Kr] 4d10"),
        ("Cs", "[Xe] 6s1"),
        ("Au", "[Xe] 4f14 5d10 6s1"),
        ("Rn", "[Xe] 4f14 5d10 6s2 6p6"),
    ],
)
def test_ground_configurations_are_those_of_the_textbook(symbol, text):
    assert ground_configuration(symbol).text == text


def test_spins_follow_hund_or_are_given():
    assert parse_configuration("P", "[Ne] 3s2 3p3").shells[-1] == Shell(3, 1, 3.0, 0.0)
    assert parse_configuration("S", "[Ne] 3s2 3p4").shells[-1] == Shell(3, 1, 3.0, 1.0)
    assert parse_configuration("Si", "3s2 3p2,1").shells[-1] == Shell(3, 1, 2.0, 1.0)
    assert parse_configuration("Si", "3s2 3p1,1").text == "3s2 3p1,1"
    half = parse_configuration("Na", "[Ne] 3s0.5 3p0.5")
    assert half.charge == 0
    assert half.text == "[Ne] 3s0.5 3p0.5"
    assert parse_configuration("Na", "[Ne] 3s1 3p0").index("3p") == 4


@pytest.mark.parametrize(
    ("symbol", "z_valence", "core"),
    [
        ("Na", 1, "1s2 2s2 2p6"),
        ("K", 1, "1s2 2s2 2p6 3s2 3p6"),
        ("K", 9, "1s2 2s2 2p6"),
        ("Mg", 2, "1s2 2s2 2p6"),
        ("Al", 3, "1s2 2s2 2p6"),
        ("Ga", 3, "1s2 2s2 2p6 3s2 3p6 3d10"),
        ("Ti", 4, "1s2 2s2 2p6 3s2 3p6"),
        ("Cu", 11, "1s2 2s2 2p6 3s2 3p6"),
        ("Rb", 1, "1s2 2s2 2p6 3s2 3p6 3d10 4s2 4p6"),
        ("Cs", 1, "1s2 2s2 2p6 3s2 3p6 3d10 4s2 4p6 4d10 5s2 5p6"),
        ("Cs", 9, "1s2 2s2 2p6 3s2 3p6 3d10 4s2 4p6 4d10"),
        ("Li", 3, ""),
    ],
)
def test_the_core_is_what_is_left_of_the_ground_state(symbol, z_valence, core):
    assert named(core_shells(symbol, z_valence)) == core


@pytest.mark.parametrize(
    ("symbol", "text", "message"),
    [
        ("Na", "[Ne] 3s3", "cannot hold 3 electrons"),
        ("Na", "[Ne] 3p4,0", "4 electrons up"),
        ("Na", "[Kr] 3s1", "no noble-gas core of Na"),
        ("Na", "2d1", "no shell with n = 2"),
        ("Na", "3s1 3s1", "3s twice"),
        ("Na", "", "no electrons"),
        ("Na", "3s-1", "not understood"),
        ("Na", "3x1", "not understood"),
        ("Na", "3s1 [Ne]", "not understood"),
        ("Na", "[Ne] 3s2 3p1", "13 electrons"),
        ("Qq", "1s1", "unknown element"),
        ("X", "1s1", "unknown element"),
        ("Na", "[", "not understood"),
    ],
)
def test_impossible_configurations_are_refused(symbol, text, message):
    with pytest.raises(InputError, match=message):
        parse_configuration(symbol, text)


def test_negative_electrons_and_broken_cores_are_refused():
    with pytest.raises(InputError, match="cannot hold"):
        Shell(3, 0, -0.1, 0.0)
    with pytest.raises(InputError, match=r"whole shells.*3, 9"):
        core_shells("Al", 4)
    with pytest.raises(InputError, match="whole shells"):
        core_shells("Na", 0)

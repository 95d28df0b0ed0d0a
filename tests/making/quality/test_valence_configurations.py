"""The valence configurations in which pseudopotentials are tested, from a rule."""

import pytest

from clusterdft.errors import InputError
from clusterdft.making.quality.valence_configurations import reference_configuration, valence_configurations


def texts(symbol, z_valence):
    return {state.label: state.text for state in valence_configurations(symbol, z_valence)}


def test_potassium_uses_its_lowest_d_shell():
    assert texts("K", 1) == {
        "ground": "4s1",
        "ground, unpolarised": "4s1",
        "half ionised": "4s0.5",
        "ionised": "bare ion",
        "s to p": "4p1",
        "s to d": "3d1",
        "ion with half a p": "4p0.5",
        "ion with half a d": "3d0.5",
    }


def test_magnesium_has_a_bare_ion_after_two_electrons():
    states = texts("Mg", 2)
    assert (states["ionised"], states["twice ionised"]) == ("3s1", "bare ion")
    assert states["s to p"] == "3s1 3p1"
    assert "ground, unpolarised" not in states  # a closed shell


def test_aluminium_never_becomes_an_anion():
    states = valence_configurations("Al", 3)
    assert texts("Al", 3)["p to d"] == "3s2 3d1"
    assert max(sum(shell.electrons for shell in state.shells) for state in states) == 3
    occupations = [(state.text, state.spin_polarized) for state in states]
    assert len(set(occupations)) == len(occupations)


def test_open_shells_follow_hund():
    excited = next(state for state in valence_configurations("Mg", 2) if state.label == "s to p")
    assert sum(shell.up - shell.down for shell in excited.shells) == 2


@pytest.mark.parametrize(
    ("symbol", "z_valence", "l", "text"),
    [
        ("Na", 1, 0, "3s1"),
        ("Na", 1, 1, "3p0.5"),
        ("Al", 3, 1, "3s2 3p1"),
        ("Al", 3, 2, "3s2 3d0.5"),
        ("Cs", 1, 2, "5d0.5"),
    ],
)
def test_reference_of_an_orbital(symbol, z_valence, l, text):  # noqa: E741
    state = reference_configuration(symbol, z_valence, l)
    assert state.text == text
    assert not state.spin_polarized


def test_a_core_of_broken_shells_is_refused():
    with pytest.raises(InputError, match="whole shells"):
        valence_configurations("Mg", 1)

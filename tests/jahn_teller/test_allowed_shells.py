"""The paper's rule: what its discussion says for each number of electrons."""

import pytest

from clusterdft.errors import InputError
from clusterdft.jahn_teller.allowed_shells import shell_rule


@pytest.mark.parametrize("n_electrons", [1, 2, 8, 20, 34])
def test_every_group_holds_an_s_electron_or_full_shells(n_electrons):
    assert all(shell_rule(group, n_electrons).allowed for group in ("Ih", "Oh", "Td", "Kh", "D3h", "C1"))


def test_tetrahedral_sodium_four_is_ruled_out():
    rule = shell_rule("Td", 4)
    assert (rule.shell, rule.electrons, rule.sublevels, rule.allowed) == ("1p", 2, {"T2": 1}, False)
    assert "ruled out" in rule.reason
    assert shell_rule("D2h", 4).allowed


def test_a_single_p_electron_beside_another_shell_allows_an_axis_with_three_or_four():
    assert shell_rule("D3h", 3).allowed  # p along the axis: A2'' below E'
    assert not shell_rule("Td", 3).allowed


def test_five_electrons_allow_d2h_and_its_subgroups_only():
    held = [
        g
        for g in ("Ih", "Oh", "Td", "D5h", "D4h", "D3h", "D3d", "D2d", "C3v", "D2h", "D2", "C2v", "C2h")
        if shell_rule(g, 5).allowed
    ]
    assert held == ["D2h", "D2", "C2v", "C2h"]


def test_six_electrons_fill_two_degenerate_p_levels():
    assert all(shell_rule(group, 6).allowed for group in ("C5v", "D5h", "D3h", "D4h"))
    assert not shell_rule("Oh", 6).allowed


@pytest.mark.parametrize("n_electrons", [12, 13])
def test_both_thirteen_atom_clusters_are_unstable_with_low_spin(n_electrons):
    assert not shell_rule("Ih", n_electrons).allowed
    # the cubo-octahedron has t2g below eg; the other way round four electrons would fill eg
    held = {filling[0] for filling in shell_rule("Oh", n_electrons).fillings}
    assert held <= {("Eg",)}
    assert (n_electrons == 12) == bool(held)


def test_the_sextuplet_of_the_icosahedron_is_closed():
    assert shell_rule("Ih", 13, 5).allowed
    assert shell_rule("Oh", 13, 5).allowed
    assert shell_rule("Oh", 11, 3).allowed  # three of one spin in T2g
    assert not shell_rule("Ih", 13, 3).allowed


def test_conjugate_pairs_and_linear_groups_count_as_degenerate():
    assert not shell_rule("T", 4).allowed
    assert not shell_rule("C3", 5).allowed
    assert shell_rule("Dinfh", 4).allowed
    assert not shell_rule("Cinfv", 5).allowed


@pytest.mark.parametrize(
    ("n_electrons", "n_unpaired"),
    [(0, None), (93, None), (4, 1), (4, 6), (13, 7), (2, 2), (8, 2), (92, 4)],
)
def test_impossible_numbers_are_refused(n_electrons, n_unpaired):
    with pytest.raises(InputError):
        shell_rule("Oh", n_electrons, n_unpaired)

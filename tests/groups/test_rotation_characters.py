"""Characters of complex representations, operation by operation."""

import numpy as np
import pytest
from point_group_names import EVERY

from clusterdft.groups.group_matrices import group_matrices, multiplication_table
from clusterdft.groups.operations import determinants, has_inversion
from clusterdft.groups.rotation_characters import representations

SOME = ["C5", "C6h", "S8", "D3", "D6d", "C4v", "T", "Th", "Td", "O", "Oh", "I", "Ih"]


@pytest.mark.parametrize("name", EVERY)
def test_representations_are_orthonormal_and_complete(name):
    found = representations(name)
    chi = np.stack([one.characters for one in found])
    order = chi.shape[1]
    assert np.abs(chi @ chi.conj().T / order - np.eye(len(chi))).max() < 1e-12
    assert sum(round(one.characters[0].real) ** 2 for one in found) == order


@pytest.mark.parametrize("name", SOME)
def test_those_of_one_dimension_multiply_as_the_operations(name):
    table = multiplication_table(group_matrices(name))
    for one in representations(name):
        if round(one.characters[0].real) == 1:
            assert np.abs(one.characters[:, None] * one.characters - one.characters[table]).max() < 1e-12


@pytest.mark.parametrize("name", SOME)
def test_characters_are_the_same_throughout_a_class(name):
    matrices = group_matrices(name)
    table = multiplication_table(matrices)
    inverse = np.argmax(table == 0, axis=1)
    conjugates = table[table, inverse[:, None]]
    for one in representations(name):
        assert np.abs(one.characters[conjugates] - one.characters).max() < 1e-12


@pytest.mark.parametrize("name", SOME)
def test_conjugate_pairs_stand_together(name):
    found = representations(name)
    for k, one in enumerate(found):
        if one.name.endswith("+"):
            assert found[k + 1].name == one.name[:-1] + "-"
            assert np.abs(found[k + 1].characters - one.characters.conj()).max() < 1e-12
        if not one.name.endswith(("+", "-")):
            assert np.abs(one.characters.imag).max() == 0


@pytest.mark.parametrize("name", SOME)
def test_parities_are_those_of_the_inversion(name):
    matrices = group_matrices(name)
    parities = {one.parity for one in representations(name)}
    assert parities == ({"g", "u"} if has_inversion(matrices) else {""})
    if has_inversion(matrices):
        odd = next(one for one in representations(name) if one.parity == "u")
        even = next(one for one in representations(name) if (one.name, one.parity) == (odd.name, "g"))
        assert odd.characters == pytest.approx(even.characters * determinants(matrices))

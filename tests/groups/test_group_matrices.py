"""Orders, closure and symbols of the groups of matrices."""

import numpy as np
import pytest
from point_group_names import EVERY

from clusterdft.errors import InputError
from clusterdft.groups.group_matrices import generators, group_matrices, multiplication_table, parse_symbol
from clusterdft.groups.operations import same_matrix
from clusterdft.groups.schoenflies import schoenflies

ORDERS = {"C1": 1, "Cs": 2, "Ci": 2, "S4": 4, "C2v": 4, "C5v": 10, "D3": 6, "D2d": 8, "D5h": 20, "D4d": 16}
ORDERS |= {"T": 12, "Td": 24, "Th": 24, "O": 24, "Oh": 48, "I": 60, "Ih": 120, "C6h": 12, "D3d": 12}


@pytest.mark.parametrize(("name", "order"), ORDERS.items())
def test_groups_have_their_order(name, order):
    assert len(group_matrices(name)) == order


@pytest.mark.parametrize("name", EVERY)
def test_groups_are_closed_and_orthogonal_and_named_as_asked_for(name):
    group = group_matrices(name)
    assert np.array_equal(group[0], np.eye(3))
    assert np.allclose(group @ np.swapaxes(group, 1, 2), np.eye(3), atol=1e-12)
    table = multiplication_table(group)
    assert (np.sort(table, axis=1) == np.arange(len(group))).all()
    assert schoenflies(group) == name
    assert all(same_matrix(g, group) is not None for g in generators(name))


def test_what_is_no_group_has_no_table():
    with pytest.raises(ValueError, match="not closed"):
        multiplication_table(group_matrices("C3")[:2])


@pytest.mark.parametrize("name", ["C0", "C1v", "S3", "Dinfh", "Kh", "D1", "Q8", "C2d", ""])
def test_symbols_that_name_no_finite_group(name):
    with pytest.raises(InputError, match="unknown point group"):
        parse_symbol(name)

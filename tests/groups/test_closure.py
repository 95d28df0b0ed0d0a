"""The largest group inside a set of operations that is none."""

from itertools import product

import numpy as np
import pytest

from clusterdft.groups.closure import generated_group, largest_group, product_table, restricted_table
from clusterdft.groups.group_matrices import group_matrices
from clusterdft.groups.operations import determinants, operation_label

CORNERS = np.array(list(product((1.0, -1.0), repeat=3)))
CUBE = group_matrices("Oh")


def table_of_the_cube():
    moved = np.einsum("gxy,iy->gix", CUBE, CORNERS)
    far = np.linalg.norm(moved[:, :, None] - CORNERS, axis=3)
    return product_table(far.argmin(axis=2), determinants(CUBE))


@pytest.mark.parametrize(
    ("lost", "order"),
    [
        ("C4", 24),  # Td and Th do without
        ("C3", 16),  # D4h; groups with one of the other three axes have 12
        ("C2", 12),  # D3d: half a turn about a face's normal is in Td, Th and every D4h
        ("i", 24),  # O and Td
        ("sigma", 24),  # O
    ],
)
def test_without_one_operation_of_the_cube(lost, order):
    table = table_of_the_cube()
    assert len(largest_group(table)) == len(CUBE)
    without = next(k for k, matrix in enumerate(CUBE) if operation_label(matrix) == lost)
    kept = np.setdiff1d(np.arange(len(CUBE)), without)
    left = restricted_table(table, kept)
    group = largest_group(left)
    assert len(group) == order
    assert generated_group(left, group) is not None
    assert len(generated_group(left, group)) == order
    assert 0 in group


def test_order_of_the_others_does_not_matter():
    table = table_of_the_cube()
    without = next(k for k, matrix in enumerate(CUBE) if operation_label(matrix) == "C3")
    rng = np.random.default_rng(0)
    for _ in range(5):
        kept = np.concatenate([[0], rng.permutation(np.setdiff1d(np.arange(1, len(CUBE)), without))])
        index = {old: new for new, old in enumerate(kept)}
        shuffled = np.array([[index.get(table[g, h], -1) for h in kept] for g in kept])
        assert len(largest_group(shuffled)) == 16

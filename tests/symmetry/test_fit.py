"""Exact groups next to nearly orthogonal representations, and geometries."""

import numpy as np
import pytest
from reference_geometries import moved, reference_geometries

from clusterdft.groups.closure import product_table
from clusterdft.groups.group_matrices import group_matrices, multiplication_table
from clusterdft.groups.operations import determinants
from clusterdft.symmetry.atom_matches import find_matches
from clusterdft.symmetry.fit import exact_representation, fit_group

REFERENCE = reference_geometries()


@pytest.mark.parametrize("name", ["C3v", "D4h", "Td", "Oh", "Ih", "S6"])
def test_noisy_matrices_become_a_group(name):
    group = group_matrices(name)
    table = multiplication_table(group)
    noisy = group + np.random.default_rng(0).normal(scale=0.03, size=group.shape)
    exact = exact_representation(noisy, table)
    assert np.abs(exact[:, None] @ exact - exact[table]).max() < 1e-12
    assert np.abs(exact @ np.swapaxes(exact, 1, 2) - np.eye(3)).max() < 1e-12
    assert np.abs(exact - group).max() < 0.1
    assert determinants(exact) == pytest.approx(determinants(group))


def test_matrices_far_from_a_group_are_given_up():
    group = group_matrices("D3h")
    shuffled = np.random.default_rng(1).permutation(group)
    assert exact_representation(shuffled, multiplication_table(group)) is None


@pytest.mark.parametrize("name", ["octahedron", "tetrahedron", "made D3", "square"])
def test_fitted_groups_leave_the_geometry_best_in_place(name):
    x = moved(REFERENCE[name][1], np.random.default_rng(2), 0.04).positions
    x = x - x.mean(axis=0)
    matches = find_matches(x, np.zeros(len(x), dtype=int), 0.25)
    table = product_table(matches.permutations, determinants(matches.matrices))
    fit = fit_group(x, matches, table)
    assert np.abs(fit.matrices[:, None] @ fit.matrices - fit.matrices[table]).max() < 1e-11
    images = fit.symmetric @ np.swapaxes(fit.matrices, 1, 2)
    assert np.abs(images - fit.symmetric[fit.permutations]).max() < 1e-9
    assert fit.deviations == pytest.approx(
        [
            np.linalg.norm(x @ g.T - x[p], axis=1).max()
            for g, p in zip(fit.matrices, fit.permutations, strict=True)
        ]
    )
    shift = fit.symmetric - x  # neither moved nor turned as a whole
    assert np.abs(shift.sum(axis=0)).max() < 1e-10
    assert np.abs(np.cross(fit.symmetric, shift).sum(axis=0)).max() < 1e-9

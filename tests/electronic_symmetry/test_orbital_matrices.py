"""Operations between basis functions: a representation, and the functions themselves."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from clusterdft.basis.shells import OrbitalShells
from clusterdft.electronic_symmetry.orbital_matrices import orthogonal_orbitals, shell_moves, shell_rotation
from clusterdft.errors import InputError
from clusterdft.groups.group_matrices import group_matrices, multiplication_table
from clusterdft.groups.operations import INVERSION
from clusterdft.integrals.one_electron import ao_values, overlap


@pytest.mark.parametrize("momentum", [0, 1, 2])
def test_rotations_of_shells_multiply(momentum):
    rng = np.random.default_rng(0)
    g, h = (Rotation.random(random_state=rng).as_matrix() for _ in range(2))
    first, second, both = (shell_rotation(momentum, matrix) for matrix in (g, h, g @ h))
    assert first @ second == pytest.approx(both, abs=1e-12)
    assert first @ first.T == pytest.approx(np.eye(2 * momentum + 1), abs=1e-12)
    assert shell_rotation(momentum, INVERSION) == pytest.approx((-1) ** momentum * np.eye(2 * momentum + 1))


@pytest.mark.parametrize("momentum", [0, 1, 2])
def test_rotations_turn_the_functions(momentum):
    """f_m(g^-1 r) = sum_n f_n(r) D_nm."""
    shells = OrbitalShells(atom=np.array([0]), l=np.array([momentum]), exponent=np.array([0.05]))
    points = np.random.default_rng(1).normal(scale=4, size=(20, 3))
    g = -Rotation.random(random_state=np.random.default_rng(2)).as_matrix()
    here, back = (ao_values(shells, np.zeros((1, 3)), x)[0] for x in (points, points @ g))
    assert back == pytest.approx(here @ shell_rotation(momentum, g), abs=1e-12)


def test_shells_beyond_d():
    with pytest.raises(InputError, match="angular momentum 3"):
        shell_rotation(3, np.eye(3))


def test_moves_carry_shells_to_the_images_of_their_atoms():
    """Sites along +-x, +-y, +-z under the operations of the cube."""
    sites = np.vstack([np.eye(3), -np.eye(3)])
    group = group_matrices("Oh")
    images = np.einsum("gij,nj->gni", group, sites)
    permutations = np.argmin(np.linalg.norm(images[:, :, None] - sites, axis=3), axis=2)
    shells = OrbitalShells(
        atom=np.repeat(np.arange(6), 3), l=np.tile([0, 1, 2], 6), exponent=np.tile([0.1, 0.2, 0.3], 6)
    )
    move = shell_moves(shells, group, permutations)
    matrices = np.stack([move(k, np.eye(shells.nao)) for k in range(len(group))])
    table = multiplication_table(group)
    for g, h in np.random.default_rng(3).integers(48, size=(20, 2)):
        assert matrices[g] @ matrices[h] == pytest.approx(matrices[table[g, h]], abs=1e-12)
    metric = overlap(shells, 5.0 * sites)
    for matrix in matrices:
        assert matrix.T @ metric @ matrix == pytest.approx(metric, abs=1e-10)


def test_orthogonalised_orbitals():
    shells = OrbitalShells(
        atom=np.array([0, 0, 1, 1]), l=np.array([0, 1, 0, 1]), exponent=np.array([0.1, 0.2, 0.1, 0.2])
    )
    metric = overlap(shells, np.array([[0, 0, 0], [0, 0, 5.0]]))
    orbitals = np.linalg.inv(np.linalg.cholesky(metric)).T  # C^T S C = 1
    turned = orthogonal_orbitals(orbitals, metric)
    assert turned.T @ turned == pytest.approx(np.eye(8), abs=1e-12)
    assert orthogonal_orbitals(np.eye(8), metric) == pytest.approx(orthogonal_orbitals(np.eye(8), metric).T)

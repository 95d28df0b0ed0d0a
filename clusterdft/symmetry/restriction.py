"""A geometry's point group cut down to some of its operations, and to those that its density keeps."""

from dataclasses import replace

import numpy as np

from clusterdft.arrays import frozen_array
from clusterdft.electronic_symmetry.orbital_matrices import orthogonal_orbitals, shell_moves
from clusterdft.groups.closure import largest_group, restricted
from clusterdft.groups.operations import group_matrices, multiplication_table
from clusterdft.groups.schoenflies import schoenflies
from clusterdft.integrals.one_electron import overlap
from clusterdft.properties.density import shells_of
from clusterdft.symmetry.orientation import standard_frame
from clusterdft.symmetry.point_group import CONTINUOUS

KEPT = 0.3  # electrons, norm of the change of a density matrix; an electron in another orbital gives 1.4


def restricted_group(group, members):
    """The PointGroup of some operations of a finite one, in the standard frame of its own symbol.

    Parameters
    ----------
    group : PointGroup of finite order
    members : (order,) indices of operations, closed under multiplication

    Returns
    -------
    PointGroup
        with the symmetrised positions of the whole group
    """
    members = np.asarray(members)
    matrices = group.operations[members]
    name = schoenflies(matrices)
    frame, order = standard_frame(name, matrices, group.symmetrized_positions - group.centre)
    standard, chosen = group_matrices(name), members[order]
    return replace(
        group,
        name=name,
        order=len(standard),
        frame=frozen_array(frame),
        standard=frozen_array(standard),
        operations=frozen_array(frame.T @ standard @ frame),
        permutations=group.permutations[chosen],
        deviations=frozen_array(group.deviations[chosen]),
    )


def density_group(result, group):
    """The operations of a point group that leave the density of either spin in place.

        |D(g) P D(g)^T - P| < 0.3 electrons,   P the density matrix in orthogonalised functions

    Parameters
    ----------
    result : ScfResult
    group : PointGroup of its cluster

    Returns
    -------
    PointGroup
        the same where all do; None where a continuous group is broken
    """
    shells = shells_of(result)
    move = shell_moves(shells, group.operations, group.permutations)
    orbitals = orthogonal_orbitals(result.mo_coeff, overlap(shells, result.cluster.positions))
    densities = np.einsum("sai,si,sbi->sab", orbitals, result.occupation, orbitals)
    changes = [
        max(np.linalg.norm(move(k, move(k, p).T) - p) for p in densities)
        for k in range(len(group.operations))
    ]
    kept = np.flatnonzero(np.array(changes) < KEPT)
    if len(kept) == len(changes):
        return group
    if group.name in CONTINUOUS:
        return None
    table = multiplication_table(group.standard)
    return restricted_group(group, kept[largest_group(restricted(table, kept))])

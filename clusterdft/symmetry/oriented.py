"""Clusters laid along the axes of their point group: numerical grids see the same whatever was given."""

from clusterdft.symmetry.point_group import TOLERANCE, find_point_group, largest_tolerance


def oriented(cluster, tolerance=TOLERANCE):
    """A cluster about its centroid, along the standard axes of its point group.

        R_i -> F (R_i - centre),   rows of F: main axis last, see `find_point_group`

    Parameters
    ----------
    cluster : Cluster
    tolerance : bohr, of the point group; less where atoms are nearer to each other than twice that

    Returns
    -------
    Cluster
        with the atoms in their order, turned but not mirrored

    Notes
    -----
    Of a cluster that was turned and moved it is the same up to operations of the group, and, where
    axes have no direction, up to those of a cube. Angular grids have the symmetry of a cube, so that
    energies on them are the same to rounding, and for a nearly symmetric cluster as far as its symmetry
    goes.
    """
    group = find_point_group(cluster, tolerance=min(tolerance, 0.9 * largest_tolerance(cluster)))
    return cluster.at((cluster.positions - group.centre) @ group.frame.T)

"""Which point group at which tolerance: near-symmetry made visible."""

from clusterdft.symmetry.point_group import NUMERICAL, find_point_group, largest_tolerance

HIGHEST = 1.0  # bohr
BELOW = 1 - 1e-6


def tolerance_scan(cluster, *, labels=None, highest=HIGHEST):
    """All point groups that a geometry has at some tolerance, the tightest tolerance first.

    Parameters
    ----------
    cluster : Cluster
    labels : as in `find_point_group`
    highest : bohr, the largest tolerance; never more than half of the shortest distance between atoms

    Returns
    -------
    tuple of ((low, high), PointGroup)
        bohr; the group holds from its own deviation, low, up to high

    Notes
    -----
    exact, without a grid: the group at a tolerance holds down to its largest deviation, and the next
    one is looked for just below
    """
    tolerance = min(highest, BELOW * largest_tolerance(cluster))
    found = []
    while True:
        group = find_point_group(cluster, tolerance=tolerance, labels=labels)
        low = group.deviation if group.deviation > NUMERICAL else 0.0
        low = min(low, tolerance)
        if found and found[-1][1].name == group.name:
            (_, high), same = found[-1]
            found[-1] = ((low, high), same)
        else:
            found.append(((low, found[-1][0][0] if found else tolerance), group))
        if low == 0.0:
            return tuple(reversed(found))
        tolerance = BELOW * low

"""Where densities and orbitals are drawn: planes through a cluster, and boxes of evenly spaced points."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from clusterdft.arrays import Floats, frozen_array
from clusterdft.cluster import Cluster
from clusterdft.errors import InputError

COLLINEAR_WIDTH = 1e-3  # bohr: points that near to a line span no plane
PLANE_MARGIN, PLANE_SPACING = 8.0, 0.2  # bohr
BOX_MARGIN, BOX_SPACING = 15.0, 0.5  # bohr
MAX_POINTS = 3e7  # 3 GB of coordinates and values


@dataclass(frozen=True, kw_only=True, eq=False)
class Plane:
    """A rectangle of evenly spaced points.

        r_ij = origin + u_j e_u + v_i e_v

    Attributes
    ----------
    origin : (3,) bohr
    axes : (2, 3)
        Orthonormal e_u and e_v.
    u, v : (nu,) and (nv,) bohr
        Ascending.
    """

    origin: Floats
    axes: Floats
    u: Floats
    v: Floats

    @property
    def points(self) -> Floats:
        """(nv, nu, 3) bohr."""
        points: Floats = self.origin + self.u[:, None] * self.axes[0] + self.v[:, None, None] * self.axes[1]
        return points

    @property
    def normal(self) -> Floats:
        """(3,) unit vector."""
        return np.cross(self.axes[0], self.axes[1])

    def coordinates_of(self, positions: ArrayLike) -> Floats:
        """Coordinates u, v and height above the plane of positions (n, 3), (n, 3) bohr."""
        return (np.asarray(positions, float) - self.origin) @ np.vstack([self.axes, self.normal]).T


@dataclass(frozen=True, kw_only=True, eq=False)
class Box:
    """Evenly spaced points along x, y and z.

    Attributes
    ----------
    origin : (3,) bohr
        The first point.
    spacing : float, bohr
    shape : (int, int, int)
        Points along x, y and z.
    """

    origin: Floats
    spacing: float
    shape: tuple[int, int, int]

    @property
    def points(self) -> Floats:
        """(nx, ny, nz, 3) bohr."""
        points: Floats = self.origin + self.spacing * np.moveaxis(np.indices(self.shape), 0, -1)
        return points

    def integrate(self, values: ArrayLike) -> float:
        """Integral over the box of values at its points, (nx, ny, nz)."""
        return float(np.sum(values)) * self.spacing**3


def plane_through(
    cluster: Cluster,
    atoms: Sequence[int] | None = None,
    *,
    margin: float = PLANE_MARGIN,
    spacing: float = PLANE_SPACING,
) -> Plane:
    """The plane of three or more atoms, drawn around the whole cluster.

    Parameters
    ----------
    cluster : Cluster
    atoms : indices
        Of atoms that span the plane; None for all. The plane is that of least squares.
    margin : float, bohr
        Beyond the outermost atoms.
    spacing : float, bohr
        Between points, at most.

    Returns
    -------
    Plane
        e_u is the direction in which these atoms lie farthest apart.

    Raises
    ------
    InputError
        Atoms that span no plane, or are not there; impossible margin or spacing.

    Notes
    -----
    Two atoms and all atoms of a linear cluster span many planes; one of them is taken.
    """
    chosen = np.arange(cluster.natom) if atoms is None else np.asarray(atoms, int)
    if chosen.size == 0 or chosen.min() < 0 or chosen.max() >= cluster.natom:
        raise InputError(f"atoms {chosen.tolist()} of a plane; give indices from 0 to {cluster.natom - 1}")
    _check(margin, spacing)
    centre = cluster.positions[chosen].mean(axis=0)
    _, extent, axes = np.linalg.svd(cluster.positions[chosen] - centre)
    if atoms is not None and chosen.size > 2 and extent[1] < COLLINEAR_WIDTH:
        raise InputError(f"atoms {chosen.tolist()} lie on a line and span no plane; give others")
    return _rectangle(cluster, centre, axes[:2], margin, spacing)


def plane_across(
    cluster: Cluster,
    normal: ArrayLike,
    through: ArrayLike | None = None,
    *,
    margin: float = PLANE_MARGIN,
    spacing: float = PLANE_SPACING,
) -> Plane:
    """The plane with a given normal, drawn around the whole cluster.

    Parameters
    ----------
    cluster : Cluster
    normal : (3,)
        Of any length but zero.
    through : (3,) bohr
        A point of the plane; None for the mean of the nuclei.
    margin, spacing : float, bohr
        As in `plane_through`.

    Returns
    -------
    Plane
        e_u is the direction in it in which the atoms lie farthest apart.

    Raises
    ------
    InputError
        No direction, or no point; impossible margin or spacing.
    """
    centre = cluster.positions.mean(axis=0) if through is None else np.asarray(through, float)
    normal = np.asarray(normal, float)
    length = np.linalg.norm(normal)
    if (
        normal.shape != (3,)
        or centre.shape != (3,)
        or not (length > 0 and np.isfinite([*normal, *centre]).all())
    ):
        raise InputError(
            f"normal {normal.tolist()} of a plane through {np.round(centre, 4).tolist()}; "
            "give three numbers each, the normal not all zero"
        )
    _check(margin, spacing)
    within = np.eye(3) - np.outer(normal, normal) / length**2
    spread = (cluster.positions - cluster.positions.mean(axis=0)) @ within
    # a little of every direction of the plane, so that atoms on a line or on a point leave no choice open
    bias = COLLINEAR_WIDTH * within @ np.diag([3.0, 2.0, 1.0]) @ within
    first = np.linalg.eigh(spread.T @ spread + bias)[1][:, -1]
    return _rectangle(cluster, centre, np.array([first, np.cross(normal / length, first)]), margin, spacing)


def _rectangle(cluster: Cluster, centre: Floats, axes: Floats, margin: float, spacing: float) -> Plane:
    """The Plane of two orthonormal axes that reaches beyond all atoms."""
    flat = (cluster.positions - centre) @ axes.T
    low, high = flat.min(axis=0) - margin, flat.max(axis=0) + margin
    if np.any(high - low < COLLINEAR_WIDTH):
        raise InputError(f"a margin of {margin:g} bohr leaves a map without width; give one such as 8")
    u, v = map(np.linspace, low, high, _counts(high - low, spacing))
    return Plane(origin=frozen_array(centre), axes=frozen_array(axes), u=frozen_array(u), v=frozen_array(v))


def box_around(cluster: Cluster, *, margin: float = BOX_MARGIN, spacing: float = BOX_SPACING) -> Box:
    """A box of points around a cluster.

    Parameters
    ----------
    cluster : Cluster
    margin : float, bohr
        Beyond the outermost atoms.
    spacing : float, bohr
        Between points.

    Returns
    -------
    Box
        Centred on the cluster.

    Raises
    ------
    InputError
        Impossible margin or spacing.

    Notes
    -----
    With the defaults the density of dimers of Li to Cs, Mg and Al integrates to the electrons within
    1e-4 in every shipped basis.
    """
    _check(margin, spacing)
    low, high = cluster.positions.min(axis=0) - margin, cluster.positions.max(axis=0) + margin
    nx, ny, nz = counts = _counts(high - low, spacing)
    origin = 0.5 * (low + high) - 0.5 * spacing * (np.array(counts) - 1)
    return Box(origin=frozen_array(origin), spacing=float(spacing), shape=(nx, ny, nz))


def _check(margin: float, spacing: float) -> None:
    if not (0 <= margin < np.inf and 0 < spacing < np.inf):
        raise InputError(
            f"margin {margin:g} and spacing {spacing:g} bohr; give a margin of at least 0 and a spacing "
            "above 0, both finite"
        )


def _counts(extent: Floats, spacing: float) -> list[int]:
    """Points along each direction, for lengths in bohr."""
    with np.errstate(over="ignore"):
        counts = np.ceil(extent / spacing) + 1
        total = np.prod(counts)
    if not total <= MAX_POINTS:
        raise InputError(
            f"points {spacing:g} bohr apart over {' x '.join(f'{length:.4g}' for length in extent)} bohr are "
            f"{total:.1e}, more than {MAX_POINTS:.0e}; give a larger spacing or a smaller margin"
        )
    return [int(count) for count in counts]

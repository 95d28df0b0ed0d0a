"""Two geometries laid over one another: the best permutation, rotation or mirror image."""

from dataclasses import dataclass

import numpy as np
from numba import njit
from scipy.optimize import linear_sum_assignment

from clusterdft.arrays import Bools, Floats, Ints
from clusterdft.cluster import Cluster
from clusterdft.symmetry.actions import best_rotation

FRAME_TOLERANCE = 1.5  # bohr: atoms that set frames differ by so much in radius and mutual distance
REFINED_FRAMES = 12  # frames that are refined, best first
REFINEMENTS = 20  # permutation and rotation in turn; two or three are enough for all but hopeless frames
EXACT_FIT_RMS = 1e-6  # bohr; a fit this good is not improved by other frames


@dataclass(frozen=True, kw_only=True, eq=False)
class Alignment:
    """How two geometries lie over one another at best.

    Attributes
    ----------
    rms, largest : bohr
        Displacement of the atoms; infinite where nothing fits or the species differ.
    order : (natom,)
        Atom of the second geometry for each of the first.
    rotation : (3, 3)
        a - mean(a) ~ (b[order] - mean(b)) @ rotation;  determinant -1 for mirror images
    """

    rms: float
    largest: float
    order: Ints
    rotation: Floats


def align(a: Cluster, b: Cluster, *, mirrored: bool = False, enough: float = EXACT_FIT_RMS) -> Alignment:
    """The permutation among equal species and the rotation that bring one geometry nearest to another.

        min over P, R of [ sum_i |a_i - R b_P(i)|^2 / natom ]^(1/2),  centroids at the origin

    Two atoms of `a` set a frame, and every pair of `b` that resembles them sets another: each is a candidate
    rotation. Candidates are ranked by how far the atoms are from the nearest one of their species, and
    the best are refined: the best permutation for a rotation, the best rotation for a
    permutation, until neither changes.

    Parameters
    ----------
    a, b : Cluster
    mirrored : bool
        Whether R is improper.
    enough : bohr
        The first overlay with a smaller rms is taken.

    Returns
    -------
    Alignment

    Notes
    -----
    Cost N^2 a candidate. Not a proof of the minimum: geometries more than half a bohr apart may have
    a better overlay than the one found. For closer ones, starts from all rotations have found none.
    """
    if sorted(a.symbols) != sorted(b.symbols):
        return _nothing(a.natom)
    kinds = sorted(set(a.symbols))
    kind_a = np.array([kinds.index(symbol) for symbol in a.symbols])
    kind_b = np.array([kinds.index(symbol) for symbol in b.symbols])
    xa = a.positions - a.positions.mean(axis=0)
    xb = b.positions - b.positions.mean(axis=0)
    handed = -1.0 if mirrored else 1.0
    frames, misfit = _candidates(xa, xb, kind_a, kind_b, handed)
    best = _nothing(a.natom)
    for candidate in np.argsort(misfit, kind="stable")[:REFINED_FRAMES]:
        overlay = _refined(xa, xb, kind_a[:, None] != kind_b, frames[candidate], handed)
        best = overlay if overlay.rms < best.rms else best
        if best.rms < enough:
            break
    return best


def _nothing(natom: int) -> Alignment:
    return Alignment(rms=np.inf, largest=np.inf, order=np.arange(natom), rotation=np.eye(3))


def _refined(xa: Floats, xb: Floats, foreign: Bools, rotation: Floats, handed: float) -> Alignment:
    """The alignment that alternating permutation and rotation lead to."""
    order = np.full(len(xa), -1)
    for _ in range(REFINEMENTS):
        moved = xb @ rotation
        squared = np.sum(xa**2, axis=1)[:, None] + np.sum(moved**2, axis=1) - 2.0 * xa @ moved.T
        squared[foreign] = 1e6
        new = linear_sum_assignment(squared)[1]
        if np.array_equal(new, order):
            break
        order = new
        rotation = best_rotation(xa, xb[order], handed)
    squared = np.sum((xa - xb[order] @ rotation) ** 2, axis=1)
    return Alignment(
        rms=float(np.sqrt(np.mean(squared))),
        largest=float(np.sqrt(np.max(squared))),
        order=order,
        rotation=rotation,
    )


def _candidates(xa: Floats, xb: Floats, kind_a: Ints, kind_b: Ints, handed: float) -> tuple[Floats, Floats]:
    """Rotations (ncandidate, 3, 3) that lay a frame of b over one of a, and how badly they fit, bohr^2."""
    radius_a, radius_b = np.linalg.norm(xa, axis=1), np.linalg.norm(xb, axis=1)
    alike = (kind_a[:, None] == kind_b) & (np.abs(radius_a[:, None] - radius_b) <= FRAME_TOLERANCE)
    first, second = _rarest_pair(xa, radius_a, np.count_nonzero(alike, axis=1))
    k, m = np.nonzero(alike[first][:, None] & alike[second])
    span = np.linalg.norm(xb[k] - xb[m], axis=1)
    fits = np.abs(span - np.linalg.norm(xa[first] - xa[second])) <= FRAME_TOLERANCE
    fits &= (k != m) | (first == second)
    frame_a = _frames(xa[[first]], xa[[second]], 1.0)[0]
    rotations = np.swapaxes(_frames(xb[k[fits]], xb[m[fits]], handed), 1, 2) @ frame_a
    return rotations, _misfits(xa, xb, kind_a, kind_b, rotations)


def _rarest_pair(xa: Floats, radius: Floats, n_alike: Ints) -> tuple[int, int]:
    """Two atoms of a, well apart as seen from the centroid, that the fewest atoms of b resemble."""
    squared = np.maximum(np.outer(radius, radius) ** 2 - (xa @ xa.T) ** 2, 0.0)
    area = np.sqrt(squared) / max(np.sqrt(squared.max()), 1e-9)
    # fewest candidates first; the area decides between equals
    rarity = np.outer(n_alike, n_alike) - 0.5 * area
    rarity[(area < 0.3) & (area < area.max())] = np.inf
    rarity[radius < 0.5 * radius.max()] = np.inf
    if len(xa) > 1:
        np.fill_diagonal(rarity, np.inf)
    return divmod(int(np.argmin(rarity)), len(xa))


def _frames(x: Floats, y: Floats, handed: float) -> Floats:
    """(nframe, 3, 3), rows: unit vectors along x, towards y, and across; left-handed where `handed` is -1."""
    along = _unit(x, np.array([1.0, 0.0, 0.0]))
    other = np.eye(3)[np.argmin(np.abs(along), axis=1)]  # for atoms on one line any direction will do
    other = _unit(other - np.sum(other * along, axis=1)[:, None] * along, other)
    towards = _unit(y - np.sum(y * along, axis=1)[:, None] * along, other)
    return np.stack([along, towards, handed * np.cross(along, towards)], axis=1)


def _unit(x: Floats, otherwise: Floats) -> Floats:
    """The vectors scaled to unit length, those of almost no length replaced."""
    length = np.linalg.norm(x, axis=1)[:, None]
    return np.where(length > 1e-6, x / np.maximum(length, 1e-6), otherwise)


@njit(cache=True, nogil=True)
def _misfits(xa: Floats, xb: Floats, kind_a: Ints, kind_b: Ints, rotations: Floats) -> Floats:
    """(ncandidate,) bohr^2: distances to the nearest atom of the same species, over both geometries."""
    natom, misfit = len(xa), np.empty(len(rotations))
    near_a, near_b, moved = np.empty(natom), np.empty(natom), np.empty(3)
    for c in range(len(rotations)):
        near_a[:], near_b[:] = np.inf, np.inf
        for k in range(natom):
            for axis in range(3):
                moved[axis] = 0.0
                for other in range(3):
                    moved[axis] += xb[k, other] * rotations[c, other, axis]
            for i in range(natom):
                if kind_a[i] == kind_b[k]:
                    x, y, z = xa[i, 0] - moved[0], xa[i, 1] - moved[1], xa[i, 2] - moved[2]
                    r2 = x * x + y * y + z * z
                    near_a[i] = min(near_a[i], r2)
                    near_b[k] = min(near_b[k], r2)
        misfit[c] = near_a.sum() + near_b.sum()
    return misfit

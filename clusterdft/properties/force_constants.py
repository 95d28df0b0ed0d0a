"""The Hessian by central differences of forces, with as few displacements as the symmetry allows."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from clusterdft.arrays import Floats, Ints, frozen_array
from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.surfaces.surface import Surface, SurfacePoint
from clusterdft.symmetry.actions import image_of_vectors, images_of_vectors
from clusterdft.symmetry.point_group import find_point_group

HESSIAN_STEP, MAX_HESSIAN_STEP = 0.1, 0.5  # bohr, of the differences
SYMMETRY_TOLERANCE = 1e-3  # bohr: operations that are so exact are used
# hartree/bohr: an operation that changes the forces by more is none of the electrons'
FORCE_ASYMMETRY_LIMIT = 2e-5
MIN_SINGULAR_VALUE = 1e-2  # of unit displacements that count as independent
N_DIRECTIONS = 60  # spread over the sphere, to choose displacements from

Operation: TypeAlias = tuple[Floats, Ints]  # matrix (3, 3) and permutation (natom,)


@dataclass(frozen=True, kw_only=True, eq=False)
class ForceConstants:
    """A Hessian as it was measured.

    Attributes
    ----------
    raw : (3 natom, 3 natom) hartree/bohr^2
        Not symmetrised; column = displaced coordinate.
    dipole_gradient : (3, 3 natom) elementary charge
        Column = displaced coordinate, the origin of the moment fixed in space; None on a surface without
        dipoles.
    centre : SurfacePoint
        Of the geometry itself.
    energy_mismatch : float, hartree
        Largest |E(+h) + E(-h) - 2 E(0) - h^2 d.H.d|: large where the displaced points are in another
        electronic state.
    spin_change : float
        Largest change of unpaired electrons in the displaced points.
    n_force_calls : int
        With the centre.
    """

    raw: Floats
    dipole_gradient: Floats | None
    centre: SurfacePoint
    energy_mismatch: float
    spin_change: float
    n_force_calls: int


def force_constants(
    cluster: Cluster,
    surface: Surface,
    *,
    step: float = HESSIAN_STEP,
    symmetry_tolerance: float = SYMMETRY_TOLERANCE,
) -> ForceConstants:
    """Second derivatives of the energy by central differences.

        H d = [F(R - h d) - F(R + h d)] / (2 h)

    Displacements d of single atoms are chosen so that they and their images under the point operations
    span all coordinates; H follows by least squares. Displaced points start from the density of the centre.

    Parameters
    ----------
    cluster : Cluster
        Of at least two atoms.
    surface : Surface
    step : float, bohr
        h, above 0 and at most 0.5.
    symmetry_tolerance : float, bohr
        How exact an operation must be to be used; 0 for none but the identity.

    Returns
    -------
    ForceConstants

    Raises
    ------
    InputError
        Step out of range, or `symmetry_tolerance` too large to tell the atoms apart.
    ScfNotConverged
        At the geometry or at a displaced one.
    """
    if not 0 < step <= MAX_HESSIAN_STEP:
        raise InputError(
            f"step {step} bohr of the differences; give one above 0 and at most {MAX_HESSIAN_STEP}"
        )
    centre = surface.precise_point(cluster)
    operations = _operations(cluster, centre.forces, symmetry_tolerance)
    columns = [
        _column(cluster, surface, centre, step, operations, atom, direction)
        for atom, direction in _displacements(operations)
    ]
    return ForceConstants(
        raw=frozen_array(_from_images(columns, operations, _image_of_column)),
        dipole_gradient=_dipole_gradient(columns, operations),
        centre=centre,
        energy_mismatch=max(column.mismatch for column in columns),
        spin_change=max(column.spin_change for column in columns),
        n_force_calls=1 + sum(column.n_calls for column in columns),
    )


def _operations(cluster: Cluster, forces: Floats, symmetry_tolerance: float) -> list[Operation]:
    """Matrices and permutations of the operations that geometry and forces have, the identity among them."""
    if symmetry_tolerance <= 0:
        return [(np.eye(3), np.arange(cluster.natom))]
    group = find_point_group(cluster, tolerance=symmetry_tolerance)
    images = images_of_vectors(group.operations, group.permutations, forces)
    changes = np.abs(images - forces).max(axis=(1, 2))
    pairs = zip(group.operations, group.permutations, strict=True)
    return [pair for pair, change in zip(pairs, changes, strict=True) if change < FORCE_ASYMMETRY_LIMIT]


@dataclass(frozen=True, kw_only=True, eq=False)
class _Column:
    """H d for the displacement d of one atom."""

    atom: int
    direction: Floats
    values: Floats  # (natom, 3)
    slope: Floats | None  # (3,) of the dipole moment
    mismatch: float
    spin_change: float
    n_calls: int


def _column(
    cluster: Cluster,
    surface: Surface,
    centre: SurfacePoint,
    step: float,
    operations: Sequence[Operation],
    atom: int,
    direction: Floats,
) -> _Column:
    """H d from two displaced points, or from one where an operation turns d into -d."""
    shift = np.zeros((cluster.natom, 3))
    shift[atom] = step * direction
    plus = surface.precise_point(cluster.at(cluster.positions + shift), centre.restart)
    back = [(g, p) for g, p in operations if p[atom] == atom and np.allclose(g @ direction, -direction)]
    if back:
        points, other, energy = [plus], image_of_vectors(*back[0], plus.forces), plus.energy
        moments = _moments(cluster, plus, plus, back[0][0])
    else:
        minus = surface.precise_point(cluster.at(cluster.positions - shift), centre.restart)
        points, other, energy = [plus, minus], minus.forces, minus.energy
        moments = _moments(cluster, plus, minus, np.eye(3))
    values = (other - plus.forces) / (2 * step)
    rise = plus.energy + energy - 2 * centre.energy
    return _Column(
        atom=atom,
        direction=direction,
        values=values,
        slope=None if moments is None else (moments[0] - moments[1]) / (2 * step),
        mismatch=abs(rise - step**2 * float(direction @ values[atom])),
        spin_change=max(abs(abs(point.n_unpaired) - abs(centre.n_unpaired)) for point in points),
        n_calls=len(points),
    )


def _displacements(operations: Sequence[Operation]) -> Iterator[tuple[int, Floats]]:
    """(atom, unit vector) whose images under the operations span all displacements of all atoms."""
    covered: set[int] = set()
    natom = len(operations[0][1])
    for atom in range(natom):
        if atom in covered:
            continue
        covered |= {int(p[atom]) for _, p in operations}
        site = np.array([g for g, p in operations if p[atom] == atom])
        chosen = np.zeros((0, 3))
        while _span(chosen)[0] < 3:
            images = [np.concatenate([chosen, site @ d]) for d in _directions()]
            best = max(range(len(images)), key=lambda i: _span(images[i]))
            yield atom, _directions()[best]
            chosen = images[best]


def _directions() -> Floats:
    """Unit vectors: the axes, then points spread over the sphere (golden spiral)."""
    k = np.arange(N_DIRECTIONS) + 0.5
    z, angle = 1 - 2 * k / N_DIRECTIONS, np.pi * (1 + np.sqrt(5)) * k
    rho = np.sqrt(1 - z**2)
    return np.concatenate([np.eye(3), np.column_stack([rho * np.cos(angle), rho * np.sin(angle), z])])


def _span(vectors: Floats) -> tuple[int, float]:
    """(dimensions that unit vectors span, how evenly): the larger the better."""
    if len(vectors) == 0:
        return 0, 0.0
    values = np.linalg.svd(vectors / np.sqrt(len(vectors)), compute_uv=False)
    values = values[values > MIN_SINGULAR_VALUE]
    # rounded, so that displacements that serve equally well are taken in a fixed order
    return len(values), round(float(np.sum(np.log(values))), 6)


def _moments(
    cluster: Cluster, plus: SurfacePoint, minus: SurfacePoint, matrix: Floats
) -> tuple[Floats, Floats] | None:
    """Dipole moments of two points about the centroid, the second one turned; None where there are none."""
    if "dipole" not in plus.details:
        return None
    offset = cluster.charge * cluster.positions.mean(axis=0)
    return plus.details["dipole"] - offset, matrix @ (minus.details["dipole"] - offset)


def _dipole_gradient(columns: Sequence[_Column], operations: Sequence[Operation]) -> Floats | None:
    """(3, 3 natom) by least squares from the slopes and their images; None where there are none."""
    if any(column.slope is None for column in columns):
        return None
    return frozen_array(_from_images(columns, operations, _image_of_slope))


def _image_of_column(column: _Column, matrix: Floats, permutation: Ints) -> Floats:
    return image_of_vectors(matrix, permutation, column.values).ravel()


def _image_of_slope(column: _Column, matrix: Floats, permutation: Ints) -> Floats:
    image: Floats = matrix @ np.asarray(column.slope)
    return image


def _from_images(
    columns: Sequence[_Column],
    operations: Sequence[Operation],
    image: Callable[[_Column, Floats, Ints], Floats],
) -> Floats:
    """(m, 3 natom) by least squares: `image` of a column under an operation is m derivatives along the image.

    A matrix D with D d = image for the displacements d and their images.
    """
    natom = len(operations[0][1])
    directions: list[list[Floats]] = [[] for _ in range(natom)]
    values: list[list[Floats]] = [[] for _ in range(natom)]
    for column in columns:
        for g, permutation in operations:
            directions[permutation[column.atom]].append(g @ column.direction)
            values[permutation[column.atom]].append(image(column, g, permutation))
    blocks = [np.linalg.pinv(np.array(d)) @ np.array(v) for d, v in zip(directions, values, strict=True)]
    return np.concatenate(blocks).T

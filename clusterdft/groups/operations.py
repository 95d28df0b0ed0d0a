"""Single operations of point groups: turns, mirrors, their axes, angles and symbols."""

import numpy as np
from scipy.spatial.transform import Rotation

from clusterdft.arrays import Floats

EQUAL_ENTRIES = 1e-6  # entries of two equal matrices differ by less
EQUAL_MATRICES = 1e-3  # the same for operations of geometries, which are known less well
X, Y, Z = np.eye(3)
DIAGONAL = np.array([1.0, 1.0, 1.0])  # the threefold axis of the cubic and icosahedral groups
VERTEX = np.array([0.0, 1.0, (1 + 5**0.5) / 2])  # a fivefold axis of the icosahedron
INVERSION = -np.eye(3)


def turn(n: int, axis: Floats = Z) -> Floats:
    """Rotation by a full turn over n, (3, 3)."""
    matrix: Floats = Rotation.from_rotvec(2 * np.pi / n * axis / np.linalg.norm(axis)).as_matrix()
    return matrix


def mirror(normal: Floats) -> Floats:
    """Reflection in the plane with that unit normal, (3, 3)."""
    reflection: Floats = np.eye(3) - 2.0 * np.outer(normal, normal)
    return reflection


def determinants(matrices: Floats) -> Floats:
    """1 for rotations, -1 for the others, (..., 3, 3) to (...)."""
    signs: Floats = np.sign(np.linalg.det(matrices))
    return signs


def rotations_of(matrices: Floats) -> Floats:
    """The proper parts: each operation times its determinant."""
    return matrices * determinants(matrices)[..., None, None]


def rotation_axis(matrix: Floats) -> Floats:
    """Unit vector about which the proper part of an operation turns, counter-clockwise.

    Notes
    -----
    Z for the identity and the inversion; of a half turn either direction.
    """
    proper = rotations_of(matrix)
    cosine = (np.trace(proper) - 1) / 2
    if cosine > 1 - EQUAL_ENTRIES:
        return Z
    outer = (proper + proper.T) / 2 - cosine * np.eye(3)  # (1 - cos) a a^T
    column: Floats = outer[:, np.argmax(np.diag(outer))]
    axis = column / np.linalg.norm(column)
    skew = np.array([proper[2, 1] - proper[1, 2], proper[0, 2] - proper[2, 0], proper[1, 0] - proper[0, 1]])
    return -axis if axis @ skew < -EQUAL_ENTRIES else axis


def rotation_angle(matrix: Floats) -> float:
    """Angle of a rotation C, or of the rotoreflection S = sigma C, between 0 and pi."""
    sign = determinants(matrix)
    return float(np.arccos(np.clip((np.trace(matrix) - sign) / 2, -1, 1)))


def operation_label(matrix: Floats) -> str:
    """Schoenflies symbol of one operation: E, i, sigma, C5^2, S4.

    Raises
    ------
    ValueError
        The angle belongs to no finite group.

    Notes
    -----
    Angles are known up to pi: C3 stands for C3^2 too; powers are of the smallest axis, C2 not C4^2.
    """
    proper = determinants(matrix) > 0
    numerator, order = _fraction(rotation_angle(matrix) / (2 * np.pi))
    if not proper and numerator and numerator % 2 == 0:
        numerator = order - numerator  # S5^3: the even powers of S5 are rotations
    power = f"^{numerator}" if numerator > 1 else ""
    if proper:
        return "E" if order == 1 else f"C{order}{power}"
    return {1: "sigma", 2: "i"}.get(order, f"S{order}{power}")


def _fraction(turns: float, largest: int = 1000) -> tuple[int, int]:
    """The simplest fraction (numerator, denominator) equal to a number of turns."""
    for order in range(1, largest):
        numerator = round(turns * order)
        if abs(turns * order - numerator) < EQUAL_ENTRIES * order:
            return numerator, order
    raise ValueError(f"{turns} turns belong to no finite group")


def same_matrix(matrix: Floats, matrices: Floats) -> int | None:
    """Index of a matrix, (3, 3), among others, (m, 3, 3), or None."""
    distance = np.abs(matrices - matrix).max(axis=(1, 2))
    best = int(np.argmin(distance))
    return best if distance[best] < EQUAL_MATRICES else None


def has_inversion(matrices: Floats) -> bool:
    """Whether x -> -x is among the operations."""
    return same_matrix(INVERSION, matrices) is not None

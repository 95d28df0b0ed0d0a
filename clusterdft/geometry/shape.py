"""How a geometry is stretched: moments of inertia and the Hill-Wheeler parameters."""

from dataclasses import dataclass

import numpy as np
from ase.data import atomic_masses, atomic_numbers

from clusterdft.arrays import Floats, frozen_array
from clusterdft.cluster import Cluster
from clusterdft.units import DALTON_ELECTRON_MASS

SPHERICAL_BETA = 0.05  # a smaller beta has no direction to speak of
AXIAL_GAMMA = np.pi / 18  # radians; a gamma that close to 0 or to pi/3 is axial


@dataclass(frozen=True, kw_only=True, eq=False)
class Shape:
    """Moments of a geometry.

    Attributes
    ----------
    moments_of_inertia : (3,) electron masses bohr^2
        About the centre of mass, ascending.
    axes : (3, 3)
        Their principal axes, rows of unit length.
    beta : float
        Quadrupole deformation of the atoms, 0 for a sphere, sqrt(4 pi / 5) = 1.585 for a line.
    gamma : float
        Radians, 0 (prolate) to pi/3 (oblate); 0 where beta is 0.
    word : str
        "spherical", "prolate", "oblate" or "triaxial"
    """

    moments_of_inertia: Floats
    axes: Floats
    beta: float
    gamma: float
    word: str


def shape(cluster: Cluster) -> Shape:
    """Moments of inertia and Hill-Wheeler deformation of a geometry.

        a_k = sqrt(4 pi / 5) (3 q_k - 1) / 2,   q_k = sum_i x_ik^2 / sum_i r_i^2 along the principal axes
        a_k = beta cos(gamma - 2 pi k / 3),   q_0 >= q_1 >= q_2

    Parameters
    ----------
    cluster : Cluster

    Returns
    -------
    Shape

    Notes
    -----
    All atoms count the same in beta and gamma, whatever their mass. To first order beta and gamma
    are those of the ellipsoid R_k = R_0 [1 + sqrt(5 / 4 pi) beta cos(gamma - 2 pi k / 3)]; unlike its
    axes the moments are finite for a planar cluster. Spherical is beta below 0.05; prolate and oblate
    are gamma within 10 degrees of 0 and 60. Any geometry with three equal moments has beta = 0, such as
    a tetrahedron or a cube.

    References
    ----------
    Hill and Wheeler, Phys. Rev. 89, 1102 (1953)
    """
    masses = atomic_masses[[atomic_numbers[s] for s in cluster.symbols]] * DALTON_ELECTRON_MASS
    moments, axes = np.linalg.eigh(inertia_tensor(cluster.positions, masses))
    beta, gamma = hill_wheeler(cluster.positions)
    return Shape(
        moments_of_inertia=frozen_array(np.maximum(moments, 0.0)),
        axes=frozen_array(axes.T),
        beta=beta,
        gamma=gamma,
        word=_word(beta, gamma),
    )


def inertia_tensor(positions: Floats, masses: Floats) -> Floats:
    """Moments of inertia about the centre of mass, (3, 3) electron masses bohr^2.

    Parameters
    ----------
    positions : (natom, 3) bohr
    masses : (natom,) electron masses

    Returns
    -------
    (3, 3) electron masses bohr^2
    """
    x = positions - masses @ positions / masses.sum()
    tensor: Floats = np.sum(masses * np.sum(x**2, axis=1)) * np.eye(3) - (x.T * masses) @ x
    return tensor


def hill_wheeler(positions: Floats) -> tuple[float, float]:
    """Hill and Wheeler's deformation of points about their centroid, see `shape`.

    Parameters
    ----------
    positions : (n, 3) bohr

    Returns
    -------
    beta
    gamma : radians
    """
    x = positions - positions.mean(axis=0)
    square = float(np.sum(x**2))
    if square == 0:
        return 0.0, 0.0
    low, middle, high = np.linalg.eigvalsh(x.T @ x) / square
    along = 0.5 * (3 * high - 1)
    across = 0.5 * np.sqrt(3) * (middle - low)
    return float(np.sqrt(4 * np.pi / 5) * np.hypot(along, across)), float(np.arctan2(across, along))


def _word(beta: float, gamma: float) -> str:
    if beta < SPHERICAL_BETA:
        return "spherical"
    if gamma < AXIAL_GAMMA:
        return "prolate"
    return "oblate" if gamma > np.pi / 3 - AXIAL_GAMMA else "triaxial"

"""Approximate Hessians of metal clusters: a spring model, corrected by the gradients seen so far."""

import numpy as np

from clusterdft.arrays import Floats
from clusterdft.cluster import Cluster
from clusterdft.geometry.distances import covalent_radii

BOND_STIFFNESS = 0.016  # hartree/bohr^2 at the sum of covalent radii; sodium's dimer has 0.013 at 5.5 bohr
DECAY = 1.2  # bohr^-1
SPRINGLESS_STIFFNESS = 0.0015  # hartree/bohr^2, for motions that stretch no spring
MAX_COMPRESSION = 2.0  # bohr; springs stiffen no further than so much below the sum of covalent radii


def spring_hessian(cluster: Cluster) -> Floats:
    """Hessian of springs between all pairs, softer with distance, plus a multiple of the unit matrix.

        H = sum_pairs k exp(-a (r - r_cov)) (n n^T)(pair) + k_flat 1

    Parameters
    ----------
    cluster : Cluster

    Returns
    -------
    (3 natom, 3 natom) hartree/bohr^2
        Positive definite.

    Notes
    -----
    Only its shape matters: the quasi-Newton updates correct it. Cost N^2.
    """
    radii = covalent_radii(cluster.symbols)
    vector = cluster.positions[:, None] - cluster.positions[None]
    r = np.sqrt(np.sum(vector**2, axis=2)) + np.eye(cluster.natom)
    k = BOND_STIFFNESS * np.exp(-DECAY * np.maximum(r - radii[:, None] - radii, -MAX_COMPRESSION))
    np.fill_diagonal(k, 0.0)
    blocks = -np.einsum("ij,ijx,ijy->ixjy", k / r**2, vector, vector)
    atom = np.arange(cluster.natom)
    blocks[atom, :, atom, :] -= np.sum(blocks, axis=2)
    size = 3 * cluster.natom
    springs: Floats = blocks.reshape(size, size)
    return springs + SPRINGLESS_STIFFNESS * np.eye(size)


def bofill_update(hessian: Floats, step: Floats, change: Floats) -> Floats:
    """Hessian that maps `step` to the gradient's `change`, by Bofill's mixture of two updates.

        phi = (d.s)^2 / (d.d)(s.s),  d = y - H s;   H + phi * (symmetric rank one) + (1 - phi) * (Powell)

    It follows negative curvature, where the updates that keep a Hessian positive must look away.

    Parameters
    ----------
    hessian : (n, n) hartree/bohr^2
    step : (n,) bohr
    change : (n,) hartree/bohr

    Returns
    -------
    (n, n) hartree/bohr^2
        Symmetric.

    References
    ----------
    Bofill, J. Comput. Chem. 15, 1 (1994)
    """
    d = change - hessian @ step
    ss, sd, dd = step @ step, step @ d, d @ d
    if ss == 0.0 or dd == 0.0:
        return hessian
    powell = (np.outer(d, step) + np.outer(step, d)) / ss - sd * np.outer(step, step) / ss**2
    # phi * (d d^T) / (s.d), written so that it stays finite as s.d goes to zero
    rank_one = sd * np.outer(d, d) / (dd * ss)
    return hessian + rank_one + (1.0 - sd**2 / (dd * ss)) * powell

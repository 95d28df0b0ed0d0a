"""Harmonic vibrations of a cluster at a stationary point of its surface."""

from dataclasses import dataclass

import numpy as np
from ase.data import atomic_masses, atomic_numbers

from clusterdft.arrays import frozen_array
from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.properties.force_constants import HESSIAN_STEP, SYMMETRY_TOLERANCE, force_constants
from clusterdft.surfaces.choose import surface_of
from clusterdft.units import DALTON_ELECTRON_MASS

LINEAR_EXTENT = 0.01  # of the longest extent: a thinner cluster is linear and has five rigid motions


@dataclass(frozen=True, kw_only=True, eq=False)
class Vibrations:
    """Normal modes in the harmonic approximation, lowest first.

    Attributes
    ----------
    cluster : the geometry
    energy, n_unpaired, largest_force : hartree, electrons, hartree/bohr, at the geometry; None for an atom
    masses : (natom,) electron masses
    frequencies : (nmode,) hartree (times hbar); an imaginary one is given as a negative number
    modes : (nmode, natom, 3) orthonormal eigenvectors e of the mass-weighted Hessian; the atoms move by
        e / sqrt(mass)
    n_zero : translations and rotations, projected out and not among the modes: 6, linear 5, one atom 3
    hessian : (3 natom, 3 natom) hartree/bohr^2, symmetrised
    dipole_gradient : (3, 3 natom) elementary charge, the origin of the moment fixed in space, from the same
        points; None on a surface without dipoles
    asymmetry : hartree/bohr^2, rms of (H - H^T)/sqrt(2) before: the error of one element, were it random
    rigid_residual : hartree/bohr^2, rms of H t for rigid motions t of unit length, zero in a perfect Hessian
    energy_mismatch, spin_change : see ForceConstants; large where displaced points are in another state
    step : bohr, of the differences; n_force_calls : points computed
    """

    cluster: Cluster
    energy: float | None
    n_unpaired: float | None
    largest_force: float | None
    masses: np.ndarray
    frequencies: np.ndarray
    modes: np.ndarray
    n_zero: int
    hessian: np.ndarray
    dipole_gradient: np.ndarray | None
    asymmetry: float
    rigid_residual: float
    energy_mismatch: float
    spin_change: float
    step: float
    n_force_calls: int

    @property
    def displacements(self):
        """(nmode, natom, 3) how the atoms move in each mode, of unit length."""
        moves = self.modes / np.sqrt(self.masses)[:, None]
        return moves / np.linalg.norm(moves, axis=(1, 2), keepdims=True)

    def square_errors(self, element_error=0.0):
        """(nmode,) hartree^2, of the squared frequencies, for independent errors of the Hessian's elements.

        d(omega^2) = s sum_i e_i^2 / m_i,   s = max(asymmetry, rigid residual, `element_error`)
        """
        s = max(self.asymmetry, self.rigid_residual, element_error)
        return s * np.einsum("kix,i->k", self.modes**2, 1.0 / self.masses)


def vibrations(cluster, surface, *, step=HESSIAN_STEP, masses=None, symmetry_tolerance=SYMMETRY_TOLERANCE):
    """Harmonic vibrations from central differences of the forces.

        M^(-1/2) P H P M^(-1/2) e = omega^2 e,   P without translations and rotations

    Parameters
    ----------
    cluster : Cluster at a stationary point
    surface : Method, SurfaceSpec or Surface
    step : bohr, of the differences
    masses : (natom,) dalton; None for the standard atomic weights
    symmetry_tolerance : bohr, how exact a point operation of the geometry must be to save displacements;
        0 for none

    Returns
    -------
    Vibrations

    Raises
    ------
    InputError
        impossible masses or step
    ScfNotConverged
        at the geometry or at a displaced one

    Notes
    -----
    At most 6 natom + 1 force calls. Away from a stationary point the rotations are not exact zero
    modes of the surface; they are projected out all the same, see `rigid_residual`. On the Kohn-Sham
    surface forces carry errors of e = 5e-7 hartree/bohr or less, so a Hessian's element e / h, and by the
    anharmonicity of a sodium bond (a Morse curve) a part 7 a^2 h^2 / 6 = 0.23 h^2 bohr^-2 of it. At the
    default of 0.1 bohr Na2's 170 cm^-1 move by 0.16 and by less than 0.1 cm^-1.
    """
    masses = _masses(cluster, masses)
    if cluster.natom == 1:
        return _atom(cluster, masses, step)
    measured = force_constants(cluster, surface_of(surface), step=step, symmetry_tolerance=symmetry_tolerance)
    raw = measured.raw
    hessian = frozen_array(0.5 * (raw + raw.T))
    rigid = _rigid_motions(cluster, np.ones(cluster.natom))
    frequencies, modes, n_zero = _normal_modes(cluster, hessian, masses)
    return Vibrations(
        cluster=cluster,
        energy=measured.centre.energy,
        n_unpaired=measured.centre.n_unpaired,
        largest_force=measured.centre.largest_force,
        masses=masses,
        frequencies=frequencies,
        modes=modes,
        n_zero=n_zero,
        hessian=hessian,
        dipole_gradient=measured.dipole_gradient,
        asymmetry=float(np.sqrt(np.mean((raw - raw.T) ** 2) / 2)),
        rigid_residual=float(np.sqrt(np.mean((raw @ rigid) ** 2))),
        energy_mismatch=measured.energy_mismatch,
        spin_change=measured.spin_change,
        step=step,
        n_force_calls=measured.n_force_calls,
    )


def _normal_modes(cluster, hessian, masses):
    """Frequencies and modes of a Hessian, translations and rotations projected out.

    Parameters
    ----------
    cluster : Cluster
    hessian : (3 natom, 3 natom) hartree/bohr^2, symmetric
    masses : (natom,) electron masses

    Returns
    -------
    frequencies (nmode,) hartree, modes (nmode, natom, 3), and the number of rigid motions
    """
    rigid = _rigid_motions(cluster, masses)
    n_zero = rigid.shape[1]
    inner = np.linalg.svd(rigid, full_matrices=True)[0][:, n_zero:]
    scale = np.repeat(1.0 / np.sqrt(masses), 3)
    square, vectors = np.linalg.eigh(inner.T @ (scale[:, None] * hessian * scale) @ inner)
    modes = (inner @ vectors).T.reshape(-1, cluster.natom, 3)
    return frozen_array(np.sign(square) * np.sqrt(np.abs(square))), frozen_array(modes), n_zero


def _rigid_motions(cluster, masses):
    """(3 natom, 3, 5 or 6) orthonormal translations and rotations in mass-weighted coordinates."""
    weight = np.sqrt(masses)[:, None]
    x = cluster.positions - masses @ cluster.positions / masses.sum()
    extent, axes = np.linalg.svd(weight * x)[1:]
    shifts = [weight * np.broadcast_to(e, x.shape) for e in np.eye(3)]
    turns = [weight * np.cross(axis, x) for axis in axes]
    if cluster.natom == 1:
        turns = []
    elif extent[1] < LINEAR_EXTENT * extent[0]:
        turns = turns[1:]  # the first axis is that of the atoms
    return np.linalg.qr(np.array(shifts + turns).reshape(-1, x.size).T)[0]


def _masses(cluster, masses):
    """(natom,) electron masses from dalton, or from the standard atomic weights."""
    if masses is None:
        masses = atomic_masses[[atomic_numbers[symbol] for symbol in cluster.symbols]]
    values = np.array(masses, dtype=float)
    if values.shape != (cluster.natom,) or not np.all(np.isfinite(values) & (values > 0)):
        raise InputError(
            f"masses {np.array(masses).tolist()} for {cluster.natom} atoms; "
            f"give {cluster.natom} positive numbers in dalton"
        )
    return frozen_array(values * DALTON_ELECTRON_MASS)


def _atom(cluster, masses, step):
    """The vibrations of a single atom: none."""
    return Vibrations(
        cluster=cluster,
        energy=None,
        n_unpaired=None,
        largest_force=None,
        masses=masses,
        frequencies=frozen_array([]),
        modes=frozen_array([], (0, 1, 3)),
        n_zero=3,
        hessian=frozen_array(np.zeros((3, 3))),
        dipole_gradient=None,
        asymmetry=0.0,
        rigid_residual=0.0,
        energy_mismatch=0.0,
        spin_change=0.0,
        step=step,
        n_force_calls=0,
    )

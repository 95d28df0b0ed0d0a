"""Harmonic vibrations of a cluster at a stationary point of its surface."""

from dataclasses import dataclass

import numpy as np
from ase.data import atomic_masses, atomic_numbers
from numpy.typing import ArrayLike

from clusterdft.arrays import Floats, frozen_array
from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.method import Method
from clusterdft.properties.force_constants import (
    HESSIAN_STEP,
    SYMMETRY_TOLERANCE,
    ForceConstants,
    force_constants,
)
from clusterdft.surfaces.choose import surface_of
from clusterdft.surfaces.surface import Surface, SurfaceSpec
from clusterdft.units import DALTON_ELECTRON_MASS

LINEAR_EXTENT = 0.01  # of the longest extent: a thinner cluster is linear and has five rigid motions


@dataclass(frozen=True, kw_only=True, eq=False)
class Vibrations:
    """Normal modes in the harmonic approximation, lowest first.

    Attributes
    ----------
    cluster : Cluster
        The geometry.
    energy, n_unpaired, largest_force : float
        hartree, electrons, hartree/bohr, at the geometry; None for an atom.
    masses : (natom,) electron masses
    frequencies : (nmode,) hartree
        Times hbar; an imaginary one is given as a negative number.
    modes : (nmode, natom, 3)
        Orthonormal eigenvectors e of the mass-weighted Hessian; the atoms move by e / sqrt(mass).
    n_zero : int
        Translations and rotations, projected out and not among the modes: 6, linear 5, one atom 3.
    hessian : (3 natom, 3 natom) hartree/bohr^2
        Symmetrised.
    dipole_gradient : (3, 3 natom) elementary charge
        The origin of the moment fixed in space, from the same points; None on a surface without dipoles.
    asymmetry : float, hartree/bohr^2
        Rms of (H - H^T)/sqrt(2) before: the error of one element, were it random.
    rigid_residual : float, hartree/bohr^2
        Rms of H t for rigid motions t of unit length, zero in a perfect Hessian.
    energy_mismatch, spin_change : float
        See ForceConstants; large where displaced points are in another state.
    step : float, bohr
        Of the differences.
    n_force_calls : int
        Points computed.
    """

    cluster: Cluster
    energy: float | None
    n_unpaired: float | None
    largest_force: float | None
    masses: Floats
    frequencies: Floats
    modes: Floats
    n_zero: int
    hessian: Floats
    dipole_gradient: Floats | None
    asymmetry: float
    rigid_residual: float
    energy_mismatch: float
    spin_change: float
    step: float
    n_force_calls: int

    @property
    def displacements(self) -> Floats:
        """(nmode, natom, 3) how the atoms move in each mode, of unit length."""
        moves = self.modes / np.sqrt(self.masses)[:, None]
        unit: Floats = moves / np.linalg.norm(moves, axis=(1, 2), keepdims=True)
        return unit

    def square_errors(self, element_error: float = 0.0) -> Floats:
        """Errors of the squared frequencies, for independent errors of the Hessian's elements.

            d(omega^2) = s sum_i e_i^2 / m_i,   s = max(asymmetry, rigid residual, `element_error`)

        Parameters
        ----------
        element_error : float, hartree/bohr^2
            What an element of the Hessian is wrong by at least.

        Returns
        -------
        (nmode,) hartree^2
        """
        s = max(self.asymmetry, self.rigid_residual, element_error)
        errors: Floats = s * np.einsum("kix,i->k", self.modes**2, 1.0 / self.masses)
        return errors


def vibrations(
    cluster: Cluster,
    surface: Method | SurfaceSpec | Surface,
    *,
    step: float = HESSIAN_STEP,
    masses: ArrayLike | None = None,
    symmetry_tolerance: float = SYMMETRY_TOLERANCE,
) -> Vibrations:
    """Harmonic vibrations from central differences of the forces.

        M^(-1/2) P H P M^(-1/2) e = omega^2 e,   P without translations and rotations

    Parameters
    ----------
    cluster : Cluster
        At a stationary point.
    surface : Method, SurfaceSpec or Surface
    step : float, bohr
        Of the differences.
    masses : (natom,) dalton
        None for the standard atomic weights.
    symmetry_tolerance : float, bohr
        How exact a point operation of the geometry must be to save displacements; 0 for none.

    Returns
    -------
    Vibrations

    Raises
    ------
    InputError
        Impossible masses or step.
    ScfNotConverged
        At the geometry or at a displaced one.

    Notes
    -----
    At most 6 natom + 1 force calls. Away from a stationary point the rotations are not exact zero
    modes of the surface; they are projected out all the same, see `rigid_residual`. On the Kohn-Sham
    surface forces carry errors of e = 5e-7 hartree/bohr or less, so a Hessian's element e / h, and by the
    anharmonicity of a sodium bond (a Morse curve) a part 7 a^2 h^2 / 6 = 0.23 h^2 bohr^-2 of it. At the
    default of 0.1 bohr Na2's 170 cm^-1 move by 0.16 and by less than 0.1 cm^-1.
    """
    electron_masses = _masses(cluster, masses)
    if cluster.natom == 1:
        return _atom(cluster, electron_masses, step)
    measured = force_constants(cluster, surface_of(surface), step=step, symmetry_tolerance=symmetry_tolerance)
    return _vibrations_of(cluster, measured, electron_masses, step)


def _vibrations_of(cluster: Cluster, measured: ForceConstants, masses: Floats, step: float) -> Vibrations:
    """Normal modes of a Hessian that was measured with a step."""
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


def _normal_modes(cluster: Cluster, hessian: Floats, masses: Floats) -> tuple[Floats, Floats, int]:
    """Frequencies (nmode,) hartree, modes (nmode, natom, 3), and how many rigid motions are projected out."""
    rigid = _rigid_motions(cluster, masses)
    n_zero = rigid.shape[1]
    inner = np.linalg.svd(rigid, full_matrices=True)[0][:, n_zero:]
    scale = np.repeat(1.0 / np.sqrt(masses), 3)
    square, vectors = np.linalg.eigh(inner.T @ (scale[:, None] * hessian * scale) @ inner)
    modes = (inner @ vectors).T.reshape(-1, cluster.natom, 3)
    return frozen_array(np.sign(square) * np.sqrt(np.abs(square))), frozen_array(modes), n_zero


def _rigid_motions(cluster: Cluster, masses: Floats) -> Floats:
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


def _masses(cluster: Cluster, masses: ArrayLike | None) -> Floats:
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


def _atom(cluster: Cluster, masses: Floats, step: float) -> Vibrations:
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

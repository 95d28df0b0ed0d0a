"""Kohn-Sham levels: occupations, angular character about the centre of charge, shells."""

from dataclasses import dataclass

import numpy as np
from scipy.special import sph_harm_y

from clusterdft.arrays import Complexes, Floats, frozen_array
from clusterdft.errors import InputError
from clusterdft.integrals.one_electron import ao_values, dipole
from clusterdft.scf.result import ScfResult
from clusterdft.units import MOMENTUM_LETTERS

CHARACTER_LETTERS = MOMENTUM_LETTERS[:4]  # higher momenta are one share together
RADIAL_SPACING = 0.25  # bohr, on average: Gauss-Legendre points, so that errors fall exponentially
GAUSSIAN_REACH = 3.5  # an s Gaussian exp(-a r^2) is followed out to GAUSSIAN_REACH / sqrt(a)
LEBEDEV_DEGREES = (31, 41, 53, 65, 83, 101, 131)  # of Lebedev's rules
NO_ELECTRONS_LIMIT = 1e-8  # electrons: an orbital or a cluster with fewer is empty
OCCUPATION_TOLERANCE = 1e-3  # electrons: the self-consistent field may leave as many in empty levels


@dataclass(frozen=True, kw_only=True)
class ShellFilling:
    """Electrons in one shell of the cluster as a whole.

    Attributes
    ----------
    name : str
        Such as "1p": the first three orbitals of p character of either spin; 2p the next three.
    electrons : float
        In it.
    energy : float, hartree
        Mean of its electrons.
    """

    name: str
    electrons: float
    energy: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Levels:
    """Kohn-Sham levels.

    Attributes
    ----------
    energy : (nspin, nmo) hartree
        Ascending.
    occupation : (nspin, nmo) electrons
    character : (nspin, nmo, 5)
        Shares of s, p, d, f and of all higher angular momenta about the centre; they add up to one.
    centre : (3,) bohr
        Of the electrons' charge.
    shells : tuple of ShellFilling
        The lowest first.
    """

    energy: Floats
    occupation: Floats
    character: Floats
    centre: Floats
    shells: tuple[ShellFilling, ...]

    @property
    def label(self) -> str:
        """The shells in one line, such as "1s2 1p6"; those with less than 0.005 electrons are left out."""
        counts = [(shell.name, round(shell.electrons, 2)) for shell in self.shells]
        return " ".join(f"{name}{electrons:g}" for name, electrons in counts if electrons)

    @property
    def gap(self) -> float | None:
        """Lowest level with room for 0.001 electrons minus highest with as many, hartree, or None."""
        full = 2.0 if len(self.energy) == 1 else 1.0
        held, room = self.occupation > OCCUPATION_TOLERANCE, self.occupation < full - OCCUPATION_TOLERANCE
        if not (held.any() and room.any()):
            return None
        return float(self.energy[room].min() - self.energy[held].max())


def levels(result: ScfResult) -> Levels:
    """Levels of a result with their character and shells.

        w_l = int r^2 dr sum_m |int Y_lm psi dOmega|^2,   r from the centre of charge

    Parameters
    ----------
    result : ScfResult
        With electrons.

    Returns
    -------
    Levels

    Raises
    ------
    InputError
        No electrons, so no centre of charge.

    Notes
    -----
    An orbital counts for the shell of its largest share. Where levels of unlike character coincide,
    their orbitals are any mixture, and only the sums of their shares mean something.
    """
    centre = centre_of_charge(result)
    character = angular_character(result, centre)
    return Levels(
        energy=frozen_array(result.mo_energy),
        occupation=frozen_array(result.occupation),
        character=frozen_array(character),
        centre=frozen_array(centre),
        shells=_shells(result.mo_energy, result.occupation, character),
    )


def centre_of_charge(result: ScfResult) -> Floats:
    """Mean position of the electrons.

        c = tr(D r) / N

    Parameters
    ----------
    result : ScfResult

    Returns
    -------
    (3,) bohr

    Raises
    ------
    InputError
        No electrons.
    """
    electrons = float(result.occupation.sum())
    if electrons < NO_ELECTRONS_LIMIT:
        raise InputError("there are no electrons, so no centre of charge; take a cluster with electrons")
    # about the mean of the nuclei, so that far clusters lose no digits
    middle = result.cluster.positions.mean(axis=0)
    moments = dipole(result.shells, result.cluster.positions - middle)
    centre: Floats = middle + np.einsum("xab,sba->x", moments, result.dm) / electrons
    return centre


def angular_character(result: ScfResult, centre: Floats) -> Floats:
    """Shares of s, p, d, f and higher angular momenta about a point in every orbital.

    Parameters
    ----------
    result : ScfResult
    centre : (3,) bohr

    Returns
    -------
    (nspin, nmo, 5)
        Adding up to one.

    Notes
    -----
    Gauss-Legendre radii times Lebedev's spheres, whose degree grows with the distance of the atoms
    and the tightness of their functions.
    """
    shells, positions = result.shells, result.cluster.positions - centre
    far = float(np.linalg.norm(positions, axis=1).max())
    directions, projector = _projector(_degree(far, float(shells.exponent.max())))
    radii, weights = _radii(far + GAUSSIAN_REACH / np.sqrt(shells.exponent.min()))
    shares = np.zeros((len(CHARACTER_LETTERS), *result.mo_energy.shape))
    for radius, weight in zip(radii, weights, strict=True):
        ao = ao_values(shells, positions, radius * directions)[0]
        parts = np.einsum("ma,sai->msi", projector @ ao, result.mo_coeff, optimize=True)
        for momentum in range(len(CHARACTER_LETTERS)):
            block = parts[momentum**2 : (momentum + 1) ** 2]
            shares[momentum] += weight * radius**2 * np.sum(np.abs(block) ** 2, axis=0)
    shares = np.moveaxis(shares, 0, -1)
    return np.concatenate([shares, 1.0 - shares.sum(axis=-1, keepdims=True)], axis=-1)


def _degree(far: float, tightest: float) -> int:
    """Degree of the spherical rule: the parts l of a Gaussian at a distance fall off as exp(-l^2/4 a r^2)."""
    needed = 12 + 5 * np.sqrt(2 * tightest) * far
    return next((degree for degree in LEBEDEV_DEGREES if degree >= needed), LEBEDEV_DEGREES[-1])


def _projector(degree: int) -> tuple[Floats, Complexes]:
    """(npoint, 3) directions; (16, npoint) weights that turn values on the sphere into parts Y_lm."""
    from scipy.integrate import lebedev_rule  # slow to import

    directions, weights = lebedev_rule(degree)
    theta, phi = np.arccos(np.clip(directions[2], -1, 1)), np.arctan2(directions[1], directions[0])
    pairs = [
        (momentum, m) for momentum in range(len(CHARACTER_LETTERS)) for m in range(-momentum, momentum + 1)
    ]
    harmonics = np.array([sph_harm_y(momentum, m, theta, phi) for momentum, m in pairs])
    return np.ascontiguousarray(directions.T), harmonics.conj() * weights


def _radii(reach: float) -> tuple[Floats, Floats]:
    """Radii and weights of an integral over r from 0 to `reach`."""
    nodes, weights = np.polynomial.legendre.leggauss(int(np.ceil(reach / RADIAL_SPACING)))
    return 0.5 * reach * (nodes + 1), 0.5 * reach * weights


def _shells(energy: Floats, occupation: Floats, character: Floats) -> tuple[ShellFilling, ...]:
    """Occupied shells: orbitals of one spin and character, 2 l + 1 at a time."""
    members: dict[str, list[tuple[float, float]]] = {}
    for spin in range(len(energy)):
        momenta = character[spin, :, : len(CHARACTER_LETTERS)].argmax(axis=-1)
        for i in np.flatnonzero(occupation[spin] > NO_ELECTRONS_LIMIT):
            before = int(np.sum(momenta[:i] == momenta[i]))
            name = f"{before // (2 * momenta[i] + 1) + 1}{CHARACTER_LETTERS[momenta[i]]}"
            members.setdefault(name, []).append((energy[spin, i], occupation[spin, i]))
    shells = []
    for name, orbitals in members.items():
        energies, electrons = np.array(orbitals).T
        mean = float(energies @ electrons / electrons.sum())
        shells.append(ShellFilling(name=name, electrons=float(electrons.sum()), energy=mean))
    return tuple(sorted(shells, key=lambda shell: shell.energy))

"""When two geometries are the same isomer, whatever their atom order, orientation and handedness."""

from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import Protocol

import numpy as np

from clusterdft.arrays import Floats, frozen_array
from clusterdft.cluster import Cluster
from clusterdft.isomers.overlay import align
from clusterdft.relaxation.relax import FMAX

ISOMER_ENERGY_TOLERANCE = 4e-4  # hartree, 10 meV
ISOMER_SPIN_TOLERANCE = 0.2  # unpaired electrons
MIN_RMS_TOLERANCE = 0.05  # bohr, what is told apart however well the geometries are relaxed
MAX_RMS_TOLERANCE = 0.40  # bohr, what is told apart at the usual force limit
SOFT_MODE_STIFFNESS = 1e-4  # hartree/bohr^2, of the softest mode that is expected
LARGEST_OVER_RMS = 2.5  # the atom that moves most, in units of the rms displacement allowed


@dataclass(frozen=True, kw_only=True, eq=False)
class Fingerprint:
    """Sorted distances of a geometry: between atoms for each pair of species, and to the centroid.

    Attributes
    ----------
    composition : sorted (symbol, count)
    distances : (nvalue,) bohr
    """

    composition: tuple[tuple[str, int], ...]
    distances: Floats


def fingerprint(cluster: Cluster) -> Fingerprint:
    """Fingerprint of a geometry, the same for all permutations, rotations, shifts and mirror images.

    Parameters
    ----------
    cluster : Cluster

    Returns
    -------
    Fingerprint

    Notes
    -----
    Sorted distances move continuously with the atoms and by no more than they do. Distinct
    geometries that share all of them exist; `same_isomer`, which uses fingerprints to dismiss the
    others quickly, overlays the atoms themselves.
    """
    symbols = np.array(cluster.symbols)
    species = sorted(set(cluster.symbols))
    r = np.linalg.norm(cluster.positions[:, None] - cluster.positions[None], axis=2)
    first, second = np.triu_indices(cluster.natom, 1)
    values = []
    for a, b in combinations_with_replacement(species, 2):
        pair = ((symbols[first] == a) & (symbols[second] == b)) | (
            (symbols[first] == b) & (symbols[second] == a)
        )
        values.append(np.sort(r[first, second][pair]))
    radius = np.linalg.norm(cluster.positions - cluster.positions.mean(axis=0), axis=1)
    values += [np.sort(radius[symbols == a]) for a in species]
    composition = tuple((a, int(np.sum(symbols == a))) for a in species)
    return Fingerprint(composition=composition, distances=frozen_array(np.concatenate(values)))


def fingerprint_distance(a: Fingerprint, b: Fingerprint) -> float:
    """Root-mean-square difference of two fingerprints, bohr; infinite between different compositions.

    Parameters
    ----------
    a, b : Fingerprint

    Returns
    -------
    float
        bohr
    """
    if a.composition != b.composition:
        return np.inf
    return float(np.sqrt(np.mean((a.distances - b.distances) ** 2)))


@dataclass(frozen=True, kw_only=True, eq=False)
class Match:
    """How two geometries compare.

    Attributes
    ----------
    same : bool
        Whether they are the same isomer, handedness ignored.
    rms, largest : bohr
        Displacement of the atoms when overlaid; infinite where their fingerprints dismissed them.
    mirrored : bool
        Whether only the mirror image of one matches the other.
    """

    same: bool
    rms: float
    largest: float
    mirrored: bool


def displacement_tolerance(largest_force: float = FMAX) -> float:
    """How far apart, as the rms over the atoms, two geometries of one isomer may be.

        d = min(0.05 bohr + F / k, 0.40 bohr),   k = 1e-4 hartree/bohr^2

    Parameters
    ----------
    largest_force : hartree/bohr
        Of the less well relaxed one; the default is the limit of `relax`.

    Returns
    -------
    float
        bohr

    Notes
    -----
    Geometries scatter along soft modes by F / k. Measured on the sodium model potential (`Gupta`, 4
    to 20 atoms, 1020 relaxed random starts and 2040 kicked copies, both quasi-Newton relaxers), against
    the same geometries relaxed on to 1e-7 hartree/bohr, where minima coincide within 0.001 bohr or
    are at least 0.9 bohr apart. Ends at 0.01 eV/angstrom within 0.1 meV an atom of their minimum:

            one minimum (19336 pairs)      median 0.04, 99% 0.18, largest 0.39 bohr; energies within 2 meV
            two, within 10 meV (4004)      smallest 0.42, all but ten above 0.65 bohr

        With 0.40 bohr no pair is split or merged falsely; with sorted distances alone, 130 were split. At
        0.3, 0.1, 0.03 and 0.01 of that force limit one minimum scatters by at most 0.19, 0.19, 0.09 and
        0.03 bohr: whoever must tell apart what is 0.1 bohr apart can relax to 0.0003 eV/angstrom.
        A quarter of the ends on that potential (soft: 1e-4 hartree/bohr^2) are no minima but saddle points
        or shoulders with small forces; no tolerance tells where they belong, a relaxation from there does.
    """
    return min(MIN_RMS_TOLERANCE + largest_force / SOFT_MODE_STIFFNESS, MAX_RMS_TOLERANCE)


def same_isomer(
    a: Cluster,
    b: Cluster,
    *,
    energy_difference: float = 0.0,
    largest_force: float = FMAX,
    fingerprints: tuple[Fingerprint, Fingerprint] | None = None,
) -> Match:
    """Whether two relaxed geometries are the same isomer.

    They are when their energies agree within 10 meV and some permutation of equal atoms with a rotation, or a
    rotation and a reflection, lays one over the other within `displacement_tolerance` (and no atom is off by
    more than 2.5 times that). Most others are dismissed by their sorted distances, which bound the overlay:

        rms_i<j (sorted r_ij(a) - sorted r_ij(b)) <= [2 natom / (natom - 1)]^(1/2) * rms displacement

    Parameters
    ----------
    a, b : Cluster
    energy_difference : hartree
        Of either sign.
    largest_force : hartree/bohr
        Of the less well relaxed one.
    fingerprints : pair of Fingerprint or None
        Of both, where known.

    Returns
    -------
    Match
    """
    apart = Match(same=False, rms=np.inf, largest=np.inf, mirrored=False)
    if abs(energy_difference) >= ISOMER_ENERGY_TOLERANCE or a.natom != b.natom:
        return apart
    reach = displacement_tolerance(largest_force)
    of_a, of_b = fingerprints or (fingerprint(a), fingerprint(b))
    if fingerprint_distance(of_a, of_b) > reach * (2.0 * a.natom / max(a.natom - 1, 1)) ** 0.5:
        return apart
    best = apart
    for mirrored in (False, True):
        overlay = align(a, b, mirrored=mirrored, enough=0.25 * reach)
        same = overlay.rms <= reach and overlay.largest <= LARGEST_OVER_RMS * reach
        if same or overlay.rms < best.rms:
            best = Match(same=same, rms=overlay.rms, largest=overlay.largest, mirrored=mirrored)
        if same:
            break
    return best


class RelaxedStart(Protocol):
    """How the relaxation of a numbered start ended, as far as isomers are made of it."""

    @property
    def index(self) -> int:
        """Number of the start."""

    @property
    def cluster(self) -> Cluster:
        """The last geometry."""

    @property
    def energy(self) -> float | None:
        """Hartree; None where nothing converged, which is no isomer."""

    @property
    def n_unpaired(self) -> float | None:
        """Electrons."""

    @property
    def largest_force(self) -> float | None:
        """Hartree/bohr."""

    @property
    def n_force_calls(self) -> int:
        """What it cost."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Minimum:
    """A local minimum that a search has found.

    Attributes
    ----------
    number : int
        Of the start that ended there.
    cluster : Cluster
    energy, n_unpaired, largest_force : hartree, electrons, hartree/bohr
    fingerprint : Fingerprint
        Of the geometry.
    """

    number: int
    cluster: Cluster
    energy: float
    n_unpaired: float
    largest_force: float
    fingerprint: Fingerprint


def minimum_of(outcome: RelaxedStart) -> Minimum:
    """The Minimum that a relaxed outcome ended in.

    Returns
    -------
    Minimum

    Raises
    ------
    ValueError
        An outcome without energy.
    """
    if outcome.energy is None:
        raise ValueError(f"start {outcome.index} ended without an energy: that is no minimum")
    return Minimum(
        number=outcome.index,
        cluster=outcome.cluster,
        energy=outcome.energy,
        n_unpaired=0.0 if outcome.n_unpaired is None else outcome.n_unpaired,
        largest_force=FMAX if outcome.largest_force is None else outcome.largest_force,
        fingerprint=fingerprint(outcome.cluster),
    )


def same_minimum(a: Minimum, b: Minimum) -> bool:
    """Whether two minima are the same isomer, by the rules of `merge`.

    Parameters
    ----------
    a, b : Minimum

    Returns
    -------
    bool
    """
    return (
        abs(a.n_unpaired - b.n_unpaired) < ISOMER_SPIN_TOLERANCE
        and same_isomer(
            a.cluster,
            b.cluster,
            energy_difference=b.energy - a.energy,
            largest_force=max(a.largest_force, b.largest_force),
            fingerprints=(a.fingerprint, b.fingerprint),
        ).same
    )

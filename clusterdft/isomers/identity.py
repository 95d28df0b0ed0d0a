"""Whether two relaxed geometries are one isomer, and whether an isomer is chiral."""

from dataclasses import dataclass

import numpy as np

from clusterdft.isomers.fingerprint import ENERGY_TOLERANCE, fingerprint, fingerprint_distance
from clusterdft.isomers.overlay import align
from clusterdft.relaxation.relax import FMAX

FINEST = 0.05  # bohr, what is told apart however well the geometries are relaxed
COARSEST = 0.40  # bohr, what is told apart at the usual force limit
SOFTEST = 1e-4  # hartree/bohr^2, stiffness of the softest mode that is expected
FARTHEST = 2.5  # the atom that moves most, in units of the rms displacement allowed


@dataclass(frozen=True, kw_only=True, eq=False)
class Match:
    """How two geometries compare.

    Attributes
    ----------
    same : whether they are the same isomer, handedness ignored
    rms, largest : bohr, displacement of the atoms when overlaid; infinite where the screen dismissed them
    mirrored : whether only the mirror image of one matches the other
    """

    same: bool
    rms: float
    largest: float
    mirrored: bool


def displacement_tolerance(largest_force=FMAX):
    """How far apart, as the rms over the atoms, two geometries of one isomer may be.

        d = min(0.05 bohr + F / k, 0.40 bohr),   k = 1e-4 hartree/bohr^2

    Parameters
    ----------
    largest_force : hartree/bohr, of the less well relaxed one; the default is the limit of `relax`

    Returns
    -------
    float, bohr

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
    return min(FINEST + largest_force / SOFTEST, COARSEST)


def same_isomer(a, b, *, energy_difference=0.0, largest_force=FMAX, marks=None):
    """Whether two relaxed geometries are the same isomer.

    They are when their energies agree within 10 meV and some permutation of equal atoms with a rotation, or a
    rotation and a reflection, lays one over the other within `displacement_tolerance` (and no atom is off by
    more than 2.5 times that). Most others are dismissed by their sorted distances, which bound the overlay:

        rms_i<j (sorted r_ij(a) - sorted r_ij(b)) <= [2 natom / (natom - 1)]^(1/2) * rms displacement

    Parameters
    ----------
    a, b : Cluster
    energy_difference : hartree, of either sign
    largest_force : hartree/bohr, of the less well relaxed one
    marks : their Fingerprints where known, or None

    Returns
    -------
    Match
    """
    apart = Match(same=False, rms=np.inf, largest=np.inf, mirrored=False)
    if abs(energy_difference) >= ENERGY_TOLERANCE or a.natom != b.natom:
        return apart
    reach = displacement_tolerance(largest_force)
    mark_a, mark_b = marks or (fingerprint(a), fingerprint(b))
    if fingerprint_distance(mark_a, mark_b) > reach * (2.0 * a.natom / max(a.natom - 1, 1)) ** 0.5:
        return apart
    best = apart
    for mirrored in (False, True):
        overlay = align(a, b, mirrored=mirrored, enough=0.25 * reach)
        same = overlay.rms <= reach and overlay.largest <= FARTHEST * reach
        if same or overlay.rms < best.rms:
            best = Match(same=same, rms=overlay.rms, largest=overlay.largest, mirrored=mirrored)
        if same:
            break
    return best


def is_chiral(cluster, tolerance=None):
    """Whether a geometry differs from its mirror image.

    Parameters
    ----------
    cluster : Cluster
    tolerance : bohr, rms displacement; the default is `displacement_tolerance()`

    Returns
    -------
    bool
    """
    tolerance = displacement_tolerance() if tolerance is None else tolerance
    return align(cluster, cluster, mirrored=True, enough=0.25 * tolerance).rms > tolerance

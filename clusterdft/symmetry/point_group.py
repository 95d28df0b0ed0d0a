"""The point group of a geometry, finite or linear, from coordinates with noise."""

import math
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from clusterdft.arrays import Floats, Ints, frozen_array
from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.groups.closure import largest_group, product_table, restricted_table
from clusterdft.groups.group_matrices import FINITE_SUBGROUP, group_matrices
from clusterdft.groups.operations import determinants, operation_label, rotation_axis
from clusterdft.groups.schoenflies import schoenflies
from clusterdft.symmetry.atom_matches import Matches, find_matches
from clusterdft.symmetry.continuous import atom_fit, is_linear, linear_fit
from clusterdft.symmetry.fit import Fit, fit_group
from clusterdft.symmetry.orientation import standard_frame

POINT_GROUP_TOLERANCE = (
    0.25  # bohr: noise of 0.04 along each axis moves two of many atoms apart by up to that
)
# tolerances within which single operations are candidates: the fit of one by least squares is not that of the
# smallest largest deviation
CANDIDATE_TOLERANCES = 1.5
EXACT_TOLERANCE = 1e-9  # bohr: exact coordinates are symmetric within this
SAME_AXIS_TOLERANCE = 1e-9  # two axes are one where their cosine differs from 1 by less
LARGEST_SCANNED = 1.0  # bohr
SCAN_FACTOR = 1 - 1e-6  # of a tolerance: the next one of a scan
CONTINUOUS = {"Cinfv": 1, "Dinfh": 2, "Kh": 1}  # symmetry numbers


Element: TypeAlias = tuple[str, int, Floats]  # kind, rank and direction of a symmetry element


@dataclass(frozen=True, kw_only=True, eq=False)
class Axis:
    """A symmetry element through the centroid.

    Attributes
    ----------
    kind : str
        C3, S4, sigma, Cinf; the highest rotation or rotoreflection about it.
    direction : (3,)
        Unit vector in the input frame; of a mirror its normal.
    """

    kind: str
    direction: Floats


@dataclass(frozen=True, kw_only=True, eq=False)
class PointGroup:
    """The point group of a geometry and what it does to the atoms.

        operations[k] (R_i - centre) = R_permutations[k, i] - centre   within deviations[k]

    Attributes
    ----------
    name : str
        Schoenflies symbol such as C2v, D5h, Ih, Cinfv, Dinfh, Kh.
    order : float
        Number of operations, infinite for the last three.
    tolerance : float
        bohr, as asked for
    centre : (3,) bohr
        The centroid.
    frame : (3, 3)
        Rows are the axes of the standard orientation in the input frame.
    standard : (m, 3, 3)
        operations in the standard orientation, those of `group_matrices(finite_name)`
    operations : (m, 3, 3)
        The same in the input frame.
    permutations : (m, natom)
        Atom indices.
    deviations : (m,) bohr
    symmetrized_positions : (natom, 3) bohr
        Exactly symmetric, closest to the input.
    displacements : (natom,) bohr
        How far each atom moved to get there.

    Notes
    -----
    For the continuous groups m operations of a finite subgroup stand: C4v, D4h or Oh.
    """

    name: str
    order: float
    tolerance: float
    centre: Floats
    frame: Floats
    standard: Floats
    operations: Floats
    permutations: Ints
    deviations: Floats
    symmetrized_positions: Floats
    displacements: Floats

    @property
    def finite_name(self) -> str:
        """The symbol of the operations that are held: a finite subgroup stands for a continuous group."""
        return FINITE_SUBGROUP.get(self.name, self.name)

    @property
    def deviation(self) -> float:
        """Largest deviation of any operation, bohr."""
        return float(self.deviations.max())

    @property
    def equivalent_atoms(self) -> tuple[tuple[int, ...], ...]:
        """Orbits of atoms, each ascending."""
        orbits = {tuple(sorted(set(column.tolist()))) for column in self.permutations.T}
        return tuple(sorted(orbits))

    @property
    def symmetry_number(self) -> int:
        """How many proper rotations map the geometry on itself."""
        return CONTINUOUS.get(self.name) or int(np.sum(determinants(self.standard) > 0))

    @property
    def axes(self) -> tuple[Axis, ...]:
        """Symmetry elements, rotation axes of the highest order first, mirrors last."""
        if self.name == "Kh":
            return ()
        elements = [_element(m) for m in self.operations]
        if self.name in CONTINUOUS:
            elements = [("Cinf", 0, self.frame[2])]
        return tuple(Axis(kind=k, direction=frozen_array(d)) for k, _, d in _distinct(elements))


ScanStep: TypeAlias = tuple[tuple[float, float], PointGroup]  # lowest and highest tolerance, bohr


def find_point_group(
    cluster: Cluster, *, tolerance: float = POINT_GROUP_TOLERANCE, labels: Iterable[Hashable] | None = None
) -> PointGroup:
    """The largest point group whose operations all bring every atom home within a tolerance.

    Parameters
    ----------
    cluster : Cluster
    tolerance : float
        bohr; less than half of the shortest distance between atoms
    labels : (natom,)
        What tells atoms apart beside their chemical symbols, such as isotopes.

    Returns
    -------
    PointGroup

    Raises
    ------
    InputError
        The tolerance is not positive, or too large to tell the atoms apart.

    Notes
    -----
    1. Permutations that some orthogonal matrix makes within the tolerance (`find_matches`).
    2. The largest set of them that is closed under multiplication.
    3. One exact group of matrices with these permutations, fitted to the geometry as a whole; where
       an operation then misses by more than the tolerance, it is given up and 2 is done again.
    """
    kinds = _kinds(cluster, labels)
    _check_tolerance(cluster, tolerance)
    centre = cluster.positions.mean(axis=0)
    x = cluster.positions - centre
    if cluster.natom == 1:
        name, frame, fit = atom_fit(x)
    elif is_linear(x, tolerance):
        name, frame, fit = linear_fit(x, kinds, tolerance)
    else:
        fit = _largest_fit(x, kinds, max(tolerance, EXACT_TOLERANCE))
        name = schoenflies(fit.matrices)
        frame, order = standard_frame(name, fit.matrices, fit.symmetric)
        fit = _ordered(fit, order)
    standard = group_matrices(FINITE_SUBGROUP.get(name, name))
    return PointGroup(
        name=name,
        order=math.inf if name in CONTINUOUS else len(standard),
        tolerance=float(tolerance),
        centre=frozen_array(centre),
        frame=frozen_array(frame),
        standard=frozen_array(standard),
        operations=frozen_array(frame.T @ standard @ frame),
        permutations=fit.permutations,
        deviations=frozen_array(fit.deviations),
        symmetrized_positions=frozen_array(fit.symmetric + centre),
        displacements=frozen_array(np.linalg.norm(fit.symmetric - x, axis=1)),
    )


def largest_tolerance(cluster: Cluster) -> float:
    """Half of the shortest distance between atoms, bohr: beyond it neighbours are taken for one another."""
    if cluster.natom == 1:
        return math.inf
    distance = np.linalg.norm(cluster.positions[:, None] - cluster.positions[None], axis=2)
    np.fill_diagonal(distance, np.inf)
    return float(distance.min()) / 2


def oriented(cluster: Cluster, tolerance: float = POINT_GROUP_TOLERANCE) -> Cluster:
    """A cluster about its centroid, along the standard axes of its point group.

        R_i -> F (R_i - centre),   rows of F: main axis last, see `find_point_group`

    Parameters
    ----------
    cluster : Cluster
    tolerance : float
        bohr, of the point group; less where atoms are nearer to each other than twice that

    Returns
    -------
    Cluster
        With the atoms in their order, turned but not mirrored.

    Notes
    -----
    Of a cluster that was turned and moved it is the same up to operations of the group, and, where
    axes have no direction, up to those of a cube. Angular grids have the symmetry of a cube, so that
    energies on them are the same to rounding, and for a nearly symmetric cluster as far as its symmetry
    goes.
    """
    group = find_point_group(cluster, tolerance=min(tolerance, 0.9 * largest_tolerance(cluster)))
    return cluster.at((cluster.positions - group.centre) @ group.frame.T)


def tolerance_scan(
    cluster: Cluster, *, labels: Iterable[Hashable] | None = None, highest: float = LARGEST_SCANNED
) -> tuple[ScanStep, ...]:
    """All point groups that a geometry has at some tolerance, the tightest tolerance first.

    Parameters
    ----------
    cluster : Cluster
    labels : (natom,)
        As in `find_point_group`.
    highest : float
        bohr, the largest tolerance; never more than half of the shortest distance between atoms

    Returns
    -------
    tuple of ((low, high), PointGroup)
        bohr; the group holds from its own deviation, low, up to high

    Notes
    -----
    exact, without a grid: the group at a tolerance holds down to its largest deviation, and the next
    one is looked for just below
    """
    tolerance = min(highest, SCAN_FACTOR * largest_tolerance(cluster))
    labels = None if labels is None else tuple(labels)
    steps: list[ScanStep] = []
    while True:
        group = find_point_group(cluster, tolerance=tolerance, labels=labels)
        low = group.deviation if group.deviation > EXACT_TOLERANCE else 0.0
        low = min(low, tolerance)
        if steps and steps[-1][1].name == group.name:
            (_, high), known = steps[-1]
            steps[-1] = ((low, high), known)
        else:
            steps.append(((low, steps[-1][0][0] if steps else tolerance), group))
        if low == 0.0:
            return tuple(reversed(steps))
        tolerance = SCAN_FACTOR * low


def _kinds(cluster: Cluster, labels: Iterable[Hashable] | None) -> Ints:
    """A whole number for each atom, the same for atoms of one symbol with the same label."""
    labels = cluster.symbols if labels is None else tuple(labels)
    if len(labels) != cluster.natom:
        raise InputError(f"{len(labels)} labels do not fit {cluster.natom} atoms; give one for each atom")
    pairs = tuple(zip(cluster.symbols, labels, strict=True))
    index = {pair: k for k, pair in enumerate(dict.fromkeys(pairs))}
    return np.array([index[pair] for pair in pairs])


def _check_tolerance(cluster: Cluster, tolerance: float) -> None:
    largest = largest_tolerance(cluster)
    if not 0 < tolerance < math.inf:
        raise InputError(
            f"the tolerance is {tolerance}; give a positive number of bohr such as {POINT_GROUP_TOLERANCE}"
        )
    if tolerance >= largest:
        raise InputError(
            f"a tolerance of {tolerance:g} bohr cannot tell atoms apart that are {2 * largest:.3f} bohr from "
            f"each other; give less than half of that, such as {min(POINT_GROUP_TOLERANCE, largest / 4):.2g}"
        )


def _largest_fit(x: Floats, kinds: Ints, tolerance: float) -> Fit:
    """The fitted group of the largest closed set of operations, none off by more than the tolerance."""
    matches = find_matches(x, kinds, CANDIDATE_TOLERANCES * tolerance)
    table = product_table(matches.permutations, determinants(matches.matrices))
    strict = np.flatnonzero(matches.deviations <= tolerance)
    fit = _shrunk(x, matches, table, strict, tolerance, smaller=None)
    if len(strict) == len(table):
        return fit
    return _shrunk(x, matches, table, np.arange(len(table)), tolerance, smaller=fit)


def _shrunk(
    x: Floats, matches: Matches, table: Ints, kept: Ints, tolerance: float, smaller: Fit | None
) -> Fit:
    """Gives up the worst operation until the largest group left fits, or is no larger than a known one."""
    while True:
        group = kept[largest_group(restricted_table(table, kept))]
        if smaller is not None and len(group) <= len(smaller.matrices):
            return smaller
        fit = fit_group(x, matches.take(group), restricted_table(table, group))
        if fit is not None and fit.deviations.max() <= tolerance:
            return fit
        deviations = matches.deviations[group] if fit is None else fit.deviations
        kept = np.setdiff1d(kept, group[np.argmax(deviations)])


def _ordered(fit: Fit, order: Ints) -> Fit:
    return replace(
        fit,
        matrices=fit.matrices[order],
        permutations=fit.permutations[order],
        deviations=fit.deviations[order],
    )


def _element(matrix: Floats) -> Element:
    """Kind, rank and direction of the element that an operation turns about."""
    kind = operation_label(matrix).split("^")[0]
    order = int(kind[1:]) if kind[1:].isdecimal() else 0
    rank = {"C": -order, "S": 1000 - order}.get(kind[0], 2000)
    return kind, rank, rotation_axis(matrix)


def _distinct(elements: Iterable[Element]) -> list[Element]:
    """The elements by rank, each direction once for rotations, once for rotoreflections, once for mirrors."""
    kept: list[Element] = []
    for kind, rank, direction in sorted(elements, key=lambda element: element[1]):
        if kind in ("E", "i"):
            continue
        known = (k[0] == kind[0] and abs(d @ direction) > 1 - SAME_AXIS_TOLERANCE for k, _, d in kept)
        if not any(known):
            kept.append((kind, rank, direction))
    return kept

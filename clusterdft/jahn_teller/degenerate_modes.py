"""Degenerate sets of vibrational modes, and the directions that their epikernels single out."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from clusterdft.arrays import Floats, frozen_array
from clusterdft.groups.character_tables import character_table
from clusterdft.properties.vibrations import Vibrations
from clusterdft.symmetry.actions import images_of_vectors
from clusterdft.symmetry.point_group import PointGroup
from clusterdft.symmetry.subgroups import Subgroup, epikernels

# where an epikernel leaves a choice of directions: so many in clusters of up to MAX_NATOM_MANY atoms, one in
# larger ones, whose relaxations cost more and whose kicks lead to many geometries
N_CHOSEN_DIRECTIONS, MAX_NATOM_MANY = 4, 8
N_WAVES, FIELD_LENGTH = 12, 5.0  # of a random field; bohr, over which it varies
OPPOSITE_TOLERANCE = 1e-3  # a unit vector and its image that add up to less are opposite


@dataclass(frozen=True, kw_only=True, eq=False)
class DegenerateModes:
    """Partners of one degenerate vibration.

    Attributes
    ----------
    irrep : str
        Label in the character table.
    frequency : float, hartree
        Times hbar; imaginary ones negative.
    force_constant : float, hartree/bohr^2
        Second derivative along a displacement of unit length.
    mass : float, electron masses
        Force constant over squared frequency.
    vectors : (dimension, natom, 3)
        Orthonormal displacements of the atoms.
    """

    irrep: str
    frequency: float
    force_constant: float
    mass: float
    vectors: Floats

    @property
    def dimension(self) -> int:
        """Number of partners."""
        return len(self.vectors)

    @property
    def amplitude(self) -> float:
        """Zero-point amplitude along one partner, (1 / 2 m omega)^(1/2), bohr; infinite where imaginary."""
        return (2 * self.mass * self.frequency) ** -0.5 if self.frequency > 0 else np.inf


@dataclass(frozen=True, kw_only=True, eq=False)
class Direction:
    """A displacement within a mode set that keeps the operations of an epikernel.

    Attributes
    ----------
    modes : DegenerateModes
    subgroup : Subgroup
        Its members index the operations of the point group.
    vector : (natom, 3)
        Of unit length.
    unique : bool
        Whether no other direction keeps as much: else it is one of many.
    two_sided : bool
        Whether no operation turns the direction into its opposite, so that both signs differ.
    """

    modes: DegenerateModes
    subgroup: Subgroup
    vector: Floats
    unique: bool
    two_sided: bool

    @property
    def signs(self) -> tuple[int, ...]:
        """Ways along the direction that differ: 1, and -1 where it is two-sided."""
        return (1, -1) if self.two_sided else (1,)


def degenerate_modes(
    group: PointGroup, vibrations: Vibrations, irreps: Iterable[str]
) -> tuple[DegenerateModes, ...]:
    """Vibrations of certain representations in degenerate sets, softest first.

    The modes are projected on each representation, so that accidental degeneracies do no harm.

    Parameters
    ----------
    group : PointGroup
        Of finite order.
    vibrations : Vibrations
        At the symmetric geometry.
    irreps : labels
        Of the representations.

    Returns
    -------
    tuple of DegenerateModes
        By force constant, ascending.
    """
    modes, square = vibrations.modes, np.sign(vibrations.frequencies) * vibrations.frequencies**2
    table = character_table(group.finite_name)
    action = _action(group, modes)
    partners = []
    for irrep in irreps:
        row = table.labels.index(irrep)
        dimension = table.irreps[row].dimension
        inside, basis = np.linalg.eigh(np.einsum("g,gkl->kl", table.projection[row], action))
        basis = basis[:, inside > 0.5]
        moves = basis.T @ action @ basis
        inner = basis.T @ (square[:, None] * basis)
        inner = np.einsum("gkl,lm,gnm->kn", moves, inner, moves, optimize=True) / table.order
        curvature, turned = np.linalg.eigh(inner)  # averaged over the group, so partners are exact
        chosen = np.einsum("kn,kix->nix", basis @ turned, modes)
        for first in range(0, len(curvature), dimension):
            part = slice(first, first + dimension)
            partners.append(_partners(irrep, float(curvature[part].mean()), chosen[part], vibrations.masses))
    return tuple(sorted(partners, key=lambda modes: modes.force_constant))


def _partners(irrep: str, curvature: float, modes: Floats, masses: Floats) -> DegenerateModes:
    moves = modes / np.sqrt(masses)[:, None]
    length = float(np.sqrt(np.mean(np.sum(moves**2, axis=(1, 2)))))
    return DegenerateModes(
        irrep=irrep,
        frequency=float(np.sign(curvature) * np.sqrt(abs(curvature))),
        force_constant=curvature / length**2,
        mass=length**-2,
        vectors=frozen_array(moves / length),
    )


def directions(group: PointGroup, modes: DegenerateModes, rng: np.random.Generator) -> tuple[Direction, ...]:
    """Directions that keep an epikernel of a mode set, the highest symmetry first.

    One where an epikernel singles it out, else some that random fields of displacements choose:

        u(R) = sum_k a_k cos(q_k . R + p_k)   in the standard orientation of the group

    Parameters
    ----------
    group : PointGroup
        Of finite order.
    modes : DegenerateModes
    rng : numpy Generator
        Makes the fields.

    Returns
    -------
    tuple of Direction

    Notes
    -----
    The projection of a field on the modes depends neither on the order of the atoms nor on which partners
    of a degenerate mode were found.
    """
    action = _action(group, modes.vectors)
    n_fields = N_CHOSEN_DIRECTIONS if modes.vectors.shape[1] <= MAX_NATOM_MANY else 1
    fields = [_along(group, modes.vectors, rng) for _ in range(n_fields)]
    kept = []
    for subgroup in epikernels(group.finite_name, modes.irrep):
        projector = _symmetric(action[subgroup.members].mean(axis=0))
        unique = round(np.trace(projector)) == 1
        for field in fields[:1] if unique else fields:
            part = projector @ field
            part = part / np.linalg.norm(part)
            two_sided = not np.any(np.linalg.norm(action @ part + part, axis=1) < OPPOSITE_TOLERANCE)
            kept.append(
                Direction(
                    modes=modes,
                    subgroup=subgroup,
                    vector=frozen_array(np.einsum("n,nix->ix", part, modes.vectors)),
                    unique=unique,
                    two_sided=two_sided,
                )
            )
    return tuple(kept)


def _along(group: PointGroup, vectors: Floats, rng: np.random.Generator) -> Floats:
    """(n,) how far a random field goes along vectors, (n, natom, 3)."""
    amplitude, wave = rng.normal(size=(2, N_WAVES, 3))
    phase = rng.uniform(0, 2 * np.pi, size=N_WAVES)
    x = (group.symmetrized_positions - group.centre) @ group.frame.T
    field = np.cos(x @ wave.T / FIELD_LENGTH + phase) @ amplitude @ group.frame
    along: Floats = np.einsum("nix,ix->n", vectors, field)
    return along


def _action(group: PointGroup, vectors: Floats) -> Floats:
    """(order, n, n) matrices of the operations among orthonormal vectors, (n, natom, 3)."""
    images = images_of_vectors(group.operations, group.permutations, vectors)
    action: Floats = np.einsum("kix,glix->gkl", vectors, images)
    return action


def _symmetric(matrix: Floats) -> Floats:
    return 0.5 * (matrix + matrix.T)

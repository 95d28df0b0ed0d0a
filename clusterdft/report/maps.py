"""What maps show: densities and orbitals of a result on a plane, with contour levels and words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from clusterdft.arrays import Floats, frozen_array
from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.geometry.formula import formula_of
from clusterdft.properties.density import bonding_density, density, orbital, spin_density
from clusterdft.properties.levels import OCCUPATION_TOLERANCE
from clusterdft.properties.sampling import Plane
from clusterdft.scf.result import ScfResult
from clusterdft.units import HARTREE_EV

MAPS = ("density", "spin-density", "bonding-density", "orbital")
MAP_WORDS = {
    "density": "electron density",
    "spin-density": "spin density",
    "bonding-density": "bonding density",
}
SIGNED_MAPS = MAPS[1:]  # those that may be negative
CONTOUR_STEPS = 9  # to the largest value
SMALLEST_CONTOUR = 1e-7  # atomic units; what is smaller everywhere has no contours
IN_PLANE_HEIGHT = 0.05  # bohr: atoms nearer to a plane lie in it
SPINS = {"up": 0, "down": 1}


@dataclass(frozen=True, kw_only=True, eq=False)
class Map:
    """A density or an orbital on a plane.

    Attributes
    ----------
    cluster : Cluster
        Whose nuclei are marked.
    what : str
        One of MAPS.
    title : str
        What is shown, such as "Na3: spin density".
    place : str
        Which plane, in words.
    plane : Plane
        Where the values are.
    values : (nv, nu) bohr^-3
        Of an orbital bohr^(-3/2).
    levels : tuple of float
        Contour levels, ascending, without zero; none where nothing is to be seen.
    """

    cluster: Cluster
    what: str
    title: str
    place: str
    plane: Plane
    values: Floats
    levels: tuple[float, ...]

    @property
    def unit(self) -> str:
        """Of the values, as matplotlib sets it."""
        return "bohr$^{-3/2}$" if self.what == "orbital" else "bohr$^{-3}$"

    @property
    def step(self) -> float | None:
        """Distance of two levels, atomic units; None where there are none."""
        return min(map(abs, self.levels), default=None)


def map_on_plane(
    result: ScfResult,
    plane: Plane,
    what: str = "density",
    *,
    index: int | None = None,
    spin: int = 0,
    atoms: Mapping[str, ScfResult] | None = None,
    step: float | None = None,
    place: str | None = None,
) -> Map:
    """A density or an orbital on a plane.

    Parameters
    ----------
    result : ScfResult
        Of which it is.
    plane : Plane
        Where.
    what : str
        "density", "spin-density", "bonding-density" or "orbital".
    index, spin : int
        Of the orbital, see `sampled`.
    atoms : mapping
        Free atoms for the bonding density, see `sampled`.
    step : atomic units
        Between contours; None for a round one.
    place : str
        Which plane, in words; None for its normal and origin.

    Returns
    -------
    Map

    Raises
    ------
    InputError
        As `sampled`, or an impossible step.
    """
    if what == "orbital":
        index, spin = chosen_orbital(result, index, spin)
    values = sampled(result, plane.points, what, index=index, spin=spin, atoms=atoms)
    return Map(
        cluster=result.cluster,
        what=what,
        title=title_of(result, what, index, spin),
        place=place or plane_words(plane),
        plane=plane,
        values=frozen_array(values),
        levels=contour_levels(values, step, signed=what in SIGNED_MAPS),
    )


def sampled(
    result: ScfResult,
    points: ArrayLike,
    what: str,
    *,
    index: int | None = None,
    spin: int = 0,
    atoms: Mapping[str, ScfResult] | None = None,
) -> Floats:
    """A density or an orbital at points, for planes and boxes alike.

    Parameters
    ----------
    result : ScfResult
        Of which it is.
    points : (..., 3) bohr
        Where.
    what : str
        One of MAPS.
    index : int
        Of the orbital, 0 for the lowest of its spin; None for the highest that holds electrons.
    spin : int
        Of the orbital, 0 for up or a closed shell's, 1 for down.
    atoms : mapping
        {symbol: ScfResult} of the bonding density, None to compute them.

    Returns
    -------
    (...) bohr^-3
        Of an orbital bohr^(-3/2).

    Raises
    ------
    InputError
        An unknown map, no such orbital, or the spin density of a closed shell.
    """
    if what not in MAPS:
        raise InputError(f"there is no map of {what!r}; give one of {', '.join(MAPS)}")
    if what == "spin-density" and len(result.dm) == 1:
        raise InputError("a closed shell has no spin density; take a cluster with unpaired electrons")
    if what == "orbital":
        return orbital(result, points, *chosen_orbital(result, index, spin))
    if what == "bonding-density":
        return bonding_density(result, points, atoms)
    return (density if what == "density" else spin_density)(result, points)


def chosen_orbital(result: ScfResult, index: int | None = None, spin: int = 0) -> tuple[int, int]:
    """Index and spin of an orbital; without an index the highest that holds electrons, of either spin.

    Returns
    -------
    int
        Index, 0 for the lowest.
    int
        0 for up or a closed shell's, 1 for down.

    Raises
    ------
    InputError
        Spin down of a closed shell, or no orbital holds electrons.
    """
    if spin and len(result.mo_energy) == 1:
        raise InputError("a closed shell's orbitals hold both spins; leave the spin out")
    if index is not None:
        return index, spin
    occupied = np.argwhere(result.occupation > OCCUPATION_TOLERANCE)
    if not len(occupied):
        raise InputError("no orbital holds electrons; give the index of one, 0 for the lowest")
    highest = occupied[int(np.argmax(result.mo_energy[tuple(occupied.T)]))]
    return int(highest[1]), int(highest[0])


def contour_levels(values: ArrayLike, step: float | None = None, *, signed: bool = True) -> tuple[float, ...]:
    """Evenly spaced contours, symmetric about zero and without it.

        level_k = k step,   k = ..., -2, -1, 1, 2, ...   within the values

    Parameters
    ----------
    values : array
        Of any shape, atomic units.
    step : atomic units
        None for 1, 2 or 5 times a power of ten with about 9 steps to the largest value.
    signed : bool
        Whether negative values have contours.

    Returns
    -------
    tuple of float
        Ascending; empty where all values are below 1e-7.

    Raises
    ------
    InputError
        A step that is not positive and finite, gives hundreds of contours, or none of values that
        are not zero.
    """
    values = np.asarray(values)
    largest = float(np.max(np.abs(values)))
    if step is None:
        if largest < SMALLEST_CONTOUR:
            return ()
        step = _round_step(largest / CONTOUR_STEPS)
    widest = (
        largest if largest >= SMALLEST_CONTOUR else np.inf
    )  # what is zero has no contours whatever the step
    if not (0 < step < np.inf and step <= widest and largest / step < 100):
        raise InputError(
            f"a step of {step:g} between contours of values up to {largest:.2g}; "
            f"give one such as {_round_step(max(largest, SMALLEST_CONTOUR) / CONTOUR_STEPS):g}"
        )
    lowest = int(np.ceil(values.min() / step)) if signed else 1
    ks = range(min(lowest, 1), int(np.floor(values.max() / step)) + 1)
    return tuple(k * step for k in ks if k)


def title_of(result: ScfResult, what: str, index: int | None = None, spin: int = 0) -> str:
    """What a map shows, in words."""
    name = formula_of(result.cluster.symbols, result.cluster.charge)
    if what != "orbital":
        return f"{name}: {MAP_WORDS[what]}"
    arrow = "" if len(result.mo_energy) == 1 else f" spin {'up' if spin == 0 else 'down'},"
    held, energy = float(result.occupation[spin, index]), float(result.mo_energy[spin, index]) * HARTREE_EV
    electrons = f"{held:.3g} electron" + ("" if round(held, 3) == 1 else "s")
    return f"{name}: orbital {index},{arrow} {energy:.2f} eV, {electrons}"


def plane_words(plane: Plane, cluster: Cluster | None = None, atoms: Sequence[int] | None = None) -> str:
    """Which plane, in words: that of atoms, or that of a normal and a point.

    Parameters
    ----------
    plane : Plane
        Which is named.
    cluster : Cluster
        Whose atoms span it; None for a plane that is named by its normal.
    atoms : sequence of int
        Which atoms; None for all.

    Returns
    -------
    str
    """
    if cluster is None:
        normal, origin = (
            ", ".join(f"{x + 0.0:g}" for x in np.round(r, 2)) for r in (plane.normal, plane.origin)
        )
        return f"plane normal to ({normal}) through ({origin}) bohr"
    chosen = range(cluster.natom) if atoms is None else atoms
    height = float(np.max(np.abs(plane.coordinates_of(cluster.positions[list(chosen)])[:, 2])))
    if (
        atoms is None
        and np.linalg.matrix_rank(cluster.positions - cluster.positions[0], tol=IN_PLANE_HEIGHT) < 2
    ):
        return "a plane through all atoms"
    if atoms is None:
        return (
            "plane of all atoms" if height < IN_PLANE_HEIGHT else "plane of least squares through all atoms"
        )
    named = ", ".join(map(str, chosen))
    return (
        f"plane of atoms {named}"
        if height < IN_PLANE_HEIGHT
        else f"plane of least squares through atoms {named}"
    )


def _round_step(about: float) -> float:
    """The nearest of 1, 2, 5 times a power of ten, on a logarithmic scale."""
    power = 10.0 ** np.floor(np.log10(about))
    return float(power * min((1, 2, 5, 10), key=lambda m: abs(np.log(about / power / m))))

"""Levels and scattering solutions of one electron in a spherical potential."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from clusterdft.arrays import Floats, frozen_array
from clusterdft.atom.mesh import STENCIL, RadialMesh
from clusterdft.atom.radial_kernels import ADAMS_ORDER, coefficients, find_level, start_outward, sweep
from clusterdft.errors import InputError
from clusterdft.units import SPEED_OF_LIGHT

RELATIVITY = ("scalar", "none")
DEPTH_FACTOR = (
    2.0  # a relativistic level is at most this much deeper than the lowest of the bare nucleus, Z < 115
)


@dataclass(frozen=True, kw_only=True, eq=False)
class BoundState:
    """A level of one electron.

    Attributes
    ----------
    energy : hartree
    orbital : (n,) bohr^(-1/2)
        P = r R, positive near the nucleus.
    radial_density : (n,) bohr^-1
        Its integral is one: P^2, with the small component's share if relativistic.
    """

    energy: float
    orbital: Floats
    radial_density: Floats

    def __post_init__(self) -> None:
        for name in ("orbital", "radial_density"):
            object.__setattr__(self, name, frozen_array(getattr(self, name), -1))


def inverse_square_of_light(relativity: str) -> float:
    """1/c^2 in atomic units, zero without relativity.

    Returns
    -------
    float

    Raises
    ------
    InputError
        Another word than "none" and "scalar".
    """
    if relativity not in RELATIVITY:
        raise InputError(f"unknown relativity {relativity!r}; give 'none' or 'scalar'")
    return SPEED_OF_LIGHT**-2 if relativity == "scalar" else 0.0


def bound_state(
    mesh: RadialMesh,
    potential: ArrayLike,
    *,
    l: int,  # noqa: E741
    nodes: int,
    relativity: str = "none",
    z: float | None = None,
    guess: float = 0.0,
) -> BoundState:
    """The level with that angular momentum and number of nodes.

        P' = P/r + 2 M q,   q' = -q/r + [l(l+1)/(2 M r^2) + V - E] P,   M = 1 + (E - V)/(2 c^2)

    Parameters
    ----------
    mesh : RadialMesh
    potential : (n,) hartree
        Zero at infinity.
    l : int
        Angular momentum.
    nodes : int
        Zeros of P apart from the ends.
    relativity : "none" (M = 1) or "scalar"
    z : float or None
        Nuclear charge, V -> -z/r at the origin; None to read it off the potential.
    guess : hartree
        Energy to begin with.

    Returns
    -------
    BoundState

    Raises
    ------
    InputError
        There is no such bound level.

    Notes
    -----
    The density of a scalar-relativistic level is P^2 + q^2/c^2 + l(l+1) P^2/(2 M r c)^2, which is
    what d(energy)/d(potential) asks for; its integral is one.

    References
    ----------
    Koelling and Harmon, J. Phys. C 10, 3107 (1977)
    """
    v = np.asarray(potential, dtype=float)
    top = continuum_edge(mesh, v, l)
    energy, p, density = level_below(
        mesh, v, l=l, nodes=nodes, relativity=relativity, z=z, guess=guess, top=top
    )
    if not np.isfinite(energy):
        raise InputError(
            f"the potential binds no level with l = {l} and {nodes} nodes; "
            "try fewer nodes, a deeper potential or a mesh that reaches farther out"
        )
    return BoundState(energy=energy, orbital=p, radial_density=density)


def level_below(
    mesh: RadialMesh,
    potential: Floats,
    *,
    l: int,  # noqa: E741
    nodes: int,
    relativity: str,
    z: float | None,
    guess: float,
    top: float,
) -> tuple[float, Floats, Floats]:
    """A level below the energy `top`; above the continuum's edge it is one of the box of the mesh.

    Parameters
    ----------
    mesh, potential, l, nodes, relativity, z, guess
        As in `bound_state`.
    top : hartree

    Returns
    -------
    energy : hartree
        NaN if there is none.
    orbital : (n,) bohr^(-1/2)
        P.
    radial_density : (n,) bohr^-1
    """
    inverse_c2 = inverse_square_of_light(relativity)
    potential = np.ascontiguousarray(potential, dtype=float)
    p, q, work = np.empty(len(mesh.r)), np.empty(len(mesh.r)), np.empty((3, len(mesh.r)))
    charge = _charge(mesh, potential) if z is None else float(z)
    # no potential is deeper than that of the bare charge that is nowhere weaker
    strongest = max(np.max(-mesh.r * potential), 0.0)
    low = -DEPTH_FACTOR * strongest**2 / (2 * (nodes + l + 1) ** 2) - 1e-3
    if not low < top:
        return np.nan, p, p
    energy = find_level(
        mesh.r, mesh.weights, mesh.step, potential, l, charge, inverse_c2, nodes, low, top, guess, work, p, q
    )
    return energy, p, work[2]


def continuum_edge(mesh: RadialMesh, potential: Floats, l: int) -> float:  # noqa: E741
    """Highest energy of a level that the mesh can tell from the continuum.

    Parameters
    ----------
    mesh : RadialMesh
    potential : (n,) hartree
    l : int
        Angular momentum.

    Returns
    -------
    hartree
    """
    end: float = potential[-1] + 0.5 * l * (l + 1) / mesh.r[-1] ** 2
    return min(end, 0.0) - 1e-7


def solve_outward(
    mesh: RadialMesh,
    potential: ArrayLike,
    *,
    l: int,  # noqa: E741
    energy: float,
    relativity: str = "none",
    z: float | None = None,
    radius: float | None = None,
) -> Floats:
    """The regular solution at any energy, not normalised.

    Parameters
    ----------
    mesh : RadialMesh
    potential : (n,) hartree
    l : int
        Angular momentum.
    energy : hartree
    relativity : "none" or "scalar"
    z : float or None
        Nuclear charge, None to read it off the potential.
    radius : bohr or None
        The solution is drawn a little farther than this and zero beyond, None for the whole mesh.

    Returns
    -------
    (n,)
        P, positive near the nucleus.
    """
    return _outward(mesh, potential, l, energy, inverse_square_of_light(relativity), z, radius)[0]


def logarithmic_derivative(
    mesh: RadialMesh,
    potential: ArrayLike,
    *,
    l: int,  # noqa: E741
    energies: ArrayLike,
    radius: float,
    relativity: str = "none",
    z: float | None = None,
) -> Floats:
    """Slope of ln R of the regular solution at a radius, R = P/r.

        d ln R / dr = P'/P - 1/r = 2 M q / P

    Parameters
    ----------
    mesh : RadialMesh
    potential : (n,) hartree
    l : int
        Angular momentum.
    energies : (nenergy,) hartree
    radius : bohr
        Anywhere on the mesh.
    relativity : "none" or "scalar"
    z : float or None
        Nuclear charge, None to read it off the potential.

    Returns
    -------
    (nenergy,) bohr^-1

    Raises
    ------
    InputError
        The radius is off the mesh.
    """
    inverse_c2 = inverse_square_of_light(relativity)
    slopes = []
    for energy in np.atleast_1d(np.asarray(energies, dtype=float)):
        p, slope = _outward(mesh, potential, l, energy, inverse_c2, z, radius)
        slopes.append(mesh.interpolate(slope, radius) / mesh.interpolate(p, radius))
    return np.array(slopes)


def _outward(
    mesh: RadialMesh,
    potential: ArrayLike,
    l: int,  # noqa: E741
    energy: float,
    inverse_c2: float,
    z: float | None,
    radius: float | None,
) -> tuple[Floats, Floats]:
    """P and 2 M q = P' - P/r, (n,) each."""
    v = np.ascontiguousarray(potential, dtype=float)
    n = len(mesh.r)
    stop = n - 1
    if radius is not None:
        stop = min(n - 1, max(int(np.searchsorted(mesh.r, radius)) + STENCIL, 2 * ADAMS_ORDER))
    p, q, rising, falling = np.zeros(n), np.zeros(n), np.empty(n), np.empty(n)
    charge = _charge(mesh, v) if z is None else float(z)
    coefficients(mesh.r, v, float(energy), l * (l + 1.0), inverse_c2, rising, falling)
    start_outward(mesh.r, l, charge, inverse_c2, rising, p, q)
    sweep(0, stop, mesh.step, rising, falling, p, q)
    return p, q * rising / mesh.r


def _charge(mesh: RadialMesh, potential: Floats) -> float:
    """The z of a potential that goes as -z/r + constant at the origin."""
    r, far = mesh.r, STENCIL
    product = r * potential
    return float(-(product[0] + (product[0] - product[far]) * r[0] / (r[far] - r[0])))

"""The spherical jellium model: electrons on a sphere of uniform positive charge."""

from dataclasses import dataclass

import numpy as np

from clusterdft.arrays import frozen_array
from clusterdft.atom.mesh import RadialMesh, logarithmic_mesh
from clusterdft.atom.problem import hartree_potential, local_functional
from clusterdft.atom.radial_equation import continuum_edge, level_below
from clusterdft.errors import InputError, ScfNotConverged
from clusterdft.extrapolation import DEPTH, next_input
from clusterdft.units import MOMENTUM_LETTERS

# (nodes, l), as the levels come in a sphere of sodium's density
FILLING = (
    (0, 0),
    (0, 1),
    (0, 2),
    (1, 0),
    (0, 3),
    (1, 1),
    (0, 4),
    (1, 2),
    (2, 0),
    (0, 5),
    (1, 3),
    (2, 1),
    (0, 6),
)
MOST_ELECTRONS = sum(4 * momentum + 2 for _, momentum in FILLING)
BOX = 0.2  # hartree above the continuum: levels of early iterations may be those of the mesh's box
EDGE = 1.0  # bohr, width of the edge of the first density
DAMPING = 0.3
TAIL = 0.2  # bohr^-1; the mixing hardly looks at changes of the potential where no electrons are
TOLERANCE = 1e-9  # hartree, of the change of the potential that an electron sees in the mean
MOST_ITERATIONS = 200
ESCAPING = 50  # iterations with an occupied level in the continuum that tell it is unbound


@dataclass(frozen=True, kw_only=True, eq=False)
class JelliumLevel:
    """A level of the sphere.

    Attributes
    ----------
    name : such as "1p", which has no node: the number counts the levels of one l
    nodes, l : zeros of the radial function apart from the ends, angular momentum
    energy : hartree; NaN where an empty level is not bound
    electrons : (nspin,) in it
    """

    name: str
    nodes: int
    l: int  # noqa: E741 - the angular momentum is called l
    energy: tuple[float, ...]
    electrons: tuple[float, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Jellium:
    """Self-consistent electrons of a uniformly charged sphere.

    Attributes
    ----------
    n_electrons, background_charge, radius_per_electron : N, Z, r_s (bohr)
    radius : bohr, r_s Z^(1/3), of the positive sphere
    energy : hartree, with the self-energy of the background
    energies : {part: hartree}; they sum to `energy`
    levels : tuple of JelliumLevel in the order of filling, empty ones of the same list behind
    density : (nspin, n) bohr^-3 on the mesh; nspin is 1 without spin polarisation
    potential : (nspin, n) hartree, the whole Kohn-Sham potential
    mesh : RadialMesh
    """

    n_electrons: float
    background_charge: float
    radius_per_electron: float
    radius: float
    energy: float
    energies: dict
    levels: tuple[JelliumLevel, ...]
    density: np.ndarray
    potential: np.ndarray
    mesh: RadialMesh

    def __post_init__(self):
        for name in ("density", "potential"):
            object.__setattr__(self, name, frozen_array(getattr(self, name)))

    @property
    def gap(self):
        """Lowest level with room minus highest with electrons, hartree; 0 where one level is both.

        Below zero the filling is not that of the ground state; NaN where no empty level is bound.
        """
        pairs = [
            (energy, held, 2 * level.l + 1 if len(level.energy) == 2 else 4 * level.l + 2)
            for level in self.levels
            for energy, held in zip(level.energy, level.electrons, strict=True)
        ]
        highest = max(energy for energy, held, _ in pairs if held > 0)
        room = [energy for energy, held, most in pairs if held < most and np.isfinite(energy)]
        return min(room, default=np.nan) - highest


def solve_jellium(
    n_electrons,
    *,
    radius_per_electron=4.0,
    charge=0.0,
    spin_polarized=False,
    functional="lda-pz",
    mesh=None,
):
    """The self-consistent electrons of the spherical jellium model.

        v_+(r) = -Z/(2R) [3 - (r/R)^2] inside, -Z/r outside,   R = r_s Z^(1/3),   Z = N + charge
        E = T + E_+ + E_H + E_xc + (3/5) Z^2/R

    Parameters
    ----------
    n_electrons : N, 1 to 138, fractions allowed; levels are filled in the order of FILLING, an open one
        evenly over its orbitals
    radius_per_electron : r_s, bohr; 4 is close to sodium's
    charge : elementary charges, the background has N + charge
    spin_polarized : whether the spins have their own levels; open ones by Hund's rule
    functional : name of a local functional
    mesh : RadialMesh, None for one that reaches 45 bohr beyond the sphere

    Returns
    -------
    Jellium

    Raises
    ------
    InputError
        impossible numbers, or an occupied level that is not bound
    ScfNotConverged

    References
    ----------
    Ekardt, Phys. Rev. B 29, 1558 (1984)
    """
    background = n_electrons + charge
    _check(n_electrons, radius_per_electron, background)
    radius = radius_per_electron * background ** (1 / 3)
    mesh = mesh or logarithmic_mesh(1.0, r_max=radius + 45.0)
    sphere = _Sphere(
        n_electrons=float(n_electrons),
        radius=radius,
        mesh=mesh,
        external=background_potential(mesh.r, background, radius),
        functional=local_functional(functional),
        occupation=_occupation(n_electrons, 2 if spin_polarized else 1),
    )
    energies, density, screening = _self_consistent(sphere)
    potential = screening + sphere.external
    parts = _energy_parts(sphere, energies, density, screening)
    parts["background"] = 0.6 * background**2 / radius
    return Jellium(
        n_electrons=float(n_electrons),
        background_charge=float(background),
        radius_per_electron=float(radius_per_electron),
        radius=float(radius),
        energy=sum(parts.values()),
        energies=parts,
        levels=_levels(sphere, energies, potential),
        density=density,
        potential=potential,
        mesh=mesh,
    )


def closed_shells(most, *, radius_per_electron=4.0):
    """Numbers of electrons that close a shell of the neutral sphere, with the gap above.

        gap(N) = lowest empty level - highest filled level > 0 of a filling without room in an occupied level

    Parameters
    ----------
    most : largest number of electrons
    radius_per_electron : bohr

    Returns
    -------
    {N: gap hartree}, ascending

    Raises
    ------
    InputError, ScfNotConverged
        as `solve_jellium`
    """
    counts = np.cumsum([4 * momentum + 2 for _, momentum in FILLING])
    solved = [solve_jellium(n, radius_per_electron=radius_per_electron) for n in counts[counts <= most]]
    return {round(one.n_electrons): one.gap for one in solved if one.gap > 0}


def background_potential(r, charge, radius):
    """Potential of a uniformly charged sphere on an electron, hartree, at r (bohr)."""
    inside = -charge / (2 * radius) * (3 - (r / radius) ** 2)
    return np.where(r < radius, inside, -charge / np.maximum(r, radius))


@dataclass(frozen=True, kw_only=True, eq=False)
class _Sphere:
    """What stays fixed during the iterations; occupation is (nspin, nlevel)."""

    n_electrons: float
    radius: float
    mesh: RadialMesh
    external: np.ndarray
    functional: object
    occupation: np.ndarray


def _check(n_electrons, radius_per_electron, background):
    if not 0 < n_electrons <= MOST_ELECTRONS:
        raise InputError(f"{n_electrons} electrons in a jellium sphere; give 1 to {MOST_ELECTRONS}")
    if not 0 < radius_per_electron < np.inf:
        raise InputError(f"a radius per electron of {radius_per_electron} bohr; give one above 0, such as 4")
    if not background > 0:
        raise InputError(f"the background has charge {background}; give a charge above {-n_electrons}")


def _occupation(n_electrons, nspin):
    """(nspin, nlevel) electrons, levels in the order of FILLING."""
    left, rows = float(n_electrons), []
    for _, momentum in FILLING:
        here = min(left, 4.0 * momentum + 2)
        up = min(here, 2.0 * momentum + 1)
        rows.append((up, here - up) if nspin == 2 else (here,))
        left -= here
    return np.array(rows).T


def _self_consistent(sphere):
    """Levels (nspin, nlevel), densities and the potential of the electrons (nspin, n)."""
    mesh, nspin = sphere.mesh, len(sphere.occupation)
    weight = mesh.r * np.exp(-TAIL * np.maximum(mesh.r - sphere.radius, 0.0))
    screening = _screening(sphere, np.tile(_first_density(sphere) / nspin, (nspin, 1)))
    energies, inputs, residuals, escaped = np.zeros_like(sphere.occupation), [], [], 0
    for _ in range(MOST_ITERATIONS):
        energies, density, unbound = _filled(sphere, screening, energies)
        escaped = escaped + 1 if unbound else 0
        change = _screening(sphere, density) - screening
        seen = np.sum(mesh.integrate(4 * np.pi * mesh.r**2 * density * change**2)) / sphere.n_electrons
        if escaped > ESCAPING or (unbound and seen < TOLERANCE**2):
            raise InputError(
                f"the jellium sphere does not bind {sphere.n_electrons:g} electrons: the level {unbound} "
                "is in the continuum; try fewer electrons or a more positive charge"
            )
        if seen < TOLERANCE**2:
            return energies, density, screening
        inputs, residuals = [*inputs[-DEPTH:], screening], [*residuals[-DEPTH:], change]
        screening = next_input(inputs, residuals, weight, DAMPING)
    raise ScfNotConverged(
        f"the jellium sphere of {sphere.n_electrons:g} electrons did not converge in {MOST_ITERATIONS} "
        "iterations; try another number of electrons or charge"
    )


def _first_density(sphere):
    """The electrons spread over the sphere, with a soft edge."""
    r = sphere.mesh.r
    profile = 1 / (1 + np.exp(np.minimum((r - sphere.radius) / EDGE, 60.0)))
    return profile * sphere.n_electrons / sphere.mesh.integrate(4 * np.pi * r**2 * profile)


def _screening(sphere, density):
    """v_H + v_xc, (nspin, n) hartree."""
    xc = sphere.functional.evaluate(density)[1]
    return hartree_potential(sphere.mesh, density.sum(axis=0)) + xc


def _filled(sphere, screening, guess):
    """Energies (NaN for empty levels) and densities in a potential; the name of an unbound level."""
    mesh, energies = sphere.mesh, np.full_like(sphere.occupation, np.nan)
    density, unbound = np.zeros_like(screening), None
    for spin, place in np.argwhere(sphere.occupation > 0):
        potential = sphere.external + screening[spin]
        edge = continuum_edge(mesh, potential, FILLING[place][1])
        energy, _, radial = _level(mesh, potential, place, guess[spin, place], edge + BOX)
        if not np.isfinite(energy):
            raise InputError(f"the jellium sphere has no level {_name(place)}; try fewer electrons")
        unbound = _name(place) if energy > edge else unbound
        energies[spin, place] = energy
        density[spin] += sphere.occupation[spin, place] * radial / (4 * np.pi * mesh.r**2)
    return energies, density, unbound


def _level(mesh, potential, place, guess, top):
    nodes, momentum = FILLING[place]
    return level_below(
        mesh, potential, l=momentum, nodes=nodes, relativity="none", z=0.0, guess=guess, top=top
    )


def _levels(sphere, energies, potential):
    """All levels of FILLING; empty ones in the final potential, NaN where they are not bound."""
    found = energies.copy()
    for spin, place in np.argwhere(sphere.occupation == 0):
        edge = continuum_edge(sphere.mesh, potential[spin], FILLING[place][1])
        found[spin, place] = _level(sphere.mesh, potential[spin], place, 0.5 * edge, edge)[0]
    return tuple(
        JelliumLevel(
            name=_name(place),
            nodes=nodes,
            l=momentum,
            energy=tuple(found[:, place].tolist()),
            electrons=tuple(sphere.occupation[:, place].tolist()),
        )
        for place, (nodes, momentum) in enumerate(FILLING)
    )


def _name(place):
    nodes, momentum = FILLING[place]
    return f"{nodes + 1}{MOMENTUM_LETTERS[momentum]}"


def _energy_parts(sphere, energies, density, screening):
    """Parts of the energy, hartree; the kinetic one is what the levels hold beyond the potential."""
    mesh, total = sphere.mesh, density.sum(axis=0)
    volume = 4 * np.pi * mesh.r**2
    held = sphere.occupation > 0
    band = float(sphere.occupation[held] @ energies[held])
    external = float(mesh.integrate(volume * total * sphere.external))
    screened = float(np.sum(mesh.integrate(volume * density * screening)))
    return {
        "kinetic": band - external - screened,
        "external": external,
        "hartree": 0.5 * float(mesh.integrate(volume * total * hartree_potential(mesh, total))),
        "xc": float(mesh.integrate(volume * sphere.functional.evaluate(density)[0])),
    }

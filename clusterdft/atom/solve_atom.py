"""Atoms with all their electrons, and pseudo-atoms with their valence electrons."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from clusterdft.arrays import Floats
from clusterdft.atom.atom_result import Atom
from clusterdft.atom.configuration import Configuration, core_shells, nuclear_charge
from clusterdft.atom.mesh import RadialMesh, logarithmic_mesh
from clusterdft.atom.radial_equation import inverse_square_of_light
from clusterdft.atom.radial_problem import (
    LevelNotBound,
    RadialProblem,
    energy_parts,
    find_levels,
    local_functional,
)
from clusterdft.atom.radial_scf import solve_radial
from clusterdft.errors import InputError
from clusterdft.pseudo.potential import Pseudopotential
from clusterdft.units import MOMENTUM_LETTERS

VALENCE_RADIUS = 1.0  # bohr, of the screening charge that a pseudo-atom begins with


def solve_atom(
    configuration: Configuration,
    *,
    functional: str = "lda-pz",
    spin_polarized: bool = False,
    relativity: str = "none",
    mesh: RadialMesh | None = None,
) -> Atom:
    """The self-consistent atom with all its electrons, spherically averaged.

        [T + l(l+1)/2r^2 - Z/r + v_H(r) + v_xc,s(r)] P = E P

    Parameters
    ----------
    configuration : Configuration
    functional : str
        Name of a local functional.
    spin_polarized : bool
        Whether the two spins have their own orbitals.
    relativity : "none" or "scalar"
        The latter of Koelling and Harmon.
    mesh : RadialMesh or None
        None for the `logarithmic_mesh` of the element.

    Returns
    -------
    Atom
        Its potential is the whole Kohn-Sham potential.

    Raises
    ------
    InputError
        An occupied shell is not bound, or an argument is impossible.
    ScfNotConverged

    References
    ----------
    Koelling and Harmon, J. Phys. C 10, 3107 (1977)
    """
    inverse_square_of_light(relativity)
    mesh = mesh or logarithmic_mesh(configuration.z)
    problem = replace(
        _problem(
            configuration,
            mesh,
            nodes=tuple(shell.n - shell.l - 1 for shell in configuration.shells),
            ionic=np.tile(-configuration.z / mesh.r, (len(configuration.shells), 1)),
            functional=functional,
            spin_polarized=spin_polarized,
        ),
        charge=float(configuration.z),
        relativity=relativity,
    )
    return _solve(problem, configuration, _all_electron_guess(mesh, configuration), keep_ionic=True)


def solve_pseudo_atom(
    pseudopotential: Pseudopotential,
    configuration: Configuration,
    *,
    functional: str = "lda-pz",
    spin_polarized: bool = False,
    mesh: RadialMesh | None = None,
) -> Atom:
    """The self-consistent valence electrons of a semilocal pseudopotential.

    Parameters
    ----------
    pseudopotential : Pseudopotential
    configuration : Configuration
        Of the valence shells under their usual names, such as 4s1 3d0 of K.
    functional : str
        Name of a local functional.
    spin_polarized : bool
        Whether the two spins have their own orbitals.
    mesh : RadialMesh or None
        None for the `logarithmic_mesh` of the element.

    Returns
    -------
    Atom
        Its potential is that of the electrons alone, without the ion's.

    Raises
    ------
    InputError
        A shell of the core, an occupied shell that is not bound, a separable pseudopotential.
    ScfNotConverged
    """
    if pseudopotential.symbol != configuration.symbol:
        raise InputError(
            f"the pseudopotential {pseudopotential.name} is for {pseudopotential.symbol}, "
            f"not for {configuration.symbol}; give a configuration of that element"
        )
    mesh = mesh or logarithmic_mesh(configuration.z)
    momenta = {shell.l for shell in configuration.shells}
    return solve_valence(
        mesh,
        {l: pseudopotential.potential(l, mesh.r) for l in momenta},  # noqa: E741
        configuration,
        z_valence=pseudopotential.z_valence,
        partial_core=pseudopotential.partial_core(mesh.r),
        functional=functional,
        spin_polarized=spin_polarized,
    )


def solve_valence(
    mesh: RadialMesh,
    ionic: Mapping[int, ArrayLike],
    configuration: Configuration,
    *,
    z_valence: float,
    partial_core: ArrayLike | None = None,
    functional: str = "lda-pz",
    spin_polarized: bool = False,
) -> Atom:
    """The self-consistent valence electrons of any ionic potentials.

        E_xc = E_xc[n_valence + n_partial_core],  half of the partial core to either spin

    Parameters
    ----------
    mesh : RadialMesh
    ionic : {l: (n,) hartree}
        Potential of the ion for each angular momentum.
    configuration : Configuration
        Of the valence shells under their usual names.
    z_valence : float
        Charge of the ion; the core is the rest of the ground state, see `core_shells`.
    partial_core : (n,) bohr^-3, or None
    functional : str
        Name of a local functional.
    spin_polarized : bool
        Whether the two spins have their own orbitals.

    Returns
    -------
    Atom
        Its potential is that of the electrons alone, without the ion's.

    Raises
    ------
    InputError
        A shell of the core or without a potential, an occupied shell that is not bound.
    ScfNotConverged

    Notes
    -----
    A shell n has n - n0 nodes, with n0 the lowest n of its l outside the core.
    """
    problem = _problem(
        configuration,
        mesh,
        nodes=valence_nodes(configuration, z_valence),
        ionic=_of_shells(ionic, configuration),
        functional=functional,
        spin_polarized=spin_polarized,
    )
    if partial_core is not None:
        problem = replace(problem, partial_core=np.asarray(partial_core, dtype=float))
    held = configuration.n_electrons - 1
    guess = held * (1 - np.exp(-mesh.r / VALENCE_RADIUS)) / mesh.r
    return _solve(problem, configuration, guess, keep_ionic=False)


def _of_shells(ionic: Mapping[int, ArrayLike], configuration: Configuration) -> Floats:
    """The potential of each shell, (nshell, n)."""
    for shell in configuration.shells:
        if shell.l not in ionic:
            raise InputError(
                f"there is no potential for the shell {shell.name}; give one for l = {shell.l}, "
                f"there are those for {', '.join(str(momentum) for momentum in sorted(ionic))}"
            )
    return np.array([ionic[shell.l] for shell in configuration.shells], dtype=float)


def valence_nodes(configuration: Configuration, z_valence: float) -> tuple[int, ...]:
    """Nodes of the pseudo-orbitals of a configuration's shells.

    Returns
    -------
    (nshell,) int

    Raises
    ------
    InputError
        A shell of the core.
    """
    core = core_shells(configuration.symbol, z_valence)
    nodes = []
    for shell in configuration.shells:
        lowest = max((inner.n for inner in core if inner.l == shell.l), default=shell.l) + 1
        if shell.n < lowest:
            raise InputError(
                f"the shell {shell.name} of {configuration.symbol} is in the core of a pseudopotential with "
                f"{z_valence} valence electrons; the lowest of that kind is "
                f"{lowest}{MOMENTUM_LETTERS[shell.l]}"
            )
        nodes.append(shell.n - lowest)
    return tuple(nodes)


def _all_electron_guess(mesh: RadialMesh, configuration: Configuration) -> Floats:
    """The Thomas-Fermi screening of an atom, scaled to leave an electron the charge of the ion at large r.

    References
    ----------
    Latter, Phys. Rev. 99, 510 (1955), for the rational fit of the Thomas-Fermi function
    """
    z = nuclear_charge(configuration.symbol)
    x = mesh.r * z ** (1 / 3) / 0.8853
    root = np.sqrt(x)
    inverse = 1 + 0.02747 * root + 1.243 * x - 0.1486 * x * root + 0.2302 * x**2
    inverse += 0.007298 * x**2 * root + 0.006944 * x**3
    guess: Floats = (configuration.n_electrons - 1) * (1 - 1 / inverse) / mesh.r
    return guess


def _problem(
    configuration: Configuration,
    mesh: RadialMesh,
    *,
    nodes: tuple[int, ...],
    ionic: Floats,
    functional: str,
    spin_polarized: bool,
) -> RadialProblem:
    """The problem of a configuration's shells, without relativity and partial core."""
    shells = configuration.shells
    occupation = np.array([(shell.up, shell.down) for shell in shells], dtype=float).T
    return RadialProblem(
        name=f"the atom {configuration.symbol} {configuration.text}",
        advice="try a configuration with other occupations",
        mesh=mesh,
        level_names=tuple(shell.name for shell in shells),
        momenta=tuple(shell.l for shell in shells),
        nodes=nodes,
        occupation=occupation if spin_polarized else occupation.sum(axis=0, keepdims=True),
        ionic=ionic,
        partial_core=np.zeros(len(mesh.r)),
        functional=local_functional(functional),
    )


def _solve(problem: RadialProblem, configuration: Configuration, guess: Floats, *, keep_ionic: bool) -> Atom:
    """The Atom of a problem, empty shells included.

    Parameters
    ----------
    guess : (n,) hartree
        Potential of the electrons to begin with.
    keep_ionic : bool
        Whether the potential of the Atom holds that of the nucleus.
    """
    try:
        solution = solve_radial(problem, np.tile(guess, (problem.nspin, 1)))
    except LevelNotBound as error:
        raise InputError(
            f"the shell {error.level} of {configuration.symbol} {configuration.text} is not bound; "
            "try an ion with fewer electrons, or leave that shell empty"
        ) from None
    levels, screening, occupied = solution.levels, solution.screening, problem.occupation > 0
    empty = find_levels(problem, screening, np.zeros_like(levels.eigenvalue), empty=True)
    energies = energy_parts(problem, levels, solution.density, screening)
    return Atom(
        configuration=configuration,
        mesh=problem.mesh,
        functional=problem.functional.name,
        relativity=problem.relativity,
        energy=sum(energies.values()),
        energies=energies,
        eigenvalue=np.where(occupied, levels.eigenvalue, empty.eigenvalue),
        orbital=np.where(occupied[:, :, None], levels.orbital, empty.orbital),
        density=solution.density,
        potential=screening + problem.ionic[0] if keep_ionic else screening,
        n_iterations=solution.n_iterations,
    )

"""From a recipe to a pseudopotential: reference atoms, pseudo-orbitals, unscreening, analytic fit."""

from dataclasses import dataclass, replace

import numpy as np

from clusterdft.arrays import Floats
from clusterdft.atom import (
    Atom,
    Configuration,
    RadialMesh,
    Shell,
    bound_state,
    core_shells,
    ground_configuration,
    logarithmic_mesh,
    parse_configuration,
    solve_atom,
)
from clusterdft.atom.configuration import nuclear_charge
from clusterdft.atom.radial_problem import hartree_potential
from clusterdft.errors import InputError
from clusterdft.making.pseudopotential.analytic_fit import ChannelFit, fit_channel
from clusterdft.making.pseudopotential.core_fit import fit_partial_core, matching_radius
from clusterdft.making.pseudopotential.hamann import (
    PseudoOrbital,
    norm_inside,
    pseudo_orbital,
    with_unit_norm,
)
from clusterdft.making.pseudopotential.recipe import ChannelRecipe, Recipe
from clusterdft.pseudo.potential import Pseudopotential, Semilocal
from clusterdft.units import MOMENTUM_LETTERS
from clusterdft.xc import get_functional

LARGEST_SHIFT = 1e-4  # hartree, of an eigenvalue by the fit
LARGEST_RMS = 0.02  # hartree, of the fit, weighted by the density of the reference orbital


@dataclass(frozen=True, kw_only=True, eq=False)
class MadeChannel:
    """One angular momentum on its way to the analytic form.

    Attributes
    ----------
    reference : str
        Text of the reference configuration.
    all_electron : (n,)
        P of the all-electron reference state, positive in its tail.
    state : PseudoOrbital
    ionic : (n,) hartree
        Numerical, unscreened.
    fit : ChannelFit
    norm_error : float
        Norm of the pseudo-orbital minus that of the all-electron one inside `state.reach`.
    fitted_energy : hartree
        Eigenvalue in the fitted potential, with the screening of the reference.
    """

    reference: str
    all_electron: Floats
    state: PseudoOrbital
    ionic: Floats
    fit: ChannelFit
    norm_error: float
    fitted_energy: float


@dataclass(frozen=True, kw_only=True, eq=False)
class MadePseudopotential:
    """A pseudopotential with everything that its making left behind.

    Attributes
    ----------
    recipe : Recipe
    pseudopotential : Pseudopotential
    mesh : RadialMesh
    channels : tuple of MadeChannel
        Of l = 0, 1, ...
    core_density, valence_density : (n,) bohr^-3
        Of the neutral all-electron atom.
    core_radius : bohr or None
        Where the partial core starts; None without one.
    """

    recipe: Recipe
    pseudopotential: Pseudopotential
    mesh: RadialMesh
    channels: tuple[MadeChannel, ...]
    core_density: Floats
    valence_density: Floats
    core_radius: float | None


def make_pseudopotential(recipe: Recipe, *, name: str = "made here") -> MadePseudopotential:
    """Norm-conserving pseudopotential in analytic form.

    Parameters
    ----------
    recipe : Recipe
    name : str
        What it will be called.

    Returns
    -------
    MadePseudopotential

    Raises
    ------
    InputError
        A configuration that does not exist or is not bound, a cutoff radius that cannot work, a fit
        that misses its tolerance.

    Notes
    -----
    Deterministic: exponents lie on a ladder, coefficients are kept with five decimals.

    References
    ----------
    Bachelet, Hamann, Schlueter, Phys. Rev. B 26, 4199 (1982)
    """
    mesh = logarithmic_mesh(nuclear_charge(recipe.symbol))
    core, valence = _ground_densities(recipe, mesh)
    exponent, coefficient, radius = np.zeros(0), np.zeros(0), None
    if recipe.core_ratio is not None:
        radius = matching_radius(mesh, core, valence, recipe.core_ratio)
        exponent, coefficient = fit_partial_core(
            mesh, core, valence, ratio=recipe.core_ratio, n_gaussians=recipe.core_gaussians
        )
    bare = Pseudopotential(
        symbol=recipe.symbol,
        z_valence=recipe.z_valence,
        name=name,
        source=source_text(recipe),
        core_alpha=np.array(recipe.core_alpha),
        core_c=np.array(recipe.core_c),
        partial_core_exponent=exponent,
        partial_core_coefficient=coefficient,
    )
    channels = tuple(_make_channel(recipe, channel, bare, mesh) for channel in recipe.channels)
    fitted = tuple(
        Semilocal(l=made.state.l, exponent=made.fit.exponent, a=made.fit.a, b=made.fit.b) for made in channels
    )
    return MadePseudopotential(
        recipe=recipe,
        pseudopotential=replace(bare, channels=fitted),
        mesh=mesh,
        channels=channels,
        core_density=core,
        valence_density=valence,
        core_radius=radius,
    )


def source_text(recipe: Recipe) -> str:
    """One sentence on where the numbers come from.

    Returns
    -------
    str
    """
    atom = "scalar-relativistic" if recipe.relativity == "scalar" else "non-relativistic"
    core = "partial core" if recipe.has_core_correction else "linear unscreening"
    return (
        f"made by clusterdft: {atom} LSD atom (Perdew-Zunger), Hamann-Schlueter-Chiang construction, {core}, "
        "fitted to the Bachelet-Hamann-Schlueter form"
    )


def _ground_densities(recipe: Recipe, mesh: RadialMesh) -> tuple[Floats, Floats]:
    """Core and valence density of the neutral atom, (n,) bohr^-3 each."""
    atom = solve_atom(ground_configuration(recipe.symbol), relativity=recipe.relativity, mesh=mesh)
    inner = {(shell.n, shell.l) for shell in core_shells(recipe.symbol, recipe.z_valence)}
    parts = {True: np.zeros_like(mesh.r), False: np.zeros_like(mesh.r)}
    for shell, orbital in zip(atom.configuration.shells, atom.orbital[0], strict=True):
        share = (shell.up + shell.down) * orbital**2 / (4 * np.pi * mesh.r**2)
        parts[(shell.n, shell.l) in inner] += share
    return parts[True], parts[False]


def valence_screening(mesh: RadialMesh, density: Floats, partial_core: Floats) -> Floats:
    """Hartree and exchange-correlation potential of an unpolarised valence density.

        v = v_H[n] + v_xc[n + n_c]

    With n_c = 0 this is linear unscreening: v_xc[n + core] - v_xc[n], which depends on n, is left in the ion.

    Parameters
    ----------
    mesh : RadialMesh
    density, partial_core : (n,) bohr^-3

    Returns
    -------
    (n,) hartree

    References
    ----------
    Louie, Froyen, Cohen, Phys. Rev. B 26, 1738 (1982), eq. (6)
    """
    _, v, _ = get_functional("lda-pz").evaluate((density + partial_core)[None])
    screening: Floats = hartree_potential(mesh, density) + v[0]
    return screening


def _make_channel(
    recipe: Recipe, channel: ChannelRecipe, bare: Pseudopotential, mesh: RadialMesh
) -> MadeChannel:
    """MadeChannel from the reference atom of its recipe."""
    atom, valence = _reference_atom(recipe, channel, mesh)
    cutoffs = {other.l: other.cutoff_radius for other in recipe.channels}
    states = {}
    density = np.zeros_like(mesh.r)
    for k, shell in valence.items():
        if shell.l not in cutoffs:
            raise InputError(
                f"the reference {channel.configuration!r} occupies {MOMENTUM_LETTERS[shell.l]}, which has "
                "no channel; take another configuration"
            )
        states[shell.l] = (
            k,
            pseudo_orbital(
                mesh,
                atom.potential[0],
                l=shell.l,
                energy=float(atom.eigenvalue[0, k]),
                orbital=atom.orbital[0, k],
                cutoff_radius=cutoffs[shell.l],
            ),
        )
        density += (shell.up + shell.down) * states[shell.l][1].orbital ** 2 / (4 * np.pi * mesh.r**2)
    index, state = states[channel.l]
    screening = valence_screening(mesh, density, bare.partial_core(mesh.r))
    ionic = state.potential - screening
    core = bare.potential(channel.l, mesh.r)
    fit = fit_channel(
        mesh, ionic - core, state.orbital, cutoff_radius=state.cutoff_radius, n_gaussians=recipe.gaussians
    )
    fitted = core + Semilocal(l=channel.l, exponent=fit.exponent, a=fit.a, b=fit.b).potential(mesh.r)
    energy = bound_state(mesh, fitted + screening, l=channel.l, nodes=0).energy
    all_electron = with_unit_norm(mesh, atom.orbital[0, index])
    edge = int(np.searchsorted(mesh.r, state.reach))
    _check_fit(channel, state, fit, energy)
    return MadeChannel(
        reference=atom.configuration.text,
        all_electron=all_electron,
        state=state,
        ionic=ionic,
        fit=fit,
        norm_error=norm_inside(mesh, state.orbital, edge) - norm_inside(mesh, all_electron, edge),
        fitted_energy=energy,
    )


def _reference_atom(
    recipe: Recipe, channel: ChannelRecipe, mesh: RadialMesh
) -> tuple[Atom, dict[int, Shell]]:
    """The all-electron reference atom, and {index: Shell} of its valence shells."""
    inner = core_shells(recipe.symbol, recipe.z_valence)
    outer = parse_configuration(recipe.symbol, channel.configuration).shells
    taken = {(shell.n, shell.l) for shell in inner}
    for shell in outer:
        if (shell.n, shell.l) in taken:
            raise InputError(
                f"the reference {channel.configuration!r} of {recipe.symbol} names the core shell "
                f"{shell.name}; give valence shells only"
            )
    if channel.l not in {shell.l for shell in outer}:
        raise InputError(
            f"the reference {channel.configuration!r} for the {channel.letter} channel of "
            f"{recipe.symbol} has no {channel.letter} shell; name one, such as 3{channel.letter}0.5"
        )
    configuration = Configuration(symbol=recipe.symbol, shells=(*inner, *outer))
    atom = solve_atom(configuration, relativity=recipe.relativity, mesh=mesh)
    valence = {}
    for k, shell in enumerate(atom.configuration.shells):
        if (shell.n, shell.l) not in taken:
            valence[k] = shell
            if not atom.eigenvalue[0, k] < 0:
                raise InputError(
                    f"{shell.name} of {recipe.symbol} is not bound in "
                    f"{channel.configuration!r}; take an ion with fewer electrons"
                )
    return atom, valence


def _check_fit(channel: ChannelRecipe, state: PseudoOrbital, fit: ChannelFit, energy: float) -> None:
    """Raise InputError for a fit that changes the eigenvalue or the potential too much."""
    shift = energy - state.energy
    if not abs(shift) < LARGEST_SHIFT:
        raise InputError(
            f"the fit of the {channel.letter} channel moves the eigenvalue by {shift:.1e} hartree, more "
            f"than {LARGEST_SHIFT:g}; take more Gaussians or a larger cutoff radius than "
            f"{channel.cutoff_radius:g}"
        )
    if not fit.rms < LARGEST_RMS:
        raise InputError(
            f"the fit of the {channel.letter} channel is wrong by {fit.rms:.1e} hartree on the average "
            f"over its orbital, more than {LARGEST_RMS:g}; take more Gaussians or another cutoff radius than "
            f"{channel.cutoff_radius:g}"
        )

"""Everything that decides a generated pseudopotential."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from clusterdft.atom.radial_equation import RELATIVITY
from clusterdft.errors import InputError
from clusterdft.units import MOMENTUM_LETTERS


@dataclass(frozen=True, kw_only=True)
class ChannelRecipe:
    """How the potential of one angular momentum is made.

    Attributes
    ----------
    l : int
        Angular momentum.
    configuration : str
        Valence configuration of the reference atom or ion, such as "3s1" or "3p0.5".
    cutoff_radius : bohr
    """

    l: int  # noqa: E741 - the angular momentum is called l
    configuration: str
    cutoff_radius: float

    @property
    def letter(self) -> str:
        """Spectroscopic letter of the angular momentum."""
        return MOMENTUM_LETTERS[self.l]


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """A pseudopotential to be made.

    Attributes
    ----------
    symbol : str
        Chemical symbol.
    z_valence : int
        Number of valence electrons.
    channels : tuple of ChannelRecipe
        One for each l = 0, 1, ...
    relativity : "scalar" or "none"
    core_ratio : float or None
        The partial core starts where the core density is this many times the valence density; None
        unscreens linearly, without a partial core.
    core_gaussians : int
        Number of Gaussians of the partial core.
    gaussians : int
        Number of Gaussians of each channel.
    core_alpha : (2,) bohr^-2
        Exponents of the erf core.
    core_c : (2,)
        Their weights.
    """

    symbol: str
    z_valence: int
    channels: tuple[ChannelRecipe, ...]
    relativity: str = "scalar"
    core_ratio: float | None = None
    core_gaussians: int = 2
    gaussians: int = 3
    core_alpha: tuple[float, float]
    core_c: tuple[float, float]

    @property
    def has_core_correction(self) -> bool:
        """Whether there is a partial core."""
        return self.core_ratio is not None


# symbol -> valence electrons, ((reference configuration, cutoff radius in bohr) for s, p, d).
# An alkali atom's p and d states come from ions that have half an electron in them alone: in the neutral atom
# they are weakly bound or unbound. Cutoffs are about 0.55 of the radius of the orbital's maximum for s, less
# for p and most d, which have their maximum further out.
REFERENCES = {
    "Li": (1, (("2s1", 1.5), ("2p0.5", 1.3), ("3d0.5", 1.4))),
    "Na": (1, (("3s1", 1.8), ("3p0.5", 1.8), ("3d0.5", 2.0))),
    "K": (1, (("4s1", 2.2), ("4p0.5", 2.1), ("3d0.5", 1.5))),
    "Rb": (1, (("5s1", 2.4), ("5p0.5", 2.3), ("4d0.5", 1.8))),
    "Cs": (1, (("6s1", 2.7), ("6p0.5", 2.9), ("5d0.5", 2.2))),
    "Mg": (2, (("3s2", 1.4), ("3s0.5 3p0.5", 1.5), ("3s0.5 3d0.5", 1.6))),
    "Al": (3, (("3s2 3p1", 1.15), ("3s2 3p1", 1.4), ("3s1 3d0.5", 1.2))),
}
# With a partial core, the s state of the half-ionised atom: the frozen core is then wrong to second order
# either way, which improves ionization energies by 10 meV and bond lengths by 0.01 bohr. Linear unscreening
# stays with the neutral atom.
HALF_IONISED = {"Li": "2s0.5", "Na": "3s0.5", "K": "4s0.5", "Rb": "5s0.5", "Cs": "6s0.5"}
SODIUM_CORE = ((1.71, 0.5), (5.1815, -4.1815), 1.8)  # exponents, weights, and the cutoff radius they are for
CORE_RATIO = 2.0


def default_recipe(
    symbol: str, z_valence: int | None = None, *, core_correction: bool = False, relativity: str = "scalar"
) -> Recipe:
    """The recipe of a shipped pseudopotential.

    Parameters
    ----------
    symbol : str
        A key of REFERENCES.
    z_valence : int or None
        None for the one that is shipped.
    core_correction : bool
        Whether there is a partial core.
    relativity : "scalar" or "none"

    Returns
    -------
    Recipe

    Raises
    ------
    InputError
        No recipe for this element or valence.
    """
    if symbol not in REFERENCES:
        raise InputError(f"there is no recipe for {symbol}; there is one for {', '.join(sorted(REFERENCES))}")
    valence, references = REFERENCES[symbol]
    if z_valence not in (None, valence):
        raise InputError(
            f"the recipe of {symbol} leaves {valence} valence electron{'s' if valence > 1 else ''}, "
            f"not {z_valence}; give --charge {valence}"
        )
    if relativity not in RELATIVITY:
        raise InputError(f"relativity {relativity!r}; allowed: {', '.join(RELATIVITY)}")
    if core_correction and symbol in HALF_IONISED:
        references = ((HALF_IONISED[symbol], references[0][1]), *references[1:])
    channels = tuple(
        ChannelRecipe(l=l, configuration=configuration, cutoff_radius=radius)
        for l, (configuration, radius) in enumerate(references)  # noqa: E741
    )
    exponents, weights, made_for = SODIUM_CORE
    scale = (made_for / channels[0].cutoff_radius) ** 2
    return Recipe(
        symbol=symbol,
        z_valence=valence,
        channels=channels,
        relativity=relativity,
        core_ratio=CORE_RATIO if core_correction else None,
        core_alpha=(float(f"{scale * exponents[0]:.3g}"), float(f"{scale * exponents[1]:.3g}")),
        core_c=weights,
    )


def changed_recipe(
    recipe: Recipe,
    *,
    configurations: Mapping[int, str] | None = None,
    cutoffs: Mapping[int, float] | None = None,
    core_ratio: float | None = None,
    highest: int | None = None,
) -> Recipe:
    """A recipe with other reference configurations or cutoff radii.

    Parameters
    ----------
    recipe : Recipe
    configurations : {l: text}, or None
    cutoffs : {l: bohr}, or None
    core_ratio : float or None
        Where the partial core starts.
    highest : int or None
        The highest l that gets a channel of its own.

    Returns
    -------
    Recipe

    Raises
    ------
    InputError
        A channel that the recipe does not have, or values that make no sense.
    """
    configurations, cutoffs = configurations or {}, cutoffs or {}
    having = [channel.l for channel in recipe.channels]
    for l in (*configurations, *cutoffs):  # noqa: E741
        if l not in having:
            raise InputError(
                f"the recipe of {recipe.symbol} has no {MOMENTUM_LETTERS[l]} channel; it has "
                f"{', '.join(MOMENTUM_LETTERS[k] for k in having)}"
            )
    for l, radius in cutoffs.items():  # noqa: E741
        if not 0.1 <= radius <= 10:
            raise InputError(
                f"cutoff radius {radius:g} bohr for {MOMENTUM_LETTERS[l]}; give one between 0.1 and 10"
            )
    if core_ratio is not None and not 0.1 <= core_ratio <= 100:
        raise InputError(f"core ratio {core_ratio:g}; give one between 0.1 and 100, such as 2")
    channels = tuple(
        replace(
            channel,
            configuration=configurations.get(channel.l, channel.configuration),
            cutoff_radius=cutoffs.get(channel.l, channel.cutoff_radius),
        )
        for channel in recipe.channels
        if highest is None or channel.l <= highest
    )
    return replace(
        recipe, channels=channels, core_ratio=recipe.core_ratio if core_ratio is None else core_ratio
    )

"""Everything that decides a generated pseudopotential."""

from dataclasses import dataclass, replace

from clusterdft.atom.radial_equation import RELATIVITY
from clusterdft.errors import InputError
from clusterdft.units import MOMENTUM_LETTERS


@dataclass(frozen=True, kw_only=True)
class ChannelRecipe:
    """How the potential of one angular momentum is made.

    Attributes
    ----------
    l : angular momentum
    configuration : valence configuration of the reference atom or ion, such as "3s1" or "3p0.5"
    cutoff_radius : bohr
    """

    l: int  # noqa: E741 - the angular momentum is called l
    configuration: str
    cutoff_radius: float

    @property
    def letter(self):
        """Spectroscopic letter of the angular momentum."""
        return MOMENTUM_LETTERS[self.l]


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """A pseudopotential to be made.

    Attributes
    ----------
    symbol : chemical symbol
    z_valence : number of valence electrons
    channels : one ChannelRecipe for each l = 0, 1, ...
    relativity : "scalar" or "none"
    core_ratio : the partial core starts where the core density is this many times the valence density; None
        unscreens linearly, without a partial core
    core_gaussians : number of Gaussians of the partial core
    gaussians : number of Gaussians of each channel
    core_alpha, core_c : exponents (bohr^-2) and weights of the erf core
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
    def has_core_correction(self):
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


def default_recipe(symbol, z_valence=None, *, core_correction=False, relativity="scalar"):
    """The recipe of a shipped pseudopotential.

    Parameters
    ----------
    symbol : one of REFERENCES
    z_valence : None for the one that is shipped
    core_correction : with a partial core
    relativity : "scalar" or "none"

    Returns
    -------
    Recipe

    Raises
    ------
    InputError
        no recipe for this element or valence
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
        core_alpha=tuple(float(f"{scale * exponent:.3g}") for exponent in exponents),
        core_c=weights,
    )


def changed(recipe, *, configurations=None, cutoffs=None, core_ratio=None, highest=None):
    """A recipe with other reference configurations or cutoff radii.

    Parameters
    ----------
    configurations : {l: text}
    cutoffs : {l: bohr}
    core_ratio : where the partial core starts
    highest : the highest l that gets a channel of its own

    Raises
    ------
    InputError
        a channel that the recipe does not have, or values that make no sense
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

"""Writing a generated pseudopotential as a file that people can read and the reader can load."""

from collections.abc import Iterable

from clusterdft.making.pseudopotential.make import MadePseudopotential
from clusterdft.making.pseudopotential.recipe import Recipe, default_recipe
from clusterdft.units import MOMENTUM_LETTERS

FILE_VERSION = "1"


def file_text(made: MadePseudopotential, command: str) -> str:
    """The TOML file of a pseudopotential.

    Parameters
    ----------
    made : MadePseudopotential
    command : str
        The command line that makes it again.

    Returns
    -------
    str
    """
    pseudo, recipe = made.pseudopotential, made.recipe
    lines = [
        f"# {recipe.symbol}, {recipe.z_valence} valence electron{'s' if recipe.z_valence > 1 else ''}; "
        "hartree and bohr.",
        "#   V_l(r) = -Z/r sum_i c_i erf(sqrt(alpha_i) r) + sum_i (a_i + b_i r^2) exp(-alpha_i r^2);"
        f"   l > {recipe.channels[-1].l} sees the erf part only.",
    ]
    if recipe.has_core_correction:
        lines.append(
            "#   Partial core n_c(r) = sum_i c_i exp(-alpha_i r^2), for exchange and correlation alone."
        )
    lines += [
        f"element = {_text(recipe.symbol)}",
        f"z_valence = {recipe.z_valence}",
        f"version = {_text(FILE_VERSION)}",
        f"source = {_text(pseudo.source)}",
        f"command = {_text(command)}",
        "",
        *_recipe_lines(made),
        "",
        "[core]",
        f"alpha = {_numbers(pseudo.core_alpha)}",
        f"c = {_numbers(pseudo.core_c)}",
    ]
    if recipe.has_core_correction:
        lines += [
            "",
            "[partial_core]",
            f"alpha = {_numbers(pseudo.partial_core_exponent)}",
            f"c = {_numbers(pseudo.partial_core_coefficient)}",
        ]
    for channel in made.channels:
        lines += [
            "",
            f"[l{channel.state.l}]",
            f"alpha = {_numbers(channel.fit.exponent)}",
            f"a = {_numbers(channel.fit.a)}",
            f"b = {_numbers(channel.fit.b)}",
        ]
    return "\n".join([*lines, *_check_lines(made)]) + "\n"


def make_command(recipe: Recipe) -> str:
    """The command line that makes a recipe's pseudopotential, with every departure from the default.

    Returns
    -------
    str
    """
    words = ["clusterdft pseudo make", recipe.symbol, f"--charge {recipe.z_valence}"]
    standard = default_recipe(
        recipe.symbol, core_correction=recipe.has_core_correction, relativity=recipe.relativity
    )
    if recipe.has_core_correction:
        words.append("--core-correction")
        if recipe.core_ratio != standard.core_ratio:
            words.append(f"--core-ratio {recipe.core_ratio:g}")
    if recipe.relativity != "scalar":
        words.append(f"--relativity {recipe.relativity}")
    for channel, usual in zip(recipe.channels, standard.channels, strict=False):
        letter = channel.letter
        if channel.configuration != usual.configuration:
            words.append(f'--reference {letter}="{channel.configuration}"')
        if channel.cutoff_radius != usual.cutoff_radius:
            words.append(f"--cutoff {letter}={channel.cutoff_radius:g}")
    if len(recipe.channels) < len(standard.channels):
        words.append(f"--highest {recipe.channels[-1].letter}")
    return " ".join(words)


def _recipe_lines(made: MadePseudopotential) -> list[str]:
    recipe = made.recipe
    lines = [
        "[recipe]",
        f"relativity = {_text(recipe.relativity)}",
        'functional = "lda-pz"',
        'construction = "Hamann-Schlueter-Chiang, cutoff exp(-(r/rc)^3.5)"',
    ]
    if recipe.core_ratio is not None:
        lines += [
            f"core_ratio = {float(recipe.core_ratio)!r}   # core over valence density at core_radius",
            f"core_radius_bohr = {made.core_radius:.3f}",
        ]
    for channel in recipe.channels:
        lines.append(
            f"{channel.letter} = {{ reference = {_text(channel.configuration)}, "
            f"cutoff_bohr = {channel.cutoff_radius!r} }}"
        )
    return lines


def _check_lines(made: MadePseudopotential) -> list[str]:
    lines = ["", "[check]   # of each reference state, hartree"]
    for channel in made.channels:
        lines.append(
            f"{MOMENTUM_LETTERS[channel.state.l]} = {{ eigenvalue_all_electron = {channel.state.energy:.6f}, "
            f"eigenvalue_fitted = {channel.fitted_energy:.6f}, "
            f"largest_deviation_outside = {channel.fit.largest_outside:.4f} }}"
        )
    return lines


def _text(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _numbers(values: Iterable[float]) -> str:
    return "[" + ", ".join(repr(float(value)) for value in values) + "]"

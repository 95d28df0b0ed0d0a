"""Pseudopotential files in the Bachelet-Hamann-Schlueter form."""

import math
from typing import Any

from clusterdft.arrays import frozen_array
from clusterdft.errors import InputError
from clusterdft.files.toml import TomlSource, read_toml
from clusterdft.pseudo.potential import Pseudopotential, Semilocal

WHAT = "pseudopotential file"
SECTIONS = ("core", "l0", "l1", "l2", "l3")
FOR_THE_READER = ("check", "recipe", "version", "command", "note")
KEYS = ("element", "z_valence", "source", *SECTIONS, "partial_core", *FOR_THE_READER)


def read_bhs(path: TomlSource, name: str = "bhs") -> Pseudopotential:
    """Read a pseudopotential from a TOML file.

        V = -(Z/r) sum_i c_i erf(sqrt(alpha_i) r) + sum_l P_l sum_i (a_i + b_i r^2) exp(-alpha_i r^2)

    The file has `element`, `z_valence`, `source`, a section [core] with lists alpha and c (sum c = 1), and
    at most one section [l0] to [l3] per angular momentum with lists alpha, a and b; hartree and bohr.
    An optional section [partial_core] has lists alpha and c, bohr^-2 and bohr^-3, both positive:
    n_c = sum_i c_i exp(-alpha_i r^2). [check], [recipe], version, command and note may hold anything:
    they are for the reader of the file.

    Parameters
    ----------
    path : path or readable resource
    name : str
        What the pseudopotential will be called.

    Returns
    -------
    Pseudopotential

    Raises
    ------
    InputError
        naming the file and the key, for every mistake in it
    """
    return bhs_of_table(read_toml(path, WHAT), name, path)


def bhs_of_table(table: dict[str, Any], name: str, path: TomlSource) -> Pseudopotential:
    """The pseudopotential in the tables of such a file; `path` is for messages.

    Returns
    -------
    Pseudopotential

    Raises
    ------
    InputError
        as `read_bhs`
    """
    for key in table:
        if key not in KEYS:
            raise InputError(f"{path}: unknown key {key!r}; allowed: {', '.join(KEYS)}")
    core = _lists(table, "core", ("alpha", "c"), path)
    if abs(sum(core["c"]) - 1) > 1e-6:
        raise InputError(
            f"{path}: core.c sums to {sum(core['c']):g}; it must sum to 1, or the ion has the wrong charge"
        )
    channels = [_channel(table, section, path) for section in SECTIONS[1:] if section in table]
    partial_core = _partial_core(table, path)
    return Pseudopotential(
        symbol=_text(table, "element", path),
        z_valence=_valence(table, path),
        name=name,
        source=_text(table, "source", path),
        core_alpha=frozen_array(core["alpha"]),
        core_c=frozen_array(core["c"]),
        channels=tuple(channels),
        partial_core_exponent=frozen_array(partial_core["alpha"]),
        partial_core_coefficient=frozen_array(partial_core["c"]),
    )


def _channel(table: dict[str, Any], section: str, path: TomlSource) -> Semilocal:
    lists = _lists(table, section, ("alpha", "a", "b"), path)
    exponent, a, b = (frozen_array(lists[key]) for key in ("alpha", "a", "b"))
    return Semilocal(l=int(section[1]), exponent=exponent, a=a, b=b)


def _partial_core(table: dict[str, Any], path: TomlSource) -> dict[str, list[float]]:
    if "partial_core" not in table:
        return {"alpha": [], "c": []}
    lists = _lists(table, "partial_core", ("alpha", "c"), path)
    if min(lists["c"]) <= 0:
        raise InputError(f"{path}: partial_core.c holds {min(lists['c'])}; densities are positive")
    return lists


def _text(table: dict[str, Any], key: str, path: TomlSource) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value.strip():
        raise InputError(f"{path}: {key} is {_shown(table, key)}; give a text in quotes")
    return value


def _valence(table: dict[str, Any], path: TomlSource) -> int:
    value = table.get("z_valence")
    if type(value) is not int or not 1 <= value <= 118:
        raise InputError(f"{path}: z_valence is {_shown(table, 'z_valence')}; give a positive integer")
    return value


def _lists(
    table: dict[str, Any], section: str, keys: tuple[str, ...], path: TomlSource
) -> dict[str, list[float]]:
    """The section's lists of numbers, all of one length, exponents positive."""
    values = table.get(section)
    if not isinstance(values, dict):
        raise InputError(f"{path}: the section [{section}] is missing; it holds {', '.join(keys)}")
    for key in values:
        if key not in keys:
            raise InputError(f"{path}: unknown key {section}.{key}; allowed: {', '.join(keys)}")
    for key in keys:
        if not _is_numbers(values.get(key)):
            raise InputError(
                f"{path}: {section}.{key} is {_shown(values, key)}; give a list of finite numbers"
            )
        if len(values[key]) != len(values["alpha"]):
            raise InputError(
                f"{path}: {section}.{key} has {len(values[key])} numbers and {section}.alpha "
                f"{len(values['alpha'])}; give as many"
            )
    if min(values["alpha"]) <= 0:
        raise InputError(f"{path}: {section}.alpha holds {min(values['alpha'])}; exponents are positive")
    return values


def _is_numbers(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) > 0
        and all(type(x) in (int, float) and abs(x) < 1e300 and math.isfinite(x) for x in value)
    )


def _shown(table: dict[str, Any], key: str) -> str:
    """The value as a message shows it, shortened."""
    if key not in table:
        return "missing"
    text = repr(table[key])
    return text if len(text) < 60 else text[:57] + "..."

"""Pseudopotential files in the Bachelet-Hamann-Schlueter form."""

from typing import Any, TypeAlias

from clusterdft.arrays import frozen_array
from clusterdft.errors import InputError
from clusterdft.files.toml import TomlSource, read_toml
from clusterdft.pseudo.potential import Pseudopotential, Semilocal
from clusterdft.schema import Kind, Mistakes, Refused, Table, list_of, number, read, text, whole

PSEUDOPOTENTIAL_FILE = "pseudopotential file"
Lists: TypeAlias = dict[str, list[float]]
UNREAD_KEYS = ("check", "recipe", "version", "command", "note")


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
        Naming the file and the key, for every mistake in it.
    """
    return bhs_of_table(read_toml(path, PSEUDOPOTENTIAL_FILE), name, path)


def bhs_of_table(table: dict[str, Any], name: str, path: TomlSource) -> Pseudopotential:
    """The pseudopotential in the tables of such a file; `path` is for messages.

    Returns
    -------
    Pseudopotential

    Raises
    ------
    InputError
        As `read_bhs`.
    """
    problems: list[str] = []
    values = read(table, BHS_TABLE, "", problems)
    if problems:
        raise InputError(f"{path}: {'; '.join(problems)}")
    partial_core = values.get("partial_core", {"alpha": [], "c": []})
    return Pseudopotential(
        symbol=values["element"],
        z_valence=values["z_valence"],
        name=name,
        source=values["source"],
        core_alpha=frozen_array(values["core"]["alpha"]),
        core_c=frozen_array(values["core"]["c"]),
        channels=tuple(_channel(l, values[f"l{l}"]) for l in range(4) if f"l{l}" in values),  # noqa: E741
        partial_core_exponent=frozen_array(partial_core["alpha"]),
        partial_core_coefficient=frozen_array(partial_core["c"]),
    )


def _channel(l: int, lists: Lists) -> Semilocal:  # noqa: E741
    exponent, a, b = (frozen_array(lists[key]) for key in ("alpha", "a", "b"))
    return Semilocal(l=l, exponent=exponent, a=a, b=b)


def _core(value: Any) -> Lists:
    """The lists of the core, whose charge is that of the ion."""
    lists: Lists = _gaussians("core", "alpha", "c")(value)
    if abs(sum(lists["c"]) - 1) > 1e-6:
        total = f"sums to {sum(lists['c']):g}; it must sum to 1, or the ion has the wrong charge"
        raise Mistakes([(("c",), Refused(total))])
    return lists


def _partial_core(value: Any) -> Lists:
    """The lists of a partial core, a density."""
    lists: Lists = _gaussians("partial_core", "alpha", "c")(value)
    if min(lists["c"]) <= 0:
        raise Mistakes([(("c",), Refused(f"holds {min(lists['c'])}; densities are positive"))])
    return lists


def _gaussians(section: str, *keys: str) -> Kind:
    """Kind of lists of numbers, all of one length, the exponents alpha positive."""
    numbers = list_of(number(), "give a list of finite numbers")
    table = Table(
        dict.fromkeys(keys, numbers), required=keys, advice=f"give a table [{section}] with {', '.join(keys)}"
    )

    def check(value: Any) -> Lists:
        lists = table(value)
        n = len(lists["alpha"])
        mistakes: list[tuple[tuple[str, ...], InputError]] = [
            ((key,), Refused(f"has {len(lists[key])} numbers and {section}.alpha {n}; give as many"))
            for key in keys
            if len(lists[key]) != n
        ]
        if min(lists["alpha"]) <= 0:
            mistakes.append((("alpha",), Refused(f"holds {min(lists['alpha'])}; exponents are positive")))
        if mistakes:
            raise Mistakes(mistakes)
        return lists

    return check


def _anything(value: Any) -> Any:
    return value


BHS_TABLE = Table(
    {
        "element": text("give a text in quotes"),
        "z_valence": whole(1, 118),
        "source": text("give a text in quotes"),
        "core": _core,
        **{f"l{l}": _gaussians(f"l{l}", "alpha", "a", "b") for l in range(4)},  # noqa: E741
        "partial_core": _partial_core,
        **dict.fromkeys(UNREAD_KEYS, _anything),
    },
    required=("element", "z_valence", "source", "core"),
)

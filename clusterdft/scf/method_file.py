"""TOML files -> values. Every mistake of a file is reported at once, with the nearest valid key."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from clusterdft.basis.set_files import FITTING_SETS
from clusterdft.basis.sets import BASIS_SETS, is_basis_file
from clusterdft.errors import InputError, nearest_name_hint
from clusterdft.files.toml import read_toml
from clusterdft.method import METHOD_TABLE, Method
from clusterdft.schema import unknown_key
from clusterdft.xc import FUNCTIONALS, get_functional


def load_method(path: str | Path | None = None, **overrides: Any) -> Method:
    """A Method from a TOML file (top level, or its [method] table) and keyword overrides.

    Parameters
    ----------
    path : path of a TOML file, or None for the defaults
    **overrides : fields of Method
        None means "as in the file".

    Returns
    -------
    Method

    Raises
    ------
    InputError
        A file that cannot be read; unknown keys and impossible values, all of them in one message.
    """
    table = {} if path is None else read_toml(str(path), "method file")
    outside: dict[str, Any] = {}
    if isinstance(table.get("method"), dict):
        outside = {key: value for key, value in table.items() if key != "method"}
        table = table["method"]
    problems = [f"{key!r} stands outside the table [method]; move it inside, or drop it" for key in outside]
    method, mistakes = method_of(table, path, **overrides)
    if method is None or problems:
        where = f"{path}: " if path is not None else ""
        raise InputError(where + "; ".join(problems + mistakes))
    return method


def method_of(
    table: dict[str, Any], path: str | Path | None = None, **overrides: Any
) -> tuple[Method | None, list[str]]:
    """A Method from a table, and all that is wrong with the table.

    Parameters
    ----------
    table : dict
        Fields of Method.
    path : path or None
        Of the file that the table stands in, beside which relative files are looked up.
    **overrides : fields of Method
        None means "as in the table".

    Returns
    -------
    Method or None
        None where anything is wrong.
    list of str
        A sentence on everything that is wrong.
    """
    known = METHOD_TABLE.kinds
    problems = [unknown_key(key, known) for key in (*table, *overrides) if key not in known]
    if path is not None:
        table = table | {k: _beside(path, table[k]) for k in ("pseudopotential", "basis") if k in table}
    given = table | {key: value for key, value in overrides.items() if value is not None}
    values = {key: value for key, value in given.items() if key in known}
    problems += _unknown_names(values)
    try:
        method = Method(**values)
    except InputError as error:
        return None, [*problems, str(error)]
    return (None if problems else method), problems


def _unknown_names(values: Mapping[str, Any]) -> list[str]:
    """What to say of names that no element, basis or functional goes with."""
    problems = []
    for key, names in (("basis", BASIS_SETS), ("fitting", FITTING_SETS)):
        name = values.get(key)
        if key == "basis" and isinstance(name, str) and is_basis_file(name):
            continue
        if name and isinstance(name, str) and name not in names:
            hint = nearest_name_hint(name, names, "; {}")
            problems.append(f"unknown {key} set {name!r}; there are {', '.join(names)}{hint}")
    functional = values.get("functional")
    if functional and isinstance(functional, str) and functional.lower() not in FUNCTIONALS:
        try:
            get_functional(functional)
        except InputError as error:
            problems.append(str(error))
    return problems


def _beside(path: str | Path, name: Any) -> Any:
    """A relative file of pseudopotential or basis is looked up beside the method file that names it."""
    candidate = Path(path).parent / str(name)
    is_file = str(name).endswith(".toml") and not Path(name).is_absolute() and candidate.exists()
    return str(candidate) if is_file else name

"""TOML files -> values. Every mistake of a file is reported at once, with the nearest valid key."""

from dataclasses import fields
from pathlib import Path

from clusterdft.basis.fitting import FITTING_SETS
from clusterdft.basis.sets import BASIS_SETS, is_basis_file
from clusterdft.errors import InputError, nearest_name_hint
from clusterdft.files.toml import read_toml
from clusterdft.method import Method
from clusterdft.xc import FUNCTIONALS


def load_method(path=None, **overrides):
    """A Method from a TOML file (top level, or its [method] table) and keyword overrides.

    Parameters
    ----------
    path : file name, or None for the defaults
    overrides : fields of Method; None means "as in the file"

    Raises
    ------
    InputError
        a file that cannot be read; unknown keys and impossible values, all of them in one message
    """
    table = {} if path is None else read_toml(str(path), "method file")
    outside = {}
    if isinstance(table.get("method"), dict):
        outside = {key: value for key, value in table.items() if key != "method"}
        table = table["method"]
    problems = [f"{key!r} stands outside the table [method]; move it inside, or drop it" for key in outside]
    method, mistakes = method_of(table, path, **overrides)
    if problems + mistakes:
        where = f"{path}: " if path is not None else ""
        raise InputError(where + "; ".join(problems + mistakes))
    return method


def method_of(table, path=None, **overrides):
    """A Method from a table, and all that is wrong with the table.

    Parameters
    ----------
    table : dict, fields of Method
    path : of the file that it stands in, beside which relative files are looked up; or None
    overrides : fields of Method; None means "as in the table"

    Returns
    -------
    Method or None, and a list of sentences; the Method is None where there are any
    """
    known = [field.name for field in fields(Method)]
    problems = [unknown_key(key, known) for key in (*table, *overrides) if key not in known]
    if path is not None:
        table = table | {k: _beside(path, table[k]) for k in ("pseudopotential", "basis") if k in table}
    given = table | {key: value for key, value in overrides.items() if value is not None}
    values = {key: value for key, value in given.items() if key in known}
    problems += _unknown_names(values)
    try:
        method = Method(**values)
    except InputError as error:
        problems.append(str(error))
    return (None if problems else method), problems


def unknown_key(key, known):
    """What to say of an unknown key, with the nearest of those that there are."""
    hint = nearest_name_hint(key, known) or f"allowed: {', '.join(known)}"
    return f"unknown key {key!r}; {hint}"


def _unknown_names(values):
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
        from clusterdft.xc import get_functional  # one of libxc's: PySCF takes a second to import

        try:
            get_functional(functional)
        except InputError as error:
            problems.append(str(error))
    return problems


def _beside(path, name):
    """A relative file of pseudopotential or basis is looked up beside the method file that names it."""
    candidate = Path(path).parent / str(name)
    is_file = str(name).endswith(".toml") and not Path(name).is_absolute() and candidate.exists()
    return str(candidate) if is_file else name

"""TOML files -> values. Every mistake of a file is reported at once, with the nearest valid key."""

import tomllib
from dataclasses import fields
from difflib import get_close_matches
from pathlib import Path

from clusterdft.errors import InputError
from clusterdft.method import Method


def read_toml(path):
    """The tables of a TOML file, or InputError with file and line."""
    try:
        return tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); give the path of a TOML file") from None
    except UnicodeDecodeError:
        raise InputError(f"{path}: is not a text file; give the path of a TOML file") from None
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path}: is not valid TOML: {error}") from None


def load_method(path=None, **overrides):
    """A Method from a TOML file (top level, or its [method] table) and keyword overrides.

    Parameters
    ----------
    path : file name, or None for the defaults
    overrides : fields of Method; None means "as in the file"
    Raises
    ------
    InputError   unknown keys and impossible values, all of them in one message
    """
    table = {} if path is None else read_toml(path)
    table = table.get("method", table) if isinstance(table.get("method", {}), dict) else table
    known = {field.name: field for field in fields(Method)}
    problems = []
    for key in [key for key in (*table, *overrides) if key not in known]:
        near = get_close_matches(key, known, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"allowed: {', '.join(known)}"
        problems.append(f"unknown key {key!r}; {hint}")
    values = {key: value for key, value in table.items() if key in known}
    values |= {key: value for key, value in overrides.items() if value is not None}
    if "pseudopotential" in table and "pseudopotential" not in {k for k, v in overrides.items() if v is not None}:
        values["pseudopotential"] = _beside(path, values["pseudopotential"])
    try:
        method = Method(**values)
    except InputError as error:
        problems.append(str(error))
    if problems:
        where = f"{path}: " if path is not None else ""
        raise InputError(where + "; ".join(problems))
    return method


def _beside(path, name):
    """A relative pseudopotential file is looked up beside the method file that names it."""
    candidate = Path(path).parent / str(name)
    is_file = str(name).endswith(".toml") and not Path(name).is_absolute() and candidate.exists()
    return str(candidate) if is_file else name

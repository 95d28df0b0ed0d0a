"""Reading TOML files that people write."""

import tomllib
from pathlib import Path

from clusterdft.errors import InputError


def read_toml(path, what):
    """The tables of a TOML file.

    Parameters
    ----------
    path : path of the file, or a readable resource
    what : what messages call it, such as "basis file"

    Returns
    -------
    dict

    Raises
    ------
    InputError
        it cannot be read, or is not valid TOML (with the line)
    """
    path = Path(path) if isinstance(path, str) else path
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8"))
    except OSError as error:
        reason = error.strerror or error
        raise InputError(f"cannot read the {what} {path}: {reason}; give the path of a TOML file") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"the {what} {path} is not valid TOML: {error}") from None

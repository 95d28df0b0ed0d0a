"""Reading TOML files that people write."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from clusterdft.errors import InputError

if TYPE_CHECKING:  # importlib.resources is slow to import, and `clusterdft --help` reads no file
    from importlib.resources.abc import Traversable

TomlSource: TypeAlias = "str | Path | Traversable"  # a path, or a resource of a package


def read_toml(path: TomlSource, what: str) -> dict[str, Any]:
    """The tables of a TOML file.

    Parameters
    ----------
    path : path or readable resource
    what : str
        What messages call it, such as "basis file".

    Returns
    -------
    dict

    Raises
    ------
    InputError
        It cannot be read, or is not valid TOML (with the line).
    """
    return parse_toml(file_bytes(path, what), path, what)


def file_bytes(path: TomlSource, what: str) -> bytes:
    """All of a file as it stands now, by which a reader may remember what it holds.

    Parameters
    ----------
    path, what : as in `read_toml`

    Returns
    -------
    bytes

    Raises
    ------
    InputError
        It cannot be read.
    """
    try:
        return (Path(path) if isinstance(path, str) else path).read_bytes()
    except OSError as error:
        reason = error.strerror or error
        raise InputError(f"cannot read the {what} {path}: {reason}; give the path of a TOML file") from None


def parse_toml(content: bytes, path: TomlSource, what: str) -> dict[str, Any]:
    """The tables in the bytes of a TOML file.

    Parameters
    ----------
    content : bytes
    path, what : as in `read_toml`
        For messages.

    Returns
    -------
    dict

    Raises
    ------
    InputError
        It is not valid TOML (with the line).
    """
    import tomllib  # not for `clusterdft --help`

    try:
        return tomllib.loads(content.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"the {what} {path} is not valid TOML: {error}") from None

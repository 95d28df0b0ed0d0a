"""Writing files so that nobody ever sees half of one."""

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from clusterdft.errors import StoreError


def write_text(path: str | Path, text: str) -> None:
    """Replace a file by this text, in UTF-8, at once; see `write_bytes`."""
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: str | Path, content: bytes) -> None:
    """Replace a file by this content at once: the old content or the new one, never a part.

    A link stays a link, and what is no regular file (a pipe, a terminal, /dev/null) is written into.

    Parameters
    ----------
    path : path
    content : bytes

    Raises
    ------
    StoreError
        The file cannot be written.
    """
    target = Path(path)
    try:
        if target.exists() and not target.is_file():
            target.write_bytes(content)
        else:
            _replace(target.resolve(), content)
    except (OSError, RuntimeError) as error:  # RuntimeError: links in a circle
        reason = getattr(error, "strerror", None) or error
        raise StoreError(f"cannot write {path}: {reason}; give another place or free some space") from None


def _replace(path: Path, content: bytes) -> None:
    """Writes a new file beside the old one and puts it in its place."""
    new = path.with_name(path.name + ".new")
    try:
        new.write_bytes(content)
        os.replace(new, path)
    except OSError:
        with suppress(OSError):
            new.unlink()
        raise


def to_json(values: Any) -> str:
    """JSON text in which numbers keep all their digits; raises ValueError for what is not finite."""
    return json.dumps(values, indent=2, allow_nan=False) + "\n"

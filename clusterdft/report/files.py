"""Writing files so that nobody ever sees half of one."""

import json
import os
from contextlib import suppress
from pathlib import Path

from clusterdft.errors import StoreError


def write_text(path, text):
    """Replace a file by this text at once: the old content or the new one, never a part.

    Raises
    ------
    StoreError   the file cannot be written
    """
    path = Path(path)
    new = path.with_name(path.name + ".new")
    try:
        new.write_text(text, encoding="utf-8")
        os.replace(new, path)
    except OSError as error:
        with suppress(OSError):
            new.unlink()
        raise StoreError(
            f"cannot write {path}: {error.strerror or error}; give another place or free some space"
        ) from None


def to_json(values):
    """JSON text; numbers keep all their digits, and what is not a number is null."""
    return json.dumps(values, indent=2, allow_nan=False) + "\n"

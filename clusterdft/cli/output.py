"""What a command gives: tables to the terminal, JSON to a file or to standard output."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any, TextIO

from clusterdft.errors import InputError, StoreError


def print_result(json: str | None, *texts: Any) -> None:
    """Print tables and lines to standard output, or to standard error where the JSON goes to the former.

    Parameters
    ----------
    json : str
        What --json was given: a file name, "-", or None.
    *texts : str or rich's renderables
        What to print.

    Raises
    ------
    StoreError
        Standard output cannot be written.
    """
    from rich.console import Console

    # rich would end the process where a pipe is closed, and looks at the encoding for what lines are made of
    written = TextIOWrapper(BytesIO(), encoding=sys.stdout.encoding, newline="\n")
    console = Console(
        file=written,
        force_terminal=Console(stderr=json == "-").is_terminal or None,
        highlight=False,
        markup=False,
        soft_wrap=not sys.stdout.isatty(),
    )
    for text in texts:
        console.print(text)
    written.seek(0)
    if json == "-":
        print_progress(written.read().removesuffix("\n"))
        return
    with standard_output():
        sys.stdout.write(written.read())


def print_progress(line: str) -> None:
    """Print a line to standard error; one that cannot be written (full disk, closed pipe) ends no run."""
    if sys.stderr is None:  # closed before the start
        return
    try:
        print(line, file=sys.stderr, flush=True)
    except OSError:
        _silence(sys.stderr)


@contextmanager
def standard_output() -> Iterator[None]:
    """Turns a standard output that cannot be written (a full disk, a closed pipe) into one sentence."""
    try:
        yield
        sys.stdout.flush()
    except OSError as error:
        _silence(sys.stdout)
        raise StoreError(
            f"cannot write to standard output: {error.strerror}; send it elsewhere, or free some space"
        ) from None


def _silence(stream: TextIO) -> None:
    """Lets a stream lead nowhere: what is left in it would fail once more when the process ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


class JsonTarget:
    """Where the JSON goes; a file that cannot be written is refused before anything is computed.

    Parameters
    ----------
    path : str
        File name, "-" for standard output, or None for nowhere.

    Raises
    ------
    InputError
        The file could not be written.
    """

    def __init__(self, path: str | None) -> None:
        self._path = path
        if path is None or path == "-":
            return
        check_path(path, "the JSON file")

    def write(self, values: Any) -> None:
        """Write values as JSON.

        Raises
        ------
        StoreError
            The file or standard output cannot be written.
        """
        from clusterdft.files.writing import to_json, write_text

        if self._path == "-":
            with standard_output():
                sys.stdout.write(to_json(values))
        elif self._path is not None:
            write_text(self._path, to_json(values))


def check_path(path: str | Path, what: str) -> None:
    """Refuse a file that could not be written, before anything is computed.

    Parameters
    ----------
    path : path
        Of the file.
    what : str
        What the message calls it, such as "the JSON file".

    Raises
    ------
    InputError
        The path is a folder, or its folder is missing or cannot be written.
    """
    target = Path(path)
    folder = target.parent
    if target.is_dir() or not folder.is_dir() or not os.access(folder, os.W_OK):
        raise InputError(f"cannot write {what} {path}; give a file in a folder that can be written")

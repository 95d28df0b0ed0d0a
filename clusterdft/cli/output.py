"""What a command gives: tables to the terminal, JSON to a file or to standard output."""

import os
import sys
from contextlib import contextmanager
from io import BytesIO, TextIOWrapper
from pathlib import Path

from clusterdft.errors import InputError, StoreError


def tell(json, *texts):
    """Prints tables and lines to standard output, or to standard error where the JSON goes to the other."""
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
        tell_progress(written.read().removesuffix("\n"))
        return
    with standard_output():
        sys.stdout.write(written.read())


def tell_progress(line):
    """Prints a line to standard error; one that cannot be written (full disk, closed pipe) ends no run."""
    if sys.stderr is None:  # closed before the start
        return
    try:
        print(line, file=sys.stderr, flush=True)
    except OSError:
        _silence(sys.stderr)


@contextmanager
def standard_output():
    """Turns a standard output that cannot be written (a full disk, a closed pipe) into one sentence."""
    try:
        yield
        sys.stdout.flush()
    except OSError as error:
        _silence(sys.stdout)
        raise StoreError(
            f"cannot write to standard output: {error.strerror}; send it elsewhere, or free some space"
        ) from None


def _silence(stream):
    """Lets a stream lead nowhere: what is left in it would fail once more when the process ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


class JsonTarget:
    """Where the JSON goes; a place that cannot be written is told before anything is computed.

    Parameters
    ----------
    place : file name, "-" for standard output, or None for nowhere
    """

    def __init__(self, place):
        self._place = place
        if place in (None, "-"):
            return
        path = Path(place)
        folder = path.parent
        if path.is_dir() or not folder.is_dir() or not os.access(folder, os.W_OK):
            raise InputError(
                f"cannot write the JSON file {place}; give a file in a folder that can be written"
            )

    def write(self, values):
        from clusterdft.files.writing import to_json, write_text

        if self._place == "-":
            with standard_output():
                sys.stdout.write(to_json(values))
        elif self._place is not None:
            write_text(self._place, to_json(values))

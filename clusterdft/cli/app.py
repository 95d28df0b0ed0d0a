"""The command line: one program with its subcommands, and how it ends.

Each command imports what it calls when it runs, so that `clusterdft --help` answers at once.
"""

import os
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from clusterdft.cli import jahn_teller, map, pseudo, relax, scf, search, study, symmetry
from clusterdft.cli.options import BAD_INPUT, INTERRUPTED, NOTHING_CONVERGED, OK, Stopped, is_interrupt
from clusterdft.errors import ClusterDftError, ScfNotConverged
from clusterdft.work.environment import ONE_THREAD

UsageError: Any = typer.BadParameter.__base__  # of click, wherever typer keeps it

app = typer.Typer(
    help="Geometries of small metal clusters from first principles.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command()(scf.scf)
app.command()(relax.relax)
app.command()(search.search)
app.command()(symmetry.symmetry)
app.command("map")(map.draw_or_write_map)
app.command()(jahn_teller.jahn_teller)
app.command()(study.study)
app.command()(study.properties)
app.add_typer(pseudo.app, name="pseudo")


def _show_version(wanted: bool) -> None:
    if wanted:
        from clusterdft.work.environment import provenance

        print(f"clusterdft {provenance()['versions']['clusterdft']}")
        raise typer.Exit


@app.callback()
def _common(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    pass


def main(args: Sequence[str] | None = None) -> None:
    """Run the command line; the process ends with 0, 1 (nothing converged), 2 (bad input), 130 (stopped)."""
    for name, value in ONE_THREAD.items():
        os.environ.setdefault(name, value)
    try:
        code = app(args, prog_name="clusterdft", standalone_mode=False)
        if code == INTERRUPTED:  # typer's answer to Ctrl-C
            raise Stopped("Stopped.")
    except UsageError as error:
        print(f"Error: {error.format_message()}", file=sys.stderr)
        code = BAD_INPUT
    except ScfNotConverged as error:
        print(f"Error: {error}", file=sys.stderr)
        code = NOTHING_CONVERGED
    except ClusterDftError as error:
        print(f"Error: {error}", file=sys.stderr)
        code = BAD_INPUT
    except (Stopped, KeyboardInterrupt, SystemError, typer.Abort) as stop:
        if isinstance(stop, SystemError) and not is_interrupt(stop):
            raise
        print(str(stop) if isinstance(stop, Stopped) else "Stopped.", file=sys.stderr)
        code = INTERRUPTED
    sys.exit(code or OK)

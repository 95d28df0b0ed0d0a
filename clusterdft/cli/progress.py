"""Progress of a search while it runs."""

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from clusterdft.cli.output import tell_progress
from clusterdft.isomer_search.minimum_check import Check
from clusterdft.report.tables import progress_line


class ProgressDisplay:
    """Progress of a search on standard error: a bar on a terminal, a line a start elsewhere."""

    def __init__(self, *, quiet):
        self.finished = 0
        self._quiet = quiet
        columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
        console = Console(stderr=True)
        self._terminal = console.is_terminal
        self._bar = Progress(*columns, console=console, disable=quiet or not self._terminal)
        self._row = self._bar.add_task("starting", total=None)

    def __enter__(self):
        self._bar.start()
        return self

    def __exit__(self, *_):
        self._bar.stop()

    def update(self, progress):
        result, last = progress.result, progress.last
        self.finished = result.n_ended
        standing = progress_line(result, progress.seconds_left)
        self._bar.update(self._row, completed=self.finished, total=result.n_starts, description=standing)
        if not self._quiet and not self._terminal and not progress.resumed:
            tell_progress(f"{_ended(last, result)}; {standing}")


def _ended(last, result):
    """What has ended and how."""
    if isinstance(last, Check):
        if not last.kind:
            return "electronic state"
        return f"vibrations: {last.kind}{', ' if last.reason else ''}{last.reason}"
    end = last.reason or f"{last.energy:.6f} hartree in {last.n_force_calls} force calls"
    if last.role == "follow-up":
        return f"{last.origin}: {end}"
    of = f"{result.n_ended}" if result.n_starts is None else f"{result.n_ended}/{result.n_starts}"
    return f"start {last.index} ({of}; {last.origin}): {end}"

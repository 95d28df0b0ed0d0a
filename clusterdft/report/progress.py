"""Progress of a search while it runs."""

import sys

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

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
        self.finished = len(result.outcomes)
        standing = progress_line(result, progress.seconds_left)
        self._bar.update(self._row, completed=self.finished, total=result.n_starts, description=standing)
        if not self._quiet and not self._terminal and not progress.resumed:
            end = last.reason or f"{last.energy:.6f} hartree in {last.n_force_calls} force calls"
            of = f"{self.finished}" if result.n_starts is None else f"{self.finished}/{result.n_starts}"
            line = f"start {last.index} ({of}; {last.origin}): {end}; {standing}"
            print(line, file=sys.stderr, flush=True)

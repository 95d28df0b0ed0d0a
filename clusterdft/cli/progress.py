"""Progress of a search on standard error while it runs."""

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from clusterdft.cli.output import print_progress
from clusterdft.isomer_search import search_result
from clusterdft.isomer_search.minimum_check import Check
from clusterdft.isomer_search.outcome import Outcome
from clusterdft.report.tables import progress_line


class ProgressDisplay:
    """Progress of a search on standard error: a bar on a terminal, a line a start elsewhere.

    Attributes
    ----------
    n_ended : int
        Starts that have ended.
    """

    def __init__(self, *, quiet: bool) -> None:
        self.n_ended = 0
        self._quiet = quiet
        columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
        console = Console(stderr=True)
        self._terminal = console.is_terminal
        self._bar = Progress(*columns, console=console, disable=quiet or not self._terminal)
        self._row = self._bar.add_task("starting", total=None)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def update(self, progress: search_result.Progress) -> None:
        """Show that a start or a check has ended."""
        result = progress.result
        self.n_ended = result.n_ended
        line = progress_line(result, progress.seconds_left)
        self._bar.update(self._row, completed=self.n_ended, total=result.n_starts, description=line)
        if not self._quiet and not self._terminal and not progress.resumed:
            print_progress(f"{_ended(progress.last, result)}; {line}")


def _ended(last: Outcome | Check, result: search_result.SearchResult) -> str:
    """What has ended and how."""
    if isinstance(last, Check):
        if not last.kind:
            return "electronic state"
        return f"vibrations: {last.kind}{', ' if last.reason else ''}{last.reason}"
    end = last.reason or f"{last.energy:.6f} hartree in {last.n_force_calls} force calls"
    if last.role == "follow-up":
        return f"{last.origin}: {end}"
    count = f"{result.n_ended}" if result.n_starts is None else f"{result.n_ended}/{result.n_starts}"
    return f"start {last.index} ({count}; {last.origin}): {end}"

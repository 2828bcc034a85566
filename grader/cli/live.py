"""What an instructor sees while a class is graded: how far it is, how fast, how long it will take, what went wrong so far."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from grader.model import Report
from grader.text import text

_TELL_S: Final = 30.0  # in a log a line now and then, for who wonders whether it is still alive


@contextmanager
def live(language: str) -> Iterator[Callable[[Report, int], None]]:
    """A line that changes on stderr where that is a terminal; elsewhere a short line every half minute."""
    if not sys.stderr.isatty():
        yield _Log(language)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, TextColumn("{task.fields[trouble]}"), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(text("checking").say(language), total=None, rate="", trouble="")
        seen = Seen()

        def show(report: Report, total: int) -> None:
            seen.add(report)
            speed = text("live_rate", rate=bar.tasks[0].speed or 0.0).say(language)
            bar.update(task, total=total, advance=1, rate=speed, trouble=seen.words(language))

        yield show


class Seen:
    """What went wrong so far: submissions stopped by a limit, and those without a mark by our fault."""

    def __init__(self) -> None:
        self.done = 0
        self._trouble: Counter[str] = Counter()

    def add(self, report: Report) -> None:
        """One more."""
        self.done += 1
        if report.status == "fault":
            self._trouble["faults"] += 1
        elif any(check.outcome == "limit" for check in report.checks):
            self._trouble["limits"] += 1

    def words(self, language: str) -> str:
        """In a few words; empty while all is well."""
        return ", ".join(text(f"live_{kind}", count=count).say(language) for kind, count in sorted(self._trouble.items()))


class _Log:
    """Where nobody watches."""

    def __init__(self, language: str) -> None:
        self._language, self._seen, self._told = language, Seen(), time.monotonic()

    def __call__(self, report: Report, total: int) -> None:
        self._seen.add(report)
        if time.monotonic() - self._told >= _TELL_S:
            self._told = time.monotonic()
            trouble = self._seen.words(self._language)
            line = text("live_log", done=self._seen.done, total=total, trouble=f" ({trouble})" if trouble else "")
            print(line.say(self._language), file=sys.stderr, flush=True)

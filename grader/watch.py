"""The public checks again at every save: only what has changed, the first failure first, the hint one key away."""

from __future__ import annotations

import contextlib
import os
import select
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

from grader.course import Course
from grader.model import CheckResult, Report
from grader.practice import Practice
from grader.submission import Submission, Unreadable, fingerprint, read
from grader.text import text

_FINE = ("passed", "skipped")
_POLL_MS = 150  # how long a key waits at most
_CLEAR = "\x1b[2J\x1b[H"

Changes = Iterator[object]  # one item whenever a file may have changed, or time has passed


def files(folders: Sequence[Path]) -> Changes:
    """The machine's own notice of changes in `folders`, and a pulse for the keys."""
    import watchfiles

    yield from watchfiles.watch(*folders, recursive=False, debounce=50, step=50, rust_timeout=_POLL_MS, yield_on_timeout=True)


class Watch:
    """Keeps checking some submissions; prints with `show`."""

    def __init__(self, course: Course, language: str, submissions: Sequence[Submission], show: Callable[[str], None]) -> None:
        self._course, self._language, self._submissions, self._show = course, language, submissions, show
        self._seen: dict[Path, str] = {}
        self._failing: tuple[str, CheckResult] | None = None

    def run(self, changes: Changes, key: Callable[[], str] = lambda: "") -> None:
        """Check what has changed at each of `changes`; `key` gives the key that has been pressed, if any; q ends."""
        with Practice(self._course, self._language, self._submissions) as practice:
            self._look(practice)
            for _ in changes:
                match key().lower():
                    case "q":
                        return
                    case "h" | "p":
                        self._hint()
                    case "a":
                        self._seen.clear()
                self._look(practice)

    def _look(self, practice: Practice) -> None:
        changed = [submission for submission in self._submissions if self._has_changed(submission)]
        if changed:
            self._show(self._page([practice.check(submission) for submission in changed]))

    def _has_changed(self, submission: Submission) -> bool:
        """Whether what the checks would read is different from the last time; a file being replaced counts when it is back."""
        program = read(submission)
        content = program.problem.key if isinstance(program, Unreadable) else fingerprint(program)
        if content == "file_unreadable" or self._seen.get(submission.path) == content:
            return False
        self._seen[submission.path] = content
        return True

    def _page(self, reports: Sequence[Report]) -> str:
        """What is wrong first, then one line for each assignment, then the keys and that hidden checks exist."""
        self._failing = next(((r.assignment, check) for r in reports for check in r.checks if check.outcome not in _FINE), None)
        lines: list[str] = []
        if self._failing:
            lines += _first(*self._failing, self._language)
        for report in reports:
            right = sum(check.outcome == "passed" for check in report.checks)
            score = "–" if report.score is None else f"{report.score:g}"
            lines.append(
                self._say("watch_row", name=report.assignment, score=score, of=report.max_score, right=right, all=len(report.checks))
            )
        return "\n".join([*lines, self._say("watch_keys"), self._say("hidden_exist")])

    def _hint(self) -> None:
        """The hint of the first failure."""
        if self._failing is None:
            self._show(self._say("watch_no_failure"))
            return
        assignment, check = self._failing
        own = self._course.assignments[assignment].file.checks[check.name].hint.say(self._language)
        self._show(f"{self._say('word_hint')}: {check.hint or own}\n{self._say('hidden_exist')}")

    def _say(self, key: str, **values: object) -> str:
        return text(key, **values).say(self._language)


def _first(assignment: str, check: CheckResult, language: str) -> list[str]:
    """The first failure: its title, what is wrong and where."""
    lines = [f"✘ {assignment} · {check.title}", *(f"  {line}" for line in check.message.splitlines())]
    if check.location:
        key = "line_of_cell" if check.location.cell else "line"
        lines.append(f"  {check.location.file}, {text(key, line=check.location.line, cell=check.location.cell).say(language)}")
    return [*lines, ""]


def on_terminal(course: Course, language: str, submissions: Sequence[Submission]) -> None:
    """Watch until q or Ctrl+C, on a fresh page each time where this is a terminal."""
    clear = _CLEAR if sys.stdout.isatty() else ""
    watch = Watch(course, language, submissions, lambda page: print(clear + page, flush=True))
    folders = sorted({submission.path.resolve().parent for submission in submissions})
    with _keys() as key, contextlib.suppress(KeyboardInterrupt):
        watch.run(files(folders), key)


@contextlib.contextmanager
def _keys() -> Iterator[Callable[[], str]]:
    """The keyboard, one key at a time; nothing where there is none, or on Windows."""
    if not sys.stdin.isatty() or not find_spec("termios"):
        yield lambda: ""
        return
    import termios
    import tty

    fd = sys.stdin.fileno()
    before = termios.tcgetattr(fd)
    tty.setcbreak(fd)
    try:
        yield lambda: os.read(fd, 1).decode(errors="ignore") if select.select([fd], [], [], 0)[0] else ""
    finally:
        termios.tcsetattr(fd, termios.TCSADRAIN, before)

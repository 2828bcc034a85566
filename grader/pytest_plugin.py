"""Each public check of a student's file as a pytest item, so that `pytest -k` and the test explorers of editors work.

Registered for every pytest run of the environment, and out of the way of all but these: files named like an assignment, in a
course without `reference/` (a students' copy), or in any course where the file itself or `--grader` was asked for. Student code
is never imported by pytest: it runs in the grader's confined workers.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from grader.course import Check
    from grader.model import CheckResult, Location

_ENDS = (".py", ".ipynb")
_HIDDEN_EXIST = pytest.StashKey[str]()  # the last line of a run that held checks


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--grader`, for those who teach."""
    from grader.text import environment_language, text

    said = text("help_pytest").say(environment_language())
    parser.getgroup("grader").addoption("--grader", action="store_true", default=False, help=said)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """The public checks of a student's file."""
    return SubmissionFile.from_parent(parent, path=file_path) if _is_ours(file_path, parent.session) else None


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> pytest.Module | None:
    """Nothing, instead of the module that pytest would import, for a file that `pytest_collect_file` has taken."""
    return _Unread.from_parent(parent, path=module_path) if _is_ours(module_path, parent.session) else None


def _is_ours(path: Path, session: pytest.Session) -> bool:
    if path.suffix not in _ENDS or (root := _course_folder(path)) is None:
        return False
    if not (root / "assignments" / path.stem / "assignment.yaml").is_file():
        return False
    asked: bool = session.config.getoption("--grader") or session.isinitpath(path)
    return asked or not (root / "reference").is_dir()


def _course_folder(path: Path) -> Path | None:
    """The course that a file lies in; cheap, for it is asked of every file of every project."""
    return next((folder for folder in path.parents if (folder / "assignments" / "course.yaml").is_file()), None)


class _Unread(pytest.Module):
    """A module that is not imported."""

    def collect(self) -> Iterable[pytest.Item]:
        return []


class SubmissionFile(pytest.File):
    """A student's file: its items are the public checks of its assignment. Graded as a whole when its first item runs."""

    _results: Mapping[str, CheckResult] = MappingProxyType({})

    def collect(self) -> Iterable[CheckItem]:
        """One item for each public check; none where the work for this assignment is in the other file."""
        from grader.errors import UsageError

        try:
            counts = self._read()
        except UsageError as error:
            raise self.CollectError(str(error)) from error
        if not counts and not self.session.isinitpath(self.path):
            return
        for check in self.assignment.checks:
            if check.file.visibility == "public":
                yield CheckItem.from_parent(self, name=check.name, check=check)

    def _read(self) -> bool:
        """Load what the items need; whether this file is the one that counts. Raises UsageError."""
        from grader import workspace
        from grader.course import Course
        from grader.text import text

        root = _course_folder(self.path)
        assert root is not None
        self.course = Course.load(root)
        (self.submission,) = workspace.find(self.course, str(self.path), self.path.parent)
        self.assignment = self.course.assignments[self.path.stem]
        self.language = self.course.file.language
        self.config.stash[_HIDDEN_EXIST] = text("hidden_exist").say(self.language)
        (chosen,) = workspace.find(self.course, self.assignment.id, self.path.parent)
        return chosen.path == self.path and bool(self.assignment.checks)

    def result(self, name: str) -> CheckResult:
        """What became of one check."""
        if not self._results:
            from grader.practice import Practice

            with Practice(self.course, self.language, [self.submission], hints=True) as practice:
                report = practice.check(self.submission)
            self._results = {check.name: check for check in report.checks}
        return self._results[name]


class _Failed(Exception):
    """A check whose points are lost; what pytest shows is put together from its result."""


class CheckItem(pytest.Item):
    """One public check."""

    parent: SubmissionFile

    def __init__(self, *, check: Check, **rest: object) -> None:
        super().__init__(**rest)  # type: ignore[arg-type]
        self.title = check.file.title.say(self.parent.language)
        self.extra_keyword_matches |= {self.title, self.parent.assignment.id}
        self._result: CheckResult | None = None

    def runtest(self) -> None:
        """Passed, skipped, or _Failed."""
        from grader.text import text

        if self.parent.assignment.reference is None and self.parent.assignment.untouched(self.path):
            pytest.skip(text("not_begun").say(self.parent.language))
        self._result = self.parent.result(self.name)
        if self._result.outcome == "skipped":
            pytest.skip(self._result.message)
        if self._result.outcome != "passed":
            raise _Failed(self._result.message)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None) -> str:
        """The message, the student's line and a hint; no traceback of ours."""
        if self._result is None or not isinstance(excinfo.value, _Failed):
            return f"{excinfo.typename}: {excinfo.value}"
        lines = [self.title, "", self._result.message]
        if place := self._result.location:
            lines += ["", *self._line(place)]
        return "\n".join([*lines, "", self._result.hint])

    def _line(self, place: Location) -> list[str]:
        """The student's line, in the form that editors make a link of; a notebook's by cell and line alone."""
        from grader.text import text

        if place.cell:
            return [f"{place.file}, {text('line_of_cell', line=place.line, cell=place.cell).say(self.parent.language)}"]
        path = self.path.with_name(place.file)
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.is_file() else []
        shown = lines[place.line - 1].strip() if 0 < place.line <= len(lines) else ""
        return [f"{path}:{place.line}", f"    {shown}"]

    def reportinfo(self) -> tuple[Path, int, str]:
        """What heads a failure: the check's title."""
        return self.path, 0, self.title


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None]:
    """After pytest's own last line: that hidden checks exist."""
    yield
    if said := session.config.stash.get(_HIDDEN_EXIST, ""):
        reporter = session.config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None:
            reporter.write_line(said)

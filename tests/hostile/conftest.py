"""The course and the batches of these tests, made once, and the table of what held."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator

import pytest

from grader import doctor
from grader.course import Course
from grader.grading import Grader
from grader.model import Report
from grader.runner import Runner
from grader.submission import Submission
from tests.hostile import course as hostile_course
from tests.hostile.batches import SEED, Batch, grade
from tests.hostile.case import Hostile
from tests.hostile.catalogue import CASES, ELSEWHERE, GROUPS


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What shares a batch shares a process, where several run the tests."""
    for item in items:
        if "hostile" in item.path.parts and (found := re.search(r"\[([A-Z]{2})", item.name)):
            item.add_marker(pytest.mark.xdist_group(f"hostile {found[1]}"))


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return Course.load(hostile_course.build(tmp_path_factory.mktemp("hostile") / "course"))


@pytest.fixture(scope="session")
def batch(made: Course, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Batch]:
    """The graded batch of a group: `batch("SF", "es")`. The group "" has honest students only."""
    if missing := doctor.missing():
        pytest.skip(f"this machine lacks {', '.join(missing)}")
    done: dict[tuple[str, str], Batch] = {}

    def get(group: str, language: str = "es") -> Batch:
        if (group, language) not in done:
            cases = [case for case in CASES.values() if case.group == group]
            order = random.randrange(10**6)
            folder = tmp_path_factory.mktemp(f"batch-{group}")
            print(f"batch {group} in order {order}")  # shown with a failure: another run with it is the same
            done[group, language] = grade(cases, made.folder, folder, language=language, order=order)
        return done[group, language]

    return get


@pytest.fixture(scope="session")
def without(made: Course) -> Iterator[Callable[..., Report]]:
    """Our grader with layers of its sandbox off: `without(case, folder, {"landlock"})`."""
    runners: dict[frozenset[str], Runner] = {}

    def get(case: Hostile, folder: object, layers: frozenset[str]) -> Report:
        runner = runners.setdefault(layers, Runner(SEED, skip=sorted(layers)))
        return Grader(made, runner, language="es").grade(Submission("x", case.assignment, folder / case.name))  # type: ignore[operator]

    yield get
    for runner in runners.values():
        runner.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The table by group: cases of the catalogue, how many have tests here or elsewhere, and how many of those held."""
    results: dict[str, set[str]] = defaultdict(set)
    for outcome in ("passed", "failed", "error", "skipped"):
        for report in terminalreporter.stats.get(outcome, []):
            if "tests/hostile/" in report.nodeid and (found := re.search(r"\[([A-Z]{2}\d\d)", report.nodeid)):
                results[found[1]].add(outcome)
    if not results:
        return
    terminalreporter.section("hostile and broken submissions")
    terminalreporter.line(f"{'group':<28}{'cases':>6}{'here':>6}{'held':>6}{'elsewhere':>11}   not held")
    for group, (name, count) in GROUPS.items():
        here = {id_ for id_ in results if id_.startswith(group)}
        held = {id_ for id_ in here if results[id_] == {"passed"}}
        elsewhere = sum(id_.startswith(group) for id_ in ELSEWHERE)
        line = f"{group + ' ' + name:<28}{count:>6}{len(here):>6}{len(held):>6}{elsewhere:>11}   {' '.join(sorted(here - held))}"
        terminalreporter.line(line.rstrip())

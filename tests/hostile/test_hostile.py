"""Every case of the catalogue of hostile and broken submissions: it has its outcome for its reason, and harms nobody else."""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.model import Report
from grader.text import Text, catalogue
from tests.hostile import naive
from tests.hostile.batches import Batch, run, state
from tests.hostile.case import Hostile, Naive, Nothing, Shown, Shows, Without
from tests.hostile.catalogue import CASES, ELSEWHERE, GROUPS, INNOCENT, MODULES, numbers

TESTS = Path(__file__).parents[1]
LONGEST_S = 30.0  # that one submission may take: its checks' limits, and a busy machine
CONTROLLED = [case for case in CASES.values() if not isinstance(case.control, Nothing | Shown)]


def lines(report: Report) -> list[str]:
    return [line for check in report.checks for line in [*check.message.split("\n"), check.hint]] + report.notes


def said(reason: str | Text, language: str) -> re.Pattern[str]:
    """What a line has to match to give this reason."""
    if isinstance(reason, Text):
        return re.compile(re.escape(reason.say(language)))
    if reason not in catalogue(language):  # words, the same in every language
        return re.compile(re.escape(reason))
    parts = re.split(r"\{[^{}]*\}", catalogue(language)[reason])
    return re.compile(".*".join(re.escape(part.split("\n")[0]) for part in parts))


def require(case: Hostile, report: Report, language: str) -> None:
    """The report is what the case has to come to."""
    outcomes = {check.name: check.outcome for check in report.checks}
    assert report.status == case.status, (outcomes, lines(report))
    wanted = case.outcomes.split()
    if "=" in case.outcomes:
        pairs = dict(pair.split("=") for pair in wanted)
        assert {name: outcomes[name] for name in pairs} == pairs, lines(report)
    else:
        assert list(outcomes.values()) == (wanted * len(outcomes) if len(wanted) == 1 else wanted), lines(report)
    if case.outcomes == "passed":
        assert report.score == report.max_score
    for reason in case.reason:
        assert any(said(reason, language).search(line) for line in lines(report)), (reason, lines(report))
    if case.never:
        assert not [line for line in lines(report) if case.never in line]


@pytest.mark.parametrize("id_", CASES)
def test_outcome_and_reason(batch: Callable[..., Batch], id_: str) -> None:
    case = CASES[id_]
    for language in ("es", "en") if case.group in INNOCENT else ("es",):
        report = batch(case.group, language).reports[id_]
        require(case, report, language)
        assert report.duration_s < LONGEST_S


@pytest.mark.parametrize("id_", [case.id for case in CONTROLLED])
def test_attack_works_with_the_guard_off(id_: str, without: Callable[..., Report], tmp_path: Path) -> None:
    case = CASES[id_]
    match case.control:
        case Shows(fooled):
            assert fooled()
        case Naive(verdict, pytest, code):
            if code:
                case = Hostile(id_, case.summary, code)
            case.hand_in(tmp_path / "in")
            assert naive.judge(tmp_path / "in", tmp_path / "copy", pytest=pytest) == verdict
        case Without(layers):
            case.hand_in(tmp_path / "in")
            report = without(case, tmp_path / "in", layers)
            assert report.score == report.max_score, lines(report)


def test_naive_grader_is_one(tmp_path: Path) -> None:
    """It passes what is right and fails what is wrong, so that a verdict on an attack says something."""
    for code, verdict in ((naive.SOLUTION, "passed"), (naive.SOLUTION.replace("** 2", "** 3"), "failed")):
        for pytest_too in (False, True):
            place = tmp_path / f"{verdict} {pytest_too}"
            Hostile("", "", code).hand_in(place / "in")
            assert naive.judge(place / "in", place / "copy", pytest=pytest_too) == verdict


@pytest.mark.parametrize("group", MODULES)
def test_the_class_is_graded_to_its_end(batch: Callable[..., Batch], group: str) -> None:
    for language in ("es", "en") if group in INNOCENT else ("es",):
        one = batch(group, language)
        assert one.code == 0, one.said
        assert set(one.reports) == {case.id for case in CASES.values() if case.group == group}


@pytest.mark.parametrize("group", MODULES)
def test_nothing_is_left_behind(batch: Callable[..., Batch], group: str) -> None:
    """No process, no temporary file, nothing in the home folder, no change to what was handed in or to the course."""
    one = batch(group)
    assert (one.orphans, one.left, one.touched) == ([], [], False)


def test_what_is_left_behind_is_seen(tmp_path: Path) -> None:
    """The control of the test above: a daemon and a change of mode are noticed."""
    code = "import subprocess; p = subprocess.Popen(['sleep', '60'], start_new_session=True, stdout=-3, stderr=-3); print(p.pid)"
    _, printed, orphans = run([sys.executable, "-c", code], {})
    assert orphans == [int(printed)]
    os.kill(orphans[0], signal.SIGKILL)
    os.waitpid(orphans[0], 0)
    (tmp_path / "file").write_text("x")
    before = state(tmp_path)
    (tmp_path / "file").chmod(0o600 if before else 0)
    assert state(tmp_path) != before


@pytest.mark.parametrize("group", MODULES)
def test_honest_students_among_them_get_the_same_report_to_the_byte(batch: Callable[..., Batch], group: str) -> None:
    (clean,) = batch("").sentinels
    one = batch(group)
    assert len(one.sentinels) >= 2
    assert set(one.sentinels) == {clean}


def test_every_number_of_the_catalogue_has_a_case_or_a_reason() -> None:
    known = {id_[:4] for id_ in CASES} | set(ELSEWHERE)
    assert {group: numbers(group) - known for group in MODULES} == {group: set() for group in MODULES}
    assert not {id_[:4] for id_ in CASES} & set(ELSEWHERE)
    assert sum(count for _, count in GROUPS.values()) == 201


def test_tests_that_are_referred_to_are_there() -> None:
    places = [case.control.test for case in CASES.values() if isinstance(case.control, Shown)]
    places += [where for where in ELSEWHERE.values() if "::" in where]
    for place in places:
        file, _, name = place.partition("::")
        assert f"def {name}(" in (TESTS / file).read_text(encoding="utf-8"), place

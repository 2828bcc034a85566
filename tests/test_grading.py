"""Every way in which a submission can go wrong has its own outcome and its own words, and costs nothing but its checks."""

from __future__ import annotations

import numpy as np
import pytest

from grader.course import Course
from grader.grading import Grader
from grader.model import Report
from grader.runner import Runner
from grader.submission import Submission
from tests import tiny_course
from tests.tiny_course import RIGHT, STUB, hand_in


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return Course.load(tiny_course.build(tmp_path_factory.mktemp("course")))


@pytest.fixture(scope="module")
def runner():
    with Runner("secret") as runner:
        yield runner


@pytest.fixture
def grade(course, runner, tmp_path):
    def grade(code: str | bytes, *, language: str = "en", name: str = "square.py", beside: dict[str, bytes] | None = None) -> Report:
        path = hand_in(tmp_path, "ana", code, name)
        for file, content in (beside or {}).items():
            (path.parent / file).write_bytes(content)
        return Grader(course, runner, language=language).grade(Submission("ana", "square", path))

    return grade


def outcomes(report: Report) -> list[str]:
    return [check.outcome for check in report.checks]


def test_a_right_submission_gets_everything(grade):
    report = grade(RIGHT)
    assert (report.score, report.max_score, report.status) == (100, 100, "graded")
    assert outcomes(report) == ["passed", "passed"]
    assert report.protection == ["landlock", "no_privileges", "rlimits", "seccomp"]


def test_the_stub_gets_nothing_and_is_told_why(grade):
    report = grade(STUB)
    assert report.score == 0
    assert "not written yet" in report.checks[0].message


@pytest.mark.parametrize(
    ("code", "outcome", "words", "line"),
    [
        ("def square(x):\n    return x ** 2 2\n", "crashed", "syntax error on line 2", 2),
        ("def sqare(x): return x ** 2\n", "crashed", "misspelt", None),
        ("def other(x): return 1\n", "crashed", "Your file defines: other", None),
        ("", "crashed", "Your file is empty", None),
        ("# nothing yet\n", "crashed", "Your file defines: nothing", None),
        ("def square(x):\n    return x ** 2 / [][0]\n", "crashed", "failed with IndexError", 2),
        ("def square(x): return x.reshape(5, 1) ** 2\n", "failed", "(5, 1)", None),
        ("def square(x): return x * float('nan')\n", "failed", "NaN", None),
        ("def square(x): return None\n", "failed", "return", None),
        ("def square(x):\n    while True: pass\n", "limit", "`square` took more than 2 s", 2),
        ("while True:\n    pass\n", "limit", "Importing your file took more than 2 s", None),
        ("def square(x):\n    return [0] * 10**11\n", "limit", "more memory than allowed", 2),
        ("import numpy as np\ndef square(x):\n    a = []\n    while True: a.append(np.ones(1 << 20))\n", "limit", "memory", 4),
        ("import os\ndef square(x): os._exit(0)\n", "crashed", "ended at once (exit 0)", None),
        ("import sys\nsys.exit(0)\n", "crashed", "ends on line 2", 2),
        ("import torch\n", "crashed", "import `torch`", 1),
        ("def square(x):\n    while True: print('x' * 10**6)\n", "limit", "printed too much", 2),
        ("x = input('? ')\n", "crashed", "Line 1 asks with `input()`", 1),
        ("def square(x): return (v for v in x)\n", "failed", "generator", None),
        ("def square(x): return 'x'\n", "failed", "text", None),
    ],
)  # fmt: skip
def test_each_trouble_has_its_outcome_its_words_and_its_line(grade, code, outcome, words, line):
    check = grade(code).checks[0]
    assert check.outcome == outcome
    assert words in check.message
    assert check.points == 0
    assert line is None or (check.location is not None and check.location.line == line)


def test_what_an_import_error_leaves_behind_is_graded(grade):
    report = grade(RIGHT + "\nraise RuntimeError('training failed')\n")
    assert report.score == 100
    assert "fails with RuntimeError" in report.notes[0]


def test_a_name_that_an_import_should_have_given_is_explained_by_it(grade):
    """Not by the NameError that follows: the student would look for the mistake in the wrong place."""
    check = grade("import numpy as np\nfrom mine import TWO\ndef square(x):\n    return x ** TWO\n").checks[0]
    assert "you import `mine`" in check.message
    assert check.location.line == 2
    check = grade("import numpy as np\nfrom mine import TWO\ndef square(x):\n    return x ** THREE\n").checks[0]
    assert "NameError" in check.message
    assert check.location.line == 4


@pytest.mark.parametrize(
    ("code", "note"),
    [
        ("# año\n".encode("latin-1") + RIGHT.encode(), "UTF-8"),
        (RIGHT.encode("utf-16"), "UTF-16"),
        (b"# coding: klingon\n" + RIGHT.encode(), "encoding"),
        (b"\xef\xbb\xbf" + RIGHT.encode(), ""),
        (RIGHT.replace("\n", "\r\n").encode(), ""),
        (b"# -*- coding: latin-1 -*-\n# a\xf1o\n" + RIGHT.encode(), ""),
    ],
)
def test_every_encoding_is_read_and_odd_ones_are_noted(grade, code, note):
    report = grade(code)
    assert report.score == 100
    assert note in " ".join(report.notes)
    assert bool(note) == bool(report.notes)


def test_a_folder_or_a_link_where_the_file_should_be_is_refused(course, runner, tmp_path):
    (tmp_path / "square.py").mkdir()
    (tmp_path / "link").mkdir()
    (tmp_path / "link" / "square.py").symlink_to("/etc/passwd")
    for path, words in ((tmp_path / "square.py", "folder"), (tmp_path / "link" / "square.py", "link")):
        report = Grader(course, runner, language="en").grade(Submission("ana", "square", path))
        assert (report.status, report.score) == ("refused", 0)
        assert words in report.checks[0].message


def test_a_known_mistake_is_named_with_its_hint(grade):
    check = grade(RIGHT.replace("** 2", "** 2 * 3"), language="es").checks[0]
    assert check.diagnosis == "square_times_3"
    assert "sobra un factor" in check.message
    assert check.hint


def test_an_unknown_mistake_is_told_from_the_arrays(grade):
    check = grade(RIGHT.replace("** 2", "** 2 * 10")).checks[0]
    assert check.diagnosis is None
    assert "10" in check.message


def test_a_check_whose_need_failed_is_skipped(grade):
    report = grade(RIGHT.replace("** 2", "** 3"))
    assert outcomes(report) == ["failed", "skipped"]
    assert "square is the square" in report.checks[1].message


def test_follow_through_is_set_by_the_course(course, runner, tmp_path):
    """`earned` in a check is a part of its points; FOLLOW_THROUGH stands for the course's own share."""
    for share in (0.6, 0.4):
        own = Course.load(tiny_course.build(tmp_path / str(share)))
        (own.folder / "assignments" / "course.yaml").write_text(tiny_course.COURSE + f"follow_through: {share}\n")
        checks = own.folder / "assignments" / "square" / "checks.py"
        checks.write_text(checks.read_text() + "    require(False, es='x', en='x', earned=FOLLOW_THROUGH)\n")
        checks.write_text("from grader import require\nfrom grader.errors import FOLLOW_THROUGH\n" + checks.read_text())
        path = hand_in(tmp_path, "ana", RIGHT)
        check = Grader(Course.load(own.folder), runner, language="en").grade(Submission("ana", "square", path)).checks[0]
        assert (check.outcome, check.points) == ("partial", 60 * share)
        assert f"{100 * share:.0f} %" in check.message


def test_hidden_checks_show_no_numbers_and_no_text_of_the_student(grade):
    wrong = RIGHT.replace("2 * np", "3.3 * np")
    secret = RIGHT.replace("return 2 * np.asarray(x)", "raise ValueError(f'LEAK {x}')")
    check, crash = grade(wrong).checks[1], grade(secret).checks[1]
    assert check.details == {}
    assert "expected" not in check.message
    assert "LEAK" not in crash.message
    assert "ValueError" in crash.message


def test_the_same_seed_gives_the_same_report_and_another_seed_other_numbers(course, tmp_path):
    path = hand_in(tmp_path, "ana", RIGHT.replace("** 2", "** 2 + 1"))

    def details(seed: str) -> dict:
        with Runner(seed) as runner:
            return Grader(course, runner, language="en").grade(Submission("ana", "square", path)).checks[0].details

    first = details("one")
    assert first == details("one")
    assert first != details("two")


def test_answers_memorised_from_the_practice_inputs_earn_nothing(course, tmp_path):
    """recorded.json is public: a table of its answers passes in practice and fails in the official grading."""
    rng = None

    def capture(case):
        nonlocal rng
        rng = case.rng

    with Runner("practice") as practice:
        check = course.assignments["square"].checks[0]
        rng = practice._rng(course.assignments["square"], check)
        answer = rng.uniform(0.5, 2.0, 5) ** 2
        path = hand_in(tmp_path, "ana", f"import numpy as np\ndef square(x): return np.array({answer.tolist()})\n")
        assert Grader(course, practice, language="en").grade(Submission("ana", "square", path)).checks[0].outcome == "passed"
    with Runner("secret") as official:
        assert Grader(course, official, language="en").grade(Submission("ana", "square", path)).checks[0].outcome == "failed"


def test_a_broken_check_is_our_fault_and_no_zero(course, runner, tmp_path):
    broken = Course.load(tiny_course.build(tmp_path / "course"))
    checks = broken.folder / "assignments" / "square" / "checks.py"
    checks.write_text(checks.read_text().replace("values.matches(case", "values.match(case"))
    path = hand_in(tmp_path, "ana", RIGHT)
    report = Grader(broken, runner, language="en").grade(Submission("ana", "square", path))
    assert (report.status, report.score) == ("fault", None)
    assert report.checks[0].points is None
    assert "checks.py" in report.checks[0].message


def test_a_lost_mistake_file_stops_nobody(runner, tmp_path):
    """The bank is a help: without one of its files the check that failed is a fault of ours, and the others are judged."""
    broken = Course.load(tiny_course.build(tmp_path / "course"))
    (broken.folder / "reference" / "square" / "mistakes" / "slope_times_3.py").unlink()
    path = hand_in(tmp_path, "ana", RIGHT.replace("2 * np", "5 * np"))
    report = Grader(broken, runner, language="en").grade(Submission("ana", "square", path))
    assert outcomes(report) == ["passed", "fault"]
    assert "slope_times_3.py" in report.checks[1].message


def test_a_reference_that_raises_is_our_fault(runner, tmp_path):
    broken = Course.load(tiny_course.build(tmp_path / "course"))
    (broken.folder / "reference" / "square" / "square.py").write_text("def square(x): raise ValueError\n")
    path = hand_in(tmp_path, "ana", RIGHT)
    with Runner("secret") as own:
        report = Grader(broken, own, language="en").grade(Submission("ana", "square", path))
    assert report.status == "fault"
    assert "the reference's square failed" in report.checks[0].message


def test_files_beside_the_submission_can_be_imported_and_do_not_hide_the_library(grade):
    code = "from helper import square\ndef slope(x): return 2 * x\n"
    beside = {"helper.py": b"import random\nrandom.Random\ndef square(x): return x ** 2\n", "random.py": b"raise SystemExit\n"}
    assert grade(code, beside=beside).score == 100


def test_writing_files_beside_the_submission_is_harmless(grade):
    code = RIGHT + "\nopen('notes.txt', 'w').write('x')\nassert open('notes.txt').read() == 'x'\n"
    assert grade(code).score == 100


def test_a_module_may_name_itself_and_use_postponed_annotations(grade):
    code = """
    from __future__ import annotations
    from dataclasses import dataclass
    import numpy as np

    @dataclass
    class Point:
        x: np.ndarray

    def square(x):
        import square as me
        return me.Point(x).x ** 2

    def slope(x):
        return 2 * x
    """
    assert grade(code).score == 100


def test_nothing_is_left_on_disk(grade, runner):
    """Only the reference's own worker, which lives on, and the one that is made ready keep their folders."""
    grade(RIGHT)
    (zygote,) = runner._zygotes.values()
    zygote._settle()
    zygote.bury(2.0)
    kept = [reference.worker.folder for reference in runner._references.values()]
    assert set(zygote.stage.iterdir()) == {*kept, zygote._spare.folder}


def test_numbers_in_a_report_are_plain(grade):
    check = grade(RIGHT.replace("** 2", "** 2 * 1.01")).checks[0]
    assert all(isinstance(value, str | int | float) and not isinstance(value, np.generic) for value in check.details.values())

"""The example class gets the marks in tests/golden.json, check by check, with the mistakes that it makes named.

After a change that is meant to alter marks run `python -m tests.test_golden` and read the diff of golden.json: every new
line must be what a fair teacher would give. A line that begins with "unsettled" is not compared, and stays as it is.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest

from grader import batch, doctor
from grader.arrivals import look
from grader.course import Course
from grader.diagnosis import Diagnoser
from grader.gradebook import Gradebook
from grader.grading import Grader
from grader.model import CheckResult, Report
from grader.runner import Runner
from grader.sandbox.limits import LAYERS
from grader.submission import Submission

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "submissions_example"
GOLDEN = Path(__file__).with_name("golden.json")
SEED = "the example class"
UNSETTLED = "unsettled"

Lines = dict[str, str]

# what the cheater has done honestly; everything else in his files is a trick
HONEST = {
    ("backprop_1_network", "data_and_first_weights_are_usable"),
    ("bptt_2_rnn", "every_network_draws_its_own_weights"),
    ("bptt_3_autograd", "torch_rnn_has_its_parameters"),
    ("bptt_3_autograd", "torch_rnn_runs_the_sequence"),
    ("bptt_3_autograd", "autograd_gradients_are_right"),
    ("bptt_3_autograd", "calls_leave_no_trace"),
}

# wrong in a way that is in no bank of mistakes, and told from the arrays alone
TOLD = [
    ("neuron", "forward_gives_z_and_a", "redondeados a 4 decimales"),
    ("neuron", "backward_is_the_gradient", "exactamente 2 veces demasiado grandes"),
    ("backprop_1_network", "gradients_are_the_derivative_of_the_loss", "todo ceros"),
    ("bptt_2_rnn", "loss_is_half_the_sum_of_squares", "la raíz cuadrada de lo correcto"),
    ("bptt_2_rnn", "backward_is_the_gradient_through_time", "pero traspuestos"),
]

# the line that a report points at holds these words
PLACES = [
    ("javier_lozano", "backprop_1_network", "gradients_are_the_derivative_of_the_loss", ["return (W2.T @ dz2)"]),
    ("javier_lozano", "backprop_1_network", "training_steps_against_the_gradient", ["return (W2.T @ dz2)"]),
    ("javier_lozano", "bptt_2_rnn", "forward_carries_the_state_along", ["if h0 == None"]),
    ("javier_lozano", "neuron", "bce_is_the_mean_cross_entropy", ["return -np.mean(y"]),
    ("javier_lozano", "rnn_cell", "cell_forward_is_one_step", ["from utilidades import"]),
    ("nuria_ortiz", "neuron", "forward_gives_z_and_a", ["import torch"]),
    ("gabriela_herrero", "neuron", "backward_is_the_gradient", ["raise NotImplementedError"]),
    ("ines_jimenez", "rnn_cell", "loss_and_gradients_match", ["while t < len(ys)", "error = ys[t]", "L = L + 0.5"]),
]

# torch takes seconds to start, and an endless loop ten to end: once is enough
SLOW = "rnn_cell"


def line(check: CheckResult) -> str:
    """One check of a report as golden.json holds it: outcome, points, the mistake that was named."""
    assert check.points is not None, check.message
    return " ".join(filter(None, [check.outcome, f"{check.points:g}/{check.max_points:g}", check.diagnosis]))


def lines(report: Report) -> Lines:
    """A report as golden.json holds it."""
    checks = {check.name: line(check) for check in report.checks}
    return {"score": f"{report.score:g}", **checks}


def settled(wanted: Lines) -> set[str]:
    """What of a golden submission is compared: where a check is unsettled, so is the score."""
    open_ = {name for name, words in wanted.items() if words.startswith(UNSETTLED)}
    return wanted.keys() - open_ - ({"score"} if open_ else set())


def grade(out: Path) -> dict[tuple[str, str], Report]:
    course = Course.load(ROOT)
    batch.grade(course, look(EXAMPLES, course.assignments).submissions, out, seed=SEED, language="es", jobs=2)
    with Gradebook(out) as book:
        return {(report.student, report.assignment): report for report in book.reports()}


def read_golden() -> dict[tuple[str, str], Lines]:
    golden = json.loads(GOLDEN.read_text(encoding="utf-8")) if GOLDEN.exists() else {}
    return {(student, name): wanted for student, assignments in golden.items() for name, wanted in assignments.items()}


def write_golden() -> None:
    """Make golden.json anew; what was unsettled stays unsettled."""
    before = read_golden()
    golden: dict[str, dict[str, Lines]] = {}
    with tempfile.TemporaryDirectory() as out:
        for key, report in sorted(grade(Path(out)).items()):
            student, assignment = key
            unsettled = {name: words for name, words in before.get(key, {}).items() if words.startswith(UNSETTLED)}
            golden.setdefault(student, {})[assignment] = lines(report) | unsettled
    GOLDEN.write_text(json.dumps(golden, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


pytestmark = pytest.mark.xdist_group("golden")  # the class is graded once, by one process
EXPECTED = read_golden()


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Report]:
    return grade(tmp_path_factory.mktemp("golden"))


def test_the_golden_file_knows_every_submission(graded):
    assert graded.keys() == EXPECTED.keys()


@pytest.mark.parametrize(("student", "assignment"), EXPECTED)
def test_a_submission_gets_its_marks(graded, student, assignment):
    wanted, found = EXPECTED[student, assignment], lines(graded[student, assignment])
    assert found.keys() == wanted.keys()
    assert {name: found[name] for name in settled(wanted)} == {name: wanted[name] for name in settled(wanted)}


@pytest.mark.skipif(bool(doctor.missing()), reason="this machine cannot confine everything")
@pytest.mark.parametrize(("student", "assignment"), EXPECTED)
def test_nobody_ran_unprotected(graded, student, assignment):
    assert set(graded[student, assignment].protection) == set(LAYERS)


@pytest.mark.parametrize("assignment", [name for student, name in EXPECTED if student == "marcos_navarro"])
def test_no_trick_earns_anything(graded, assignment):
    report = graded["marcos_navarro", assignment]
    assert {check.name for check in report.checks if check.points} == {name for where, name in HONEST if where == assignment}
    assert sum(check.points or 0 for check in report.checks) == report.score


def test_no_trick_writes_anything(graded):
    assert ("marcos_navarro", "backprop_1_network") in graded
    forged = {"results.json", "backprop_1_network.json"}
    assert not [path for folder in (EXAMPLES, Path.cwd()) for path in folder.glob("*") if path.name in forged]
    assert not [path for path in EXAMPLES.rglob("*") if path.name in forged]


def test_no_report_tells_the_seed(graded):
    assert not [key for key, report in graded.items() if SEED in repr(report)]


@pytest.mark.parametrize(("assignment", "name", "words"), TOLD)
def test_arrays_tell_what_no_bank_knows(graded, assignment, name, words):
    check = find_check(graded["fernando_gil", assignment], name)
    assert check.diagnosis is None
    assert words in check.message


@pytest.mark.parametrize(("student", "assignment", "name", "words"), PLACES)
def test_a_report_points_at_the_right_line(graded, student, assignment, name, words):
    location = find_check(graded[student, assignment], name).location
    assert location is not None
    assert location.file == f"{assignment}.py"
    source = (EXAMPLES / student / location.file).read_text(encoding="utf-8").splitlines()
    assert any(word in source[location.line - 1] for word in words)


def test_odd_files_are_read_and_their_owner_is_told(graded):
    latin, exits, prints = (graded["pablo_prieto", "neuron"], graded["pablo_prieto", "bptt_2_rnn"], graded["nuria_ortiz", "bptt_2_rnn"])
    assert "Latin-1" in " ".join(latin.notes)
    assert "exit()" in " ".join(exits.notes)
    assert prints.notes == []


def find_check(report: Report, name: str) -> CheckResult:
    return next(check for check in report.checks if check.name == name)


@pytest.fixture(scope="module")
def other_seed():
    with Runner("quite another secret") as runner:
        yield Grader(Course.load(ROOT), runner, language="en")


@pytest.mark.parametrize(("student", "assignment"), [key for key in EXPECTED if key[1] != SLOW])
def test_another_seed_gives_the_same_marks(graded, other_seed, monkeypatch, student, assignment):
    monkeypatch.setattr(Diagnoser, "mistake", lambda *_: None)  # it says why, and has no part in the marks
    report = other_seed.grade(Submission(student, assignment, handed_in(student, assignment)))
    assert marks(report) == marks(graded[student, assignment])


def handed_in(student: str, assignment: str) -> Path:
    """The module, or the notebook where there is no module."""
    module = EXAMPLES / student / f"{assignment}.py"
    return module if module.exists() else module.with_suffix(".ipynb")


def marks(report: Report) -> list[tuple[str, str, float | None]]:
    return [(check.name, check.outcome, check.points) for check in report.checks]


if __name__ == "__main__":
    write_golden()

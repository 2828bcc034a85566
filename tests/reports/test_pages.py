"""What the pages say and never say, without a browser; tests/browser has the rest."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from grader import pages
from grader.course import Course
from grader.errors import UsageError
from grader.grading import Grader
from grader.reports.html import Names, class_page, page_name, student_page
from grader.reports.overview import alphabetical, overview
from grader.reports.words import rich
from grader.runner import Runner
from grader.submission import Submission
from tests import sample_class as sample
from tests import tiny_course
from tests.tiny_course import RIGHT, hand_in

TELLING = """
from grader import Case, check
from grader.families import values
from grader.pictures import curves


@check
def {name}(case: Case) -> None:
    case.show(curves, {{"telltale": [0.135791, 0.246802]}}, x="epoch", y="loss", es="Telltale", en="Telltale")
    values.matches(case.student.slope([0.4567891]), [0.975318], "slope")
"""


def wrong_report(folder, visibility):
    """The report on a wrong slope by a check that would tell all."""
    tiny_course.build(folder)
    yaml = folder / "assignments" / "square" / "assignment.yaml"
    name = "slope_is_the_derivative"
    hidden = folder / "reference" / "square" / "checks.py"
    hidden.write_text(TELLING.format(name=name))
    if visibility == "public":
        public = folder / "assignments" / "square" / "checks.py"
        public.write_text(public.read_text() + TELLING.format(name=name))
        hidden.write_text("")
        yaml.write_text(yaml.read_text().replace("visibility: hidden", "visibility: public"))
    path = hand_in(folder / "class", "ana", RIGHT.replace("2 * np.asarray(x)", "np.asarray(x) - 0.111111"))
    with Runner("secret") as runner:
        return Grader(Course.load(folder), runner, language="en").grade(Submission("ana", "square", path))


@pytest.mark.parametrize("visibility", ["public", "hidden"])
def test_hidden_checks_show_no_numbers_and_no_pictures(tmp_path, visibility):
    report = wrong_report(tmp_path, visibility)
    check = report.checks[1]
    assert check.outcome == "failed"
    page = student_page([report], Names("en", "Course", {}), [])
    shown = [bool(check.pictures), bool(check.details), *(number in page for number in ("0.975318", "0.345678", "0.1358", "Telltale"))]
    assert shown == [visibility == "public"] * 6
    assert "slope" in check.message  # that it is wrong is said all the same
    assert check.excerpt.lines[0] == "def slope(x):"  # and where in the student's own file


def test_a_page_is_one_file_that_asks_nobody_and_stays_small():
    reports = [sample.report("ana", f"a{i}", [check for one in sample.class_of("es") for check in one.checks][:8], "es") for i in range(17)]
    started = time.perf_counter()
    page = student_page(reports, Names("es", "Curso", {}), [])
    assert time.perf_counter() - started < 5.0
    assert len(page.encode()) < 600_000  # 17 assignments with 102 pictures
    assert not [word for word in ("http:", "https:", '<link rel="stylesheet', "@import", "url(", "src=") if word in page]


def test_pages_need_neither_torch_nor_matplotlib():
    code = "import sys, grader.reports.html; print(sorted({'torch', 'matplotlib', 'numpy'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


@pytest.mark.parametrize("student", ["index", "Index", "INDEX_", "index_", "a" * 300, "á" * 120, "a/b", "x\udcff"])
def test_every_student_has_a_page_of_their_own(student):
    taken = {page_name(name).casefold() for name in ("ana", "a" * 299, "á" * 119)} | {"index.html"}
    assert page_name(student).casefold() not in taken
    assert len(page_name(student).encode("utf-8", "surrogateescape")) < 255


def test_a_name_that_has_no_encoding_still_gets_a_page():
    report = sample.report("x\udcff", "net", [sample.check("a", "passed", 25.0)], "en")
    assert "x\N{REPLACEMENT CHARACTER}" in student_page([report], Names("en", "C", {}), []).encode().decode()
    assert class_page([report], Names("en", "C", {}), []).encode()


def test_only_what_changed_is_written_again(tmp_path):
    course = Course.load(tiny_course.build(tmp_path / "course"))
    reports = sample.class_of("en")
    pages.write(course, reports, tmp_path)
    (tmp_path / "html" / "ana.html").write_text("old")
    (tmp_path / "html" / "bea.html").write_text("old")
    (tmp_path / "html" / "carla.html").unlink()
    pages.write(course, reports, tmp_path, {"bea"})
    old = {path.name for path in (tmp_path / "html").iterdir() if path.read_text() == "old"}
    assert old == {"ana.html"}
    assert (tmp_path / "html" / "carla.html").is_file()


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "html").write_text("a file")
    with pytest.raises(UsageError, match="html"):
        pages.write(Course.load(tiny_course.build(tmp_path / "course")), [], tmp_path)


def test_who_needs_a_person_is_listed_with_the_reason():
    crashed = [sample.check("a", "crashed", 0.0, message="No module.\nMore."), sample.check("b", "skipped", 0.0)]
    reports = [*sample.class_of("en"), sample.hostile("en"), sample.report("yago", "net", crashed, "en")]
    found = {(c.student, key): what for c in overview(reports, ["net"], sample.LAYERS).concerns for key, what in c.reasons}
    assert found["yago", "broken"] == "No module."
    assert found["Álvaro Núñez", "unconfined"] == "landlock"
    assert found["carla", "fault"] == "Our own."
    assert ("Álvaro Núñez", "limit") in found
    assert {key for _, key in found} == {"broken", "unconfined", "fault", "limit", "refused"}


def test_mistakes_are_counted_by_student_and_checks_by_what_they_separate():
    view = overview(sample.class_of("en"), ["net", "rnn"], sample.LAYERS)
    assert [(m.name, len(m.students)) for m in view.mistakes] == [("truncated", 5)]
    gradients = next(item for item in view.columns[0].items if item.name == "gradients")
    assert (gradients.passed, gradients.count) == (0.5, 10)
    assert gradients.separation > 0.5  # who passes it passes the others
    assert next(item for item in view.columns[1].items if item.name == "bptt").separation is None  # nobody differs


def test_names_are_sorted_as_people_do():
    names = ["alumno10", "Zoe", "Álvaro", "alumno2", "ana", "Alba"]
    assert sorted(names, key=alphabetical) == ["Alba", "alumno2", "alumno10", "Álvaro", "ana", "Zoe"]


@pytest.mark.parametrize(
    ("message", "html"),
    [
        ("`a < b`", "<code>a &lt; b</code>"),
        ("falta V^T r_bar_{t+1}.", 'falta <span class="math">V<sup>T</sup></span> <span class="math">r\u0304<sub>t+1</sub></span>.'),
        (r"$\sigma'(z_1)$", '<span class="math">σ&#39;(z<sub>1</sub>)</span>'),
        ("dL_dW, n_out, KeyError: 'h_t'", "dL_dW, n_out, KeyError: &#39;h_t&#39;"),
        ("x_<b>^T $<script>$", 'x_&lt;b&gt;^T <span class="math">&lt;script&gt;</span>'),
    ],
)
def test_code_and_mathematics_are_set_and_the_rest_is_escaped(message, html):
    assert rich(message) == html

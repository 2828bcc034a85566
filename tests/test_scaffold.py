"""`grader new`: what it writes validates at once, and nothing that is there already suffers."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner

from grader import release, scaffold, validation, wheel
from grader.cli import main
from grader.course import Course
from grader.errors import Fault, UsageError
from tests import tiny_course


@pytest.fixture
def folder(tmp_path):
    return tiny_course.build(tmp_path / "course")


def files(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_new_assignment_validates_at_once(folder):
    def grader(*words):
        return CliRunner().invoke(main, [*words, "--course", str(folder), "--lang", "en"])

    made = grader("new", "line_fit")
    assert made.exit_code == 0, made.output
    assert "grader validate --assignment line_fit" in made.output
    proved = grader("validate", "--assignment", "line_fit", "--seeds", "12", "--jobs", "1")
    assert proved.exit_code == 0, proved.output
    assert "2 caught, 2 diagnosed" in proved.output
    assert "draft" in proved.output
    assert "line_fit" in grader("list").output


def test_its_words_are_there_in_both_languages_and_its_numbers_are_right(folder):
    scaffold.create(Course.load(folder), "line_fit")
    solution: dict = {}
    exec((folder / "reference/line_fit/line_fit.py").read_text(), solution)
    for language in ("es", "en"):
        said = (folder / f"assignments/line_fit/statement.{language}.md").read_text()
        given = [eval(f"np.array({value})", solution) for value in re.findall(r"`\w = (\[.*?\])`", said)]
        assert f"{solution['loss'](*given):g}" in said
        assert f"{solution['gradient'](*given).astype(int).tolist()}" in said
    assert "@id@" not in "".join(content.decode() for content in files(folder).values())


@pytest.mark.parametrize(
    "listed",
    [
        "assignments: [square]\n",
        "assignments: [\n  square,\n]\n",
        "assignments:  # in order\n  - square  # the first\n\n# the end\n",
        "assignments:\n- square",
        "assignments:\n  -\n    square\n",
        "assignments: ['square', ]\n",
        "assignments: [square]  # one\nfollow_through: 0.5\n",
        "assignments:\n    - square\nfollow_through: 0.5\n",
    ],
)
def test_course_yaml_gets_one_more_name_and_keeps_the_rest(folder, listed):
    path = folder / "assignments" / "course.yaml"
    path.write_text("# ours\ntitle: {es: Curso, en: Course}\n" + listed)
    scaffold.create(Course.load(folder), "line_fit")
    assert list(Course.load(folder).assignments) == ["square", "line_fit"]
    assert path.read_text().startswith("# ours\n")
    for kept in re.findall(r"#.*|follow_through: 0.5", listed):
        assert kept in path.read_text()


def test_a_first_assignment_is_entered_too(folder):
    path = folder / "assignments" / "course.yaml"
    path.write_text("title: {es: Curso, en: Course}\nassignments: []\n")
    scaffold.create(Course.load(folder), "line_fit")
    assert list(Course.load(folder).assignments) == ["line_fit"]


@pytest.mark.parametrize(
    "name", ["Line", "línea", "line-fit", "1st", "", "a" * 61, "../x", "class", "numpy", "checks", "random", "square", "a\n"]
)
def test_a_name_that_will_not_do_leaves_everything_as_it_is(folder, name):
    before = files(folder)
    with pytest.raises(UsageError, match=r"lower case|is called that already|exists already"):
        scaffold.create(Course.load(folder), name)
    assert files(folder) == before


@pytest.mark.parametrize("place", ["assignments", "reference"])
def test_a_folder_that_is_there_is_not_written_into(folder, place):
    (folder / place / "line_fit").mkdir()
    (folder / place / "line_fit" / "mine.py").write_text("")
    before = files(folder)
    with pytest.raises(UsageError, match="exists already"):
        scaffold.create(Course.load(folder), "line_fit")
    assert files(folder) == before


def test_what_fails_half_way_leaves_nothing_behind(folder, monkeypatch):
    def fail(assignment):
        raise Fault("no worker")

    before = files(folder)
    monkeypatch.setattr(validation, "record", fail)
    with pytest.raises(Fault):
        scaffold.create(Course.load(folder), "line_fit")
    assert files(folder) == before
    assert not (folder / "reference" / "line_fit").exists()


def test_a_list_that_cannot_be_added_to_is_told(folder):
    path = folder / "assignments" / "course.yaml"
    path.write_text("title: {es: Curso, en: Course}\nassignments: [\n  square  # the first\n]\n")
    before = files(folder)
    with pytest.raises(UsageError, match="one name a line"):
        scaffold.create(Course.load(folder), "line_fit")
    assert files(folder) == before


def test_a_draft_is_not_released(folder, tmp_path):
    validation.record(Course.load(folder).assignments["square"])
    scaffold.create(Course.load(folder), "line_fit")
    with pytest.raises(UsageError, match="draft"):
        release.write(Course.load(folder), tmp_path / "copy", requirement="x")
    assert not (tmp_path / "copy").exists()


def test_a_students_copy_is_told_whom_the_command_is_for(folder, tmp_path):
    (tmp_path / "copy").mkdir()
    (folder / "assignments").rename(tmp_path / "copy" / "assignments")
    result = CliRunner().invoke(main, ["new", "line_fit", "--course", str(tmp_path / "copy"), "--lang", "en"])
    assert result.exit_code == 2
    assert "`reference/`" in result.output


def test_students_do_not_get_what_authors_start_from():
    _, content = wheel.build()
    assert b"gradient_is_summed" not in content
    assert b"devcontainer.json" in content  # positive control: names in a wheel are legible

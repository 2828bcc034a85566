"""docs/students and docs/instructors say what really happens: each command is run, and what stands under it comes out."""

from __future__ import annotations

import re
import shutil

import click
import pytest

from grader import release
from grader.cli import main
from grader.course import Course
from tests.documents import ROOT, blocks, follow, small_class

GUIDES = [
    f"{name}{ending}.md" for name in ("students", "instructors", "authors", "gradebook", "scale", "security") for ending in ("", ".en")
]


@pytest.fixture
def course(tmp_path):
    """A course of one assignment, and a class of two."""
    return small_class(tmp_path / "course")


@pytest.mark.parametrize("document", ["instructors.md", "instructors.en.md"])
def test_what_instructors_are_told_happens(course, tmp_path, document):
    assert follow(document, course, tmp_path / "tools") == 4
    assert Course.load(course).file.late.per_day == 10
    assert (tmp_path / ("copia" if document == "instructors.md" else "copy") / "README.md").is_file()


@pytest.mark.parametrize("document", ["students.md", "students.en.md"])
def test_what_students_are_told_happens(course, tmp_path, document):
    release.write(Course.load(course), tmp_path / "copy", requirement="none")
    shutil.copy(ROOT / "submissions_example/carla_dominguez/neuron.py", tmp_path / "copy/assignments/neuron/neuron.py")
    assert follow(document, tmp_path / "copy", tmp_path / "tools") == 3


@pytest.mark.parametrize("document", ["students", "instructors"])
def test_both_languages_take_the_same_steps(document):
    def steps(name: str) -> list[str]:
        kept = [block for block in blocks(name) if block[2] == "sh"]
        words = r' --lang \w\w|"[^"]*"|\b(entregas|submissions|notas|grades|copia|copy)\b'
        return [re.sub(words, "", content) for *_, content in kept]

    assert steps(f"{document}.md") == steps(f"{document}.en.md")


@pytest.mark.parametrize("document", [*(f"docs/{name}" for name in GUIDES), "README.md", "README.es.md"])
def test_every_command_and_option_that_is_named_exists(document):
    text = (ROOT / document).read_text(encoding="utf-8")
    lines = [line for code in re.findall(r"```sh\n(.*?)```|`(grader [^`\n]*)`", text, re.DOTALL) for line in "".join(code).splitlines()]
    named = [line.split()[1:] for line in lines if line.startswith("grader ") and not line.startswith("grader --")]
    assert named
    context = click.Context(main)
    for name, *rest in named:
        command = main.get_command(context, name.rstrip(","))
        assert command is not None, name
        options = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in rest if word.startswith("--") and word != "--"} - options == set(), document

"""docs/authors.md, followed to the letter: its commands are run, its blocks are written, its output comes out."""

from __future__ import annotations

import re

import pytest

from grader import validation
from grader.course import Course
from tests import tiny_course
from tests.documents import blocks, follow


@pytest.mark.parametrize("document", ["authors.md", "authors.en.md"])
def test_an_author_who_follows_the_document_gets_what_it_says(tmp_path, document):
    course = tiny_course.build(tmp_path / "course")
    assert follow(document, course, tmp_path / "tools") == 4
    descent = Course.load(course).assignments["descent"]
    assert [check.name for check in descent.checks if check.file.visibility == "public"][-1] == "step_goes_against_the_gradient"
    assert not validation.recorded_differs(descent)


def test_both_languages_take_the_same_steps():
    def steps(document: str) -> list[str]:
        kept = [block for block in blocks(document) if block[2] != "text"]
        return [re.sub(r'""".*?"""|--lang \w\w|intento|attempt', "", content, flags=re.DOTALL) for *_, content in kept]

    assert steps("authors.md") == steps("authors.en.md")

"""docs/authors.md, followed to the letter: its commands are run, its blocks are written, its output comes out."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from grader import validation
from grader.course import Course
from tests import tiny_course

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"(?:<!-- (append|exit): (\S+) -->\n)?```(\w+)\n(.*?)```", re.DOTALL)


def blocks(document: str) -> list[tuple[str, str, str, str]]:
    """What each block is for: (append or exit, its value, language, content)."""
    return [match.groups("") for match in BLOCK.finditer((ROOT / "docs" / document).read_text(encoding="utf-8"))]


def follow(document: str, folder: Path) -> int:
    """Follow a document in a course's folder; how many outputs were compared."""
    (folder.parent / "grader").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m grader "$@"\n')
    (folder.parent / "grader").chmod(0o755)
    variables = {**os.environ, "PYTHONPATH": str(ROOT), "PATH": f"{folder.parent}:{os.environ['PATH']}"}
    said, compared = "", 0
    for purpose, value, language, content in blocks(document):
        if purpose == "append":
            with (folder / value).open("a", encoding="utf-8") as file:
                file.write(content)
        elif language == "sh":
            done = subprocess.run(["sh", "-ec", content], cwd=folder, env=variables, capture_output=True, text=True, check=False)
            said = done.stdout + done.stderr
            assert done.returncode == int(value or 0), content + said
        elif language == "text":
            compared += 1
            for line in content.splitlines():
                assert line in said, said
        else:
            pytest.fail(f"a block of {document} that nobody follows: {content}")
    return compared


@pytest.mark.parametrize("document", ["authors.md", "authors.en.md"])
def test_an_author_who_follows_the_document_gets_what_it_says(tmp_path, document):
    course = tiny_course.build(tmp_path / "course")
    assert follow(document, course) == 4
    descent = Course.load(course).assignments["descent"]
    assert [check.name for check in descent.checks if check.file.visibility == "public"][-1] == "step_goes_against_the_gradient"
    assert not validation.recorded_differs(descent)


def test_both_languages_take_the_same_steps():
    def steps(document: str) -> list[str]:
        kept = [block for block in blocks(document) if block[2] != "text"]
        return [re.sub(r'""".*?"""|--lang \w\w|intento|attempt', "", content, flags=re.DOTALL) for *_, content in kept]

    assert steps("authors.md") == steps("authors.en.md")

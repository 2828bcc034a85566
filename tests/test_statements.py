"""Every statement says the same in both languages: sections, functions, formulas, numbers; and agrees with assignment.yaml."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from grader.course import Course
from grader.text import LANGUAGES

COURSE = Course.load(Path(__file__).parents[1])
HEADINGS = {
    "Por qué importa": "Why it matters",
    "Teoría": "Theory",
    "Qué debes escribir": "What to write",
    "Números para comprobar": "Worked numbers",
    "Un desliz del documento": "A slip in the document",
    "Qué queda a tu elección": "What is up to you",
    "Cómo se califica": "How it is graded",
}
pytestmark = pytest.mark.parametrize("assignment", COURSE.assignments.values(), ids=lambda assignment: assignment.id)


def statement(assignment, language: str) -> str:
    return (assignment.folder / f"statement.{language}.md").read_text(encoding="utf-8")


def formulas(text: str) -> list[str]:
    """Mathematics without its words: \\text{...} is translated."""
    found = re.findall(r"```math\n(.*?)```|\$`?([^$\n]+?)`?\$", text, re.DOTALL)
    return sorted(re.sub(r"\\(text|mathrm|operatorname)\{[^}]*\}|\s", "", block or inline) for block, inline in found)


def numbers(text: str) -> list[str]:
    """Every number, outside links; thousands may be set apart by a space."""
    return sorted(re.findall(r"(?<![\w.])-?\d+(?:\.\d+)?(?:e-?\d+)?", re.sub(r"\]\([^)]*\)", "]", text)))


def code_names(text: str) -> set[str]:
    return set(re.findall(r"`([A-Za-z_]\w*)\(", text))


def test_the_sections_are_the_same_and_in_the_house_order(assignment):
    es, en = (re.findall(r"(?m)^## (.+)$", statement(assignment, language)) for language in LANGUAGES)
    assert [HEADINGS[heading] for heading in es] == en
    assert [heading for heading in HEADINGS if heading in es] == es
    assert set(HEADINGS) - set(es) <= {"Un desliz del documento"}


def test_the_functions_formulas_and_numbers_are_the_same(assignment):
    es, en = (statement(assignment, language) for language in LANGUAGES)
    assert code_names(es) == code_names(en)
    assert formulas(es) == formulas(en)
    assert numbers(es) == numbers(en)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_function_of_the_stub_is_explained(assignment, language):
    tree = ast.parse((assignment.folder / f"{assignment.id}.py").read_text(encoding="utf-8"))
    wanted = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    assert {name for name in wanted if f"`{name}" not in statement(assignment, language)} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_of_checks_is_that_of_assignment_yaml(assignment, language):
    words = {"es": {"public": "pública", "hidden": "oculta"}, "en": {"public": "public", "hidden": "hidden"}}[language]
    text = statement(assignment, language)
    for name, check in assignment.file.checks.items():
        row = f"| {check.title.say(language)} | {check.points} | {words[check.visibility]} |"
        assert row.replace("\\|", "|") in text.replace("\\|", "|"), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_formulas_are_closed(assignment, language):
    text = re.sub(r"```.*?```", "", statement(assignment, language), flags=re.DOTALL)
    assert all(line.count("$") % 2 == 0 for line in text.splitlines())

"""An assignment as a notebook, generated from its stub and its Spanish statement: a student works in it and hands it in.

Reading what students hand in is another matter, and happens in the worker: `grader.sandbox.notebook`.
"""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import nbformat

from grader.course import Assignment
from grader.text import text

LANGUAGE = "es"  # Spanish first, like the stub's docstrings


def path_of(assignment: Assignment) -> Path:
    """Where the generated notebook is kept."""
    return assignment.folder / f"{assignment.id}.ipynb"


def build(assignment: Assignment) -> str:
    """The notebook as JSON; the same files always give the same text. Raises OSError."""
    statement = (assignment.folder / f"statement.{LANGUAGE}.md").read_text(encoding="utf-8")
    stub = (assignment.folder / f"{assignment.id}.py").read_text(encoding="utf-8")
    end = text("notebook_end", name=assignment.id).say(LANGUAGE)
    cells = [_markdown(section) for section in _sections(statement)]
    cells += [_code(piece) for piece in _pieces(stub)]
    content = {
        "cells": [{"id": f"cell-{number}", **cell} for number, cell in enumerate([*cells, _markdown(end)], 1)],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    nbformat.validate(content)
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _markdown(source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": source.splitlines(keepends=True)}


def _code(source: str) -> dict[str, Any]:
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": source.splitlines(keepends=True)}


def save(assignment: Assignment) -> bool:
    """Write the notebook; whether it changed."""
    path, content = path_of(assignment), build(assignment)
    if path.is_file() and path.read_text(encoding="utf-8") == content:
        return False
    path.write_text(content, encoding="utf-8")
    return True


def in_step(assignment: Assignment) -> bool:
    """Whether the notebook on disk is the one that stub and statement give."""
    path = path_of(assignment)
    return path.is_file() and path.read_text(encoding="utf-8") == build(assignment)


def _sections(statement: str) -> list[str]:
    """The statement, cut before each second-level heading."""
    return [part.strip() for part in re.split(r"(?m)^(?=## )", statement) if part.strip()]


def _pieces(stub: str) -> list[str]:
    """The stub without its docstring: what comes before the first definition, then each definition by itself."""
    tree = ast.parse(stub)
    lines = stub.splitlines()
    body = tree.body[1:] if ast.get_docstring(tree) is not None else tree.body
    pieces, head = [], []
    for node in body:
        first = min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", []))])
        code = "\n".join(lines[first - 1 : node.end_lineno])
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            pieces.append(code)
        else:
            head.append(code)
    return ["\n".join(head), *pieces] if head else pieces

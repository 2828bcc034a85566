"""An assignment as a notebook, generated from its stub and its Spanish statement: a student works in it and hands it in.

Reading what students hand in is another matter, and happens in the worker: `grader.sandbox.notebook`.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

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
    cells = [new_markdown_cell(section) for section in _sections(statement)]
    cells += [new_code_cell(code) for code in _pieces(stub)]
    cells.append(new_markdown_cell(text("notebook_end", name=assignment.id).say(LANGUAGE)))
    for number, cell in enumerate(cells, 1):
        cell["id"] = f"cell-{number}"  # nbformat draws one at random
    notebook = new_notebook(cells=cells)
    notebook["metadata"] = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    nbformat.validate(notebook)
    return nbformat.writes(notebook) + "\n"


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

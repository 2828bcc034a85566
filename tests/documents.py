"""Following a document to the letter: `sh` blocks are run, `text` blocks under them have to come out, others are written to a file.

`<!-- append: PATH -->` above a block says where it goes, `<!-- exit: CODE -->` with which exit code its last command ends. `sql` blocks
are asked of the class's gradebook.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import chdir, closing
from pathlib import Path

ROOT = Path(__file__).parents[1]
_BLOCK = re.compile(r"(?:<!-- (append|exit): (\S+) -->\n)?```(\w+)\n(.*?)```", re.DOTALL)


def blocks(document: str) -> list[tuple[str, str, str, str]]:
    """What each block is for: (append or exit, its value, language, content)."""
    return [match.groups("") for match in _BLOCK.finditer((ROOT / "docs" / document).read_text(encoding="utf-8"))]


def small_class(folder: Path) -> Path:
    """A course of one assignment, and a class of two, in the folder of either language."""
    for part in ("assignments", "reference"):
        shutil.copytree(ROOT / part / "neuron", folder / part / "neuron")
    (folder / "assignments/course.yaml").write_text("title: {es: Curso, en: Course}\nlanguage: es\nassignments: [neuron]\n")
    for student in ("ana_beltran", "carla_dominguez"):
        for name in ("entregas", "submissions"):
            shutil.copytree(ROOT / "submissions_example" / student, folder / name / student)
    return folder


def asked(query: str, folder: Path) -> str:
    """What the gradebook of the class in `folder` answers, a line for each row."""
    (book,) = [path for name in ("notas", "grades") if (path := folder / name / "gradebook.db").is_file()]
    with chdir(folder), closing(sqlite3.connect(book, isolation_level=None)) as db:
        return "\n".join(" | ".join(map(str, row)) for row in db.execute(query))


def follow(document: str, folder: Path, tools: Path) -> int:
    """Follow a document in `folder`, with the commands made in `tools`; how many outputs were compared."""
    tools.mkdir()
    for command in ("grader", "pytest"):
        (tools / command).write_text(f'#!/bin/sh\nexec "{sys.executable}" -m {command} "$@"\n')
        (tools / command).chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if name not in ("GRADER_LANG", "PYTEST_ADDOPTS")}
    variables = {**kept, "PYTHONPATH": str(ROOT), "PATH": f"{tools}:{kept['PATH']}", "GRADER_SEED": "documents"}
    said, compared = "", 0
    for purpose, value, language, content in blocks(document):
        if purpose == "append":
            with (folder / value).open("a", encoding="utf-8") as file:
                file.write(content)
        elif language == "sql":
            said = asked(content, folder)
        elif language == "sh":
            done = subprocess.run(["sh", "-ec", content], cwd=folder, env=variables, capture_output=True, text=True, check=False)
            said = done.stdout + done.stderr
            assert done.returncode == int(value or 0), content + said
        else:
            assert language == "text", f"a block of {document} that nobody follows: {content}"
            compared += 1
            assert [line for line in content.splitlines() if line not in said] == [], said
    return compared

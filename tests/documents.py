"""Following a document to the letter: `sh` blocks are run, `text` blocks under them have to come out, others are written to a file.

`<!-- append: PATH -->` above a block says where it goes, `<!-- exit: CODE -->` with which exit code its last command ends.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
_BLOCK = re.compile(r"(?:<!-- (append|exit): (\S+) -->\n)?```(\w+)\n(.*?)```", re.DOTALL)


def blocks(document: str) -> list[tuple[str, str, str, str]]:
    """What each block is for: (append or exit, its value, language, content)."""
    return [match.groups("") for match in _BLOCK.finditer((ROOT / "docs" / document).read_text(encoding="utf-8"))]


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
        elif language == "sh":
            done = subprocess.run(["sh", "-ec", content], cwd=folder, env=variables, capture_output=True, text=True, check=False)
            said = done.stdout + done.stderr
            assert done.returncode == int(value or 0), content + said
        else:
            assert language == "text", f"a block of {document} that nobody follows: {content}"
            compared += 1
            assert [line for line in content.splitlines() if line not in said] == [], said
    return compared

"""Files written whole or not at all, whoever is killed or writes beside us."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO


def replace(path: Path, content: str) -> None:
    """Write a file. Raises OSError."""
    with writing(path) as file:
        file.write(content)


@contextmanager
def writing(path: Path) -> Iterator[IO[str]]:
    """A text file (UTF-8) that takes the place of `path` when the block ends without an error. Raises OSError."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name[:100]}.", suffix=".tmp", dir=path.parent)
    try:
        with open(descriptor, "w", newline="", encoding="utf-8", errors="surrogateescape") as file:
            yield file
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise

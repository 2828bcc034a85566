"""Pairs of submissions that are suspiciously equal, for a person to look at: a number is no accusation.

Texts become sequences of tokens without comments, docstrings, and the lines of the stub. Two sequences are as similar as the
longest common subsequence says (rapidfuzz's Indel similarity), once with every name the same name, so that renaming hides
nothing, and once with the names as they are. Nothing is run or parsed: whatever text it is, it is read as words.
"""

from __future__ import annotations

import json
import keyword
import re
import statistics
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import Indel

from grader.course import Assignment
from grader.gradebook import Gradebook
from grader.model import Pair
from grader.packed import unpack
from grader.sandbox.supervisor import Program

_TOKEN = re.compile(r"#[^\n]*|(?P<text>\"{3}|'{3})|(?P<string>\"[^\"\n]*\"|'[^'\n]*')|(?P<name>[^\W\d]\w*)|(?P<number>\d[\w.]*)|[^\s\w]")
_LONGEST: Final = 20_000  # tokens: a large honest module has 5,000
_SHORTEST: Final = 60  # tokens that are not the stub's: of less there are not enough different ways to write it
_AT_ONCE: Final = 500  # rows of the table of all pairs


@dataclass(frozen=True)
class Source:
    """What a student wrote.

    Attributes:
        lines: as handed in; a notebook's code cells one after another.
        named, nameless: its tokens, one character each, with names as they are and with all names the same.
    """

    student: str
    lines: tuple[str, ...]
    named: str
    nameless: str


def pairs(book: Gradebook, assignment: Assignment, least: float, most: int) -> list[Pair]:
    """The pairs of one assignment at least `least` percent alike in structure, the most alike first, at most `most`."""
    alphabet: dict[str, str] = {}
    stub = [line for path in assignment.handed_out if path.is_file() for line in _lines(path.name, path.read_bytes())]
    given = {words for line in stub if (words := tuple(_words(line)))}
    sources = [source for name, program in _programs(book, assignment.id) if (source := _source(name, program, given, alphabet))]
    if len(sources) < 2:
        return []
    found, usual = _alike(sources, least)
    ranked = sorted(found, key=lambda pair: (-pair[2], pair[0], pair[1]))[:most]
    return [_pair(assignment.id, sources[i], sources[j], structure, usual) for i, j, structure in ranked]


def _programs(book: Gradebook, assignment: str) -> Iterator[tuple[str, Program]]:
    query = (
        "SELECT current.student, content FROM current JOIN attempt ON attempt.id = attempt JOIN program ON digest = submission"
        " WHERE current.assignment = ? ORDER BY 1"
    )
    with closing(book.db.execute(query, (assignment,))) as rows:
        for student, packed in rows:
            yield student, unpack(packed)


def _source(student: str, program: Program, given: set[tuple[str, ...]], alphabet: dict[str, str]) -> Source | None:
    """What is the student's own; None if that is too little to compare."""
    lines = _lines(program.file, program.files.get(program.file, b""))
    words = [word for line in _without_texts(lines) if (own := tuple(_words(line))) and own not in given for word in own][:_LONGEST]
    if len(words) < _SHORTEST:
        return None
    nameless = [word if keyword.iskeyword(word) or not word[0].isalpha() else "name" for word in words]
    return Source(student, tuple(lines), _coded(words, alphabet), _coded(nameless, alphabet))


def _lines(name: str, raw: bytes) -> list[str]:
    source = raw.decode("utf-8", "replace")
    if name.endswith(".ipynb"):
        try:
            cells = [cell for cell in json.loads(source)["cells"] if cell["cell_type"] == "code"]
            source = "\n".join(cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"]) for cell in cells)
        except (ValueError, KeyError, TypeError, RecursionError):
            return []
    return source.splitlines()


def _without_texts(lines: Sequence[str]) -> Iterator[str]:
    """The lines outside docstrings and other texts of several lines."""
    inside = ""
    for line in lines:
        kept = ""
        for piece in re.split(r"(\"{3}|'{3})", line):
            if piece in ('"""', "'''") and inside in ("", piece):
                inside = "" if inside else piece
            elif not inside:
                kept += piece
        yield kept


def _words(line: str) -> Iterator[str]:
    """The tokens of a line; every string is one and the same."""
    for match in _TOKEN.finditer(line):
        if match.lastgroup in ("string", "text"):
            yield "'"
        elif not match.group().startswith("#"):
            yield match.group()


def _coded(words: Sequence[str], alphabet: dict[str, str]) -> str:
    """One character for each word, from beyond those that text is written with."""
    return "".join(alphabet.setdefault(word, chr(0x10000 + len(alphabet))) for word in words)


def _alike(sources: Sequence[Source], least: float) -> tuple[list[tuple[int, int, float]], float]:
    """The pairs at least `least` percent alike, and how much two submissions usually are."""
    texts = [source.nameless for source in sources]
    found: list[tuple[int, int, float]] = []
    some: list[float] = []
    for start in range(0, len(texts), _AT_ONCE):
        rows = process.cdist(texts[start : start + _AT_ONCE], texts, scorer=Indel.normalized_similarity, workers=-1)
        for i, row in enumerate(rows, start):
            some += map(float, row[i + 1 :]) if len(some) < 100_000 else []
            found += [(i, j, 100 * float(row[j])) for j in range(i + 1, len(texts)) if 100 * row[j] >= least]
    return found, 100 * statistics.median(some)


def _pair(assignment: str, first: Source, second: Source, structure: float, usual: float) -> Pair:
    words = 100 * Indel.normalized_similarity(first.named, second.named)
    return Pair(
        assignment, first.student, second.student, round(structure, 1), round(words, 1), round(usual, 1),
        _shared(first, second), _shared(second, first),
    )  # fmt: skip


def _shared(own: Source, other: Source) -> list[tuple[str, bool]]:
    theirs = {tuple(_words(line)) for line in other.lines} - {()}
    return [(line, tuple(_words(line)) in theirs) for line in own.lines]

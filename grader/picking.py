"""Which of a student's files counts for which assignment, and what to say to who handed in none that can be graded.

Of several files the one counts that the student has worked in; then the one that is named like the assignment, a module
before a notebook, the later upload before the earlier, and then the one nearest to the top. A file of another name counts
where no file has the right one and this can only be what is meant.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from grader import layouts, manifest
from grader.archives import shown
from grader.collecting import Item
from grader.course import Assignment
from grader.layouts import Owner
from grader.submission import MAX_COMPANIONS, MAX_SOURCE, SUFFIXES, Submission, Unreadable, content_of, in_order
from grader.text import Text, text

_LONGEST = 80  # characters of a file's name


@dataclass(frozen=True)
class Work:
    """A file with its owner.

    Attributes:
        rank: how well its name fits an assignment, 0 to 2 as `layouts.match_rank` has it, 3 for a guess.
        score: how many of the assignment's functions it defines, where that had to be asked.
    """

    item: Item
    owner: Owner
    rank: int = 3
    score: int = 0


@dataclass
class Pile:
    """All that one student handed in, and what of it was not read."""

    files: list[Work] = field(default_factory=list)
    skips: list[tuple[Owner, Text]] = field(default_factory=list)


def chosen(student: str, pile: Pile, assignments: Mapping[str, Assignment]) -> list[Submission]:
    """A student's submissions, of those assignments of which there is one."""
    notes = tuple(why for _, why in pile.skips)
    works = [work for work in pile.files if work.item.is_work]
    released = {known for work in pile.files if work.item.parts[-1] == manifest.NAME for known in _released(work.item)}
    fitting = {name: _named(works, name, assignments) for name in assignments}
    free = [work for work in works if not any(work.item in (other.item for other in named) for named in fitting.values())]
    for name, guessed in _guessed(free, [name for name in assignments if not fitting[name]], assignments).items():
        fitting[name] = guessed
    return [_one(student, assignments[name], fitting[name], pile, released, notes) for name in assignments if fitting[name]]


def _released(item: Item) -> Iterable[str]:
    """The fingerprints that a student's copy of the course says it was handed out with."""
    found = (manifest.decode(item.held) if isinstance(item.held, bytes) else None) if item.archived else manifest.load(item.path.parent)
    return found.files.values() if found else ()


def _named(works: Sequence[Work], assignment: str, assignments: Mapping[str, Assignment]) -> list[Work]:
    """The files whose names fit an assignment; those that only hold its name count where no other has it."""
    ranked = [
        replace(work, rank=rank)
        for work in works
        if (rank := layouts.match_rank(work.owner.file.rpartition(".")[0], assignment, assignments)) is not None
    ]
    return [work for work in ranked if work.rank < 2] or ranked


def _guessed(free: Sequence[Work], missing: Sequence[str], assignments: Mapping[str, Assignment]) -> dict[str, list[Work]]:
    """What a student may have meant by files of other names: by the only assignment, by its place, by what it defines."""
    if not free:
        return {}
    guesses: dict[str, list[Work]] = {}
    contents = {id(work): _held(work) for work in free}
    for name in missing:
        wanted = _definitions(assignments[name])
        scored = [replace(work, score=_score(contents[id(work)], wanted)) for work in free]
        meant = [work for work in scored if len(assignments) == 1 or _meant(work, name)]
        if meant:
            guesses[name] = [work for work in meant if work.score] or (meant if len(meant) == 1 else [])
        else:
            told = [work for work, own in zip(scored, free, strict=True) if _most(contents[id(own)], name, missing, assignments)]
            guesses[name] = [work for work in told if 2 * work.score >= len(wanted)]
    return {name: works for name, works in guesses.items() if works}


def _meant(work: Work, assignment: str) -> bool:
    """Whether the place of a file names the assignment."""
    return work.owner.assignment == assignment or any(
        layouts.match_rank(part, assignment, [assignment]) in (0, 1) for part in work.item.parts[:-1]
    )


def _most(content: bytes, assignment: str, missing: Sequence[str], assignments: Mapping[str, Assignment]) -> bool:
    """Whether a file defines more of one assignment than of any other."""
    scores = {name: _score(content, wanted := _definitions(assignments[name])) / max(len(wanted), 1) for name in missing}
    return all(scores[name] < scores[assignment] for name in missing if name != assignment)


def _definitions(assignment: Assignment) -> list[str]:
    """The functions and classes that an assignment asks for, as its stub, which is ours, has them."""
    stub = assignment.handed_out[0]
    tree = ast.parse(stub.read_bytes()) if stub.is_file() else ast.Module([], [])
    return [node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")]


def _score(content: bytes, wanted: Sequence[str]) -> int:
    """How many of the wanted names a file defines, told from its bytes: it is not parsed here."""
    return sum(re.search(rb"\b(?:def|class)\s+%s\b" % re.escape(name.encode()), content) is not None for name in wanted)


def _held(work: Work) -> bytes:
    content = content_of(_submission("", "", work))
    return content if isinstance(content, bytes) else b""


def _submission(student: str, assignment: str, work: Work) -> Submission:
    """A file as a submission, by itself."""
    item, name = work.item, _run_name(work.owner.file, assignment)
    if not item.archived and len(item.parts) > 1 and item.path.name == name:
        return Submission(student, assignment, item.path)
    if not item.archived:
        content = content_of(Submission(student, assignment, item.path))
        if not isinstance(content, bytes):
            return Submission(student, assignment, item.path, problem=content.problem)
        return Submission(student, assignment, item.path.with_name(name), files={name: content})
    if not isinstance(item.held, bytes):
        why = text("skipped_item", name=shown(item.parts[-1]), why=item.held or text("archive_damaged"))
        return Submission(student, assignment, item.path, problem=why)
    return Submission(student, assignment, item.path.with_name(name), files={name: item.held})


def _run_name(file: str, assignment: str) -> str:
    """The name under which a file is run: its own where that can be any file's."""
    end = next((suffix for suffix in SUFFIXES if file.lower().endswith(suffix)), "")
    return file[: len(file) - len(end)] + end if _is_plain(file) else f"{assignment}{end}"


def _is_plain(file: str) -> bool:
    """Whether a name can be any file's; a surrogate, which stands for a byte that is no UTF-8, is not printable."""
    return bool(file) and file.isprintable() and file[0] != "." and not set(file) & set("/\\") and len(file) <= _LONGEST


def _one(
    student: str, assignment: Assignment, works: Sequence[Work], pile: Pile, released: set[str], notes: tuple[Text, ...]
) -> Submission:
    """The submission that counts, with what lies beside it where that is not on disk, and what its author should know."""
    made = [_submission(student, assignment.id, work) for work in works]
    by_id = {id(submission): work for submission, work in zip(made, works, strict=True)}
    order = in_order(made, assignment, released, rank=lambda submission: _rank(submission, by_id[id(submission)]))
    best, work = order[0], by_id[id(order[0])]
    others = [_label(by_id[id(other)], work) for other in order[1:]]
    if work.rank > 1:
        notes = (text("note_renamed", used=shown(work.owner.file), name=assignment.id), *notes)
    if work.owner.late:
        notes = (text("note_late"), *notes)
    files = best.files and {**_beside(work, pile), **best.files}
    return replace(best, ignored=tuple(others), files=files, notes=notes)


def _rank(submission: Submission, work: Work) -> tuple[int, ...]:
    """What can be read first, then the name, the suffix, the last attempt, and the exact name."""
    suffix = SUFFIXES.index(submission.path.suffix) if submission.path.suffix in SUFFIXES else 0
    return isinstance(content_of(submission), Unreadable), max(work.rank, 1), -work.score, suffix, -work.owner.attempt, work.rank


def _label(other: Work, chosen: Work) -> str:
    """How to call a file beside the one that was graded."""
    return shown(other.owner.file if other.owner.file != chosen.owner.file else "/".join(other.item.parts))


def _beside(work: Work, pile: Pile) -> dict[str, bytes]:
    """The student's other files of the same folder, as `submission.read` finds them on disk."""
    found: dict[str, bytes] = {}
    total = 0
    for other in pile.files:
        name = other.owner.file
        if other.item.parts[:-1] != work.item.parts[:-1] or other.item == work.item or not _is_plain(name) or len(found) == MAX_COMPANIONS:
            continue
        content = other.item.held if other.item.archived else content_of(Submission("", "", other.item.path))
        if isinstance(content, bytes) and total + len(content) <= MAX_SOURCE:
            found[name] = content
            total += len(content)
    return found


def broken(student: str, pile: Pile, assignments: Mapping[str, Assignment], expected: Sequence[str]) -> list[Submission]:
    """What is said to who handed in nothing that can be graded, for the assignments that others handed in."""
    if not pile.files and not pile.skips:
        return []
    owners = [owner for owner, _ in pile.skips] + [work.owner for work in pile.files]
    meant = [name for name in assignments if any(owner.assignment == name for owner in owners)] or expected
    names = ", ".join(dict.fromkeys(shown(work.owner.file, 30) for work in pile.files[:8]))
    first = pile.skips[0][1] if pile.skips else None
    notes = tuple(why for _, why in pile.skips[1:])
    return [
        Submission(
            student, name, Path(owners[0].file), notes=notes,
            problem=text("only_broken", why=first) if first else text("nothing_usable", names=names, name=name),
        )
        for name in meant
    ]  # fmt: skip

"""What has arrived: a folder, or an export as it was downloaded, sorted into students and their submissions.

Every file is found first (`collecting`), those in archives by a confined worker; `layouts` says whose each is, a class list
(`roster`) what they are called, and `picking` which of their files counts. Nobody is lost: who handed in nothing that can
be graded appears, with what to do.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader import layouts, roster
from grader.archives import Reader, is_packed, shown
from grader.collecting import Found, Item, collect
from grader.course import Assignment
from grader.errors import UsageError
from grader.layouts import METADATA, Owner, Surroundings
from grader.picking import Pile, Work, broken, chosen
from grader.roster import Roster
from grader.submission import SUFFIXES, Submission
from grader.text import Text, text

_LONGEST = 80  # characters of a student's name, which becomes a folder's
_NOBODY = Roster()
_SHOWN = 10  # lines, and names


@dataclass(frozen=True)
class Arrivals:
    """A class as it has arrived.

    Attributes:
        submissions: by student and assignment; also those that cannot be run.
        layouts: how many students came in each layout.
        skipped: of whom something was not read, and why.
        empty: students with a folder or on the class list, and nothing in it.
        unlisted: students who are not on the class list, where there is one.
    """

    submissions: list[Submission]
    layouts: Mapping[str, int]
    skipped: list[tuple[str, Text]]
    empty: list[str]
    unlisted: list[str]

    def lines(self, path: Path) -> list[Text]:
        """What was found in `path`, for the person who is about to grade it."""
        ways = [text("found_layout", layout=text(f"layout_{name}"), count=count) for name, count in sorted(self.layouts.items())]
        students = len({submission.student for submission in self.submissions})
        said = [text("found", submissions=len(self.submissions), students=students, path=path, layouts=_joined(ways))]
        said += [text("found_skipped", student=student, why=why) for student, why in self.skipped[:_SHOWN]]
        if len(self.skipped) > _SHOWN:
            said.append(text("found_more", count=len(self.skipped) - _SHOWN))
        usable = {submission.student for submission in self.submissions if submission.problem is None}
        useless = sorted({submission.student for submission in self.submissions} - usable)
        for key, names in (("found_useless", useless), ("found_empty", self.empty), ("found_unlisted", self.unlisted)):
            if names:
                said.append(text(key, count=len(names), names=", ".join(names[:_SHOWN]) + (", …" if len(names) > _SHOWN else "")))
        return said


def _joined(texts: Sequence[Text]) -> Text:
    """Texts in a row."""
    return texts[0] if len(texts) == 1 else text("and_then", first=texts[0], rest=_joined(texts[1:]))


def look(path: Path, assignments: Mapping[str, Assignment], names: Roster = _NOBODY) -> Arrivals:
    """What is in the folder or the export `path`. Raises UsageError, Fault."""
    with Reader() as reader:
        found = _unwrapped(collect(path, reader), path.is_dir(), assignments)
    piles, listed = _piles(found, _surroundings(found, assignments), names)
    submissions = [s for student, pile in piles.items() for s in chosen(student, pile, assignments)]
    if not submissions and not any(pile.skips for pile in piles.values()):
        raise UsageError(text("no_submissions", path=path, names=", ".join(sorted(assignments)[:4])))
    begun = {s.assignment for s in submissions}
    expected = [name for name in assignments if name in begun] or list(assignments)
    served = {s.student for s in submissions}
    for student, pile in piles.items():
        if student not in served:
            submissions += broken(student, pile, assignments, expected)
    served = {s.student for s in submissions}
    folders = {student for student in _empty(found, piles) if student not in served}
    return Arrivals(
        sorted(submissions, key=lambda s: (s.student, s.assignment)),
        Counter(_layout(pile) for student, pile in piles.items() if student in served),
        [(student, why) for student, pile in piles.items() for _, why in pile.skips],
        sorted(folders | (set(names.students) - served)),
        sorted(served - listed) if names.students else [],
    )


def _layout(pile: Pile) -> str:
    """The layout in which a student's work came, or else what could not be read of it."""
    owners = [work.owner for work in pile.files if work.item.is_work] + [owner for owner, _ in pile.skips] + [w.owner for w in pile.files]
    return owners[0].layout


def _unwrapped(found: Found, on_disk: bool, assignments: Collection[str]) -> Found:
    """Without the folder that holds all, which an export brings and unpacking may add."""
    places = [item.parts for item in found.items] + [parts for parts, _ in found.skips]
    tops = {parts[0] for parts in places}
    inner = {parts[1] for parts in places if len(parts) > 1}
    if len(tops) != 1 or any(len(parts) == 1 for parts in places) or is_packed(next(iter(tops))):
        return found
    deep = {parts[1] for parts in places if len(parts) > 2}
    export = any(map(layouts.is_export, inner)) or METADATA in inner or layouts.is_canvas(_loose(parts[1:] for parts in places))
    if not export and (on_disk or not _is_class(found.items, deep, assignments)):
        return found
    return replace(
        found,
        name=next(iter(tops)),
        items=[replace(item, parts=item.parts[1:]) for item in found.items],
        skips=[(parts[1:], why) for parts, why in found.skips],
        folders=sorted(deep),
        repositories=[],
    )


def _is_class(items: Iterable[Item], folders: Collection[str], assignments: Collection[str]) -> bool:
    """Whether the one folder of an archive is the class's: it holds folders, or files that name a student beside the assignment."""
    works = [item.parts[1] for item in items if len(item.parts) == 2 and item.is_work]
    named = [layouts.assignment_in(name.rpartition(".")[0], assignments) for name in works]
    return all(assignment and rest for assignment, rest in named) if works else bool(folders)


def _loose(places: Iterable[Sequence[str]]) -> set[str]:
    """The names of what stands on top by itself and may be a student's: files and archives."""
    return {parts[0] for parts in places if is_packed(parts[0]) or (len(parts) == 1 and parts[0].lower().endswith((*SUFFIXES, ".html")))}


def _surroundings(found: Found, assignments: Mapping[str, Assignment]) -> Surroundings:
    places = [*(item.parts for item in found.items), *(parts for parts, _ in found.skips)]
    metadata = next((item for item in found.items if item.parts == (METADATA,)), None)
    raw = None if metadata is None else metadata.held if metadata.archived else _bytes(metadata.path)
    return Surroundings(
        found.name,
        tuple(assignments),
        layouts.prefix_of(found.name, found.repositories or found.folders) if found.repositories or layouts.is_clones(found.name) else "",
        layouts.is_canvas(_loose(places)),
        roster.submitters(raw) if isinstance(raw, bytes) else None,
    )


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes() if path.is_file() and not path.is_symlink() else None
    except OSError:
        return None


def _piles(found: Found, around: Surroundings, names: Roster) -> tuple[dict[str, Pile], set[str]]:
    """What each student handed in, and which students are on the class list."""
    owned = [(owner, item) for item in found.items if _is_somebodys(item) for owner in layouts.owners(item.parts, around)]
    missed = [(owner, _told(parts, why)) for parts, why in found.skips for owner in layouts.owners(parts, around)]
    called, listed = _called([owner for owner, _ in [*owned, *missed]], names)
    piles: dict[str, Pile] = defaultdict(Pile)
    for owner, item in owned:
        piles[called[owner.name, owner.ident]].files.append(Work(item, owner))
    for owner, why in missed:
        piles[called[owner.name, owner.ident]].skips.append((owner, why))
    return dict(sorted(piles.items())), listed


def _is_somebodys(item: Item) -> bool:
    """Whether a file on top is a student's: others there are the teacher's, a class list or a read-me."""
    return len(item.parts) > 1 or item.is_work or layouts.is_export(item.parts[0]) or item.parts[0].endswith((".html", ".HTML"))


def _told(parts: Sequence[str], why: Text) -> Text:
    return why if why.key == "too_many_files" else text("skipped_item", name=shown(parts[-1]), why=why)


def _called(owners: Iterable[Owner], names: Roster) -> tuple[dict[tuple[str, str], str], set[str]]:
    """What each student is called: as in the class list, or as they arrived, with a number where two are called the same."""
    several: dict[str, set[str]] = defaultdict(set)
    for owner in owners:
        several[owner.name].add(owner.ident)
    called: dict[tuple[str, str], str] = {}
    taken: dict[str, tuple[str, str]] = {}
    listed: set[str] = set()
    for owner in owners:
        key = owner.name, owner.ident
        if key in called:
            continue
        known = names.student(owner.keys)
        name = _safe(known or (f"{owner.name}_{owner.ident}" if len(several[owner.name]) > 1 and owner.ident else owner.name))
        if known:
            listed.add(name)
        elif taken.setdefault(name, key) != key:
            name = next(free for n in range(2, len(taken) + 3) if (free := f"{name}~{n}") not in taken)
            taken[name] = key
        called[key] = name
    return called, listed


def _safe(name: str) -> str:
    """A name that can be a folder's and be shown anywhere."""
    harmless = "".join(c if c.isprintable() and c not in "/\\" else "_" for c in unicodedata.normalize("NFC", name)).strip()
    return (harmless.lstrip(".") or "_")[:_LONGEST].strip()


def _empty(found: Found, piles: Mapping[str, Pile]) -> set[str]:
    """Folders in which there is nothing."""
    full = {work.item.parts[0] for pile in piles.values() for work in pile.files} | {parts[0] for parts, _ in found.skips}
    return {_safe(folder) for folder in found.folders if folder not in full}

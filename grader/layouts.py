"""Whose is a file, by the place where it stands: the layouts in which classes arrive. Names in, owners out; no disk.

Moodle          Ana Beltrán_1234_assignsubmission_file/neuron.py, or the same with _ in the place of /
                (mod/assign/classes/downloader.php; blind: Participant_12_...; teams: the group's name and number)
Canvas          beltránana_LATE_5678_91011_neuron-1.py; anonymous: anon_x1Y2z_91011_neuron.py (lib/content_zipper.rb)
Gradescope      submission_1234/neuron.py beside submission_metadata.yml
GitHub          neuron-ana, cs-101-neuron-ana: <assignment>-<user> as `gh classroom clone` and Classroom 50 name them
archives        ana.zip, ana_neuron.tar.gz
single files    neuron_ana.py, ana-neuron.ipynb
folders         ana/neuron.py
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from grader.archives import is_packed, stem

_MOODLE = re.compile(r"^(.+?)(?:_(\d+))?_assignsubmission_[a-z]+(?:_(.*))?$")
_CANVAS = re.compile(r"^(?:(.+?)_(?:(LATE)_)?(\d+)|(?:(LATE)_)?(anon_[A-Za-z0-9]+))_(\d+)_(.+)$")
_BLIND = re.compile(r"^particip", re.IGNORECASE)  # Participant, Participante: a number is all that tells them apart
_GRADESCOPE = re.compile(r"^submission_(\d+)$")
_DOWNLOADED = re.compile(r"-(?:main|master)$")  # what GitHub adds to the zip of a branch
_CLONES = re.compile(r"^(.+)[-_]submissions(?:_\d[\dT_]*)?$")  # the folder that `gh classroom clone` and `gh teacher download` make
METADATA = "submission_metadata.yml"


@dataclass(frozen=True)
class Owner:
    """Whose a file is.

    Attributes:
        name: what the layout calls the student.
        ident: what tells two students of one name apart; may be empty.
        keys: what a class list may know the student by, the surest first.
        layout: folders, files, archives, repositories, moodle, canvas or gradescope.
        assignment: which one the place names, if it does.
        file: the file's own name, without what a platform has put before it.
        late: whether the platform says so.
        attempt: of several, the highest is the last.
    """

    name: str
    ident: str
    keys: tuple[str, ...]
    layout: str
    assignment: str | None
    file: str
    late: bool = False
    attempt: int = 0


@dataclass(frozen=True)
class Surroundings:
    """What has to be known besides a file's own path.

    Attributes:
        folder: the name of the folder, or archive, that holds all.
        assignments: the names that files may have.
        prefix: of the names of repositories, with its hyphen; empty if unknown.
        canvas: whether files that stand by themselves are named as Canvas names them.
        submitters: of Gradescope's submissions: number -> the keys of each student.
    """

    folder: str
    assignments: Collection[str]
    prefix: str = ""
    canvas: bool = False
    submitters: Mapping[str, Sequence[tuple[str, ...]]] | None = None


def owners(parts: Sequence[str], around: Surroundings) -> list[Owner]:
    """Whose the file at `parts` is: nobody's, one student's, or those of a group."""
    top, file = parts[0], parts[-1]
    alone = len(parts) == 1 or is_packed(top)  # a file that stands by itself, or what came out of an archive that does
    if match := _MOODLE.match(top if not is_packed(top) else stem(top)):
        name, number, rest = match[1].replace("_", " ").strip() or top, match[2] or "", match[3]
        own = (rest or file) if len(parts) == 1 else file
        blind = bool(number and _BLIND.match(name))
        return [Owner(f"{name} {number}" if blind else name, number, (number,) if blind else (name, number), "moodle", None, own)]
    if around.submitters is not None and (match := _GRADESCOPE.match(top)):
        students = around.submitters.get(match[1]) or [(top,)]
        return [Owner(keys[0], "", tuple(keys), "gradescope", None, file, attempt=int(match[1])) for keys in students]
    if alone and around.canvas and (match := _CANVAS.match(top)):
        name, user, late = match[1] or match[5], match[3] or match[5], bool(match[2] or match[4])
        own = match[7] if len(parts) == 1 else file
        return [Owner(name, user, (user, name), "canvas", None, own, late, int(match[6]))]
    if alone:
        return _loose(parts, around)
    user, assignment = _repository(top, around)
    return [Owner(user, "", (user, top), "repositories" if user != top else "folders", assignment, file)]


def _loose(parts: Sequence[str], around: Surroundings) -> list[Owner]:
    """A file or an archive that is not in a folder: its name says whose it is and perhaps for which assignment."""
    name = stem(parts[0]) if is_packed(parts[0]) else parts[0].rpartition(".")[0] or parts[0]
    layout = "archives" if is_packed(parts[0]) else "files"
    if is_packed(parts[0]):
        user, assignment = _repository(_DOWNLOADED.sub("", name), around)
        if assignment or user != _DOWNLOADED.sub("", name):
            return [Owner(user, "", (user, name), "repositories", assignment, parts[-1])]
    assignment, rest = assignment_in(name, around.assignments)
    student = rest or around.folder  # neuron.py by itself: the folder is one student's
    return [Owner(student, "", (student, name), layout, assignment, parts[-1])]


def _repository(name: str, around: Surroundings) -> tuple[str, str | None]:
    """The user and the assignment of a repository's name; the name itself where it is not one's."""
    for assignment in sorted(around.assignments, key=len, reverse=True):
        slug = re.escape(assignment).replace("_", "[-_]")
        if match := re.match(rf"^(?:[A-Za-z0-9-]+-)?{slug}-([A-Za-z0-9][A-Za-z0-9-]*)$", name, re.IGNORECASE):
            return match[1], assignment
    if around.prefix and name.startswith(around.prefix) and len(name) > len(around.prefix):
        return name[len(around.prefix) :], None
    return name, None


def prefix_of(folder: str, repositories: Collection[str]) -> str:
    """What the names of a class's repositories begin with, from the folder that they were cloned into or from each other."""
    if match := _CLONES.match(folder):
        prefix = f"{match[1]}-"
        if any(name.startswith(prefix) for name in repositories):
            return prefix
    if len(repositories) < 2:
        return ""
    first, last = min(repositories), max(repositories)
    length = next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), min(len(first), len(last)))
    return first[: first.rfind("-", 0, length) + 1]


def is_clones(folder: str) -> bool:
    """Whether a folder is named as one into which a class's repositories are cloned."""
    return bool(_CLONES.match(folder))


def is_export(top: str) -> bool:
    """Whether a name is one that Moodle or Gradescope gives to what it exports of a student."""
    return bool(_MOODLE.match(top) or _GRADESCOPE.match(top))


def is_canvas(names: Collection[str]) -> bool:
    """Whether most of the names of a class's files are Canvas's: one alone may look so by chance."""
    return bool(names) and 2 * sum(bool(_CANVAS.match(name)) for name in names) > len(names)


def assignment_in(name: str, assignments: Collection[str]) -> tuple[str | None, str]:
    """The assignment that a name begins or ends with, the longest, and what else is in the name."""
    plain = _plain(name)
    for assignment in sorted(assignments, key=len, reverse=True):
        own = _plain(assignment)
        if plain == own:
            return assignment, ""
        if plain.startswith(f"{own}_"):
            return assignment, name[len(own) + 1 :].strip(" _-.")
        if plain.endswith(f"_{own}"):
            return assignment, name[: -len(own) - 1].strip(" _-.")
    return None, name


def match_rank(file: str, assignment: str, assignments: Collection[str]) -> int | None:
    """How well a file's name, without its end, fits an assignment: 0 it is the name, 1 nearly, 2 it holds it; None not at all."""
    if file == assignment:
        return 0
    plain, own = _plain(file), _plain(assignment)
    others = {_plain(other) for other in assignments} - {own}
    if plain == own or (plain not in others and _plain(_COPY.sub("", file)) == own):
        return 1
    named = [other for other in sorted({own, *others}, key=len, reverse=True) if f"_{other}_" in f"_{plain}_"]
    return 2 if named and named[0] == own else None


_COPY = re.compile(r"^(?:copia de |copy of )|(?:\s*\(\d+\)|-\d{1,2}|[\s_-]+(?:copy|copia|copia \d+))$", re.IGNORECASE)


@lru_cache(10_000)
def _plain(name: str) -> str:
    """A name without capitals, its words joined by underscores."""
    return re.sub(r"[\s.\-_]+", "_", unicodedata.normalize("NFKC", name).casefold()).strip("_")

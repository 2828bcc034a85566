"""The YAML files of a course, typed: unknown keys are refused, and an error names the file and the place in it."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, TypeVar

import msgspec
import yaml  # type: ignore[import-untyped]

from grader.errors import UsageError, why
from grader.model import Visibility
from grader.policy import LatePolicy, Moment
from grader.text import Language, text

_DEEPEST = 50  # levels of a YAML file; ours have 4
_LARGEST = 2 << 20  # bytes of a YAML file; the largest here has 40 KB


class _File(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Part of a YAML file: unknown keys are refused."""


class Words(_File, frozen=True):
    """The same in both languages."""

    es: str
    en: str

    def say(self, language: str) -> str:
        """In `language`."""
        return self.es if language == "es" else self.en


class LimitsFile(_File, frozen=True):
    """What student code may use: seconds of wall clock for a call, for a whole check, for the import; MiB of memory."""

    call_s: float = 10.0
    check_s: float = 30.0
    load_s: float = 10.0
    memory_mib: int = 1024


class CheckFile(_File, frozen=True):
    """One check, as students and reports name it."""

    points: int
    visibility: Visibility
    title: Words
    hint: Words


class AssignmentFile(_File, frozen=True):
    """assignment.yaml."""

    title: Words
    source: str
    imports: list[str]
    checks: dict[str, CheckFile]
    limits: LimitsFile = LimitsFile()
    draft: bool = False  # still being written: few variants and mistakes will do, and it is not released


class MistakeFile(_File, frozen=True):
    """One entry of mistakes.yaml: the check that catches it, and its name and hint for students."""

    check: str
    title: Words
    hint: Words


class CourseFile(_File, frozen=True):
    """course.yaml."""

    title: Words
    assignments: list[str]
    language: Language = "es"
    follow_through: float = 0.6
    variants: bool = False  # public checks draw numbers of each student's own
    attempts: Literal["best", "last"] = "last"  # which one counts
    deadlines: dict[str, Moment] = {}  # with a time zone, by assignment
    late: LatePolicy = LatePolicy()


Extensions = dict[str, dict[str, Moment]]  # reference/extensions.yaml: student -> assignment -> that student's deadline

_T = TypeVar("_T")


def read(path: Path, kind: type[_T]) -> _T:
    """A YAML file of the shape `kind`. Raises UsageError."""
    try:
        return parse(path.read_bytes(), kind, path)
    except OSError as error:
        raise UsageError(text("unreadable", path=path, reason=why(error))) from error


def parse(raw: bytes, kind: type[_T], path: Path) -> _T:
    """A YAML file's content as what it has to be; `path` names it in what is raised. Raises UsageError."""
    try:
        if len(raw) > _LARGEST:
            raise UsageError(text("yaml_too_large", path=path, limit=_LARGEST >> 20))
        _require_plain(raw, path)
        return msgspec.yaml.decode(raw, type=kind)
    except msgspec.MsgspecError as error:  # names the place: "Object contains unknown field `point` - at `$.checks[...]`"
        raise UsageError(text("bad_yaml", path=path, reason=error)) from error
    except (yaml.YAMLError, ValueError, TypeError, AttributeError, LookupError, RecursionError) as error:  # PyYAML's: !!int x, 2026-13-13
        raise UsageError(text("bad_yaml", path=path, reason=error)) from error


def _require_plain(raw: bytes, path: Path) -> None:
    """Refuse what PyYAML does not survive: 1 KB of merged aliases takes a minute, 100 KB of nesting ends the process.

    The events tell, but take as long as the decoding: a file without `&`, of few brackets and no long line needs no look.
    """
    brackets, longest = raw.count(b"[") + raw.count(b"{"), max(map(len, raw.split(b"\n")))
    if b"&" not in raw and brackets + 2 * longest < 5_000:  # a level takes a bracket, or half a column
        return
    depth = 0
    for event in yaml.parse(raw, yaml.CSafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.AliasEvent):
            raise UsageError(text("yaml_aliases", path=path))
        if depth > _DEEPEST:
            raise UsageError(text("yaml_too_deep", path=path))

"""What `grader grade` is to grade, and who grades it: the meaning of its options."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from grader.batch import Engine
from grader.cli.language import spoken
from grader.engines import local
from grader.errors import UsageError
from grader.submission import Submission
from grader.text import text
from grader.times import modified, times_in


@dataclass(frozen=True)
class Shard:
    """The `number`th of `count` parts of a class, counted from 1."""

    number: int
    count: int

    def holds(self, submission: Submission) -> bool:
        """Whether a submission is in this part; all of a student are, on every machine, whoever else has handed in."""
        digest = hashlib.sha256(submission.student.encode("utf-8", "surrogateescape")).digest()
        return int.from_bytes(digest[:8], "big") % self.count == self.number - 1


class _ShardType(click.ParamType):
    name = "I/N"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Shard:
        number, slash, count = str(value).partition("/")
        if not (slash and number.isdecimal() and count.isdecimal() and 1 <= int(number) <= int(count)):
            self.fail(text("bad_shard", value=value).say(spoken()), param, ctx)
        return Shard(int(number), int(count))


class _DateType(click.ParamType):
    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            return datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(text("bad_date", value=value).say(spoken()), param, ctx)


SHARD, DATE = _ShardType(), _DateType()


def choose(found: Sequence[Submission], students: Sequence[str], since: datetime | None, shard: Shard | None) -> list[Submission]:
    """The submissions asked for. Raises UsageError for a student who has handed in nothing."""
    known = {submission.student for submission in found}
    for student in students:
        if student not in known:
            raise UsageError(text("unknown_student", name=student, names=", ".join(sorted(known)[:20])))
    chosen = [s for s in found if not students or s.student in students]
    chosen = [s for s in chosen if shard is None or shard.holds(s)]
    if since is None:
        return chosen
    moment = since.astimezone()  # without a time zone it is this machine's
    return [s for s in chosen if (when := modified(s)) is None or when >= moment]


def times_for(option: Path | None) -> Callable[[Submission], datetime | None]:
    """`--times FILE.csv`, `--times files`, or nothing known. Raises UsageError."""
    if option is None:
        return lambda submission: None
    return modified if str(option) == "files" else times_in(option)


@contextmanager
def engine_for(name: str, scheduler: str | None, jobs: int) -> Iterator[Engine]:
    """The engine asked for. Raises UsageError where it is not installed, or cannot be reached."""
    if name == "local":
        yield lambda setup, submissions: local.run(setup, submissions, jobs)
        return
    try:
        from grader.engines import dask
    except ImportError as error:
        raise UsageError(text("needs_extra", extra="dask", name=error.name)) from error
    with dask.engine(scheduler, jobs) as run:
        yield run

"""The records that everything else passes around: what a check found and what a submission earned. Frozen, JSON-ready."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

VERSION = 1  # of the report's schema

Outcome = Literal["passed", "partial", "failed", "crashed", "limit", "skipped", "fault"]
Visibility = Literal["public", "hidden"]
Status = Literal["graded", "refused", "fault"]
Why = Literal["handed_in", "regraded", "adjusted", "policy"]  # a mark changed
Role = Literal["", "own", "claimed", "recomputed", "expected", "reference"]  # whose numbers a line shows; empty: its name says it
Counted = Literal["", "n", "i", "h", "o", "k", "t", "B"]  # examples, inputs, hidden units, outputs, classes, time steps, sequences
Axis = Literal["epoch", "update", "layer", "step", "length", "strength", "learning_rate", "array", "loss", "norm", "error", "seconds"]


class Location(msgspec.Struct, frozen=True):
    """A line of the student's own file; `cell` counts a notebook's code cells from 1."""

    file: str
    line: int
    cell: int | None = None


class Excerpt(msgspec.Struct, frozen=True):
    """The student's own lines around a location, shortened; `first` is the number of the first one."""

    first: int
    lines: list[str]


class HeatMap(msgspec.Struct, tag="heat_map", tag_field="kind", frozen=True):
    """Where an array is wrong, and how much.

    Attributes:
        name: of the array, "dL/dV"; `title` says what the picture shows, where its author said so.
        rows, columns: what the axes count; empty where that is not known.
        shape: of the array as it was, before long axes were merged.
        levels: one text per row, one digit per entry: the error relative to the largest right entry is at most
            10^(digit - 9), 1e-9 for 0 and 0.1 for 8; 9 is more than that, or not a number.
    """

    name: str
    rows: Counted
    columns: Counted
    shape: list[int]
    levels: list[str]
    title: str = ""


class Curve(msgspec.Struct, frozen=True):
    """Numbers in a row, over `xs` in a plot; None where one is not finite. `role` tells whose they are, or `name` does."""

    role: Role
    name: str
    ys: list[float | None]
    xs: list[float] = []


class Curves(msgspec.Struct, tag="curves", tag_field="kind", frozen=True):
    """Lines over common axes; `log` where y is best read on a logarithmic scale."""

    x: Axis
    y: Axis
    curves: list[Curve]
    log: bool = False
    title: str = ""


class Bars(msgspec.Struct, tag="bars", tag_field="kind", frozen=True):
    """Bars in groups: each series has one number for each label."""

    x: Axis
    y: Axis
    labels: list[str]
    series: list[Curve]
    log: bool = False
    title: str = ""


class Point(msgspec.Struct, array_like=True, frozen=True):
    """An example of class 0 or 1."""

    x: float
    y: float
    label: int


class Boundary(msgspec.Struct, tag="boundary", tag_field="kind", frozen=True):
    """Where a classifier of the plane changes its mind.

    Attributes:
        x, y: the range of each axis.
        levels: one text per row, the highest y first, one digit per cell: the probability of class 1 in tenths (9: 0.9 to 1).
        points: the examples, some of them where there are many.
    """

    x: tuple[float, float]
    y: tuple[float, float]
    levels: list[str]
    points: list[Point]
    title: str = ""


Picture = HeatMap | Curves | Bars | Boundary


class CheckResult(msgspec.Struct, frozen=True):
    """What one check found about one submission, in the language of the report.

    Attributes:
        points: earned, in [0, max_points]; None for a fault, which is ours and gives no mark.
        message: what is wrong, and where; empty when passed.
        hint: what to think about next; from the diagnosed mistake, if there is one.
        diagnosis: name of the known mistake that gives exactly the student's answers, or None.
        mistake: what that mistake is, in words, as the message has them.
        details: numbers behind the message (got, expected, allowed); empty for hidden checks.
        excerpt: the student's lines around `location`, as handed in.
        pictures: of what is wrong, or of what the exercise compares; none for hidden checks.
    """

    name: str
    title: str
    family: str
    visibility: Visibility
    outcome: Outcome
    points: float | None
    max_points: float
    message: str = ""
    hint: str = ""
    diagnosis: str | None = None
    location: Location | None = None
    details: dict[str, Any] = {}
    duration_s: float = 0.0
    excerpt: Excerpt | None = None
    pictures: list[Picture] = []
    mistake: str = ""


class Mark(msgspec.Struct, frozen=True):
    """What a submission counts in the gradebook.

    Attributes:
        value: points after lateness and adjustments; None without a mark, by our fault.
        attempt, attempts: the attempt that counts, from 1, of how many.
        late_days: days after the deadline that had begun.
        penalty: points lost by lateness.
        adjustment: points that a teacher added (or, negative, took away).
    """

    value: float | None
    attempt: int = 1
    attempts: int = 1
    late_days: int = 0
    penalty: float = 0.0
    adjustment: float = 0.0


class Report(msgspec.Struct, frozen=True):
    """All that is known about one submission for one assignment.

    Attributes:
        status: graded; refused (nothing could be run, score 0); fault (ours: score None).
        protection: layers of confinement that held while the student's code ran; none where it ran unconfined, or was refused.
        seed: fingerprint of the course's secret, not the secret.
        notes: one sentence each on what the student should know besides the checks.
        mark: what it counts, where a gradebook keeps it.
    """

    version: int
    student: str
    assignment: str
    status: Status
    score: float | None
    max_score: float
    protection: list[str]
    seed: str
    grader_version: str
    assignment_digest: str
    submission_digest: str
    started: str
    duration_s: float
    language: str
    checks: list[CheckResult]
    notes: list[str] = []
    mark: Mark | None = None

    @property
    def counts(self) -> float | None:
        """The points that count: those of the gradebook, or the score."""
        return self.score if self.mark is None else self.mark.value


class Change(msgspec.Struct, frozen=True):
    """One value that a mark has had."""

    student: str
    assignment: str
    at: str
    value: float | None
    why: Why


class Changed(msgspec.Struct, frozen=True):
    """One check whose points would be others, and why: `before` or `after` is None where there was or will be no such check."""

    title: str
    reason: Literal["weight", "added", "removed", "outcome", "points"]
    before: CheckResult | None
    after: CheckResult | None


class Difference(msgspec.Struct, frozen=True):
    """A mark that would become another."""

    student: str
    assignment: str
    before: float | None
    after: float | None
    checks: list[Changed]


class Pair(msgspec.Struct, frozen=True):
    """Two submissions that are much alike.

    Attributes:
        structure, words: similarity in percent without and with the names.
        usual: the median of `structure` over all pairs of the class, for comparison.
        left, right: the lines of each, and whether the other has the same line.
    """

    assignment: str
    first: str
    second: str
    structure: float
    words: float
    usual: float
    left: list[tuple[str, bool]]
    right: list[tuple[str, bool]]


def to_json(report: Report) -> bytes:
    """The report as indented JSON."""
    return msgspec.json.format(msgspec.json.encode(report), indent=2)


def from_json(raw: bytes) -> Report:
    """Read a report back. Raises msgspec.ValidationError."""
    return msgspec.json.decode(raw, type=Report)


def schema() -> dict[str, Any]:
    """The report's JSON Schema."""
    return msgspec.json.schema(Report)

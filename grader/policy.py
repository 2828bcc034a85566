"""From attempts to a mark: which attempt counts, what lateness costs, what a teacher adds or takes away. Pure arithmetic."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, Literal

import msgspec

from grader.model import Mark
from grader.text import Text, text

Moment = Annotated[datetime, msgspec.Meta(tz=True)]  # without a time zone a deadline is not a moment
Share = Annotated[float, msgspec.Meta(ge=0, le=100)]


class LatePolicy(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What a late attempt loses, in percent of the points that it earned.

    Attributes:
        grace_minutes: after the deadline, that cost nothing.
        per_day: for each day after the deadline that has begun.
        most: never more than this.
    """

    grace_minutes: Annotated[float, msgspec.Meta(ge=0)] = 0.0
    per_day: Share = 0.0
    most: Share = 100.0

    def lost(self, late_days: int) -> float:
        """Share of the points that is lost, in [0, 1]."""
        return min(late_days * self.per_day, self.most) / 100


@dataclass(frozen=True)
class Attempt:
    """One version of a submission: its score (None: our fault) and when it was handed in (None: nobody knows, so never late)."""

    id: int
    score: float | None
    submitted: datetime | None


@dataclass(frozen=True)
class Rules:
    """What holds for one student and one assignment."""

    deadline: datetime | None = None
    late: LatePolicy = field(default_factory=LatePolicy)
    counts: Literal["best", "last"] = "last"


def mark(attempts: Iterable[Attempt], rules: Rules, adjustment: float, max_score: float) -> tuple[int, Mark]:
    """The attempt that counts and what it is worth.

    Args:
        attempts: oldest first, at least one.
        rules: what holds for their student and assignment.
        adjustment: points that a teacher added, or took away if negative.
        max_score: an adjustment never lifts a mark above it.
    """
    marked = [(attempt, _mark(attempt, rules, number)) for number, attempt in enumerate(attempts, 1)]
    chosen, found = marked[-1]
    if rules.counts == "best":
        worth = [pair for pair in marked if pair[1].value is not None]
        chosen, found = max(reversed(worth), key=lambda pair: pair[1].value or 0.0) if worth else marked[-1]
    value = None if found.value is None else min(max(found.value + adjustment, 0.0), max_score)
    rounded = None if value is None else round(value, 2)
    return chosen.id, msgspec.structs.replace(found, value=rounded, adjustment=adjustment, attempts=len(marked))


def _mark(attempt: Attempt, rules: Rules, number: int) -> Mark:
    days = days_late(attempt.submitted, rules)
    penalty = 0.0 if attempt.score is None else round(attempt.score * rules.late.lost(days), 2)
    value = None if attempt.score is None else attempt.score - penalty
    return Mark(value=value, attempt=number, attempts=number, late_days=days, penalty=penalty)


def days_late(submitted: datetime | None, rules: Rules) -> int:
    """Days after the deadline that have begun; 0 within the grace period, without a deadline, or where no time is known."""
    if submitted is None or rules.deadline is None or submitted <= rules.deadline + timedelta(minutes=rules.late.grace_minutes):
        return 0
    return math.ceil((submitted - rules.deadline) / timedelta(days=1))


def notes(found: Mark) -> list[Text]:
    """What a student is told of a mark that is not just the points of the last attempt."""
    told = []
    if found.attempt != found.attempts:
        told.append(text("mark_attempt", attempt=found.attempt, attempts=found.attempts))
    if found.penalty:
        told.append(text("mark_late", days=found.late_days, points=f"{found.penalty:g}"))
    if found.adjustment:
        told.append(text("mark_adjusted", points=f"{found.adjustment:+g}"))
    return told

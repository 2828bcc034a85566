"""What a changed check, weight or tolerance does to marks that are given already: found first, shown, and applied only on request.

Every attempt is graded again from what the gradebook keeps of it. What comes out waits there as a proposal; adjustments stay.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from grader.gradebook import Gradebook, Handed
from grader.model import Changed, CheckResult, Difference, Mark, Report, from_json, to_json
from grader.packed import unpack
from grader.plan import shared
from grader.policy import Attempt, mark
from grader.submission import Submission


@dataclass(frozen=True)
class Stale:
    """An attempt whose report was made with something that has changed."""

    attempt: int
    submission: Submission
    digest: str


def stale(book: Gradebook, keys: Mapping[str, str]) -> list[Stale]:
    """The attempts to grade again; `keys` are those of today, by assignment. What has a proposal of today is not among them."""
    query = (
        "SELECT attempt.id, student, assignment, submission, content, attempt.key, proposal.key FROM attempt"
        " JOIN program ON digest = submission LEFT JOIN proposal ON proposal.attempt = attempt.id ORDER BY assignment, student, place"
    )
    found = []
    with closing(book.db.execute(query)) as rows:
        for attempt, student, assignment, digest, packed, key, proposed in rows:
            if assignment in keys and keys[assignment] not in (shared(key), proposed):
                program = unpack(packed)
                found.append(Stale(attempt, Submission(student, assignment, Path(program.file), files=program.files), digest))
    return found


def propose(book: Gradebook, attempt: int, key: str, report: Report) -> None:
    """Keep what grading an attempt again has given. Faults are not kept: they are done again."""
    if report.status != "fault":
        book.db.execute("INSERT OR REPLACE INTO proposal VALUES (?, ?, ?)", (attempt, key, to_json(report)))


def differences(book: Gradebook, keys: Mapping[str, str]) -> list[Difference]:
    """The marks that would change, by assignment and student."""
    proposed = _proposals(book, keys)
    touched = {(report.assignment, report.student) for report in proposed.values()}
    found = [_difference(book, student, assignment, proposed) for assignment, student in sorted(touched)]
    return [difference for difference in found if difference.before != difference.after or difference.checks]


def apply(book: Gradebook, keys: Mapping[str, str], progress: Callable[[], None] = lambda: None) -> set[str]:
    """Make the proposals of today the reports. Returns the students concerned."""
    proposed = _proposals(book, keys)
    for report in proposed.values():
        handed = Handed(report.student, report.assignment, report.submission_digest)
        book.store(report, handed, keys[report.assignment])
        progress()
    book.db.execute("DELETE FROM proposal")
    return {report.student for report in proposed.values()}


def _proposals(book: Gradebook, keys: Mapping[str, str]) -> dict[int, Report]:
    with closing(book.db.execute("SELECT attempt, key, report FROM proposal ORDER BY attempt")) as rows:
        found = {attempt: (key, from_json(raw)) for attempt, key, raw in rows}
    return {attempt: report for attempt, (key, report) in found.items() if keys.get(report.assignment) == key}


def _difference(book: Gradebook, student: str, assignment: str, proposed: Mapping[int, Report]) -> Difference:
    old = _attempts(book, student, assignment)
    new = [(proposed.get(number, report), number, when) for report, number, when in old]
    (was, before), (will, after) = (_counts(book, attempts) for attempts in (old, new))
    return Difference(student, assignment, before.value, after.value, list(_changed(was.checks, will.checks)))


def _attempts(book: Gradebook, student: str, assignment: str) -> list[tuple[Report, int, datetime | None]]:
    query = "SELECT report, id, submitted FROM attempt WHERE student = ? AND assignment = ? ORDER BY place"
    with closing(book.db.execute(query, (student, assignment))) as rows:
        return [(from_json(raw), number, datetime.fromisoformat(when) if when else None) for raw, number, when in rows]


def _counts(book: Gradebook, attempts: Sequence[tuple[Report, int, datetime | None]]) -> tuple[Report, Mark]:
    """The report that counts, and what it counts."""
    last = attempts[-1][0]
    rules, added = book.rules(last.student, last.assignment), book.adjustment(last.student, last.assignment)
    chosen, found = mark([Attempt(number, report.score, when) for report, number, when in attempts], rules, added, last.max_score)
    return next(report for report, number, _ in attempts if number == chosen), found


def _changed(before: Sequence[CheckResult], after: Sequence[CheckResult]) -> Iterator[Changed]:
    old, new = {check.name: check for check in before}, {check.name: check for check in after}
    for name in {**old, **new}:
        was, will = old.get(name), new.get(name)
        if was is None or will is None:
            one = was or will
            assert one is not None
            yield Changed(one.title, "added" if was is None else "removed", was, will)
        elif was.points != will.points:
            reweighed = was.max_points != will.max_points
            yield Changed(will.title, "outcome" if was.outcome != will.outcome else "weight" if reweighed else "points", was, will)

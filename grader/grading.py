"""One submission against one assignment: every check in turn, each outcome explained in the student's language."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import msgspec

import grader
from grader import reading, variants
from grader.course import Assignment, Check, Course
from grader.diagnosis import Diagnoser, cause_of, is_sure
from grader.errors import FOLLOW_THROUGH, Crashed, LimitReached, Mismatch, StudentTrouble
from grader.excerpt import definition, excerpt_at
from grader.model import VERSION, CheckResult, Location, Outcome, Picture, Report
from grader.pictures import MOST, of_mismatch
from grader.runner import Runner, Trial
from grader.sandbox import wire
from grader.sandbox.supervisor import Program
from grader.submission import Submission, Unreadable, fingerprint, read
from grader.text import Text, text

_FAMILIES = ("gradient", "convergence", "regularization", "statistics", "figures", "values")  # most telling first
_SLOW = 2  # statements that may each use up the time to import, once for the whole submission


@dataclass
class _Progress:
    """What is known about a submission while its checks run."""

    results: dict[str, CheckResult]
    layers: tuple[str, ...] = ()
    loaded: wire.Loaded | None = None
    named: list[str] = field(default_factory=list)  # the known mistakes recognised so far
    broken: StudentTrouble | None = None  # it cannot even be imported: no need to try that again for every check
    slow: dict[tuple[int, int], StudentTrouble] = field(default_factory=dict)  # statements that take for ever at import


class Grader:
    """Grades submissions, one after another, for one course.

    Args:
        seed: the course's secret.
        language: of the reports: es or en.
        only_public: run the public checks only, as students do.
    """

    def __init__(self, course: Course, runner: Runner, *, language: str, only_public: bool = False) -> None:
        self.course, self.runner, self.language, self.only_public = course, runner, language, only_public
        self._diagnoser = Diagnoser(runner)

    def grade(self, submission: Submission) -> Report:
        """The report on one submission; never raises for what a student did, nor for what one check of ours did wrong."""
        started, clock = datetime.now(UTC), time.monotonic()
        assignment = self.course.assignments[submission.assignment]
        program = read(submission)
        progress = _Progress({})
        seeds = self._seeds(submission.student)
        for check in self._checks(assignment):
            self.runner.seed = seeds[check.file.visibility]
            try:
                result = (
                    self._refused(check, program) if isinstance(program, Unreadable) else self._check(assignment, check, program, progress)
                )
            except Exception as error:  # one submission must never stop the others
                result = self._fault(check, f"{type(error).__name__}: {error}")
            progress.results[check.name] = result
        self.runner.seed = seeds["hidden"]
        checks = list(progress.results.values())
        points = [result.points for result in checks if result.points is not None]
        faulty = len(points) < len(checks)
        refused = isinstance(program, Unreadable)
        return Report(
            version=VERSION,
            student=submission.student,
            assignment=assignment.id,
            status="fault" if faulty else "refused" if refused else "graded",
            score=None if faulty else round(sum(points), 2),
            max_score=float(sum(result.max_points for result in checks)),
            protection=sorted(progress.layers),
            seed=seed_fingerprint(self.runner.seed),
            grader_version=grader.__version__,
            assignment_digest=assignment.digest,
            submission_digest=fingerprint(program),
            started=started.isoformat(timespec="seconds"),
            duration_s=round(time.monotonic() - clock, 3),
            language=self.language,
            checks=checks,
            notes=[note.say(self.language) for note in _notes(submission, program, progress)],
        )

    def _seeds(self, student: str) -> dict[str, str]:
        """Hidden checks draw the same numbers for everybody; public ones do unless the course gives each student their own."""
        secret = self.runner.seed
        own = self.course.file.variants and not self.only_public
        return {"hidden": secret, "public": variants.seed_of(secret, student) if own else secret}

    def _checks(self, assignment: Assignment) -> list[Check]:
        return [check for check in assignment.checks if check.file.visibility == "public" or not self.only_public]

    def _check(self, assignment: Assignment, check: Check, program: Program, progress: _Progress) -> CheckResult:
        unmet = [need for need in check.needs if progress.results[need].outcome != "passed"]
        if unmet:
            titles = "; ".join(assignment.file.checks[need].title.say(self.language) for need in unmet)
            unknown = any(progress.results[need].points is None for need in unmet)  # by our fault: no zero either
            return self._result(check, "skipped", points=None if unknown else 0.0, message=text("skipped", needs=titles).say(self.language))
        if progress.broken is not None:
            return self._troubled(assignment, check, Trial(progress.broken, True, "", (), None, 0.0), progress, program)
        trial = self._attempt(assignment, check, program, progress)
        if trial.loading and trial.trouble is not None:
            progress.broken = trial.trouble
        progress.layers = trial.layers or progress.layers
        progress.loaded = trial.loaded or progress.loaded
        if trial.fault:
            return self._fault(check, trial.fault)
        if trial.trouble is None:
            pictures = self._pictures(check, trial)
            return self._result(check, "passed", points=float(check.file.points), duration_s=trial.duration_s, pictures=pictures)
        return self._troubled(assignment, check, trial, progress, program)

    def _attempt(self, assignment: Assignment, check: Check, program: Program, progress: _Progress) -> Trial:
        """The check's trial; where a top-level statement uses up the time to import, another one without it."""
        trial = self._trial(assignment, check, replace(program, skip=tuple(progress.slow)))
        while trial.trouble and len(progress.slow) < _SLOW and (place := reading.stuck_at(trial.trouble, program)):
            progress.slow[place] = trial.trouble
            trial = self._trial(assignment, check, replace(program, skip=tuple(progress.slow)))
        return trial

    def _trial(self, assignment: Assignment, check: Check, program: Program) -> Trial:
        """One trial; when the student may not be to blame for its end, a second one."""
        trial = self.runner.attempt(assignment, check, program, pictures=check.file.visibility == "public")
        if _may_be_the_machine(trial.trouble):
            return self.runner.attempt(assignment, check, program, pictures=check.file.visibility == "public")
        return trial

    def _pictures(self, check: Check, trial: Trial) -> list[Picture]:
        """What may be shown: nothing of a hidden check, where even the place of a wrong entry tells of inputs."""
        if check.file.visibility != "public":
            return []
        own = [msgspec.structs.replace(picture, title=title.say(self.language)) for picture, title in trial.pictures]
        return [*(of_mismatch(trial.trouble) if isinstance(trial.trouble, Mismatch) else []), *own][:MOST]

    def _troubled(self, assignment: Assignment, check: Check, trial: Trial, progress: _Progress, program: Program) -> CheckResult:
        """The result of a check that the submission did not pass, explained."""
        assert trial.trouble is not None
        trouble = reading.told_at_import(trial.trouble, trial.loaded, program, progress.slow)
        public = check.file.visibility == "public"
        early = trial.loading or trouble is not trial.trouble
        name = None if early else self._diagnoser.mistake(assignment, check, trouble, progress.named)
        known = assignment.mistakes[name] if name else None
        cause = None if known else cause_of(trouble)
        sure = is_sure(trouble)
        said = [trouble.fact, trouble.detail if public or early else None, cause.text if cause else None]
        title = text("known" if sure else "known_perhaps", title=_sentence(known.title.say(self.language))) if known else None
        said.append(title)
        if name and sure and name not in progress.named:
            progress.named.append(name)
        fraction = trouble.earned if isinstance(trouble, Mismatch) else 0.0
        if fraction == FOLLOW_THROUGH:
            fraction = self.course.file.follow_through
        if fraction:
            said.append(text("keeps_points", percent=100 * fraction))
        cells = progress.loaded.cells if progress.loaded else []
        location = _location(trouble) or definition(trial.function, program.file, program.files, cells)
        return self._result(
            check,
            _outcome(trouble),
            points=round(fraction * check.file.points, 2),
            message="\n".join(part.say(self.language) for part in said if part),
            hint=known.hint.say(self.language) if known else "",
            diagnosis=name if sure else None,
            location=location,
            details=_details(trouble) if public else {},
            duration_s=trial.duration_s,
            excerpt=excerpt_at(location, program.files, cells) if location else None,
            pictures=self._pictures(check, trial),
            mistake=title.say(self.language) if title and sure else "",
        )

    def _fault(self, check: Check, reason: Text | str) -> CheckResult:
        return self._result(check, "fault", points=None, message=text("our_fault", reason=reason).say(self.language))

    def _refused(self, check: Check, program: Unreadable) -> CheckResult:
        return self._result(check, "crashed", message=program.problem.say(self.language))

    def _result(self, check: Check, outcome: Outcome, *, points: float | None = 0.0, duration_s: float = 0.0, **rest: Any) -> CheckResult:
        return CheckResult(
            name=check.name,
            title=check.file.title.say(self.language),
            family=family_of(check),
            visibility=check.file.visibility,
            outcome=outcome,
            points=points,
            max_points=float(check.file.points),
            duration_s=round(duration_s, 4),
            **rest,
        )


def seed_fingerprint(seed: str) -> str:
    """What a report says of the course's secret: 8 hexadecimal digits."""
    return hashlib.sha256(seed.encode()).hexdigest()[:8]


def _sentence(title: str) -> str:
    """A title that ends like a sentence."""
    return title if title.endswith((".", "?", "!", "…")) else f"{title}."


def _notes(submission: Submission, program: Program | Unreadable, progress: _Progress) -> list[Text]:
    notes = [*submission.notes, *(text("note_two_files", used=submission.path.name, other=name) for name in submission.ignored)]
    if progress.loaded is not None and isinstance(program, Program):
        notes += reading.notes(progress.loaded, program, progress.slow)
    return notes


def _may_be_the_machine(trouble: StudentTrouble | None) -> bool:
    """Whether time ran out although little of it went to the student's code, or the process was killed by who knows whom."""
    return (isinstance(trouble, LimitReached) and trouble.starved) or (isinstance(trouble, Crashed) and trouble.killed)


def _outcome(trouble: StudentTrouble) -> Outcome:
    match trouble:
        case Mismatch(earned=earned):
            return "partial" if earned else "failed"
        case LimitReached():
            return "limit"
    return "crashed"


def _location(trouble: StudentTrouble) -> Location | None:
    if not trouble.frames:
        return None
    frame = trouble.frames[-1]
    return Location(frame.file, frame.line, frame.cell)


def _details(trouble: StudentTrouble) -> dict[str, Any]:
    """The numbers of a detail, as JSON can hold them."""
    values = trouble.detail.values if trouble.detail else {}
    return {name: value for name, value in values.items() if isinstance(value, str | int | float)}


def family_of(check: Check) -> str:
    """The most telling family of judgements that a check's code names."""
    names: set[str] = set()
    todo: list[Any] = [check.function.__code__]
    while todo:
        code = todo.pop()
        names.update(code.co_names)
        todo += [constant for constant in code.co_consts if hasattr(constant, "co_names")]
    return next((family for family in _FAMILIES if family in names), "values")

"""One check against one program: a fresh confined worker, the reference beside it, and what came of it."""

from __future__ import annotations

import contextlib
import hashlib
import time
import traceback
import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from grader import recording
from grader.checks import Case, Drawing
from grader.course import Assignment, Check
from grader.errors import Fault, LimitReached, Mismatch, StudentTrouble, why
from grader.model import Picture
from grader.pictures import MOST
from grader.recording import Recorder, Recording, Replay
from grader.remembered import Remembered, Tree
from grader.sandbox import profile, wire
from grader.sandbox.limits import Limits
from grader.sandbox.nodes import printable
from grader.sandbox.starting import Starter, starter
from grader.sandbox.student import Clock, Session, Student, WorkerSession
from grader.sandbox.supervisor import Program, Worker
from grader.text import Text, text

_FOREVER = Clock(call_s=60.0, total_s=1e9)
_REQUESTS = 10_000  # then a reference is replaced: the objects that its worker keeps for us only grow
_FAULT = 500  # characters
_A_DAY = 86_400  # seconds: the processor time of a reference, which serves a whole class


@dataclass(frozen=True)
class Trial:
    """What came of one check.

    Attributes:
        trouble: what the submission did wrong, None if the check's statement holds.
        loading: whether it already went wrong while the submission was being imported.
        fault: what we did wrong, empty if nothing.
        layers: the confinement that held.
        loaded: how importing the submission went.
        function: the student's function whose answer was wrong, where that is known.
        pictures: what the check shows, where that was asked for.
    """

    trouble: StudentTrouble | None
    loading: bool
    fault: Text | str
    layers: tuple[str, ...]
    loaded: wire.Loaded | None
    duration_s: float
    function: str = ""
    pictures: tuple[tuple[Picture, Text], ...] = ()


class Runner:
    """Keeps what outlives one check: a zygote per import profile, a worker and remembered answers per reference.

    Args:
        seed: the course's secret; the inputs of every check follow from it. May be set anew between two checks.
        replay: answer for the reference from recorded.json, as in a student's copy.
        skip: layers of confinement to leave out, and `zygote`, for tests.
    """

    def __init__(self, seed: str, *, replay: bool = False, skip: Collection[str] = ()) -> None:
        self.seed, self._replay, self._skip = seed, replay, skip
        self._zygotes: dict[tuple[str, ...], Starter] = {}
        self._layers: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._references: dict[str, _Reference] = {}
        self._recordings: dict[str, Recording] = {}
        self._trees: dict[tuple[str, str], tuple[str, Tree]] = {}

    def __enter__(self) -> Runner:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End every process."""
        for reference in self._references.values():
            reference.worker.close()
        for zygote in self._zygotes.values():
            zygote.close()
        self._references, self._zygotes = {}, {}

    def attempt(self, assignment: Assignment, check: Check, program: Program, *, pictures: bool = False) -> Trial:
        """Run one check against one program; `pictures`: draw what it shows, too."""
        started = time.monotonic()
        limits, profile_ = assignment.file.limits, tuple(assignment.file.imports)
        try:
            worker = self._worker(assignment, program, another=True)
        except LimitReached as trouble:
            if trouble.fact.key == "limit_time":
                trouble.fact = text("limit_load", seconds=limits.load_s)
            return Trial(trouble, True, "", self._layers[profile_], None, time.monotonic() - started)
        except StudentTrouble as trouble:
            return Trial(trouble, True, "", self._layers[profile_], None, time.monotonic() - started)
        except Fault as fault:
            return Trial(None, True, fault.problem, (), None, time.monotonic() - started)
        with worker:
            session = WorkerSession(worker, Clock(limits.call_s, limits.check_s))
            drawings: list[Drawing] = []
            trouble_, fault_ = self._judge(assignment, check, Student(session), drawings)
            function = session.answers.giver(trouble_.answer) if isinstance(trouble_, Mismatch) else ""
            drawn = _drawn(drawings) if pictures else ()
        duration = time.monotonic() - started
        return Trial(trouble_, False, fault_, tuple(worker.layers), worker.loaded, duration, function, drawn)

    def _judge(
        self, assignment: Assignment, check: Check, student: Student, drawings: list[Drawing]
    ) -> tuple[StudentTrouble | None, Text | str]:
        try:
            reference = Student(self._reference(assignment, check))
            check.function(Case(student, reference, self._rng(assignment, check), drawings))
        except StudentTrouble as trouble:
            return trouble, ""
        except Exception as error:
            return None, _blame(error)
        return None, ""

    def record(self, assignment: Assignment, check: Check) -> list[dict[str, Any]]:
        """What a public check asks of the reference, with its answers, when the reference is the student. Raises Fault."""
        reference = Recorder(self._live_reference(assignment))
        with self._worker(assignment, reference_program(assignment)) as worker:
            student = Student(WorkerSession(worker, _FOREVER))
            check.function(Case(student, Student(reference), self._rng(assignment, check)))
        return reference.entries

    def _worker(self, assignment: Assignment, program: Program, cpu_s: int | None = None, *, another: bool = False) -> Worker:
        limits = self._limits(assignment) if cpu_s is None else replace(self._limits(assignment), cpu_s=cpu_s)
        zygote = self._zygote(tuple(assignment.file.imports))
        return Worker(zygote, program, limits, assignment.file.limits.load_s, another=another)

    def _limits(self, assignment: Assignment) -> Limits:
        file = assignment.file.limits
        return Limits(memory=file.memory_mib << 20, cpu_s=round(file.load_s + file.check_s) + 5)

    def _zygote(self, imports: tuple[str, ...]) -> Starter:
        """The zygote of a profile; a new one if it has died, so that only the check during which it did is lost."""
        zygote = self._zygotes.get(imports)
        if zygote is not None and not zygote.alive:
            del self._zygotes[imports]
            zygote.close()
            zygote = None
        if zygote is None:
            zygote = starter(imports, skip=self._skip)
            try:
                self._layers[imports] = _probe(zygote)
            except BaseException:  # not kept: the next check would take it for a good one, and blame the student
                zygote.close()
                raise
            self._zygotes[imports] = zygote
        return zygote

    def _reference(self, assignment: Assignment, check: Check) -> Session:
        if not self._replay:
            return Remembered(self._tree(assignment, check), lambda: self._live_reference(assignment))
        return Replay(self._recorded(assignment).checks.get(check.name, []))

    def _recorded(self, assignment: Assignment) -> Recording:
        if assignment.id not in self._recordings:
            self._recordings[assignment.id] = recording.load(assignment.recorded)
        return self._recordings[assignment.id]

    def _tree(self, assignment: Assignment, check: Check) -> Tree:
        """What the reference has answered to this check with the present seed."""
        seed, tree = self._trees.get((assignment.id, check.name), ("", None))
        if tree is None or seed != self.seed:
            tree = Tree()
            self._trees[assignment.id, check.name] = self.seed, tree
        return tree

    def _live_reference(self, assignment: Assignment) -> Session:
        reference = self._references.get(assignment.id)
        if reference is not None and not reference.usable:
            reference.worker.close()
            reference = None
        if reference is None:
            _require_closed(assignment)
            with _our_fault(f"loading the reference of {assignment.id}"):
                worker = self._worker(assignment, reference_program(assignment), _A_DAY)
            reference = self._references[assignment.id] = _Reference(worker)
        return reference

    def _rng(self, assignment: Assignment, check: Check) -> np.random.Generator:
        seed = self._recorded(assignment).seed if self._replay else self.seed
        secret = hashlib.sha256(seed.encode()).digest()
        return np.random.default_rng([*secret, zlib.crc32(assignment.id.encode()), zlib.crc32(check.name.encode())])


def _probe(zygote: Starter) -> tuple[str, ...]:
    """The layers that hold. Raises Fault unless a harmless program runs: what fails here would fail for every student."""
    code = "\n".join(f"import {name}" for name in zygote.imports).encode()
    ours = _our_fault(f"a worker that may import {', '.join(zygote.imports) or 'the standard library'}")
    with ours, Worker(zygote, Program("probe", "probe.py", {"probe.py": code}), Limits(), _FOREVER.call_s) as worker:
        if worker.loaded.errors:
            raise Fault(f"{ours.what} failed: {worker.loaded.errors[0].text}")
        return tuple(worker.layers)


class _Reference:
    """The reference's session: what goes wrong in it is our fault."""

    def __init__(self, worker: Worker, session: WorkerSession | None = None) -> None:
        self.worker = worker
        self.warnings: list[str] = []
        self._session = session or WorkerSession(worker, _FOREVER)
        self._session.face = self

    @property
    def usable(self) -> bool:
        """Whether its worker is there and not yet full of objects."""
        return self.worker.alive and self._session.counter[0] < _REQUESTS

    def call(
        self, target: int, name: str, args: Sequence[object], kwargs: dict[str, object], *, want_args: bool = False
    ) -> tuple[Any, Any]:
        with _our_fault(f"the reference's {name}"):
            return self._session.call(target, name, args, kwargs, want_args=want_args)

    def get(self, target: int, name: str) -> Any:
        with _our_fault(f"the reference's {name}"):
            return self._session.get(target, name)

    def set(self, target: int, name: str, value: object) -> None:
        with _our_fault(f"the reference's {name}"):
            self._session.set(target, name, value)

    @property
    def face(self) -> Session:
        """Whom the reference's objects ask."""
        return self._session.face

    @face.setter
    def face(self, session: Session) -> None:
        self._session.face = session

    def without_autograd(self) -> Session:
        return _Reference(self.worker, self._session.without_autograd())


class _our_fault:
    """Turns a StudentTrouble inside the block, where the "student" is our own code, into a Fault."""

    def __init__(self, what: str) -> None:
        self.what = what

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if isinstance(error, StudentTrouble):
            said = [text.say("en") for text in (error.fact, error.detail) if text]
            raise Fault(f"{self.what} failed: {'. '.join(said)}") from error


def reference_program(assignment: Assignment) -> Program:
    """Our solution."""
    if assignment.reference is None:
        raise Fault(f"{assignment.id} has no reference here")
    return program_of(assignment, assignment.reference / f"{assignment.id}.py")


def _require_closed(assignment: Assignment) -> None:
    """Raise Fault if the reference lies where submissions may read."""
    place = assignment.reference.resolve() if assignment.reference else None
    if place and any(place.is_relative_to(Path(path).resolve()) for path in profile.readable(tuple(assignment.file.imports))):
        raise Fault(text("reference_readable", path=place))


def program_of(assignment: Assignment, path: Path) -> Program:
    """One of our own files as a program. Raises Fault."""
    try:
        return Program(assignment.id, path.name, {path.name: path.read_bytes()})
    except OSError as error:
        raise Fault(text("unreadable", path=path, reason=why(error))) from error


def _drawn(drawings: Sequence[Drawing]) -> tuple[tuple[Picture, Text], ...]:
    """The pictures that can be drawn, each with what it shows: one that cannot is missing, and costs nobody a mark."""
    drawn = []
    for drawing in drawings[:MOST]:
        with contextlib.suppress(Exception):
            drawn.append((drawing.draw(), drawing.title))
    return tuple(drawn)


def _blame(error: Exception) -> Text | str:
    """Our own exception in one line, with the place in the author's file."""
    if isinstance(error, Fault) and isinstance(error.problem, Text):
        return error.problem
    place = traceback.extract_tb(error.__traceback__)[-1] if error.__traceback__ else None
    where = f" ({Path(place.filename).name}:{place.lineno})" if place and not isinstance(error, Fault) else ""
    said = f"{type(error).__name__}: {error}{where}" if not isinstance(error, Fault) else str(error)
    return printable(said)[:_FAULT]  # it may quote what a student returned

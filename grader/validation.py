"""The course's own proof: what is right gets everything, what is wrong is caught and named, nothing is missing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from grader import notebook, recording
from grader.course import Assignment, Check
from grader.diagnosis import Diagnoser
from grader.errors import Fault, StudentTrouble
from grader.families.margins import Margins, watch
from grader.recording import PRACTICE, Recording
from grader.runner import Runner, Trial, program_of, reference_program
from grader.sandbox.supervisor import Program
from grader.text import LANGUAGES, Text, text

LEAST_VARIANTS, LEAST_MISTAKES = 3, 10
CONFUSABLE_SEEDS = 10  # on which every mistake is compared with all others; then with those of its own check, as in grading
_GARBAGE = ("None", "'text'", "float('nan')", "{}", "[]", "-1", "(None, None)", "object()", "[[1.0, 2.0]]", "print", "1e999", "True")


@dataclass
class Proof:
    """What validating one assignment found.

    Attributes:
        margins: worst honest and smallest wrong error, in units of the bound, by check.
        problems: one text each; empty when all is well.
    """

    assignment: str
    variants: int = 0
    mistakes: int = 0
    caught: set[str] = field(default_factory=set)
    undiagnosed: set[str] = field(default_factory=set)
    margins: dict[str, Margins] = field(default_factory=dict)
    problems: list[Text] = field(default_factory=list)

    def __add__(self, other: Proof) -> Proof:
        """What both found together, on different seeds of one assignment."""
        margins = {name: margins + other.margins.get(name, Margins()) for name, margins in self.margins.items()}
        return replace(
            self, caught=self.caught | other.caught, undiagnosed=self.undiagnosed | other.undiagnosed, margins=margins,
            problems=self.problems + [problem for problem in other.problems if problem not in self.problems],
        )  # fmt: skip

    def summary(self, language: str) -> dict[str, object]:
        """The proof as JSON can hold it: a margin that was never measured is null."""
        margins = {
            name: {"worst_honest": margin.honest, "smallest_wrong": margin.wrong if margin.wrong < float("inf") else None}
            for name, margin in self.margins.items()
        }
        return {
            "assignment": self.assignment, "variants": self.variants, "mistakes": self.mistakes, "caught": len(self.caught),
            "undiagnosed": sorted(self.undiagnosed), "margins": margins, "problems": [problem.say(language) for problem in self.problems],
        }  # fmt: skip

    @property
    def row(self) -> Text:
        """The assignment in one line."""
        honest = max((m.honest for m in self.margins.values()), default=0.0)
        wrong = min((m.wrong for m in self.margins.values()), default=float("inf"))
        diagnosed = len(self.caught) - len(self.undiagnosed)
        return text(
            "validate_row", name=self.assignment, variants=self.variants, mistakes=self.mistakes, caught=len(self.caught),
            diagnosed=diagnosed, honest=f"{honest:.2g}", wrong=f"{wrong:.2g}",
        )  # fmt: skip


def validate(assignment: Assignment, seeds: range, progress: Callable[[], None] = lambda: None) -> Proof:
    """Prove one assignment on `seeds`; what does not depend on a seed is proved together with seed 0."""
    proof = Proof(assignment.id)
    proof.problems += _files(assignment, proof)
    if proof.problems:
        return proof
    suspects: dict[str, set[str]] = {}
    with Runner(PRACTICE) as runner:
        for done, seed in enumerate(seeds):
            runner.seed = PRACTICE if seed == 0 else f"validate-{seed}"
            failing = _seed(assignment, runner, seed, suspects, proof)
            suspects = suspects or failing  # who passes a check on one seed passes it on the next: three quarters of the work
            if done + 1 == CONFUSABLE_SEEDS:
                suspects = {check.name: set() for check in assignment.checks}
            if seed == 0:
                _once(assignment, runner, proof)
            progress()
    return proof


def _files(assignment: Assignment, proof: Proof) -> Iterator[Text]:
    """What is missing on disk, or not in step."""
    reference = assignment.reference
    if reference is None:
        yield text("problem_missing_file", path=f"reference/{assignment.id}")
        return
    wanted = [assignment.folder / f"{assignment.id}.py", assignment.recorded, reference / f"{assignment.id}.py"]
    wanted += [assignment.folder / f"statement.{language}.md" for language in LANGUAGES]
    yield from (text("problem_missing_file", path=path) for path in wanted if not path.is_file())
    on_disk = {path.stem for path in (reference / "mistakes").glob("*.py")}
    if wrong := on_disk ^ set(assignment.mistakes):
        yield text("problem_files", names=", ".join(sorted(wrong)))
    proof.variants, proof.mistakes = len(list((reference / "variants").glob("*.py"))), len(on_disk)
    for count, least, what in ((proof.variants, LEAST_VARIANTS, "variants"), (proof.mistakes, LEAST_MISTAKES, "mistakes")):
        if count < (1 if assignment.file.draft else least):
            yield text("problem_few", count=count, least=least, what=text(f"word_{what}"))
    names = [check.name for check in assignment.checks]
    for check in assignment.checks:
        yield from (
            text("problem_needs", check=check.name, need=need) for need in check.needs if need not in names[: names.index(check.name)]
        )
        if not any(mistake.check == check.name for mistake in assignment.mistakes.values()):
            yield text("problem_idle", check=check.name)


def _seed(assignment: Assignment, runner: Runner, seed: int, suspects: Mapping[str, set[str]], proof: Proof) -> dict[str, set[str]]:
    """Honest programs keep every point; each mistake loses its check's and is recognised. Returns who fails which check."""
    assert assignment.reference is not None
    diagnoser = Diagnoser(runner)
    honest = [reference_program(assignment)]
    honest += [program_of(assignment, path) for path in sorted((assignment.reference / "variants").glob("*.py"))]
    failing = {}
    for check in assignment.checks:
        margins = proof.margins.setdefault(check.name, Margins())
        for program in honest:
            with watch() as seen:
                trial = runner.attempt(assignment, check, program)
            margins.saw_honest(seen)
            proof.problems += _honest_problem(check, program, seed, trial)
        own = {name for name, mistake in assignment.mistakes.items() if mistake.check == check.name}
        tried = suspects.get(check.name, set(assignment.mistakes)) | own
        troubles = dict(_troubles(assignment, check, diagnoser, tried, proof))
        for trouble in troubles.values():
            margins.saw_wrong(trouble)
        failing[check.name] = {name for name, trouble in troubles.items() if trouble}
        for name in sorted(own & troubles.keys()):
            proof.problems += _mistake_problems(assignment, check, seed, diagnoser, name, failing[check.name], proof)
    return failing


def _troubles(
    assignment: Assignment, check: Check, diagnoser: Diagnoser, names: Collection[str], proof: Proof
) -> Iterator[tuple[str, StudentTrouble | None]]:
    """What each mistake does wrong in this check; one that is our own fault is a problem of the proof instead."""
    for name in sorted(names):
        try:
            yield name, diagnoser.trouble(assignment, check, name)
        except Fault as fault:
            proof.problems.append(text("problem_fault", check=check.name, program=f"mistakes/{name}.py", reason=fault.problem))


def _honest_problem(check: Check, program: Program, seed: int, trial: Trial) -> Iterator[Text]:
    if trial.fault:
        yield text("problem_fault", check=check.name, program=program.file, reason=trial.fault)
    elif trial.trouble is not None:
        said = "; ".join(part.say("en") for part in (trial.trouble.fact, trial.trouble.detail) if part)
        yield text("problem_honest", program=program.file, check=check.name, seed=seed, message=said)


def _mistake_problems(
    assignment: Assignment, check: Check, seed: int, diagnoser: Diagnoser, name: str, failing: set[str], proof: Proof
) -> Iterator[Text]:
    trouble = diagnoser.trouble(assignment, check, name)
    if trouble is None:
        yield text("problem_uncaught", mistake=name, check=check.name, seed=seed)
        return
    proof.caught.add(name)
    alike = diagnoser.alike(assignment, check, trouble, failing)
    if alike != [name]:
        proof.undiagnosed.add(name)
        others = ", ".join(sorted(set(alike) - {name})) or "–"
        yield text("problem_undiagnosed", mistake=name, check=check.name, seed=seed, named=others)


def _once(assignment: Assignment, runner: Runner, proof: Proof) -> None:
    """What does not depend on the seed: the stub and nonsense earn nothing and are never our fault, recorded.json is current."""
    stub = program_of(assignment, assignment.folder / f"{assignment.id}.py")
    garbage = {name: program for what in _GARBAGE for name, program in _garbage(assignment, what)}
    for check in assignment.checks:
        trial = runner.attempt(assignment, check, stub)
        if trial.trouble is None:
            proof.problems.append(text("problem_stub", check=check.name))
        for what, program in garbage.items():
            trial = runner.attempt(assignment, check, program)
            if trial.fault:
                proof.problems.append(text("problem_garbage", check=check.name, what=what, reason=trial.fault))
            elif trial.trouble is None:
                proof.problems.append(text("problem_garbage_earns", check=check.name, what=what))
    if not notebook.in_step(assignment):
        proof.problems.append(text("problem_notebook", path=notebook.path_of(assignment), assignment=assignment.id))
    if recorded_differs(assignment):
        proof.problems.append(text("problem_recorded", assignment=assignment.id))


def _garbage(assignment: Assignment, what: str) -> Iterator[tuple[str, Program]]:
    """Modules that have every name, by what is wrong with them: functions and methods give `what`, or are `what`; classes give it."""
    gives = f"lambda *args, **kwargs: {what}"
    forms = [
        (f"f()={what}", gives, "Anything"),
        (f"f={what}", what, "Anything"),
        (f"Class()={what}", gives, gives),
    ]
    for name, function, class_ in forms:
        code = f"""
class Anything:
    def __init__(self, *args, **kwargs): pass
    def __getattr__(self, name): return {function}
def __getattr__(name):
    if name.startswith("__"): raise AttributeError(name)
    if name[0].isupper(): return {class_}
    return {function}
"""
        file = f"{assignment.id}.py"
        yield name, Program(assignment.id, file, {file: code.encode()})


def recorded_differs(assignment: Assignment) -> bool:
    """Whether recorded.json no longer holds what the public checks ask."""
    try:
        with Runner(PRACTICE, replay=True) as replay:
            checks = [check for check in assignment.checks if check.file.visibility == "public"]
            program = reference_program(assignment)
            trials = (replay.attempt(assignment, check, program) for check in checks)
            return any(trial.fault or trial.trouble for trial in trials)
    except Fault:
        return True


def recorded(assignment: Assignment, seed: str) -> Recording:
    """The reference's answers to the public checks, on inputs drawn with `seed`. Raises Fault."""
    with Runner(seed) as runner:
        checks = [check for check in assignment.checks if check.file.visibility == "public"]
        return Recording(seed, {check.name: runner.record(assignment, check) for check in checks})


def record(assignment: Assignment) -> dict[Path, bool]:
    """Write recorded.json and the notebook; each path, and whether it changed. Raises Fault."""
    return {
        assignment.recorded: recording.save(assignment.recorded, recorded(assignment, PRACTICE)),
        notebook.path_of(assignment): notebook.save(assignment),
    }

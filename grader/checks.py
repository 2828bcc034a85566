"""What a check is: a function with one argument, the case, that returns when its statement holds and raises otherwise."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import ModuleType
from typing import Any, TypeVar, overload

import numpy as np

from grader.errors import Fault
from grader.model import Picture, Role
from grader.text import Text, literal

CheckFunction = Callable[["Case"], None]
T = TypeVar("T")


@dataclass(frozen=True)
class Drawing:
    """A picture that has not been drawn yet, and what it shows."""

    draw: Callable[[], Picture]
    title: Text


@dataclass(frozen=True)
class Case:
    """What a check works with.

    Attributes:
        student: the submission's module; every call runs in a confined worker.
        reference: our own solution, called in the same way.
        rng: the only source of randomness; fixed by the course's secret, the assignment and the check.
        drawings: what the check would show.
    """

    student: Any
    reference: Any
    rng: np.random.Generator
    drawings: list[Drawing] = field(default_factory=list)

    def show(self, draw: Callable[..., Picture], *data: Any, es: str, en: str, **options: Any) -> None:
        """Put a picture into the report, `draw(*data, **options)` with a function of `grader.pictures`.

        It is drawn when the check is over, whatever came of it, for a public check's report only, and what goes wrong then
        costs nothing: so `draw` itself may ask the student for what it shows.
        """
        self.drawings.append(Drawing(partial(draw, *data, **options), literal(es=es, en=en)))

    def beside_reference(self, ask: Callable[[Any], T], own: Role = "own") -> dict[Role, T]:
        """What `ask` gets from the student, and from the reference where that is at hand: not in a student's copy, which
        holds only the answers that checks need. For pictures.
        """
        found = {own: ask(self.student)}
        with contextlib.suppress(Fault):
            found["reference"] = ask(self.reference)
        return found


@overload
def check(function: CheckFunction) -> CheckFunction: ...
@overload
def check(*, needs: CheckFunction | Sequence[CheckFunction]) -> Callable[[CheckFunction], CheckFunction]: ...
def check(function: CheckFunction | None = None, *, needs: CheckFunction | Sequence[CheckFunction] = ()) -> Any:
    """Mark a function as a check; `needs` are the checks that must have passed before it makes sense."""

    def mark(function: CheckFunction) -> CheckFunction:
        function.needs = tuple(needs) if isinstance(needs, Sequence) else (needs,)  # type: ignore[attr-defined]
        return function

    return mark if function is None else mark(function)


def checks_in(module: ModuleType) -> dict[str, CheckFunction]:
    """The checks that a module defines itself, by name, in order."""
    return {name: value for name, value in vars(module).items() if hasattr(value, "needs") and value.__module__ == module.__name__}


def needs_of(function: CheckFunction) -> tuple[str, ...]:
    """Names of the checks that must pass first."""
    return tuple(need.__name__ for need in function.needs)  # type: ignore[attr-defined]

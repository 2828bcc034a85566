"""What a check is: a function with one argument, the case, that returns when its statement holds and raises otherwise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import ModuleType
from typing import Any, overload

import numpy as np

from grader.model import Picture
from grader.text import Text, literal

CheckFunction = Callable[["Case"], None]


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

        It is drawn when the check is over, for a public check's report only, and whatever goes wrong then costs nothing. One
        that asks the student something (a `boundary`) belongs at the end of a check: a picture is worth no time limit.
        """
        self.drawings.append(Drawing(partial(draw, *data, **options), literal(es=es, en=en)))


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

"""How close judgements come to their bounds: what `grader validate` prints to show that no bound is a matter of luck."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from grader.errors import Mismatch, StudentTrouble

_ratios: ContextVar[list[float] | None] = ContextVar("ratios", default=None)


def note(ratio: float) -> None:
    """Remember the largest error of an answer that is right, in units of what is allowed, while somebody watches."""
    ratios = _ratios.get()
    if ratios is not None:
        ratios.append(ratio)


@contextmanager
def watch() -> Iterator[list[float]]:
    """The ratios noted inside the block."""
    ratios: list[float] = []
    token = _ratios.set(ratios)
    try:
        yield ratios
    finally:
        _ratios.reset(token)


@dataclass
class Margins:
    """Worst honest and smallest wrong error of one check, in units of what is allowed (below and above 1)."""

    honest: float = 0.0
    wrong: float = float("inf")

    def saw_honest(self, ratios: list[float]) -> None:
        """Count the comparisons that a right program has passed."""
        self.honest = max([self.honest, *ratios])

    def saw_wrong(self, trouble: StudentTrouble | None) -> None:
        """Count the comparison that decided against a wrong program, where it was one of numbers."""
        if isinstance(trouble, Mismatch) and trouble.ratio is not None:
            self.wrong = min(self.wrong, trouble.ratio)

    def __add__(self, other: "Margins") -> "Margins":
        return Margins(max(self.honest, other.honest), min(self.wrong, other.wrong))

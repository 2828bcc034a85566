"""How close judgements come to their bounds: what `grader validate` prints to show that no bound is a matter of luck."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

_ratios: ContextVar[list[float] | None] = ContextVar("ratios", default=None)


def note(ratio: float) -> None:
    """Remember a largest error, in units of what is allowed, while somebody watches."""
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
        """Count the comparisons of a right program."""
        self.honest = max([self.honest, *ratios])

    def saw_wrong(self, ratios: list[float]) -> None:
        """Count the comparisons that wrong programs did not survive."""
        self.wrong = min([self.wrong, *(ratio for ratio in ratios if ratio > 1)])

    def __add__(self, other: "Margins") -> "Margins":
        return Margins(max(self.honest, other.honest), min(self.wrong, other.wrong))

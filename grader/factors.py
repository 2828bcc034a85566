"""What a wrong factor may be: a length or a constant of the problem, its inverse, a product or ratio of two, 2, -1."""

from collections.abc import Iterator, Mapping
from itertools import combinations, permutations
from typing import Final, NamedTuple

from grader.text import Text, text

KNOWN: Final = frozenset({"n", "T", "B", "d", "h", "i", "o", "k", "batch_size", "learning_rate", "strength"})


class Factor(NamedTuple):
    """A factor by which an answer is too large, as an expression.

    Attributes:
        key: stable, in the names of the sizes: "n", "1/n", "n*T", "2", "-1".
        value: its absolute value, for a reader: never below 1.
        size: what the value is, in words; None for a bare number.
        inverse: whether the answer is too small by `value` rather than too large.
        negative: whether the sign is wrong as well.
    """

    key: str
    value: float
    size: Text | None
    inverse: bool
    negative: bool


def name_factor(ratio: float, sizes: Mapping[str, float], near: float) -> Factor | None:
    """The one expression that `ratio` = got / expected is, the simplest first; None where none or several fit to `near`, relative."""
    for group in (_single(sizes), _numbers(), _pairs(sizes), _neighbours(sizes)):
        found = {key: (value, size) for key, value, size in group if abs(abs(ratio) - value) <= near * value}
        if len(found) > 1:
            return None
        for key, (value, size) in found.items():
            negative, inverse = ratio < 0, value < 1
            return Factor(f"{'-' * negative}{key}", 1 / value if inverse else value, size, inverse, negative)
    return None


def _single(sizes: Mapping[str, float]) -> Iterator[tuple[str, float, Text | None]]:
    for name, value in sizes.items():
        if value > 0 and value != 1:
            yield name, float(value), _words(name)
            yield f"1/{name}", 1 / value, _words(name)


def _numbers() -> Iterator[tuple[str, float, Text | None]]:
    yield "1", 1.0, None  # with the wrong sign
    yield "2", 2.0, None
    yield "1/2", 0.5, None


def _pairs(sizes: Mapping[str, float]) -> Iterator[tuple[str, float, Text | None]]:
    """Products and ratios of two sizes, or of a size and 2."""
    usable = {name: float(value) for name, value in sizes.items() if value > 0 and value != 1} | {"2": 2.0}
    for one, two in combinations(usable, 2):
        product = usable[one] * usable[two]
        yield f"{one}*{two}", product, _product(one, two)
        yield f"1/({one}*{two})", 1 / product, _product(one, two)
    for one, two in permutations(usable, 2):
        yield f"{one}/{two}", usable[one] / usable[two], None


def _neighbours(sizes: Mapping[str, float]) -> Iterator[tuple[str, float, Text | None]]:
    """Division by n - 1 or n + 1 instead of n."""
    for name, value in sizes.items():
        if value > 2 and value == int(value):
            for other, word in ((value - 1, "-"), (value + 1, "+")):
                yield f"{name}/({name}{word}1)", value / other, None


def _words(name: str) -> Text:
    return text(f"cause_size_{name}") if name in KNOWN else text("cause_size_other", name=name)


def _product(one: str, two: str) -> Text:
    return text("cause_size_other", name=f"{one} · {two}")

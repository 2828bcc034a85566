"""Which of the student's functions gave a value: recent answers are kept, and compared with it to the last digit."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from grader.tensor import Tensor

_KEPT: Final = 3  # answers of each function: a judgement may ask others hundreds of times (for the student's own derivative)
_LARGEST: Final = 1 << 20  # bytes: what a check asks for is a hundred times smaller, and many larger ones would fill our memory


class Answers:
    """The last answers of each function of a session."""

    def __init__(self) -> None:
        self._last: dict[str, deque[object]] = {}

    def add(self, function: str, value: object) -> None:
        """Remember that `function` returned `value`."""
        if sum(piece.nbytes for piece in _pieces(value) if isinstance(piece, np.ndarray)) <= _LARGEST:
            self._last.setdefault(function, deque(maxlen=_KEPT)).append(value)

    def giver(self, value: object) -> str:
        """The function that returned `value`, or what it is a part of, or parts of it; empty where that is not one function."""
        whole, *parts = map(_numbers, _pieces(value))
        found = self._givers([whole]) or self._givers(parts)
        return found[0] if len(found) == 1 else ""

    def _givers(self, wanted: Sequence[np.ndarray | None]) -> list[str]:
        return [name for name, last in self._last.items() if any(_shared(answer, wanted) for answer in last)]


def _shared(answer: object, wanted: Sequence[np.ndarray | None]) -> bool:
    """Whether an answer, or a part of it, is one of the wanted arrays."""
    arrays = [array for piece in _pieces(answer) if (array := _numbers(piece)) is not None]
    return any(np.array_equal(array, other, equal_nan=True) for array in arrays for other in wanted if other is not None)


def _pieces(value: object) -> Iterator[object]:
    """The value, and what it holds where it is a dict, tuple or list."""
    yield value
    yield from value.values() if type(value) is dict else value if type(value) in (tuple, list) else ()  # type: ignore[misc]


def _numbers(piece: object) -> np.ndarray | None:
    """The piece as an array of floats; None where it is no such thing."""
    data = piece.data if type(piece) is Tensor else piece
    if not isinstance(data, np.ndarray | np.number | float | list | tuple):
        return None
    try:
        array = np.asarray(data)
    except (TypeError, ValueError):  # ragged
        return None
    return array.astype(np.float64) if array.dtype.kind in "buif" else None

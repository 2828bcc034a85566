"""The judgement that a function left its arguments alone."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from grader.errors import Fault, Mismatch
from grader.families.arrays import is_numeric
from grader.tensor import Tensor
from grader.text import text

ROUNDING: Final = {2: 1e-2, 4: 1e-6, 8: 1e-12, 16: 1e-12}  # by bytes of a float: x += h; x -= h puts x back, but for this


def unchanged(before: object, after: object) -> None:
    """Raise Mismatch unless every array in `after` is what it was in `before`, up to rounding.

    Args:
        before: the arguments of a call (a tuple), or anything made of arrays, dicts, lists and tuples.
        after: the same after the call.

    Raises:
        Mismatch: names the argument, by its position from 1, and the place in it.
        Fault: the two were never comparable.
    """
    if type(before) is tuple:
        if type(after) is not tuple or len(after) != len(before):
            raise Fault("unchanged() needs as many arguments after the call as before it")
        for number, (old, new) in enumerate(zip(before, after, strict=True), start=1):
            for at in _changes(old, new, ""):
                raise Mismatch(text("argument_changed_at" if at else "argument_changed", number=number, at=at))
        return
    for at in _changes(before, after, ""):
        raise Mismatch(text("arguments_changed_at" if at else "arguments_changed", at=at))


def _changes(before: object, after: object, at: str) -> Iterator[str]:
    """The places where `after` differs, `["W1"][0, 2]`; an empty text for the value as a whole."""
    if isinstance(before, Tensor) and isinstance(after, Tensor):
        if before.requires_grad != after.requires_grad:
            yield at
        yield from _changes(before.data, after.data, at)
    elif type(before) is dict and type(after) is dict:
        if before.keys() != after.keys():
            yield at
        else:
            for key in before:
                yield from _changes(before[key], after[key], f"{at}[{key!r}]")
    elif type(before) in {list, tuple} and type(after) is type(before):
        if len(before) != len(after):  # type: ignore[arg-type]
            yield at
        else:
            for i, (old, new) in enumerate(zip(before, after, strict=True)):  # type: ignore[call-overload]
                yield from _changes(old, new, f"{at}[{i}]")
    elif is_numeric(before):
        yield from _changed_numbers(np.asarray(before), after, at)
    elif type(before) in {dict, list, tuple, Tensor} or ((before is None or type(before) is str) and before != after):
        yield at


def _changed_numbers(old: np.ndarray, after: object, at: str) -> Iterator[str]:
    new = np.asarray(after) if is_numeric(after) else None
    if new is None or new.shape != old.shape or new.dtype != old.dtype:
        yield at
        return
    same = (new == old) | ((new != new) & (old != old))  # NaN where NaN was is no change
    if old.dtype.kind == "f" and old.size:
        with np.errstate(invalid="ignore", over="ignore"):
            same |= np.abs(new - old) <= ROUNDING[old.dtype.itemsize] * max(1.0, float(np.max(np.abs(old))))
    if not same.all():
        index = np.unravel_index(int((~same).argmax()), same.shape)
        yield at + (f"[{', '.join(str(int(i)) for i in index)}]" if index else "")

"""Judgements about values: a number, an array, a dict of arrays, several parts, against the right ones.

Exact types are decided first, then the exact shape (nothing is broadcast, empty never passes), then that everything is
finite, then every entry. What a student may leave open is accepted: lists for arrays, numpy scalars and 0-d arrays for
numbers, tensors, other real dtypes, more keys than asked for. How exact the values have to be: see `precision`.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np

from grader.errors import Fault, Mismatch
from grader.families.arrays import Array, Shape, kind_of, owned, require_shape
from grader.families.judge import require_finite, require_right
from grader.families.structure import about, entries_of, leaf_of, leaves, parts_of
from grader.families.unchanged import unchanged
from grader.tensor import Tensor
from grader.text import literal, text

__all__ = ["array", "arrays", "integer", "matches", "number", "parts", "require", "unchanged"]

NUMBER: Final = np.zeros(())


def require(ok: bool, *, es: str, en: str, earned: float = 0.0) -> None:
    """Raise Mismatch, in the author's own words, unless the property holds.

    Args:
        ok: a real bool (np.bool_ too): an array or a student's object here is the check's own error.
        es: what is wrong, to the student, safe to show for hidden checks.
        en: the same in English.
        earned: fraction in [0, 1) of the check's points that is kept.

    Raises:
        Mismatch: `ok` is false.
        Fault: `ok` is no bool.
    """
    if type(ok) not in (bool, np.bool_):
        raise Fault(f"require() needs a bool, not {type(ok).__name__}")
    if not ok:
        raise Mismatch(literal(es=es, en=en), earned=earned)


def number(got: object, name: str) -> float:
    """The finite number `got`: a Python or numpy number, a 0-d or (1,) array or tensor. Raises Mismatch."""
    with about(got, None, None):
        leaf = leaf_of(got, NUMBER, name)
        require_finite(leaf.got, name)
        return float(leaf.got)


def integer(got: object, name: str) -> int:
    """The integer `got`: a Python or numpy integer or a 0-d integer array, not a bool. Raises Mismatch."""
    data = got.data if type(got) is Tensor else got
    if type(data) is int:
        return data
    if (type(data) is np.ndarray or isinstance(data, np.generic)) and data.dtype.kind in "iu" and data.shape == ():
        return int(data)
    with about(got, None, None):
        raise Mismatch(text("not_an_integer", name=name, got=kind_of(got)), name=name)


def array(got: object, shape: Shape, name: str, *, finite: bool = True) -> Array:
    """`got` as a float64 copy of exactly `shape`; lists are accepted. Raises Mismatch."""
    with about(got, None, None):
        copy = owned(got, name).array
        require_shape(copy, shape, name)
        if finite:
            require_finite(copy, name)
        return copy


def arrays(got: object, shapes: Mapping[str, Shape], name: str) -> dict[str, Array]:
    """The arrays of a dict that has at least the keys of `shapes`, each finite and of its shape. Raises Mismatch."""
    with about(got, None, None):
        entries = entries_of(got, tuple(shapes), name)
        return {key: array(entries[key], shape, f"{name}[{key!r}]") for key, shape in shapes.items()}


def parts(got: object, count: int, name: str) -> tuple[object, ...]:
    """The parts of a tuple or list of exactly `count`. Raises Mismatch."""
    with about(got, None, None):
        return parts_of(got, count, name)


def matches(
    got: object,
    expected: object,
    name: str,
    *,
    scale: float | None = None,
    sizes: Mapping[str, float] | None = None,
    cap: float = 1e-5,
) -> None:
    """Raise Mismatch unless `got` is `expected`: a number, an array, or a dict, tuple or list of them.

    Args:
        got: the student's answer.
        expected: the right one; a list of numbers is an array, any other list or tuple is parts.
        name: what a student calls it, "z".
        scale: the natural scale of the values where it is more than the largest expected one: 1.0 for probabilities, and
            for a single number that is a sum and can come out near 0.
        sizes: lengths and constants that a wrong factor may be, {"n": 7}.
        cap: the loosest relative error; 1e-4 for a loss, because log(p + 1e-8) is legal.

    Raises:
        Mismatch: the first thing that is wrong, with its place.
        Fault: `expected` is empty or not finite.
    """
    with about(got, expected, sizes):
        require_right(leaves(got, expected, name), cap=cap, scale=scale or 0.0)

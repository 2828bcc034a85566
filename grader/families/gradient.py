"""Judgements about gradients: against the right one, entry by entry, for every parameter.

The right gradient comes from a reference, not from differences of the student's loss: a loss of 0 and a gradient of 0
agree with each other. The student's loss is asked only afterwards, for follow-through marks.
"""

import re
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from grader.errors import Fault, Mismatch
from grader.families.arrays import Array
from grader.families.differences import finite_difference
from grader.families.follow_through import EARNED, follows_own_loss
from grader.families.judge import require_finite, require_right
from grader.families.structure import Leaf, about, entries_of, key_word, leaf_of, trusted
from grader.text import text

__all__ = ["finite_difference", "matches"]


def matches(
    got: object,
    expected: Mapping[str, object],
    *,
    at: Mapping[str, object],
    loss: Callable[..., object] | None = None,
    inputs: Sequence[object] = (),
    others: Sequence[object] = (),
    sizes: Mapping[str, float] | None = None,
    cap: float = 1e-5,
) -> None:
    """Raise Mismatch unless `got` is the gradient `expected`: the same keys, shapes and values.

    Args:
        got: what the student returned.
        expected: name -> dL/d(name), from the reference.
        at: name -> the parameter where the gradient was taken, of the same shapes.
        loss: the student's own, (parameters, *inputs) -> float, for follow-through: a gradient that is wrong but right
            for the student's own loss keeps 60 % of the points.
        inputs: what the loss takes besides the parameters (X, y).
        others: a second, different set of inputs; a gradient that does not change with each of them earns nothing.
        sizes: lengths and constants that a wrong factor may be, {"n": 7}.
        cap: the loosest relative error.

    Raises:
        Mismatch: the first thing that is wrong, with its place.
        Fault: `expected` is zero everywhere or does not fit `at`, or `others` does not fit `inputs`.
    """
    right, point = _trusted(expected, at)
    if len(inputs) != len(others):
        raise Fault("gradient.matches: inputs and others must be of the same length")
    with about(_named(got), _named(right), sizes):
        leaves = _leaves(got, right)
        for leaf in leaves:
            require_finite(leaf.got, leaf.name)
        try:
            require_right(leaves, cap=cap, joint=True)
        except Mismatch as mismatch:
            mine = {name: leaf.got for name, leaf in zip(right, leaves, strict=True)}
            if loss and follows_own_loss(mine, right, point, loss, inputs, others):
                fact = text("follows_own_loss", fact=mismatch.fact)
                raise Mismatch(fact, name=mismatch.name, detail=mismatch.detail, earned=EARNED, ratio=mismatch.ratio) from None
            raise


def _named(gradient: object) -> object:
    """A gradient under the names of its derivatives, which is what a cause should speak of."""
    if type(gradient) is not dict:
        return gradient
    return {derivative_name(name) if type(name) is str else name: value for name, value in gradient.items()}


def derivative_name(parameter: str) -> str:
    """`dL/dW1`, `dL/d(0.weight)`; a name that is a derivative's already stays."""
    if re.match("d[A-Z]", parameter):
        return parameter
    return f"dL/d{parameter}" if parameter.isidentifier() else f"dL/d({parameter})"


def _trusted(expected: Mapping[str, object], at: Mapping[str, object]) -> tuple[dict[str, Array], dict[str, Array]]:
    right = {name: trusted(value, name) for name, value in expected.items()}
    point = {name: trusted(value, name) for name, value in at.items()}
    if not right or {k: v.shape for k, v in right.items()} != {k: v.shape for k, v in point.items()}:
        raise Fault("gradient.matches: expected and at must have the same keys and shapes")
    if not any(np.any(value) for value in right.values()):
        raise Fault("gradient.matches: the expected gradient is zero everywhere, which proves nothing")
    return right, point


def _leaves(got: object, right: Mapping[str, Array]) -> list[Leaf]:
    """The student's arrays beside the right ones; a gradient has no other keys."""
    entries = entries_of(got, tuple(right), "gradients")
    extra = [key for key in got if key not in right]  # type: ignore[attr-defined]
    if extra:
        raise Mismatch(text("extra_key", name="gradients", key=key_word(extra[0])))
    return [leaf_of(entries[name], value, derivative_name(name)) for name, value in right.items()]

"""Judgements about penalties on weights: their gradient, what they do to the weights, and the strength that is chosen.

The penalty's gradient is isolated as a difference in strength, gradient(strength) - gradient(0), so that an error of the
data term is not paid for here, and a bias that is pushed at all stands out against zero.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from grader.errors import Fault, Mismatch
from grader.families.arrays import Array
from grader.families.convergence import ROUNDING, SINGLE_ROUNDING
from grader.families.judge import place, require_finite, require_right
from grader.families.structure import Leaf, about, entries_of, leaf_of, trusted
from grader.families.values import number
from grader.text import text

CAP: Final = 1e-5
CLEARLY: Final = 0.9  # of the norm without a penalty: less than a tenth is no shrinking
SAME: Final = 1e-6  # relative: float32 work that is as good as equal
NO_PUSH: Final = 1e-12


def difference_matches(
    penalised: object, plain: object, expected: Mapping[str, object], *, sizes: Mapping[str, float] | None = None
) -> None:
    """Raise Mismatch unless gradient(strength) - gradient(0) is the gradient of the penalty, with zeros for the biases.

    Args:
        penalised: the student's gradient with the penalty, a dict of arrays.
        plain: the student's gradient at strength 0, at the same point.
        expected: name -> the penalty's gradient; zeros where nothing is penalised.
        sizes: lengths and constants that a wrong factor may be.

    Raises:
        Mismatch: a gradient is no dict of arrays of the right shapes, or their difference is another one.
        Fault: `expected` is empty or zero everywhere.
    """
    right = {name: trusted(value, name) for name, value in expected.items()}
    if not any(np.any(value) for value in right.values()):
        raise Fault("regularization.difference_matches: a penalty without a gradient proves nothing")
    ends, starts = _gradient(penalised, right), _gradient(plain, right)
    pushes = {name: ends[name].got - starts[name].got for name in right}
    with about(pushes, right, sizes):
        largest = max(float(np.abs(leaf.got).max()) for leaf in (*starts.values(), *ends.values()))
        for name, leaf in ends.items():
            rounding = (SINGLE_ROUNDING if leaf.single or starts[name].single else ROUNDING) * largest
            try:
                require_right([Leaf(f"∂R/∂{name}", pushes[name], right[name], leaf.single, rounding)], cap=CAP)
            except Mismatch as mismatch:
                key = "penalty_push_wrong" if right[name].any() else "penalty_pushes_bias"
                fact = text(key, fact=mismatch.fact, name=name)
                raise Mismatch(fact, name=mismatch.name, detail=mismatch.detail, ratio=mismatch.ratio) from None


def zeros_stay(got: object, at: Mapping[str, object]) -> None:
    """Raise Mismatch unless the penalty's gradient is 0 wherever the weight is exactly 0: the subgradient chosen for |w|.

    Args:
        got: the student's gradient of the penalty, a dict of arrays.
        at: name -> the weights that it was taken at, some of them 0.

    Raises:
        Mismatch: a weight of 0 is pushed.
        Fault: no weight is 0.
    """
    point = {name: trusted(value, name) for name, value in at.items()}
    if all(value.all() for value in point.values()):
        raise Fault("regularization.zeros_stay: no weight is 0")
    with about(got, None, None):
        for name, leaf in _gradient(got, point).items():
            pushed = (point[name] == 0) & (np.abs(leaf.got) > NO_PUSH)
            if pushed.any():
                first = tuple(int(i) for i in np.argwhere(pushed)[0])
                raise Mismatch(text("penalty_pushes_zero", place=place(name, first)), name=leaf.name)


def norms_shrink(norms: Sequence[object], strengths: Sequence[float]) -> None:
    """Raise Mismatch unless the weights' norm goes down as the strength goes up, clearly so from the least to the greatest.

    Args:
        norms: the norm of the weights that were trained with each strength.
        strengths: as many, all different, in any order; far enough apart that shrinking is certain.

    Raises:
        Mismatch: a norm is not finite, or is larger than that of a smaller strength.
        Fault: fewer than two strengths, or of another number than the norms.
    """
    if len(set(strengths)) != len(norms) or len(norms) < 2:
        raise Fault("regularization.norms_shrink needs one norm for each of several different strengths")
    mine = np.array([number(norm, "norm") for norm in norms])[np.argsort(strengths)]
    rising = np.diff(mine) > SAME * mine[:-1]
    if rising.any() or not mine[-1] < CLEARLY * mine[0]:
        raise Mismatch(text("penalty_does_not_shrink"))


def best_is_lowest(got: object, strengths: Sequence[float], losses: Sequence[float]) -> None:
    """Raise Mismatch unless `got` is a strength of the lowest finite validation loss; among equals any will do.

    Args:
        got: the strength that the student chose.
        strengths: all strengths.
        losses: the validation loss of each, perhaps NaN or infinite.

    Raises:
        Mismatch: another strength, or one whose loss is not finite.
        Fault: no loss is finite, so that there is no best one.
    """
    finite = [loss for loss in losses if math.isfinite(loss)]
    if not finite or len(strengths) != len(losses):
        raise Fault("regularization.best_is_lowest needs a loss for each strength, and a finite one")
    best = [strength for strength, loss in zip(strengths, losses, strict=True) if loss == min(finite)]
    with about(got, best[0], None):
        chosen = number(got, "best_strength")
    if any(math.isclose(chosen, strength, rel_tol=SAME) for strength in best):
        return
    nearest = min(range(len(strengths)), key=lambda i: abs(strengths[i] - chosen))
    among = math.isclose(chosen, strengths[nearest], rel_tol=SAME)
    key = "best_not_finite" if among and not math.isfinite(losses[nearest]) else "best_not_lowest" if among else "best_not_listed"
    with about(f"{chosen:.9g}", f"{best[0]:.9g}", None):  # as words: a wrong choice of 0 is no array of zeros
        raise Mismatch(text(key), name="best_strength")


def _gradient(got: object, like: Mapping[str, Array]) -> dict[str, Leaf]:
    """The arrays of a gradient, finite and of the shapes of `like`."""
    with about(got, dict(like), None):
        entries = entries_of(got, tuple(like), "gradients")
        leaves = {name: leaf_of(entries[name], value, f"gradients[{name!r}]") for name, value in like.items()}
        for leaf in leaves.values():
            require_finite(leaf.got, leaf.name)
    return leaves

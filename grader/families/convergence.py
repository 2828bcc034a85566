"""Judgements about training: its history and its steps, recomputed by us and never believed.

Training as a whole says little (a small start barely learns, and is right), so it is judged by exact pieces: each entry
of the history is the loss before that update, each update is minus the learning rate times the gradient.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from grader.causes import Cause
from grader.errors import Fault, GraderError, Mismatch
from grader.families.arrays import Array, kind_of, worked_in_single
from grader.families.follow_through import EARNED
from grader.families.judge import require_finite, require_right
from grader.families.structure import Leaf, about, entries_of, leaf_of
from grader.families.values import arrays, number
from grader.text import text

LOSS_CAP: Final = 1e-4  # log(p + 1e-8) is legal
STEP_CAP: Final = 1e-5
ROUNDING: Final = 2.0**-50  # of the parameter: four units in the last place, which a small step cannot avoid
SINGLE_ROUNDING: Final = 2.0**-22
SAME: Final = 1e-12  # relative: equal but for rounding


def history_matches(
    history: object,
    losses: Sequence[float] | Array,
    *,
    final_loss: float | None = None,
    sizes: Mapping[str, float] | None = None,
) -> None:
    """Raise Mismatch unless `history[i]` is the loss before update `i`, for every update.

    Args:
        history: the student's list (tuple, array) of numbers.
        losses: the loss before each update, recomputed.
        final_loss: the loss after the last update, to tell a history that is one step late.
        sizes: lengths and constants that a wrong factor may be.

    Raises:
        Mismatch: type, length or values are wrong, or a loss is not finite: it was taken at the student's parameters.
    """
    right = np.array(losses, dtype=np.float64)
    with about(history, right, sizes):
        mine = _numbers(history, len(right))
        _require_finite(right, "history_diverged")
        if late := _one_late(mine, right, final_loss):
            raise Mismatch(text("history_late"), name="history", cause=late)
        if len(right):
            single = worked_in_single(mine) or worked_in_single(right)
            require_right([Leaf("history", mine, right, single)], cap=LOSS_CAP)


def step_matches(
    before: Mapping[str, object],
    after: object,
    gradient: Mapping[str, object],
    learning_rate: float,
    *,
    own_gradient: object = None,
    sizes: Mapping[str, float] | None = None,
) -> None:
    """Raise Mismatch unless `after` is `before - learning_rate * gradient`, for every parameter.

    The steps are compared, not the parameters, so that a small learning rate hides nothing.

    Args:
        before: name -> parameter.
        after: the student's parameters after one update.
        gradient: name -> the right gradient at `before`, of the same shapes.
        learning_rate: what the student was told to use.
        own_gradient: the student's own gradient at `before`: an update that follows it keeps 60 % of the points.
        sizes: lengths and constants that a wrong factor may be.

    Raises:
        Mismatch: a parameter is missing, of another shape, or moved wrongly; or the student's start leads nowhere.
        Fault: `gradient` does not fit `before`.
    """
    start = {name: np.array(value, dtype=np.float64) for name, value in before.items()}
    steps = {name: -learning_rate * np.array(value, dtype=np.float64) for name, value in gradient.items()}
    if not start or {k: v.shape for k, v in start.items()} != {k: v.shape for k, v in steps.items()}:
        raise Fault("step_matches: before and gradient must have the same keys and shapes")
    for values in (*start.values(), *steps.values()):
        _require_finite(values, "step_diverged")
    if not any(np.any(step) for step in steps.values()):
        raise Mismatch(text("step_nowhere"), sizes=sizes)  # nothing learns from there: no honest start is such a place
    moved = _moved(start, after)
    with about({leaf.name: leaf.got for leaf in moved.values()}, {f"Δ{name}": step for name, step in steps.items()}, sizes):
        try:
            _require_steps(moved, steps)
        except Mismatch as mismatch:
            follows = own_gradient is not None and _follows(moved, own_gradient, steps, learning_rate)
            fact = text("step_follows_own" if follows else "step_wrong", fact=mismatch.fact)
            wrong = Mismatch(fact, name=mismatch.name, detail=mismatch.detail, earned=EARNED * follows, ratio=mismatch.ratio)
            wrong.answer = after
            raise wrong from None


def _numbers(history: object, count: int) -> Array:
    """The entries of a history of `count` numbers."""
    if history is None:
        raise Mismatch(text("answer_is_none", name="history"), name="history")
    if not (type(history) in {list, tuple} or (type(history) is np.ndarray and history.ndim > 0)):
        raise Mismatch(text("history_type", got=kind_of(history)), name="history")
    if len(history) != count:  # type: ignore[arg-type]
        raise Mismatch(text("history_length", got=len(history), expected=count), name="history")  # type: ignore[arg-type]
    items: list[object] = list(history)  # type: ignore[call-overload]
    return np.array([number(item, f"history[{i}]") for i, item in enumerate(items)])


def _require_finite(values: Array, key: str) -> None:
    """Raise Mismatch where what we worked out at the student's own parameters is not finite."""
    if not np.isfinite(values).all():
        raise Mismatch(text(key))


def _one_late(mine: Array, right: Array, final_loss: float | None) -> Cause | None:
    """The cause, where every entry is exactly the loss after its update.

    A small start may barely learn, so that two losses differ by less than any bound; being equal to the wrong one to
    the last digits, and to the right one not, is no accident.
    """
    after = right[1:] if final_loss is None else np.append(right[1:], final_loss)
    entries = mine[: len(after)]
    if len(after) < 2 or not np.all(np.abs(entries - after) <= SAME * np.abs(after)):
        return None
    if np.all(np.abs(entries - right[: len(after)]) <= 10 * SAME * np.abs(after)):
        return None
    return Cause("history:late", text("cause_history_late"))


def _moved(start: Mapping[str, Array], after: object) -> dict[str, Leaf]:
    """What the update added to each parameter."""
    with about(after, dict(start), None):
        entries = entries_of(after, tuple(start), "params")
        ends = {name: leaf_of(entries[name], value, f"params[{name!r}]") for name, value in start.items()}
        for leaf in ends.values():
            require_finite(leaf.got, leaf.name)
    moved = {}
    for name, leaf in ends.items():
        unit = SINGLE_ROUNDING if leaf.single else ROUNDING
        rounding = unit * float(np.abs(start[name]).max())
        moved[name] = Leaf(f"Δ{name}", leaf.got - start[name], start[name], leaf.single, rounding)
    return moved


def _require_steps(moved: Mapping[str, Leaf], steps: Mapping[str, Array]) -> None:
    leaves = [Leaf(leaf.name, leaf.got, steps[name], leaf.single, leaf.rounding) for name, leaf in moved.items()]
    require_right(leaves, cap=STEP_CAP, joint=True)


def _follows(moved: Mapping[str, Leaf], own: object, steps: Mapping[str, Array], learning_rate: float) -> bool:
    """Whether the student moved along their own gradient, which must not be nothing."""
    try:
        mine = arrays(own, {name: step.shape for name, step in steps.items()}, "gradients")
        _require_steps(moved, {name: -learning_rate * value for name, value in mine.items()})
    except Fault:
        raise
    except GraderError:
        return False
    return any(np.abs(mine[name] * learning_rate).max() > 1e-3 * np.abs(step).max() > 0 for name, step in steps.items())

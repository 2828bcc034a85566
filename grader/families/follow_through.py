"""Follow-through: whether a wrong gradient is at least the gradient of the student's own loss.

One slip in `forward` makes every gradient wrong, though the differentiation may be perfect. That is worth marks, but
only where the loss deserves them: it must depend on every parameter that matters and its gradient on every input, or a
constant loss with a zero gradient would be worth as much. A favour: whatever is unsure decides against it, and nothing
here can take points away.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from grader.errors import FOLLOW_THROUGH, Fault, GraderError, Mismatch
from grader.families.arrays import Array
from grader.families.differences import Derivative, central
from grader.families.unchanged import unchanged
from grader.families.values import number

EARNED: Final = FOLLOW_THROUGH
NOISY: Final = 0.1  # of the largest derivative: a bias's own can be near 0 by cancellation, its noise is not
ALIVE: Final = 1e-3  # of the right derivative, or of the larger of two: less is no dependence

Arrays = Mapping[str, Array]
Loss = Callable[..., object]


class _Try(NamedTuple):
    """One step size, the doubt it may leave and the error it allows, both relative to the array's largest derivative."""

    step: float
    doubt: float
    error: float


# A float64 loss leaves a doubt of 1e-8 at 1e-4. A float32 loss has a noise of 6e-8 / 1e-4 = 6e-4 there, but of 6e-6 at 1e-2,
# where the curvature of the loss leaves doubts of 1e-4. A kink within the step leaves about 1 in either.
TRIES: Final = (_Try(1e-4, 1e-5, 1e-4), _Try(1e-2, 1e-2, 1e-3))


def follows_own_loss(got: Arrays, expected: Arrays, at: Arrays, loss: Loss, inputs: Sequence[object], others: Sequence[object]) -> bool:
    """Whether `got` is the gradient at `at` of the student's own loss, and that loss is worth following.

    Args:
        got: name -> the student's gradient, finite.
        expected: name -> the right one, of the same shapes.
        at: name -> the parameter where both were taken.
        loss: (parameters, *inputs) -> float, the student's; whatever trouble it makes means False.
        inputs: what the loss takes besides the parameters.
        others: a second, different set of inputs.

    Raises:
        Fault: the grader's own failure while it asked the student.
    """
    try:
        return any(_follows(got, expected, at, loss, inputs, others, attempt) for attempt in TRIES)
    except Fault:
        raise
    except GraderError:
        return False


def _follows(
    got: Arrays,
    expected: Arrays,
    at: Arrays,
    loss: Loss,
    inputs: Sequence[object],
    others: Sequence[object],
    attempt: _Try,
) -> bool:
    largest = max(float(np.abs(value).max()) for value in got.values())
    is_right = True
    for name in at:
        own = central(_in_one(loss, at, name, inputs), at[name], attempt.step)
        if not (_agrees(got[name], own, attempt, largest) and _alive(own.value, expected[name])):
            return False
        is_right = is_right and _agrees(expected[name], own, attempt, largest)
    if is_right:
        return False  # the loss is right, and the gradient follows it too loosely to be
    return all(_depends_on(i, at, loss, inputs, others, attempt.step) for i in range(len(inputs)))


def _in_one(loss: Loss, at: Arrays, name: str, inputs: Sequence[object]) -> Callable[[Array], float]:
    """The student's loss as a function of one parameter."""
    return lambda x: _call(loss, {**at, name: x}, inputs)


def _agrees(got: Array, own: Derivative, attempt: _Try, largest: float) -> bool:
    """Whether most entries are sure, and `got` is right in all of these; `largest` is that of the whole gradient."""
    scale = max(float(np.abs(own.value).max()), float(np.abs(got).max()), NOISY * largest)
    sure = own.doubt <= attempt.doubt * scale
    right = np.abs(got - own.value) <= attempt.error * scale + own.doubt
    return bool(np.mean(sure) > 0.5 and right[sure].all())


def _alive(own: Array, expected: Array) -> bool:
    """Whether the student's loss depends on this parameter, if the right one does."""
    return not (np.abs(own).max() < ALIVE * np.abs(expected).max())


def _depends_on(i: int, at: Arrays, loss: Loss, inputs: Sequence[object], others: Sequence[object], step: float) -> bool:
    """Whether the own gradient changes with input `i`, seen along one direction in the space of all parameters.

    The loss alone could change without its gradient doing so: sum(W^2) + sum(X) earns nothing.
    """
    if _equal(inputs[i], others[i]):
        return True  # two draws of a few labels can coincide: nothing to learn from them
    swapped = (*inputs[:i], others[i], *inputs[i + 1 :])
    here, there = (_along(at, loss, data, step) for data in (inputs, swapped))
    doubt = float(here.doubt + there.doubt)
    change = abs(float(here.value - there.value))
    return change > ALIVE * max(abs(float(here.value)), abs(float(there.value))) + doubt


def _along(at: Arrays, loss: Loss, inputs: Sequence[object], step: float) -> Derivative:
    rng = np.random.default_rng(0)  # any fixed direction without zeros
    direction = {name: rng.uniform(0.5, 1.0, x.shape) * rng.choice([-1.0, 1.0], x.shape) for name, x in at.items()}
    return central(lambda t: _call(loss, {name: x + t * direction[name] for name, x in at.items()}, inputs), np.zeros(()), step)


def _call(loss: Loss, parameters: Arrays, inputs: Sequence[object]) -> float:
    return number(loss({name: np.array(x) for name, x in parameters.items()}, *inputs), "loss")


def _equal(one: object, other: object) -> bool:
    try:
        unchanged([one], [other])
    except Mismatch:
        return False
    return True

"""Hidden checks of bptt_1_derivation: special points, calls that leave no trace."""

from functools import partial

import numpy as np

from grader import Case, check
from grader.errors import Crashed, Mismatch
from grader.families import values

from .checks import BARS, T, judge_bars, judge_derivative, outputs, problem, signed

DERIVATIVES = ("dL_dW", "dL_dV", "dL_dU")


def special_points(rng):
    """Ordinary points with something out of the ordinary: no memory, no output, no input, states and targets of any size."""
    U, V, W, xs, ts, h0 = problem(rng)
    far = [signed(rng, 1.5, 3.0) for _ in range(T)]
    yield 2 * U, 2 * V, 2 * W, xs, ts, h0
    yield U, V, W, xs, far, signed(rng, 1.5, 3.0)
    yield U, 0.0, W, xs, ts, h0
    yield U, V, 0.0, xs, ts, h0
    yield 0.0, V, W, xs, ts, h0
    yield U, V, W, xs, ts, 0.0
    yield U, V, W, [0.0, xs[1], 0.0], ts, h0


def trouble_of(judge, points):
    """What `judge` finds at the first point where it does not hold; a crash counts like any other wrong answer."""
    for point in points:
        try:
            judge(point)
        except Mismatch as mismatch:
            return mismatch
        except Crashed as crash:
            mismatch = Mismatch(crash.fact, detail=crash.detail)
            mismatch.frames = crash.frames
            return mismatch
    return None


@check
def special_points_are_no_exception(case: Case) -> None:
    """The bars and each derivative are worth a quarter of the points."""
    points = list(special_points(case.rng))
    troubles = [trouble_of(partial(judge_bars, case), points)]
    troubles += [trouble_of(partial(judge_derivative, case, name), points) for name in DERIVATIVES]
    found = [trouble for trouble in troubles if trouble]
    if found:
        found[0].earned = (len(troubles) - len(found) + sum(trouble.earned for trouble in found)) / len(troubles)
        raise found[0]


def answers(student, U, V, W, xs, ts, h0):
    """What the six functions say about one point."""
    point, ys = (U, V, W, xs, ts, h0), outputs(student, U, V, W, xs, h0)
    return {
        "y": np.array(ys),
        "loss": values.number(student.loss(ys, ts), "loss"),
        **values.arrays(student.backward(*point), BARS, "backward"),
        **{name: values.number(getattr(student, name)(*point), name) for name in DERIVATIVES},
    }


@check
def calls_leave_no_trace(case: Case) -> None:
    """The student's answers are compared with each other: what is wrong in them is paid for elsewhere."""
    point, other = problem(case.rng), problem(case.rng)
    first = answers(case.student, *point)
    answers(case.student, *other)
    values.matches(answers(case.student, *point), first, "answers")
    for name in DERIVATIVES:  # each on its own, with nothing but another point's calls before it
        answers(case.student, *other)
        values.matches(getattr(case.student, name)(*point), first[name], name)
    answers(case.student, *other)
    bars = values.arrays(case.student.backward(*point), BARS, "backward")
    values.matches(bars, {name: first[name] for name in BARS}, "backward")

    U, V, W, xs, ts, h0 = point
    before = {
        "forward": (U, V, W, xs, h0),
        "loss": (first["y"].tolist(), ts),
        **dict.fromkeys(("backward", *DERIVATIVES), point),
    }
    after = {name: getattr(case.student, name).arguments_after(*arguments) for name, arguments in before.items()}
    values.unchanged(before, after)

"""Public checks of bptt_1_derivation: three steps of a scalar recurrent network, its loss and its derivatives by hand.

The worker has no numpy: what crosses are floats and lists.
"""

import numpy as np

from grader import Case, check
from grader.errors import FOLLOW_THROUGH, Crashed, Mismatch
from grader.families import gradient, values

T = 3
BARS = {"s_bar": (T,), "h_bar": (T,), "r_bar": (T,)}


def signed(rng, low, high):
    """A float with a size between low and high, of either sign."""
    return float(rng.uniform(low, high) * rng.choice([-1.0, 1.0]))


def problem(rng):
    """U, V, W, xs, ts, h0: weights above 1 in size or not much below, so that the last step still feels the first."""
    U, V, W = (signed(rng, 0.8, 1.6) for _ in range(3))
    xs = [signed(rng, 0.4, 1.5) for _ in range(T)]
    return U, V, W, xs, rng.uniform(0.05, 0.95, T).tolist(), signed(rng, 0.2, 0.8)


def outputs(student, U, V, W, xs, h0):
    """The student's y, a list of floats."""
    return values.arrays(student.forward(U, V, W, xs, h0), {"y": (T,)}, "forward")["y"].tolist()


def judge_bars(case, point):
    """`backward` at one point; an r_bar that is right for the student's own forward and loss keeps 60 %.

    x_t acts through r_t alone, so that U r_bar_t is the derivative of the loss in x_t, which can be measured.
    """
    U, _, _, _, ts, _ = point
    other_ts = [1.0 - t for t in ts]
    got = case.student.backward(*point)
    right = case.reference.backward(*point)
    try:
        values.matches(got, right, "backward", sizes={"T": T})
    except Mismatch as mismatch:
        own = values.arrays(got, BARS, "backward")
        if U and np.any(right["r_bar"]):
            mismatch.earned = earned_by_own_loss(case, point, own["r_bar"], np.array(right["r_bar"]), other_ts)
        raise


def earned_by_own_loss(case, point, own_r_bar, right_r_bar, other_ts):
    U, V, W, xs, ts, h0 = point
    try:
        gradient.matches(
            {"xs": U * own_r_bar},
            {"xs": U * right_r_bar},
            at={"xs": np.array(xs)},
            loss=lambda at, ts: case.student.loss(outputs(case.student, U, V, W, at["xs"].tolist(), h0), ts),
            inputs=(ts,),
            others=(other_ts,),
        )
    except Mismatch as mismatch:
        return mismatch.earned
    return 0.0


def judge_derivative(case, name, point):
    """One of dL_dU, dL_dV, dL_dW at one point; right for the student's own states and bars it keeps 60 %."""
    got = getattr(case.student, name)(*point)
    right = getattr(case.reference, name)(*point)
    try:
        values.matches(got, right, name, sizes={"T": T})
    except Mismatch as mismatch:
        if follows_own_bars(case.student, name, got, point):
            mismatch.earned = FOLLOW_THROUGH
        raise


def follows_own_bars(student, name, got, point):
    """Whether `got` is the sum that the student's own states and bars give, and those bars say something."""
    U, V, W, xs, ts, h0 = point
    bar_name = "s_bar" if name == "dL_dW" else "r_bar"
    try:
        bar, other = (
            values.arrays(student.backward(U, V, W, xs, targets, h0), {bar_name: (T,)}, "backward")[bar_name]
            for targets in (ts, [1.0 - t for t in ts])
        )
        h = values.arrays(student.forward(U, V, W, xs, h0), {"h": (T,)}, "forward")["h"]
        factor = {"dL_dU": xs, "dL_dV": [h0, *h[:-1]], "dL_dW": h}[name]
        values.matches(got, float(np.dot(bar, factor)), name)
    except (Crashed, Mismatch):
        return False
    return bool(np.abs(bar - other).max() > 1e-3 * np.abs(bar).max())


@check
def forward_gives_the_four_lists(case: Case) -> None:
    for _ in range(4):
        U, V, W, xs, _, h0 = problem(case.rng)
        got = case.student.forward(U, V, W, xs, h0)
        values.matches(got, case.reference.forward(U, V, W, xs, h0), "forward", sizes={"T": T})


@check
def loss_is_half_the_sum_of_squares(case: Case) -> None:
    for _ in range(4):
        ys, ts = case.rng.uniform(0.05, 0.95, (2, T)).tolist()
        got = case.student.loss(ys, ts)
        values.matches(got, case.reference.loss(ys, ts), "loss", sizes={"T": T})


@check
def backward_gives_the_three_bars(case: Case) -> None:
    for _ in range(4):
        judge_bars(case, problem(case.rng))


@check
def dL_dW_adds_up_the_three_steps(case: Case) -> None:
    for _ in range(4):
        judge_derivative(case, "dL_dW", problem(case.rng))


@check
def dL_dV_adds_up_the_three_steps(case: Case) -> None:
    for _ in range(4):
        judge_derivative(case, "dL_dV", problem(case.rng))


@check
def dL_dU_adds_up_the_three_steps(case: Case) -> None:
    for _ in range(4):
        judge_derivative(case, "dL_dU", problem(case.rng))

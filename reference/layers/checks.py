"""Hidden checks of layers: large scores, deep and shallow networks, calls that leave no trace."""

import numpy as np

from grader import Case, check, require
from grader.errors import Mismatch
from grader.families import values

from .checks import ACTIVATIONS, derivative_of, judge_gradients, output_of, problem, signed, wrong_functions

HALF = 0.5  # of the points, for gradients that are right where only the last statement fails


def large(rng, rows):
    """Scores in quarters, so that float32 holds them exactly, each row in an order of its own."""
    return np.array([rng.permutation(row) + 0.25 * rng.integers(-8, 9) for row in np.array(rows, dtype=float)])


def saturated(case, hidden, last):
    """Return params and X (4, 3) of a network of two layers whose z are of hundreds and thousands, no output in doubt."""
    while True:
        X = signed(case.rng, 4, 9, (4, 3))
        params = {
            "W1": 90 * signed(case.rng, 0.5, 1.0, (4, 3)),
            "b1": np.zeros(4),  # a forgotten bias is paid for in the public checks
            "W2": (1 if hidden == "relu" else 900) * signed(case.rng, 0.5, 1.0, (2, 4)),
            "b2": np.zeros(2),
        }
        z1 = case.reference.forward({"W1": params["W1"], "b1": params["b1"]}, X, ["identity"])[1]
        z2 = case.reference.forward(params, X, [hidden, "identity"])[2]
        margins = np.ptp(z2, axis=1) if last == "softmax" else np.abs(z2)
        sure = np.abs(z1).min() > 40 and margins.min() > 40  # what float32 leaves of a z of thousands matters no more
        one_overflows = (z2.max(axis=1) > 800) & (z2.min(axis=1) < 600)  # a NaN of the hidden layer fills its row instead
        if sure and one_overflows.any() and min(z1.max(), -z1.min(), z2.max(), -z2.min(), margins.max()) > 800:
            return params, X


@check
def large_scores_are_no_trouble(case: Case) -> None:
    wrong = wrong_functions(case)
    for rows in (
        [[9900, -9900, 0.5], [9000, 8900, -9000], [0.75, -0.5, 1.25], [-9000, -9100, -9050], [750, 751, 749.25]],
        [[-9950, -9900, -9990]],
        [[9990, 100]],
    ):
        z = large(case.rng, rows)
        got, right = case.student.softmax(z), case.reference.softmax(z)
        if "softmax" not in wrong:
            values.matches(got, right, "softmax", scale=1.0)
        values.array(got, z.shape, "softmax")

    for loss_name, hidden, last in [("bce", "tanh", "sigmoid"), ("cce", "sigmoid", "softmax"), ("bce", "relu", "sigmoid")]:
        params, X = saturated(case, hidden, last)
        output = output_of(case.student, params, X, (hidden, last))
        given, right = values.array(output, (4, 2), "forward"), case.reference.forward(params, X, [hidden, last])[-1]
        honest = not wrong & {hidden, last}
        if honest:
            values.matches(given, right, "forward", scale=1.0)
        cost = values.number(case.student.loss(loss_name, output, np.round(given)), loss_name)
        require(
            abs(cost) < 0.1 or not honest,
            es=f"`{loss_name}` debe costar casi 0 cuando todas las respuestas son seguras y correctas",
            en=f"`{loss_name}` must cost almost 0 where all the answers are certain and right",
        )


def answers(student, params, X, y, names):
    """What the seven functions say about one problem with cce, each fed with what the others returned."""
    n, k = y.shape
    z = np.ascontiguousarray(X - 0.1)
    output = output_of(student, params, X, names)
    gradients = student.backward(params, X, y, list(names), "cce")
    shapes = {name: value.shape for name, value in params.items()}
    found = {
        "softmax": values.array(student.softmax(z), z.shape, "softmax"),
        "forward": values.array(output, (n, k), "forward"),
        "loss": values.number(student.loss("cce", output, y), "loss"),
        "backward": values.arrays(gradients, shapes, "backward"),
        "clip": values.arrays(student.clip_by_global_norm(gradients, 0.01), shapes, "clip_by_global_norm"),
    }
    for name in ACTIVATIONS:
        found[name] = values.array(student.activation(name, z), z.shape, name)
        found[f"{name}'"] = values.array(derivative_of(student, name, z), z.shape, f"{name}'")
    return found


@check
def depth_and_repetition_change_nothing(case: Case) -> None:
    networks = [
        ("bce", 6, (3, 5, 4, 7, 2), ("tanh", "relu", "sigmoid", "sigmoid")),
        ("cce", 5, (4, 3), ("softmax",)),
        ("mse", 4, (3, 2), ("relu",)),
        ("bce", 1, (4, 3, 1), ("relu", "sigmoid")),
        ("mse", 1, (2, 3, 4), ("sigmoid", "tanh")),
    ]
    judge_gradients(case, networks)
    try:
        judge_traces(case)
    except Mismatch as mismatch:
        mismatch.earned = HALF
        raise


def judge_traces(case):
    names = ("relu", "sigmoid", "tanh", "softmax")
    one, other = (problem(case, "cce", 6, (4, 5, 3, 7, 2), names) for _ in range(2))
    first = answers(case.student, *one, names)
    answers(case.student, *other, names)
    values.matches(answers(case.student, *one, names), first, "answers")
    params, X, y = one
    z, gradients, labels = signed(case.rng, 0.2, 2.5, (5, 3)), first["backward"], list(names)
    probabilities = np.full(y.shape, 0.5)
    before = {
        **{f"activation ({name})": (name, z) for name in ACTIVATIONS},
        **{f"activation_derivative ({name})": (name, z) for name in ACTIVATIONS},
        "softmax": (z,),
        **{f"loss ({name})": (name, probabilities, y) for name in ("mse", "bce", "cce")},
        "forward": (params, X, labels),
        "backward": (params, X, y, labels, "cce"),
        "clip_by_global_norm": (gradients, 0.01),
    }
    after = {call: getattr(case.student, call.split()[0]).arguments_after(*arguments) for call, arguments in before.items()}
    values.unchanged(before, after)

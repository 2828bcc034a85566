"""Hidden checks of bptt_4_lengths: any length, any number of sequences, integers; and the norms to the last digit."""

from itertools import count

import numpy as np

from grader import Case, check, require
from grader.families import values

from .checks import TINY, draw_sequences, draw_weights, judge_gradients, norms, padded


@check
def gradients_hold_for_every_length(case: Case) -> None:
    judge_gradients(case, (12, 1, 3, 1), (3, 5, 2))
    judge_gradients(case, (6,), (2, 3, 4))
    judge_gradients(case, (1,), (3, 2, 4))
    judge_gradients(case, (4, 4, 4), (1, 3, 1))


@check
def calls_leave_no_trace(case: Case) -> None:
    """The student's answers are compared with each other: what is wrong in them is paid for elsewhere."""
    sizes = i, h, o = 2, 4, 3
    weights = draw_weights(case.rng, *sizes)
    data = [draw_sequences(case.rng, (4, 2, 5), width) for width in (i, o)]
    batch, mask = padded(data[0], filling=0.5)
    seed = int(case.rng.integers(2**30))
    shape = {name: value.shape for name, value in weights.items()}

    def outputs():
        return values.array(case.student.forward(weights, batch, mask), (*mask.shape, o), "forward")

    def slopes():
        return values.arrays(case.student.gradients(weights, *data), shape, "gradients")

    ys, loss, slope = outputs(), values.number(case.student.loss(weights, *data), "loss"), slopes()
    spectrum = norms(case, weights, [3, 1], seed)
    longer = [draw_sequences(case.rng, (7, 6, 8, 5), width) for width in (i, o)]
    case.student.forward(draw_weights(case.rng, *sizes), *padded(longer[0]))
    case.student.gradients(weights, *longer)
    values.matches(outputs(), ys, "forward")
    values.matches(case.student.loss(weights, *data), loss, "loss")
    values.matches(slopes(), slope, "gradients")
    values.matches(norms(case, weights, [3, 1], seed), spectrum, "gradient_norms_by_length")
    for name, arguments in {
        "pad": (data[0],),
        "forward": (weights, batch, mask),
        "loss": (weights, *data),
        "gradients": (weights, *data),
        "gradient_norms_by_length": (weights, [3, 1], seed),
    }.items():
        values.unchanged({name: arguments}, {name: getattr(case.student, name).arguments_after(*arguments)})


def inputs_behind(case, h, lengths, seed):
    """The inputs x (1, 1) and x (2, 1) that the student draws, up to the sign of each sequence, which no norm depends on.

    With a tiny U, and V = v times the identity, tanh is the identity and the norms are 2 |u| sqrt(h) |v x_1| for T = 1 and
    2 |u| sqrt(h) v^2 |v x_1 + x_2| for T = 2. Three values of v tell x_1^2, x_1 x_2 and x_2^2.
    """
    found = []
    for v in (1.0, -1.0, 0.5):
        params = {"U": np.full((h, 1), TINY), "V": v * np.eye(h), "W": np.ones((1, h))}
        single, double = norms(case, params, lengths, seed) / (2 * TINY * np.sqrt(h))
        found.append((single / abs(v), (double / v**2) ** 2))
    (single, plus), (_, minus), (_, half) = found
    both, product = (plus + minus) / 2, (plus - minus) / 4  # x_1^2 + x_2^2 and x_1 x_2
    first = np.sqrt(max(0.0, (both + product - half) / 0.75))
    last = np.sqrt(max(0.0, both - first**2))
    return np.array([[single]]), np.array([[first], [last if product >= 0 else -last]])


def norm_of_gradient(params, xs):
    """|| d ||h_T||^2 / d h_0 ||, by the product of the Jacobians."""
    h, jacobian = np.zeros(len(params["V"])), np.eye(len(params["V"]))
    for x in xs:
        h = np.tanh(params["U"] @ x + params["V"] @ h)
        jacobian = (1 - h**2)[:, None] * (params["V"] @ jacobian)
    return np.linalg.norm(2 * h @ jacobian)


@check
def gradient_norms_are_exact(case: Case) -> None:
    """The inputs are the student's own; tiny weights tell which they are, ordinary ones must then give the right norm."""
    lengths, alive = [1, 2], np.zeros(2, dtype=bool)
    for h, seed in zip((3, 4, 3, 2), count(int(case.rng.integers(2**30))), strict=False):
        inputs = inputs_behind(case, h, lengths, seed)
        largest = max(float(np.abs(xs).max()) for xs in inputs) or 1.0
        params = draw_weights(case.rng, 1, h, 2)
        params["U"] = params["U"] / largest
        got = norms(case, params, lengths, seed)
        expected = np.array([norm_of_gradient(params, xs) for xs in inputs])
        values.matches(got, expected, "gradient_norms_by_length", cap=1e-2)
        alive |= expected > 0
    require(bool(alive.all()), es="Las normas son siempre 0.", en="The norms are always 0.")

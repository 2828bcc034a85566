"""Hidden checks of bptt_4_lengths: any length, any number of sequences, integers; and the norms to the last digit."""

import numpy as np

from grader import Case, check, require
from grader.families import values

from .checks import TINY, draw_sequences, draw_weights, judge_gradients, leaves_alone, norms


@check
def gradients_hold_for_every_length(case: Case) -> None:
    judge_gradients(case, (12, 1, 3, 1), (3, 5, 2))
    judge_gradients(case, (6,), (2, 3, 4))
    judge_gradients(case, (1,), (3, 2, 4))
    judge_gradients(case, (4, 4, 4), (1, 3, 1))
    judge_gradients(case, (5, 3), (2, 3, 2), draw=draw_integers)
    data = [draw_sequences(case.rng, (4, 2), width) for width in (2, 3)]
    leaves_alone(case, "gradients", draw_weights(case.rng, 2, 4, 3), *data)


def draw_integers(rng, lengths, width):
    return [rng.integers(-2, 3, size=(length, width)) for length in lengths]


def inputs_behind(case, h, lengths, seed):
    """The sequences (1, 1) and (2, 1) that the student draws, up to the sign of each sequence, which no norm depends on.

    With a tiny U, and V = v times the identity, tanh is the identity and the norms are 2 |u| sqrt(h) |v x_1| for T = 1 and
    2 |u| sqrt(h) v^2 |v x_1 + x_2| for T = 2. Half the sum and half the difference of |x_1 + x_2| and |x_2 - x_1| are x_1 and x_2,
    and |x_1 / 2 + x_2| tells which is which. (By squares, a small x_1 is known to 1e-6 only: 3 false rejections on 30 seeds.)
    """
    found = []
    for v in (1.0, -1.0, 0.5):
        params = {"U": np.full((h, 1), TINY), "V": v * np.eye(h), "W": np.ones((1, h))}
        single, double = norms(case, params, lengths, seed) / (2 * TINY * np.sqrt(h))
        found.append((single / abs(v), double / v**2))
    (single, plus), (_, minus), (_, half) = found
    one, other = (plus + minus) / 2, (plus - minus) / 2
    first, last = min([(one, other), (other, one)], key=lambda pair: abs(abs(0.5 * pair[0] + pair[1]) - half))
    return np.array([[single]]), np.array([[first], [last]])


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
    for h in (3, 4, 3, 2):
        seed = int(case.rng.integers(2**30))
        inputs = inputs_behind(case, h, lengths, seed)
        weights = draw_weights(case.rng, 1, h, 2)
        for k, xs in enumerate(inputs):  # each as large as tanh needs to be curved: where it is not, a wrong factor explains itself
            params = {**weights, "U": weights["U"] / (np.abs(xs).max() or 1.0)}
            got = norms(case, params, lengths, seed)[k]
            values.matches(got, norm_of_gradient(params, xs), f"gradient_norms_by_length (T = {lengths[k]})")
            alive[k] |= got > 0
    leaves_alone(case, "gradient_norms_by_length", params, lengths, seed)
    for k in range(40):  # inputs of zeros and ones are legal, and a sequence of zeros has norm 0
        alive |= norms(case, params, lengths, seed + k) > 0
    require(bool(alive.all()), es="Las normas son siempre 0.", en="The norms are always 0.")

"""Public checks of autograd: one step, gradients that add up, vector-Jacobian products, a Jacobian."""

from contextlib import suppress
from itertools import pairwise

import numpy as np

from grader import Case, check
from grader.errors import FOLLOW_THROUGH, Mismatch, StudentTrouble
from grader.families import convergence, values
from grader.tensor import tensor

CAP = 1e-4  # everything is float32
SIZES = [(3, 5, 2, 4), (4, 3, 5, 6), (2, 4, 3, 5)]  # inputs, hidden units, outputs, rows
MARGIN = 0.02  # how far every pre-activation stays from the ReLU's kink


def signed(rng, low, high, *shape):
    """Numbers uniform in (low, high), each with a random sign."""
    return rng.uniform(low, high, shape) * rng.choice([-1.0, 1.0], shape)


def problem(rng, inp, hid, out, n):
    """State, inputs x (n, inp) and ideal outputs (n, out), float32.

    In each row some hidden units are active and, where there is more than one, some are not.
    """
    while True:
        state = {
            "0.weight": signed(rng, 0.3, 0.9, hid, inp),
            "0.bias": signed(rng, 0.2, 0.6, hid),
            "2.weight": signed(rng, 0.3, 0.9, out, hid),
            "2.bias": signed(rng, 0.2, 0.6, out),
        }
        x = signed(rng, 0.3, 1.2, n, inp)
        z = x @ state["0.weight"].T + state["0.bias"]
        active = (z > 0).sum(axis=1)
        if np.abs(z).min() > MARGIN and active.min() > 0 and (hid == 1 or active.max() < hid):
            break
    a = np.maximum(z, 0)
    errors = signed(rng, 0.5, 1.5, n, out)
    ideal = a @ state["2.weight"].T + state["2.bias"] - errors
    return {name: tensor(value) for name, value in state.items()}, tensor(x), tensor(ideal)


def plain(state):
    """The numbers of a state."""
    return {name: value.data for name, value in state.items()}


def numbers(got, state, name):
    """What was returned for every parameter of `state`, as float64 arrays."""
    return values.arrays(got, {key: value.data.shape for key, value in state.items()}, name)


def sizes_of(x, ideal, **others):
    n, out = ideal.data.shape
    return {"n": n, "o": out, "n·o": n * out, **others}


def one_gradient(module, state, x, ideal):
    """The gradient of the loss as `module` has it."""
    return numbers(module.accumulated_gradients(state, x, ideal, 1, True), state, "accumulated_gradients")


@check
def train_step_returns_the_loss_before_it(case: Case) -> None:
    for sizes in SIZES:
        state, x, ideal = problem(case.rng, *sizes)
        loss, _ = values.parts(case.student.train_step(state, x, ideal, 0.05), 2, "train_step")
        expected, _ = case.reference.train_step(state, x, ideal, 0.05)
        values.matches(loss, expected, "loss", sizes=sizes_of(x, ideal), cap=CAP)


def judge_step(case, state, x, ideal, right, learning_rate):
    """Hold the step of `train_step` against the gradient `right`; one along the student's own gradient keeps a part."""
    _, after = values.parts(case.student.train_step(state, x, ideal, learning_rate), 2, "train_step")
    step = (plain(state), numbers(after, state, "new_state"), right, learning_rate)
    sizes = sizes_of(x, ideal, learning_rate=learning_rate)
    try:
        convergence.step_matches(*step, sizes=sizes)
    except Mismatch:
        own = None
        with suppress(StudentTrouble):
            own = one_gradient(case.student, state, x, ideal)
        convergence.step_matches(*step, own_gradient=own, sizes=sizes)


@check
def train_step_goes_against_the_gradient(case: Case) -> None:
    for sizes in SIZES:
        state, x, ideal = problem(case.rng, *sizes)
        right = one_gradient(case.reference, state, x, ideal)
        judge_step(case, state, x, ideal, right, float(case.rng.uniform(0.05, 0.1)))


def both_ways(module, state, x, ideal, passes):
    """The accumulated gradients without clearing and with it."""
    return {
        f"zero_grad={zero_grad}": numbers(module.accumulated_gradients(state, x, ideal, passes, zero_grad), state, "gradients")
        for zero_grad in (False, True)
    }


def add_up(got, passes):
    """Whether what was gathered without clearing is `passes` times what is left with clearing, which is not nothing."""
    kept, cleared = got.values()
    return all(np.abs(cleared[name]).max() > 0 and np.allclose(kept[name], passes * cleared[name], rtol=CAP) for name in cleared)


@check
def gradients_add_up_unless_cleared(case: Case) -> None:
    for sizes, passes in zip(SIZES, [3, 2, 1], strict=True):
        state, x, ideal = problem(case.rng, *sizes)
        got = both_ways(case.student, state, x, ideal, passes)
        expected = both_ways(case.reference, state, x, ideal, passes)
        try:
            values.matches(got, expected, "accumulated_gradients", sizes=sizes_of(x, ideal, passes=passes), cap=CAP)
        except Mismatch as wrong:
            if passes > 1 and add_up(got, passes):  # they add up as they should: only what is added is wrong
                wrong.earned = FOLLOW_THROUGH
            raise


def chain(rng, lengths):
    """Jacobians J1 ... Jk, Jm of shape (lengths[m], lengths[m - 1]), and v (lengths[k],).

    The signs are drawn so that in the product no sum cancels.
    """
    signs = [rng.choice([-1.0, 1.0], length) for length in lengths]
    jacobians = [tensor(rng.uniform(0.2, 1.0, (len(after), len(before))) * np.outer(after, before)) for before, after in pairwise(signs)]
    return jacobians, tensor(rng.uniform(0.3, 1.2, lengths[-1]) * signs[-1])


@check
def chain_vjp_multiplies_from_the_last(case: Case) -> None:
    for lengths in [(2, 5, 3, 6, 4), (4, 3, 1), (3, 2)]:
        jacobians, v = chain(case.rng, lengths)
        got = case.student.chain_vjp(jacobians, v)
        values.matches(got, case.reference.chain_vjp(jacobians, v), "chain_vjp", sizes={"k": len(jacobians)}, cap=CAP)


@check
def network_jacobian_is_outputs_by_inputs(case: Case) -> None:
    for inp, hid, out, _ in SIZES:
        state, x, _ = problem(case.rng, inp, hid, out, 1)
        point = tensor(x.data[0])
        got = case.student.network_jacobian(state, point)
        values.matches(got, case.reference.network_jacobian(state, point), "network_jacobian", cap=CAP)

"""Hidden checks of autograd: small nets, silent units, other points, calls that leave no trace."""

import numpy as np

from grader import Case, check, require
from grader.families import gradient, values
from grader.tensor import tensor

from .checks import (
    CAP,
    chain,
    chain_vjp_multiplies_from_the_last,
    judge_step,
    network_jacobian_is_outputs_by_inputs,
    numbers,
    one_gradient,
    plain,
    problem,
    sizes_of,
)


def silent(rng, inp, hid, out, n):
    """A problem in which no hidden unit is active in any row: only the last bias learns."""
    state, x, ideal = problem(rng, inp, hid, out, n)
    reach = np.abs(x.data) @ np.abs(state["0.weight"].data).T
    state["0.bias"] = tensor(-reach.max(axis=0) - rng.uniform(0.2, 0.6, hid))
    return state, x, ideal


def step_and_gradient(case, state, x, ideal):
    """Hold the step and the gradient of one pass against the reference."""
    right = one_gradient(case.reference, state, x, ideal)
    judge_step(case, state, x, ideal, right, 0.08)
    gradient.matches(one_gradient(case.student, state, x, ideal), right, at=plain(state), sizes=sizes_of(x, ideal), cap=CAP)


@check
def one_output_one_row_and_silent_units(case: Case) -> None:
    for sizes in [(3, 4, 1, 5), (3, 4, 2, 1), (1, 3, 4, 5), (1, 1, 1, 1)]:
        step_and_gradient(case, *problem(case.rng, *sizes))
    step_and_gradient(case, *silent(case.rng, 3, 4, 2, 5))


@check(needs=[chain_vjp_multiplies_from_the_last, network_jacobian_is_outputs_by_inputs])
def jacobians_at_other_points(case: Case) -> None:
    for lengths in [(3, 1, 4, 2, 5, 1, 6), (1, 4), (2, 1, 3), (7, 5, 6, 2, 4, 3, 8, 5, 2, 6)]:
        jacobians, v = chain(case.rng, lengths)
        got = case.student.chain_vjp(jacobians, v)
        values.matches(got, case.reference.chain_vjp(jacobians, v), "chain_vjp", cap=CAP)
    for inp, hid, out in [(3, 4, 1), (5, 6, 3), (1, 3, 4), (1, 1, 1)]:
        state, rows, _ = problem(case.rng, inp, hid, out, 3)
        for row in rows.data:  # the same net, other units active
            got = case.student.network_jacobian(state, tensor(row))
            values.matches(got, case.reference.network_jacobian(state, tensor(row)), "network_jacobian", cap=CAP)
    state, rows, _ = silent(case.rng, 3, 4, 2, 1)
    values.matches(case.student.network_jacobian(state, tensor(rows.data[0])), np.zeros((2, 3)), "network_jacobian", scale=1.0, cap=CAP)


def answers(student, question):
    """What the four functions say, with the shapes that they must have."""
    (state, x, ideal), (jacobians, v) = question
    loss, after = values.parts(student.train_step(state, x, ideal, 0.08), 2, "train_step")
    out, inp = ideal.data.shape[1], x.data.shape[1]
    return {
        "loss": values.number(loss, "loss"),
        "new_state": numbers(after, state, "new_state"),
        "cleared": one_gradient(student, state, x, ideal),
        "accumulated": numbers(student.accumulated_gradients(state, x, ideal, 2, False), state, "accumulated_gradients"),
        "chain_vjp": values.array(student.chain_vjp(jacobians, v), (jacobians[0].data.shape[1],), "chain_vjp"),
        "network_jacobian": values.array(student.network_jacobian(state, tensor(x.data[0])), (out, inp), "network_jacobian"),
    }


@check
def calls_leave_no_trace(case: Case) -> None:
    questions = [(problem(case.rng, 3, 5, 2, 4), chain(case.rng, (4, 2, 3))) for _ in range(2)]
    first = answers(case.student, questions[0])
    other = answers(case.student, questions[1])
    values.matches(answers(case.student, questions[0]), first, "answers", cap=CAP)
    same = [name for name in ("loss", "chain_vjp", "network_jacobian") if np.array_equal(first[name], other[name])]
    require(
        not same,
        es="Hay una respuesta que no depende de los datos: con otros sale igual.",
        en="Some answer does not depend on the data: with others it is the same.",
    )

    (state, x, ideal), (jacobians, v) = questions[0]
    before = {
        "train_step": (state, x, ideal, 0.08),
        "accumulated_gradients": (state, x, ideal, 2, False),
        "chain_vjp": (jacobians, v),
        "network_jacobian": (state, tensor(x.data[0])),
    }
    for name, arguments in before.items():
        values.unchanged({name: arguments}, {name: getattr(case.student, name).arguments_after(*arguments)})

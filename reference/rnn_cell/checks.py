"""Hidden checks of rnn_cell: networks side by side, and a gradients_match that can say no."""

import numpy as np

from grader import Case, check, require
from grader.errors import Crashed, Mismatch
from grader.families import values
from grader.sandbox.student import Function
from grader.tensor import Tensor, tensor

from .checks import (
    CAP,
    TOLERANCE,
    agree,
    build,
    gathered,
    loss_and_gradients_match,
    network,
    network_backward_is_bptt,
    one_sided,
    run,
    state,
    uniform,
    verdict,
    weights,
)


def side_by_side(module, problems):
    """What two networks gather whose forward and backward passes take turns, and the second's after zero_grad of the first."""
    cells = [build(module, drawn) for drawn, *_ in problems]
    networks = [network(module, cell) for cell in cells]
    states = [run(rnn, xs, h0)[1] for rnn, (_, xs, h0, _) in zip(networks, problems, strict=True)]
    for rnn, hs, (_, xs, _, ys_grad) in zip(networks, states, problems, strict=True):
        backward, arguments = rnn.backward, (ys_grad, xs, hs)
        if isinstance(backward, Function):
            values.unchanged(arguments, backward.arguments_after(*arguments))
        else:  # something callable that is no method
            backward(*arguments)
    answers = [gathered(cell) for cell in cells]
    cells[0].zero_grad()
    return [*answers, gathered(cells[1])]


@check(needs=network_backward_is_bptt)
def two_networks_keep_their_own_gradients(case: Case) -> None:
    for pair in [((3, 5, 2, 6), (3, 5, 2, 4)), ((5, 2, 3, 1), (2, 4, 6, 12)), ((1, 6, 4, 7), (6, 3, 1, 5))]:
        problems = [
            (
                weights(case.rng, inp, hid, out),
                uniform(case.rng, 0.3, 1.2, steps, inp),
                state(case.rng, hid),
                uniform(case.rng, 0.3, 1.2, steps, out),
            )
            for inp, hid, out, steps in pair
        ]
        got = side_by_side(case.student.without_autograd, problems)
        expected = side_by_side(case.reference, problems)
        for whose, mine, right in zip(["cell1", "cell2", "cell2, cell1.zero_grad()"], got, expected, strict=True):
            agree(mine, right, whose)


def first_row(batch):
    return Tensor(batch.data[0])


def compared(case, cell, xs, h0, ts):
    return verdict(case.student.gradients_match(cell, xs, h0, ts, tolerance=TOLERANCE))


def with_gradients_gathered_before(case):
    """gradients_match says the same of a fresh cell, of one that has already gathered gradients, and when asked again.

    Not judged: a matrix whose gradient the student's own zero_grad forgets, which another check has seen already.
    """
    drawn, xs, h0, ts = one_sided(case.rng, 3, 5, 2, 5, 1)
    fresh = compared(case, build(case.student, drawn), xs, h0, ts)
    cell = build(case.student, drawn)
    gather(case, cell, xs, h0, ts)
    cell.zero_grad()
    clear = [name for name in "UVW" if name not in filled(cell)]
    gather(case, cell, xs, h0, ts)
    first, second = compared(case, cell, xs, h0, ts), compared(case, cell, xs, h0, ts)
    changed = ", ".join(f"`{name}`" for name in clear if first[name] != fresh[name])
    require(
        not changed,
        es=f"`gradients_match` cambia de respuesta sobre {changed} si la celda ya había acumulado gradientes.",
        en=f"`gradients_match` changes its answer about {changed} when the cell has already gathered gradients.",
    )
    changed = ", ".join(f"`{name}`" for name in clear if second[name] != fresh[name])
    require(
        not changed,
        es=f"`gradients_match` cambia de respuesta sobre {changed} cuando se le pregunta lo mismo por segunda vez.",
        en=f"`gradients_match` changes its answer about {changed} when it is asked the same a second time.",
    )


def filled(cell):
    """The matrices whose gathered gradient is not zero."""
    return [name[0] for name, gradient in gathered(cell).items() if type(gradient) is Tensor and gradient.data.any()]


def gather(case, cell, xs, h0, ts):
    """What an earlier use of the cell leaves behind."""
    rnn = network(case.student.without_autograd, cell)
    _, hs = run(rnn, xs, h0)
    rnn.backward(ts, xs, hs)


def with_a_lazy_backward(case, side):
    """A cell whose `backward` has been replaced by one that gathers nothing: its gradients by hand really differ.

    A gradients_match that makes a new cell, or an RNN with a backward pass of its own, never calls it: nothing to judge.
    """
    drawn, xs, h0, ts = one_sided(case.rng, 3, 5, 2, 5, side)
    cell, calls = build(case.student, drawn), []

    def backward(*args):
        calls.append(args)
        return tensor(np.zeros(5))

    try:
        cell.backward = backward
        answer = compared(case, cell, xs, h0, ts)
    except Crashed:  # a class with slots, or a call with named arguments
        return
    require(
        not calls or not any(answer.values()),
        es="`gradients_match` dice que sí de una celda cuyos gradientes a mano difieren de verdad de los de autograd.",
        en="`gradients_match` says yes of a cell whose gradients by hand really differ from autograd's.",
    )


def with_a_state_that_remembers(case):
    """Autograd follows an h0 that the same U and V made, back-propagation by hand ends at h0: both differ, W does not.

    For a gradients_match that cuts the graph, or works on a copy of the cell, all three agree.
    """
    drawn, xs, h0, ts = one_sided(case.rng, 3, 5, 2, 2, -1)
    ts = Tensor(30 * ts.data)  # so that the share of what lies before h0 is well above the tolerance, also on average
    if not all(compared(case, build(case.student, drawn), xs, h0, ts).values()):
        return  # its own gradients by hand are wrong, and it says so
    cell = build(case.student, drawn)
    _, h0 = run(cell, first_row(xs), h0)
    try:
        answer = compared(case, cell, xs, h0, ts)
    except Crashed:  # tensors with a graph are not asked of anybody
        return
    require(
        answer["W"] and answer["U"] == answer["V"],
        es="`gradients_match` debe juzgar cada matriz por separado: difieren U y V, y su respuesta no es esa.",
        en="`gradients_match` must judge each matrix on its own: U and V differ here, and its answer is another one.",
    )


def without_a_cell(case):
    """Nothing can be said without a cell: whoever says yes has not looked."""
    _, xs, h0, ts = one_sided(case.rng, 3, 5, 2, 5, 1)
    try:
        blind = all(compared(case, None, xs, h0, ts).values())
    except (Crashed, Mismatch):
        blind = False
    require(
        not blind,
        es="`gradients_match` dice que sí sin mirar la celda.",
        en="`gradients_match` says yes without looking at the cell.",
    )


def asks_for_gradients(cell, name):
    weight = getattr(cell, name)
    return type(weight) is Tensor and weight.requires_grad


def leaves_its_arguments_alone(case):
    """Also without naming a tolerance: it has a default."""
    drawn, xs, h0, ts = one_sided(case.rng, 3, 5, 2, 5, 1)
    cell = build(case.student, drawn)
    asked = [name for name in drawn if asks_for_gradients(cell, name)]
    values.unchanged((cell, xs, h0, ts), case.student.gradients_match.arguments_after(cell, xs, h0, ts))
    for name, before in drawn.items():
        values.matches(getattr(cell, name), before, name, cap=CAP)
        require(
            name not in asked or asks_for_gradients(cell, name),
            es=f"`gradients_match` ha dejado `{name}` sin `requires_grad`.",
            en=f"`gradients_match` has left `{name}` without `requires_grad`.",
        )


@check(needs=loss_and_gradients_match)
def gradients_match_sees_real_differences(case: Case) -> None:
    with_gradients_gathered_before(case)
    with_a_lazy_backward(case, 1)
    with_a_lazy_backward(case, -1)
    with_a_state_that_remembers(case)
    without_a_cell(case)
    leaves_its_arguments_alone(case)

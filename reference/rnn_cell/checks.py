"""Hidden checks of rnn_cell: networks side by side, and a gradients_match that can say no."""

import numpy as np

from grader import Case, check, require
from grader.errors import Crashed, Mismatch
from grader.families import values
from grader.tensor import Tensor, tensor

from .checks import (
    CAP,
    TOLERANCE,
    agree,
    build,
    gathered,
    inputs,
    loss_and_gradients_match,
    network_backward_is_bptt,
    one_sided,
    one_sign,
    row,
    run,
    sequence_gradient,
    state,
    verdict,
    weights,
)


def side_by_side(module, problems):
    """What two networks gather whose forward and backward passes take turns, and the second's after zero_grad of the first."""
    cells = [build(module, drawn) for drawn, *_ in problems]
    networks = [module.RNN(cell) for cell in cells]
    states = [run(rnn, xs, h0)[1] for rnn, (_, xs, h0, _) in zip(networks, problems, strict=True)]
    for rnn, hs, (_, xs, _, ys_grad) in zip(networks, states, problems, strict=True):
        arguments = (ys_grad, xs, hs)
        values.unchanged(arguments, rnn.backward.arguments_after(*arguments))
    answers = [gathered(cell) for cell in cells]
    cells[0].zero_grad()
    return [*answers, gathered(cells[1])]


def cell_leaves_its_arguments_alone(module, drawn, xs, h0, ys_grad):
    """What RNN.backward hides: a cell that writes into the gradient of the next step."""
    cell, x = build(module, drawn), row(xs, 0)
    values.unchanged((x, h0), cell.forward.arguments_after(x, h0))
    arguments = (row(ys_grad, 0), h0, x, h0)
    values.unchanged(arguments, cell.backward.arguments_after(*arguments))


@check(needs=network_backward_is_bptt)
def two_networks_keep_their_own_gradients(case: Case) -> None:
    for pair in [((3, 5, 2, 6), (3, 5, 2, 4)), ((5, 2, 3, 1), (2, 4, 6, 12)), ((1, 6, 4, 7), (6, 3, 1, 5))]:
        problems = [
            (
                weights(case.rng, inp, hid, out),
                inputs(case.rng, steps, inp),
                state(case.rng, hid),
                one_sign(case.rng, 0.3, 1.2, steps, out),
            )
            for inp, hid, out, steps in pair
        ]
        got = side_by_side(case.student.without_autograd, problems)
        expected = side_by_side(case.reference, problems)
        for whose, mine, right in zip(["cell1", "cell2", "cell2, cell1.zero_grad()"], got, expected, strict=True):
            agree(mine, right, whose)
        cell_leaves_its_arguments_alone(case.student.without_autograd, *problems[0])


def compared(case, cell, xs, h0, ts, tolerance=TOLERANCE):
    return verdict(case.student.gradients_match(cell, xs, h0, ts, tolerance=tolerance))


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
    rnn = case.student.without_autograd.RNN(cell)
    _, hs = run(rnn, xs, h0)
    rnn.backward(ts, xs, hs)


def asked(case, drawn):
    """A cell whose `backward` has been replaced by one that gathers nothing, and the list of the arguments that it will be called with."""
    cell, steps, hid = build(case.student, drawn), [], drawn["V"].data.shape[0]

    def backward(*args):
        steps.append(args)
        return tensor(np.zeros(hid))

    cell.backward = backward
    return cell, steps


def of_a_lazy_cell(case, side):
    """What gradients_match says of a cell that gathers nothing, whose gradients by hand really differ from autograd's; None: not judged.

    A gradients_match that makes a new cell, or an RNN with a backward pass of its own, never calls it.
    """
    drawn, xs, h0, ts = one_sided(case.rng, 3, 5, 2, 5, side)
    try:
        cell, steps = asked(case, drawn)
        answer = compared(case, cell, xs, h0, ts)
    except Crashed:  # a class with slots, or a call with named arguments
        return None
    return answer if steps else None


def with_a_lazy_backward(case):
    answers = [answer for side in (1, -1) if (answer := of_a_lazy_cell(case, side))]
    yes = {name: [answer[name] for answer in answers] for name in "UVW"}
    require(
        not any(all(said) for said in yes.values() if said),
        es="`gradients_match` dice que sí de una celda cuyos gradientes a mano difieren de verdad de los de autograd.",
        en="`gradients_match` says yes of a cell whose gradients by hand really differ from autograd's.",
    )
    require(
        not any(any(said) for said in yes.values()),
        es="`gradients_match` ve las diferencias de un signo y no las del otro.",
        en="`gradients_match` sees differences of one sign and not those of the other.",
    )


def over_the_whole_sequence(case):
    """What gradients_match asks of the cell's `backward`, step by step, is what RNN.backward asks for the given sequence."""
    drawn, xs, h0, ts = one_sided(case.rng, 3, 5, 2, 5, 1)
    try:
        cell, expected = asked(case, drawn)
        rnn = case.student.without_autograd.RNN(cell)
        ys, hs = run(rnn, xs, h0)
        rnn.backward(tensor(values.array(ys, ts.data.shape, "ys") - ts.data), xs, hs)
        cell, steps = asked(case, drawn)
        compared(case, cell, xs, h0, ts)
    except Crashed:
        return
    require(
        not steps or all(any(same_step(step, other) for other in steps) for step in expected),
        es="`gradients_match` no recorre la secuencia que recibe: le pide a `backward` otros pasos.",
        en="`gradients_match` does not go through the sequence that it is given: it asks `backward` for other steps.",
    )


def same_step(one, other):
    """Whether two calls of a cell's `backward` concern the same y_grad, x and hp."""
    pairs = [(np.asarray(getattr(a, "data", a)), np.asarray(getattr(b, "data", b))) for a, b in zip(one, other, strict=False)]
    return len(pairs) == 4 and all(pairs[i][0].shape == pairs[i][1].shape and np.allclose(*pairs[i], atol=1e-4) for i in (0, 2, 3))


def spoiled(rng, right):
    """`right` with differences that a comparison may overlook: one entry too large or too small, a sum or a norm that stays.

    The entries lie off the border and the diagonal; the differences are three times the largest entry.
    """
    rows, columns = right.shape
    places = [(i, j) for i in range(rows) for j in range(columns) if 0 < i < rows - 1 and 0 < j < columns - 1 and i != j]
    size, (one, other) = 3 * np.abs(right).max(), rng.permutation(places)[:2]
    for changes in ({tuple(one): size}, {tuple(one): -size}, {tuple(one): size, tuple(other): -size}):
        wrong = right.copy()
        for place, change in changes.items():
            wrong[place] += change
        yield wrong
    yield -right


def planted(case, drawn, gradients):
    """A cell that neither gathers nor clears: its `*_grad` stay `gradients`."""
    cell, steps = asked(case, drawn)
    cell.zero_grad = lambda: None
    for name, gradient in gradients.items():
        setattr(cell, f"{name}_grad", tensor(gradient))
    return cell, steps


def with_planted_gradients(case):
    """gradients_match sees a single wrong entry, in the right matrix, and heeds its tolerance.

    Not judged: whoever does not find all right where right gradients have been planted. A copy made by hand, accumulators cleared by
    hand or a backward pass of its own never meet what we have planted.
    """
    drawn, xs, h0, ts = one_sided(case.rng, 4, 5, 4, 5, 1)
    right = {name[0]: got.data.astype(float) for name, got in sequence_gradient(case.reference, drawn, xs, h0, ts).items()}
    try:
        cell, steps = planted(case, drawn, right)
        if not all(compared(case, cell, xs, h0, ts).values()) or not steps:
            return
    except (Crashed, Mismatch):  # slots, properties, lists, arguments of other names
        return
    for name in "UVW":
        for wrong in spoiled(case.rng, right[name]):
            cell, _ = planted(case, drawn, {**right, name: wrong})  # each time a new one: its own zero_grad may clear .grad too
            answer = compared(case, cell, xs, h0, ts)
            require(
                not answer[name],
                es=f"`gradients_match` no ve una diferencia grande en algunos elementos de `{name}`.",
                en=f"`gradients_match` does not see a large difference in some entries of `{name}`.",
            )
            require(
                all(answer[other] for other in "UVW" if other != name),
                es="`gradients_match` debe juzgar cada matriz por separado: difiere una, y su respuesta alcanza a otra.",
                en="`gradients_match` must judge each matrix on its own: one differs, and its answer extends to another.",
            )
    cell, _ = planted(case, drawn, {name: -gradient for name, gradient in right.items()})
    require(
        all(compared(case, cell, xs, h0, ts, tolerance=1e6).values()),
        es="`gradients_match` no hace caso de `tolerance`: con una mucho mayor que las diferencias, debe decir que sí.",
        en="`gradients_match` does not heed `tolerance`: with one far larger than the differences it must say yes.",
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
    _, h0 = run(cell, row(xs, 0), h0)
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
    weight = getattr(cell, name).value
    return type(weight) is Tensor and weight.requires_grad


def leaves_its_arguments_alone(case):
    """Also without naming a tolerance: it has a default."""
    drawn, xs, h0, ts = one_sided(case.rng, 3, 5, 2, 5, 1)
    cell = build(case.student, drawn)
    asked = [name for name in drawn if asks_for_gradients(cell, name)]
    values.unchanged((cell, xs, h0, ts), case.student.gradients_match.arguments_after(cell, xs, h0, ts))
    for name, before in drawn.items():
        values.matches(getattr(cell, name).value, before, name, cap=CAP)
        require(
            name not in asked or asks_for_gradients(cell, name),
            es=f"`gradients_match` ha dejado `{name}` sin `requires_grad`.",
            en=f"`gradients_match` has left `{name}` without `requires_grad`.",
        )


@check(needs=loss_and_gradients_match)
def gradients_match_sees_real_differences(case: Case) -> None:
    with_gradients_gathered_before(case)
    with_a_lazy_backward(case)
    over_the_whole_sequence(case)
    with_planted_gradients(case)
    with_a_state_that_remembers(case)
    without_a_cell(case)
    leaves_its_arguments_alone(case)

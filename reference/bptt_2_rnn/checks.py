"""Hidden checks of bptt_2_rnn: sequences of any length, calls that must not disturb each other, and longer training."""

from functools import partial

import numpy as np

from grader import Case, check, require
from grader.families import convergence, values

from .checks import dataset, draw_weights, holds, judge_gradient, mean_loss, network, read, run, shapes


@check
def backward_holds_for_every_length(case: Case) -> None:
    judge_gradient(case, 9, (3, 5, 2), with_h0=True, one_sided=True)
    judge_gradient(case, 8, (3, 4, 2), with_h0=True)
    judge_gradient(case, 60, (2, 3, 2), with_h0=True, one_sided=True)
    judge_gradient(case, 1, (2, 3, 4), with_h0=True)
    judge_gradient(case, 1, (3, 4, 2), with_h0=False)
    judge_gradient(case, 7, (1, 2, 3), with_h0=False)
    judge_gradient(case, 2, (2, 1, 1), with_h0=True)


def outputs(rnn, xs, h0, o):
    return values.array(run(rnn, xs, h0)[0], (len(xs), o), "ys")


def gradients(rnn, sizes, xs, hs, ys_grad):
    return values.arrays(rnn.backward(xs, hs, ys_grad), shapes(*sizes), "backward")


def leaves_alone(method, *arguments):
    """The arrays among the arguments stay as they were."""
    pairs = zip(arguments, method.arguments_after(*arguments), strict=True)
    values.unchanged(*zip(*((before, after) for before, after in pairs if type(before) is np.ndarray), strict=True))


@check
def calls_leave_no_trace(case: Case) -> None:
    """The student's answers are compared with each other: what is wrong in them is paid for elsewhere."""
    for steps, sizes in [(5, (2, 4, 3)), (2, (3, 2, 4))]:
        i, h, o = sizes
        one, two = draw_weights(case.rng, *sizes), draw_weights(case.rng, *sizes)
        (xs, other_xs), ys_grad = case.rng.normal(size=(2, steps, i)), case.rng.normal(size=(steps, o))
        h0 = case.rng.uniform(-0.8, 0.8, h)

        first = network(case.student, one)
        states = run(first, xs, h0)[1]
        alone = gradients(first, sizes, xs, states, ys_grad)

        second, third, fourth = (network(case.student, weights) for weights in (one, one, two))
        elsewhere = gradients(fourth, sizes, xs, run(fourth, xs, h0)[1], ys_grad)
        ys, ys_from_zeros = outputs(second, xs, h0, o), outputs(third, xs, None, o)
        require(
            not np.allclose(alone["U"], elsewhere["U"], rtol=1e-6),
            es="`backward` da el mismo gradiente a dos redes con pesos distintos.",
            en="`backward` gives two networks with different weights the same gradient.",
        )
        outputs(first, other_xs, None, o)
        values.matches(gradients(first, sizes, xs, states, ys_grad), alone, "backward")
        values.matches(outputs(first, xs, h0, o), ys, "ys")
        values.matches(outputs(first, xs, None, o), ys_from_zeros, "ys")

        leaves_alone(first.forward, xs, h0)
        leaves_alone(first.backward, xs, states, ys_grad)


@check
def epochs_are_steps_one_after_another(case: Case) -> None:
    """Four epochs at once against four calls of one epoch: how right one step is, the public check has said."""
    for lengths, sizes in [((4, 6, 3), (2, 4, 3)), ((1, 2), (1, 3, 2))]:
        weights, *data = dataset(case.rng, lengths, sizes, one_sided=True)
        together = network(case.student, weights)
        convergence.history_matches(case.student.train(together, *data, learning_rate=0.005, epochs=0), [])
        untouched = read(together, sizes)
        history = case.student.train(together, *data, learning_rate=0.005, epochs=4)
        single = network(case.student, weights)
        values.matches(untouched, read(single, sizes), "rnn")
        losses, path = [], [untouched]
        for _ in range(4):
            losses += numbers(case.student.train(single, *data, learning_rate=0.005, epochs=1), 1)
            path.append(read(single, sizes))
        values.matches(read(together, sizes), read(single, sizes), "rnn")
        convergence.history_matches(history, losses)
        if not holds(partial(require_descent, case.student, path, data)):
            require_descent(case.reference, path, data)
    sequences, targets = data
    arguments = (network(case.student, weights), sequences, targets, 0.1, 2)
    values.unchanged(arguments, case.student.train.arguments_after(*arguments))
    values.unchanged((targets[1], targets[1] + 1), case.student.loss.arguments_after(targets[1], targets[1] + 1))
    by_default = network(case.student, weights)
    history = case.student.train(by_default, *data)
    spelt_out = network(case.student, weights)
    losses = numbers(case.student.train(spelt_out, *data, learning_rate=0.01, epochs=100), 100)
    convergence.history_matches(history, losses)
    values.matches(read(by_default, sizes), read(spelt_out, sizes), "rnn")


def numbers(history, count):
    return [values.number(entry, f"history[{k}]") for k, entry in enumerate(values.parts(history, count, "history"))]


def require_descent(module, path, data):
    """The mean loss, by the functions of `module`, is lower at the end of the path than at its start."""
    start, end = (mean_loss(module, network(module, weights), *data) for weights in (path[0], path[-1]))
    require(
        end < start,
        es="Con una tasa tan pequeña como 0.005 la pérdida debe bajar, y no baja.",
        en="With a learning rate as small as 0.005 the loss must fall, and it does not.",
    )

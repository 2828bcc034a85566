"""Public checks of bptt_2_rnn: a recurrent network of tanh units, its loss, its gradient through time and its training."""

import numpy as np

from grader import Case, check, require
from grader.errors import Mismatch, StudentTrouble
from grader.families import convergence, gradient, values
from grader.pictures import curves

NAMES = ("U", "V", "W")
RIGHT_STEP = 0.6  # of the points for the first epoch: its step is right, its history is not


def shapes(i, h, o):
    return {"U": (h, i), "V": (h, h), "W": (o, h)}


def draw_weights(rng, i, h, o):
    """Entries of about 0.6: the states move through the curved part of tanh and remember several steps."""
    return {name: rng.uniform(0.3, 0.9, shape) * rng.choice([-1, 1], shape) for name, shape in shapes(i, h, o).items()}


def one_sided_weights(rng, i, h, o):
    """Nothing negative: with inputs and errors of one sign no sum of a backward pass cancels, and no mistake hides in what is left.

    Rows of U and V add up to about 0.6, so that tanh stays curved and unsaturated.
    """
    drawn = {name: rng.uniform(0.3, 0.9, shape) for name, shape in shapes(i, h, o).items()}
    return {"U": drawn["U"] / i, "V": (drawn["V"] + 0.6 * np.tri(h)) / h, "W": drawn["W"]}


def read(rnn, sizes):
    return {name: values.array(getattr(rnn, name).value, shape, f"rnn.{name}") for name, shape in shapes(*sizes).items()}


def network(module, weights):
    """A network of `module` with the given weights."""
    (h, i), o = weights["U"].shape, len(weights["W"])
    rnn = module.RNN(i, h, o, seed=0)
    for name in NAMES:
        setattr(rnn, name, weights[name])
    return rnn


def run(rnn, xs, h0):
    """The two parts of `forward`; h0 is left out where it is None."""
    return values.parts(rnn.forward(xs) if h0 is None else rnn.forward(xs, h0), 2, "forward")


def holds(judgement):
    """Whether a judgement passes."""
    try:
        judgement()
    except StudentTrouble:
        return False
    return True


def judge_gradient(case, steps, sizes, *, with_h0, one_sided=False):
    """`backward` at one new point, with the states of the student's own `forward` and a random dL/dy.

    Where `forward` is wrong or fails (which costs points elsewhere) a `backward` that is right for the right states is right.
    """
    rng, (i, h, o) = case.rng, sizes
    weights, ys_grad = draw_weights(rng, *sizes), rng.normal(size=(steps, o))
    inputs, others = ((rng.normal(size=(steps, i)), rng.uniform(-0.8, 0.8, h) if with_h0 else None) for _ in range(2))
    if one_sided:
        weights, ys_grad = one_sided_weights(rng, *sizes), rng.uniform(0.3, 1.2, (steps, o))
        inputs = rng.uniform(0.3, 1.2, (steps, i)), rng.uniform(0.2, 0.8, h) if with_h0 else None

    def loss(at, *data):
        return float(np.sum(ys_grad * values.array(run(network(case.student, at), *data)[0], (steps, o), "ys")))

    reference = network(case.reference, weights)
    _, right_hs = run(reference, *inputs)
    right = reference.backward(inputs[0], right_hs, ys_grad)
    rnn = network(case.student, weights)
    try:
        hs = run(rnn, *inputs)[1]
    except StudentTrouble:
        hs, loss = right_hs, None
    try:
        named = {"T": steps, "n_inputs": i, "n_hidden": h, "n_outputs": o}
        got = rnn.backward(inputs[0], hs, ys_grad)
        gradient.matches(got, right, at=weights, loss=loss, inputs=inputs, others=others, sizes=named)
    except Mismatch:
        same_shape = hs is not right_hs and holds(lambda: values.array(hs, right_hs.shape, "hs"))
        if not same_shape or not holds(lambda: gradient.matches(rnn.backward(inputs[0], right_hs, ys_grad), right, at=weights)):
            raise


def dataset(rng, lengths, sizes, *, one_sided=False):
    """Weights, sequences and targets; all outputs above their targets, and inputs positive, where `one_sided`."""
    i, _, o = sizes
    if one_sided:
        sequences = [rng.uniform(0.3, 1.2, (length, i)) for length in lengths]
        return one_sided_weights(rng, *sizes), sequences, [-rng.uniform(0.3, 1.2, (length, o)) for length in lengths]
    sequences = [rng.normal(size=(length, i)) for length in lengths]
    return draw_weights(rng, *sizes), sequences, [rng.normal(size=(len(xs), o)) for xs in sequences]


def mean_loss(module, rnn, sequences, targets):
    """The mean loss of the sequences by the functions of `module`."""
    losses = [module.loss(run(rnn, xs, None)[0], ts) for xs, ts in zip(sequences, targets, strict=True)]
    return float(np.mean([values.number(loss, "loss") for loss in losses]))


def own_gradient(case, weights, sequences, targets):
    """The mean gradient of the sequences by the student's own functions, or None where they give none."""
    found, rnn = [], network(case.student, weights)
    try:
        for xs, ts in zip(sequences, targets, strict=True):
            ys, hs = run(rnn, xs, None)
            ys_grad = values.array(ys, ts.shape, "ys") - ts
            found.append(values.arrays(rnn.backward(xs, hs, ys_grad), {k: w.shape for k, w in weights.items()}, "backward"))
    except StudentTrouble:
        return None
    return {name: np.mean([g[name] for g in found], axis=0) for name in NAMES}


def judge_first_epoch(case, lengths, sizes, *, one_sided=False):
    """The step against the right gradient, which one epoch of the reference gives, and the loss before it."""
    before, sequences, targets = dataset(case.rng, lengths, sizes, one_sided=one_sided)
    rate = float(case.rng.uniform(0.05, 0.15))
    rnn, reference = network(case.student, before), network(case.reference, before)
    history = case.student.train(rnn, sequences, targets, learning_rate=rate, epochs=1)
    after = read(rnn, sizes)
    right_history = case.reference.train(reference, sequences, targets, learning_rate=1.0, epochs=1)
    right = {name: before[name] - value for name, value in read(reference, sizes).items()}
    named = {"sequences": len(lengths), "steps": sum(lengths), "learning_rate": rate}
    try:
        convergence.step_matches(before, after, right, rate, sizes=named)
    except Mismatch:
        own = own_gradient(case, before, sequences, targets)
        convergence.step_matches(before, after, right, rate, own_gradient=own, sizes=named)

    def history_holds_own_loss():
        convergence.history_matches(history, [mean_loss(case.student, network(case.student, before), sequences, targets)])

    try:
        convergence.history_matches(history, right_history, sizes=named)
    except Mismatch as mismatch:
        if not holds(history_holds_own_loss):  # a wrong `loss` is paid for in its own check
            mismatch.earned = RIGHT_STEP
            raise


@check
def every_network_draws_its_own_weights(case: Case) -> None:
    for sizes in [(2, 4, 3), (3, 2, 1), (1, 3, 2)]:
        seed = int(case.rng.integers(1, 2**30))
        rnn = case.student.RNN(*sizes, seed=seed)
        first = read(rnn, sizes)
        other = read(case.student.RNN(*sizes, seed=seed + 1), sizes)
        values.matches(read(rnn, sizes), first, "rnn")
        again, default, zero = (case.student.RNN(*sizes, **named) for named in ({"seed": seed}, {}, {"seed": 0}))
        values.matches(read(again, sizes), first, "RNN(seed)")
        values.matches(read(default, sizes), read(zero, sizes), "RNN()")
        require(
            any(not np.array_equal(first[name], other[name]) for name in NAMES),
            es="Dos redes con semillas distintas nacen con los mismos pesos.",
            en="Two networks with different seeds are born with the same weights.",
        )


@check
def forward_carries_the_state_along(case: Case) -> None:
    for steps, sizes, with_h0 in [(5, (2, 4, 3), True), (4, (3, 2, 5), False), (1, (3, 4, 2), True), (3, (4, 2, 1), False)]:
        i, h, o = sizes
        weights, xs = draw_weights(case.rng, *sizes), case.rng.normal(size=(steps, i))
        h0 = case.rng.uniform(-0.8, 0.8, h) if with_h0 else None
        ys, hs = run(network(case.student, weights), xs, h0)
        right_ys, right_hs = run(network(case.reference, weights), xs, h0)
        named = {"T": steps, "n_inputs": i, "n_hidden": h, "n_outputs": o}
        values.matches(ys, right_ys, "ys", sizes=named)
        values.matches(hs, right_hs, "hs", sizes=named)


@check
def loss_is_half_the_sum_of_squares(case: Case) -> None:
    for steps, o in [(5, 3), (4, 1), (1, 2)]:
        ys, ts = case.rng.normal(size=(2, steps, o))
        got, named = case.student.loss(ys, ts), {"T": steps, "n_outputs": o, "T * n_outputs": steps * o, "2": 2}
        values.matches(got, case.reference.loss(ys, ts), "loss", sizes=named)


@check
def backward_is_the_gradient_through_time(case: Case) -> None:
    case.show(
        reach_shown, case, es="Cuánto gradiente llega a cada paso, con la pérdida solo en el último",
        en="How much of the gradient reaches each step, with a loss at the last one only",
    )  # fmt: skip
    judge_gradient(case, 5, (2, 4, 3), with_h0=True, one_sided=True)
    judge_gradient(case, 5, (2, 3, 4), with_h0=True)
    judge_gradient(case, 4, (3, 2, 1), with_h0=False)


@check
def the_first_epoch_is_one_full_batch_step(case: Case) -> None:
    judge_first_epoch(case, (4, 6, 3), (2, 4, 3), one_sided=True)
    judge_first_epoch(case, (2, 5, 3), (2, 3, 4))
    judge_first_epoch(case, (5,), (3, 4, 2))


def reach(module, weights, xs):
    """The norm of r_bar_t for every step t of a loss at the last one: dL/dU when x_t alone is 1 and the states stay."""
    rnn = network(module, weights)
    ys, hs = run(rnn, xs, None)
    ys_grad = np.zeros(np.shape(ys))
    ys_grad[-1] = 1.0
    return [np.linalg.norm(rnn.backward(only[:, None], hs, ys_grad)["U"]) for only in np.eye(len(xs))]


def reach_shown(case):
    rng = np.random.default_rng(1)
    weights, xs = draw_weights(rng, 1, 4, 2), rng.normal(size=(10, 1))
    return curves(case.beside_reference(lambda module: reach(module, weights, xs)), x="step", y="norm")

"""Public checks of rnn_cell: a sigmoid recurrent cell, its network, and their gradients by hand."""

import numpy as np

from grader import Case, check, require
from grader.families import values
from grader.tensor import Tensor, tensor

CAP = 1e-4  # everything is float32
TOLERANCE = 1e-3  # rounding is at most 2e-6, absolute or relative; what we call different is at least 1e-2, also on average
SIZES = [(3, 5, 2), (4, 2, 3), (1, 1, 1)]  # inputs, hidden units, outputs


def uniform(rng, low, high, *shape):
    """A float32 tensor, each entry uniform in (low, high) with a random sign."""
    return tensor(rng.uniform(low, high, shape) * rng.choice([-1.0, 1.0], shape))


def one_sign(rng, low, high, *shape):
    """A float32 tensor, each entry uniform in (low, high), all of the same random sign."""
    return tensor(rng.uniform(low, high, shape) * rng.choice([-1.0, 1.0]))


def weights(rng, inp, hid, out):
    """U of any signs, V positive and far from its transpose, W of one sign.

    With gradients of one sign and inputs that keep theirs no sum of a backward pass cancels: where sums did, rounding came to 0.77
    of what is allowed and one mistake to only 5.6 times as much (200 seeds).
    """
    V = rng.uniform(0.2, 0.5, (hid, hid)) + 0.4 * np.tri(hid)
    return {"U": uniform(rng, 0.3, 0.9, hid, inp), "V": tensor(V), "W": one_sign(rng, 0.3, 0.9, out, hid)}


def inputs(rng, *shape):
    """Inputs `(T, i)`, each column of one sign."""
    return tensor(rng.uniform(0.3, 1.2, shape) * rng.choice([-1.0, 1.0], shape[-1]))


def row(batch, t):
    return Tensor(batch.data[t])


def state(rng, hid):
    return tensor(rng.uniform(0.2, 0.8, hid))


def one_sided(rng, inp, hid, out, steps, side):
    """Weights, xs, h0, ts: no weight or input is negative and every target lies beyond every output (below for side = -1).

    So all contributions to the gradient have one sign, nothing cancels, and absolute and relative differences agree.
    """
    shapes = {"U": (hid, inp), "V": (hid, hid), "W": (out, hid)}
    drawn = {name: tensor(rng.uniform(0.2, 0.6, shape)) for name, shape in shapes.items()}
    ts = tensor(0.5 + side * rng.uniform(1.5, 2.5, (steps, out)))
    return drawn, tensor(rng.uniform(0.3, 1.2, (steps, inp))), state(rng, hid), ts


def build(module, drawn):
    """A cell of `module` with the weights `drawn` and nothing gathered."""
    cell = module.RNNCell(drawn["U"].data.shape[1], *reversed(drawn["W"].data.shape))
    cell.U, cell.V, cell.W = drawn["U"], drawn["V"], drawn["W"]
    cell.zero_grad()
    return cell


def run(rnn, xs, h0):
    """The two parts of what a network's (or with x and hp, a cell's) `forward` returns."""
    return values.parts(rnn.forward(xs, h0), 2, "forward")


def gathered(cell):
    return {name: getattr(cell, name).value for name in ("U_grad", "V_grad", "W_grad")}


def agree(mine, right, calls=""):
    """Every part of an answer, under the name that a student knows it by; `calls`: what had been called before."""
    for name, expected in right.items():
        values.matches(mine[name], expected, f"{name} ({calls})" if calls else name, cap=CAP)


def sequence_gradient(module, drawn, xs, h0, ts):
    """The gradient of the loss that the module's own RNN.backward gathers, from its own forward pass."""
    cell = build(module, drawn)
    rnn = module.RNN(cell)
    ys, hs = run(rnn, xs, h0)
    rnn.backward(tensor(values.array(ys, ts.data.shape, "ys") - ts.data), xs, hs)
    return gathered(cell)


def verdict(got):
    """The dict {"U", "V", "W"} of truth values as plain booleans."""
    answers = values.arrays(got, {"U": (), "V": (), "W": ()}, "gradients_match")
    require(
        all(float(answer) in (0.0, 1.0) for answer in answers.values()),
        es="`gradients_match` debe devolver `True` o `False` para cada matriz.",
        en="`gradients_match` must return `True` or `False` for each matrix.",
    )
    return {name: bool(answer) for name, answer in answers.items()}


def spread_out(matrix):
    """Whether the entries look uniform in (-0.1, 0.1): means within 6 standard errors, one false alarm in 1e8."""
    mean, size = matrix.mean(), np.abs(matrix)
    return abs(mean) < 0.35 / np.sqrt(matrix.size) and abs(size.mean() - 0.05) < 0.18 / np.sqrt(matrix.size)


@check
def cell_has_three_small_matrices(case: Case) -> None:
    inp, hid, out = 17, 40, 23
    cell = case.student.RNNCell(inp, hid, out)
    shapes = {"U": (hid, inp), "V": (hid, hid), "W": (out, hid)}
    for name, shape in shapes.items():
        values.array(getattr(cell, name).value, shape, name)
        setattr(cell, name, tensor(np.full(shape, 0.7)))
    cell.reset_parameters()
    for name, shape in shapes.items():
        weight = getattr(cell, name).value
        matrix = values.array(weight, shape, name)
        require(
            bool(np.abs(matrix).max() <= 0.1 + 1e-6),
            es=f"Después de `reset_parameters`, `{name}` tiene elementos fuera de ±0.1.",
            en=f"After `reset_parameters`, `{name}` has entries outside ±0.1.",
        )
        require(
            bool(spread_out(matrix)),
            es=f"Después de `reset_parameters`, los elementos de `{name}` no están repartidos por igual entre -0.1 y 0.1.",
            en=f"After `reset_parameters`, the entries of `{name}` are not spread evenly between -0.1 and 0.1.",
        )
        require(
            type(weight) is Tensor and weight.requires_grad,
            es=f"`{name}` debe ser un tensor con `requires_grad`: sin él, autograd no calcula su gradiente.",
            en=f"`{name}` must be a tensor with `requires_grad`: without it autograd does not work out its gradient.",
        )


@check
def cell_forward_is_one_step(case: Case) -> None:
    for sizes in SIZES:
        drawn, x, hp = weights(case.rng, *sizes), inputs(case.rng, sizes[0]), state(case.rng, sizes[1])
        y, h = run(build(case.student, drawn), x, hp)
        expected_y, expected_h = run(build(case.reference, drawn), x, hp)
        agree({"h": h, "y": y}, {"h": expected_h, "y": expected_y})


def three_steps(module, drawn, steps):
    """r_grad and the gathered gradients after one step, after a second one, and after zero_grad and a third one."""
    cell, answers = build(module, drawn), []
    for k, (y_grad, rn_grad, x, hp) in enumerate(steps):
        if k == 2:
            cell.zero_grad()
        run(cell, x, hp)
        answers.append({"r_grad": cell.backward(y_grad, rn_grad, x, hp), **gathered(cell)})
    return answers


@check(needs=cell_forward_is_one_step)
def cell_backward_gathers_gradients(case: Case) -> None:
    for inp, hid, out in SIZES:
        drawn, xs, ys_grad = weights(case.rng, inp, hid, out), inputs(case.rng, 3, inp), one_sign(case.rng, 0.3, 1.2, 3, out)
        side = np.sign(drawn["W"].data[0, 0] * ys_grad.data[0, 0])  # so that both terms of dL/dh have one sign
        rns_grad = tensor(side * case.rng.uniform(0.3, 1.2, (3, hid)))
        steps = [(row(ys_grad, t), row(rns_grad, t), row(xs, t), state(case.rng, hid)) for t in range(3)]
        answers = three_steps(case.student.without_autograd, drawn, steps)
        expected = three_steps(case.reference, drawn, steps)
        histories = ["", "backward, backward", "backward, backward, zero_grad, backward"]
        for calls, mine, right in zip(histories, answers, expected, strict=True):
            agree(mine, right, calls)


@check(needs=cell_forward_is_one_step)
def network_forward_runs_the_sequence(case: Case) -> None:
    for (inp, hid, out), steps in zip(SIZES, [6, 1, 4], strict=True):
        drawn, h0 = weights(case.rng, inp, hid, out), state(case.rng, hid)
        sequences = [inputs(case.rng, steps, inp) for _ in range(2)]
        mine, right = (module.RNN(build(module, drawn)) for module in (case.student, case.reference))
        for xs in sequences:
            ys, hs = run(mine, xs, h0)
            expected_ys, expected_hs = run(right, xs, h0)
            agree({"ys": ys, "hs": hs}, {"ys": expected_ys, "hs": expected_hs})


@check(needs=[cell_backward_gathers_gradients, network_forward_runs_the_sequence])
def network_backward_is_bptt(case: Case) -> None:
    for (inp, hid, out), steps in zip(SIZES, [6, 1, 4], strict=True):
        drawn, xs, h0 = weights(case.rng, inp, hid, out), inputs(case.rng, steps, inp), state(case.rng, hid)
        ys_grad = one_sign(case.rng, 0.3, 1.2, steps, out)
        for again in range(2):
            answers = []
            for module in (case.student.without_autograd, case.reference):
                cell = build(module, drawn)
                rnn = module.RNN(cell)
                for _ in range(1 + again):  # the second time, zero_grad and the same sequence once more
                    cell.zero_grad()
                    _, hs = run(rnn, xs, h0)
                    rnn.backward(ys_grad, xs, hs)
                answers.append(gathered(cell))
            agree(*answers, "backward, zero_grad, backward" if again else "")


def judgement(case, drawn, xs, h0, ts):
    """For each matrix whether the student's gradient by hand is right; None where it is neither right nor far from it.

    In a right forward pass autograd's gradient is the reference's, so this is what the student's gradients_match must say.
    """
    own = sequence_gradient(case.student.without_autograd, drawn, xs, h0, ts)
    right = sequence_gradient(case.reference, drawn, xs, h0, ts)
    answer = {}
    for name in "UVW":
        expected = values.array(right[f"{name}_grad"], drawn[name].data.shape, f"{name}_grad")
        errors = np.abs(values.array(own[f"{name}_grad"], expected.shape, f"{name}_grad") - expected)
        largest = np.abs(expected).max()
        far = errors.mean() > 10 * TOLERANCE * max(1.0, largest)
        answer[name] = True if errors.max() < 1e-4 * largest else False if far else None
    return answer


@check(needs=network_forward_runs_the_sequence)
def loss_and_gradients_match(case: Case) -> None:
    for steps, out in [(5, 3), (1, 1)]:
        ys, ts = tensor(case.rng.uniform(0.1, 0.9, (steps, out))), uniform(case.rng, 0.3, 1.2, steps, out)
        got = case.student.compute_loss(ys, ts)
        values.matches(got, case.reference.compute_loss(ys, ts), "compute_loss", sizes={"T": steps, "T·o": steps * out}, cap=CAP)
    for sizes, side in [((3, 5, 2, 6), 1), ((4, 2, 3, 1), -1)]:
        drawn, xs, h0, ts = one_sided(case.rng, *sizes, side)
        answer = verdict(case.student.gradients_match(build(case.student, drawn), xs, h0, ts, tolerance=TOLERANCE))
        for name, right in judgement(case, drawn, xs, h0, ts).items():
            es, en = ("sí", "is") if right else ("no", "is not")
            require(
                right is None or answer[name] == right,
                es=f"`gradients_match` dice `{answer[name]}` de `{name}`, y tu gradiente a mano {es} es el de autograd.",
                en=f"`gradients_match` says `{answer[name]}` of `{name}`, and your gradient by hand {en} autograd's.",
            )

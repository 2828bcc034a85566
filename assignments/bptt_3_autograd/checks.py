"""Public checks of bptt_3_autograd: a sigmoid network as a module, and its gradient by autograd and by hand."""

import numpy as np

from grader import Case, check, require
from grader.errors import Mismatch
from grader.families import gradient, values
from grader.tensor import Tensor, tensor

CAP = 1e-4  # everything is float32
TOLERANCE = 1e-3  # of compare_gradients: rounding is far below it, absolute or relative
NAMES = ("U", "V", "W")


def shapes(inp, hid, out):
    return {"U": (hid, inp), "V": (hid, hid), "W": (out, hid)}


def signed(rng, low, high, *shape):
    """A float32 tensor, each entry uniform in (low, high) with a random sign."""
    return tensor(rng.uniform(low, high, shape) * rng.choice([-1.0, 1.0], shape))


def weights(rng, *sizes, requires_grad=False):
    drawn = {name: signed(rng, 0.3, 0.9, *shape) for name, shape in shapes(*sizes).items()}
    return {name: tensor(weight.data, requires_grad=requires_grad) for name, weight in drawn.items()}


def sequence(rng, inp, hid, out, steps):
    """xs, ts, h0."""
    return signed(rng, 0.3, 1.2, steps, inp), signed(rng, 0.3, 1.2, steps, out), tensor(rng.uniform(0.2, 0.8, hid))


def one_sided(rng, inp, hid, out, steps, side, size=1.0):
    """params, xs, ts, h0: no weight or input is negative and every target lies beyond every output, `size` times as far.

    So all contributions to the gradient have one sign, nothing cancels, and absolute and relative differences agree.
    """
    params = {name: tensor(rng.uniform(0.2, 0.6, shape)) for name, shape in shapes(inp, hid, out).items()}
    ts = tensor(0.5 + side * size * rng.uniform(1.5, 2.5, (steps, out)))
    return params, tensor(rng.uniform(0.3, 1.2, (steps, inp))), ts, tensor(rng.uniform(0.2, 0.8, hid))


def network(module, params):
    """A TorchRNN of `module` with the weights `params`."""
    (hid, inp), out = params["U"].data.shape, len(params["W"].data)
    rnn = module.TorchRNN(inp, hid, out)
    for name in NAMES:
        setattr(rnn, name, params[name])
    return rnn


def judge_gradient(case, function, reference, params, data):
    """What a gradient function of the student gave, against the reference.

    A gradient that is wrong but right for the student's own TorchRNN keeps part of the points.
    """
    xs, ts, h0 = data
    steps = len(xs.data)
    got = function(params, *data)
    others = (tensor(-xs.data), tensor(ts.data + 1.0), tensor(1.0 - h0.data))

    def own_loss(at, xs, ts, h0):
        rnn = network(case.student, {name: tensor(np.asarray(value)) for name, value in at.items()})
        ys, _ = values.parts(rnn.forward(xs, h0), 2, "forward")
        return 0.5 * float(np.sum((values.array(ys, ts.data.shape, "ys") - ts.data) ** 2))

    expected = {name: value.data for name, value in reference(params, *data).items()}
    at = {name: value.data for name, value in params.items()}
    gradient.matches(got, expected, at=at, loss=own_loss, inputs=data, others=others, sizes={"T": steps}, cap=CAP)


def report(got):
    """(errors by name, equal): the parts of what `compare_gradients` returns."""
    answer = values.arrays(got, {"equal": ()}, "compare_gradients")
    equal = float(answer["equal"])
    require(
        equal in (0.0, 1.0),
        es='El `"equal"` de `compare_gradients` debe ser `True` o `False`.',
        en='The `"equal"` of `compare_gradients` must be `True` or `False`.',
    )
    require(
        all(name in got for name in NAMES),
        es="`compare_gradients` debe hablar de `U`, de `V` y de `W`.",
        en="`compare_gradients` must speak of `U`, of `V` and of `W`.",
    )
    errors = {}
    for name in NAMES:
        numbers = values.arrays(got[name], {"max_abs_difference": (), "relative_error": ()}, f"compare_gradients[{name!r}]")
        errors[name] = {key: float(value) for key, value in numbers.items()}
        for key, value in errors[name].items():
            require(
                value >= 0.0,
                es=f"El `{key}` de `compare_gradients` no puede ser negativo.",
                en=f"The `{key}` of `compare_gradients` cannot be negative.",
            )
    return errors, bool(equal)


def own_gap(case, params, data):
    """By name the largest difference between the student's own two gradients, relative to autograd's; None if there are none."""
    expected = {name: value.data.shape for name, value in params.items()}
    try:
        automatic = values.arrays(case.student.autograd_gradients(params, *data), expected, "autograd_gradients")
        by_hand = values.arrays(case.student.without_autograd.manual_gradients(params, *data), expected, "manual_gradients")
    except Mismatch:
        return None
    return {name: np.abs(automatic[name] - by_hand[name]).max() / (np.abs(automatic[name]).max() + 1e-30) for name in NAMES}


def judge_agreement(case, problem, tolerance):
    """What compare_gradients says where absolute and relative differences are both far below the tolerance.

    Where the student's own two gradients differ, only that it does not call a large difference equal.
    """
    params, *data = problem
    errors, equal = report(case.student.compare_gradients(params, *data, tolerance=tolerance))
    gap = own_gap(case, params, data)
    largest = {name: np.abs(value.data).max() for name, value in case.reference.autograd_gradients(params, *data).items()}
    if gap is None or max(gap.values()) >= 1e-4:
        far = any(min(errors[name].values()) > 10.0 * tolerance for name in NAMES)
        require(
            not (far and equal),
            es="`compare_gradients` da por iguales gradientes que difieren, según ella misma, mucho más que `tolerance`.",
            en="`compare_gradients` calls gradients equal that differ, as it says itself, by far more than `tolerance`.",
        )
        return
    require(
        all(errors[name]["max_abs_difference"] < 1e-3 * largest[name] for name in NAMES),
        es="Tus dos gradientes coinciden, y el `max_abs_difference` de `compare_gradients` no es pequeño.",
        en="Your two gradients agree, and the `max_abs_difference` of `compare_gradients` is not small.",
    )
    require(
        all(errors[name]["relative_error"] < 1e-3 for name in NAMES),
        es="Tus dos gradientes coinciden, y el `relative_error` de `compare_gradients` no está cerca de 0.",
        en="Your two gradients agree, and the `relative_error` of `compare_gradients` is not close to 0.",
    )
    near = all(max(errors[name].values()) < 0.1 * tolerance for name in NAMES)
    es, en = ("", "") if tolerance < 1.0 else (" cuando `tolerance` es grande", " when `tolerance` is large")
    require(
        equal or not near,
        es=f"`compare_gradients` dice que no son iguales dos gradientes que difieren mucho menos que `tolerance`{es}.",
        en=f"`compare_gradients` says that two gradients are not equal which differ by far less than `tolerance`{en}.",
    )


def asks_for_gradients(rnn):
    """Which of U, V and W autograd watches."""
    return {name for name in NAMES if type(weight := getattr(rnn, name).value) is Tensor and weight.requires_grad}


@check
def torch_rnn_has_its_parameters(case: Case) -> None:
    for sizes in [(3, 5, 2), (1, 2, 4)]:
        rnn = network(case.student, weights(case.rng, *sizes))
        for name, shape in shapes(*sizes).items():
            values.array(getattr(rnn, name).value, shape, name)
        watched = asks_for_gradients(rnn)
        rnn.requires_grad_(False)
        still = asks_for_gradients(rnn)
        require(
            len(watched) == len(NAMES) and not still,
            es="`U`, `V` y `W` deben ser `nn.Parameter` del módulo: así los encuentra `parameters()`, y autograd los vigila.",
            en="`U`, `V` and `W` must be `nn.Parameter`s of the module: so `parameters()` finds them, and autograd watches them.",
        )


@check
def torch_rnn_runs_the_sequence(case: Case) -> None:
    for (inp, hid, out), steps in [((3, 5, 2), 6), ((4, 2, 3), 1), ((2, 4, 1), 4)]:
        params = weights(case.rng, inp, hid, out)
        xs, _, h0 = sequence(case.rng, inp, hid, out, steps)
        ys, hs = values.parts(network(case.student, params).forward(xs, h0), 2, "forward")
        expected_ys, expected_hs = network(case.reference, params).forward(xs, h0)
        values.matches({"ys": ys, "hs": hs}, {"ys": expected_ys, "hs": expected_hs}, "forward", sizes={"T": steps}, cap=CAP)


@check
def autograd_gradients_are_right(case: Case) -> None:
    for sizes, steps, watched in [((3, 5, 2), 6, False), ((2, 3, 4), 5, True), ((4, 2, 3), 1, True)]:
        params = weights(case.rng, *sizes, requires_grad=watched)
        data = sequence(case.rng, *sizes, steps)
        judge_gradient(case, case.student.autograd_gradients, case.reference.autograd_gradients, params, data)


@check
def manual_gradients_are_right(case: Case) -> None:
    for module, sizes, steps in [(case.student.without_autograd, (3, 5, 2), 6), (case.student, (4, 2, 3), 5)]:
        params = weights(case.rng, *sizes)
        data = sequence(case.rng, *sizes, steps)
        judge_gradient(case, module.manual_gradients, case.reference.manual_gradients, params, data)


@check
def comparison_sees_that_they_agree(case: Case) -> None:
    judge_agreement(case, one_sided(case.rng, 3, 5, 2, 6, 1), TOLERANCE)
    judge_agreement(case, one_sided(case.rng, 4, 2, 3, 1, -1), TOLERANCE)
    judge_agreement(case, one_sided(case.rng, 2, 4, 3, 5, -1, size=1e4), 1.0)

"""Public checks of layers: activations, losses, forward, backward and clipping of a network of dense layers."""

from itertools import pairwise

import numpy as np

from grader import Case, check, require
from grader.errors import FOLLOW_THROUGH, Crashed, Mismatch
from grader.families import gradient, values

ACTIVATIONS = ("sigmoid", "tanh", "relu", "identity")


def signed(rng, low, high, shape):
    """Entries with a size between low and high, both signs among them where there are two."""
    count = int(np.prod(shape))
    signs = rng.permutation(np.resize([1.0, -1.0], count)).reshape(shape)
    return rng.uniform(low, high, shape) * signs


def draw_params(rng, widths):
    """W1, b1, ..., WL, bL of a network with `widths` = (d, k_1, ..., k_L)."""
    params = {}
    for layer, (k_in, k_out) in enumerate(pairwise(widths), start=1):
        params[f"W{layer}"] = signed(rng, 0.5, 0.7, (k_out, k_in))
        params[f"b{layer}"] = signed(rng, 0.2, 0.4, (k_out,))
    return params


def one_hot(rng, n, k):
    return np.eye(k)[rng.permutation((np.arange(n) + rng.integers(k)) % k)]


def targets(rng, loss_name, n, k):
    """y (n, k); all classes among them where there are enough rows."""
    if loss_name == "cce":
        return one_hot(rng, n, k)
    if loss_name == "bce":
        return rng.permutation((np.arange(n * k) + rng.integers(2)) % 2).astype(float).reshape(n, k)
    return rng.normal(size=(n, k))


def calm(name, z, *, last):
    """Whether z is fit to be asked: no kink of relu near, units that work and others that do not, no certain output."""
    if name == "relu":
        return np.abs(z).min() > 0.01 and 0.3 <= np.mean(z > 0) <= 0.8
    if last and name == "sigmoid":
        return np.abs(z).max() < 1.7
    return not (last and name == "softmax") or np.ptp(z, axis=1).max() < 2.0


def problem(case, loss_name, n, widths, names):
    """Return params, X (n, d) and y (n, k_L). A layer's z is what the network cut there gives with an identity."""
    while True:
        params = draw_params(case.rng, widths)
        X = case.rng.uniform(-1.5, 1.5, (n, widths[0]))
        found = []
        for layer, name in enumerate(names, start=1):
            last = layer == len(names)
            if name == "relu" or (last and loss_name != "mse"):
                cut = {key: value for key, value in params.items() if int(key[1:]) <= layer}
                z = case.reference.forward(cut, X, [*names[: layer - 1], "identity"])[-1]
                found.append(calm(name, z, last=last))
        if all(found):
            return params, X, targets(case.rng, loss_name, n, widths[-1])


def sizes_of(n, widths):
    """The lengths that a wrong factor may be."""
    return {"n": n, "outputs": widths[-1], "n * outputs": n * widths[-1]}


def activation_of(module, name, z):
    return module.softmax(z) if name == "softmax" else module.activation(name, z)


def derivative_of(module, name, z):
    """The derivative; one that is 1 everywhere may come back as the number 1."""
    got = module.activation_derivative(name, z)
    return np.full(z.shape, float(got)) if type(got) in (int, float) else got


def output_of(student, params, X, names):
    """What the network gives out: the last entry of the student's list."""
    layers = student.forward(params, X, list(names))
    require(type(layers) in (list, tuple) and len(layers) > 0, es="`forward` no devuelve una lista", en="`forward` returns no list")
    return layers[-1]


def wrong_functions(case):
    """The names that the student's own functions get wrong: other checks have taken the points for them."""
    wrong = set()
    for name in (*ACTIVATIONS, "softmax"):
        for function in (activation_of,) if name == "softmax" else (activation_of, derivative_of):
            z = signed(case.rng, 0.2, 2.5, (4, 3))
            try:
                got = function(case.student, name, z)
            except Crashed:
                got = None
            try:
                values.matches(got, function(case.reference, name, z), name)
            except Mismatch:
                wrong.add(name)
    return wrong


def judge_gradient(case, loss_name, n, widths, names):
    """`backward` at one new point, with follow-through for the student's own forward and loss."""
    params, X, y = problem(case, loss_name, n, widths, names)
    others = (case.rng.uniform(-1.5, 1.5, X.shape), targets(case.rng, loss_name, *y.shape))
    got = case.student.backward(params, X, y, list(names), loss_name)
    gradient.matches(
        got,
        case.reference.backward(params, X, y, list(names), loss_name),
        at=params,
        loss=lambda at, X, y: case.student.loss(loss_name, output_of(case.student, at, X, names), y),
        inputs=(X, y),
        others=others,
        sizes=sizes_of(n, widths),
    )


def judge_gradients(case, networks):
    """`backward` for several networks; where it fails only for functions that are wrong themselves it keeps 60 %."""
    wrong, first, right = wrong_functions(case), None, 0
    for network in networks:
        try:
            judge_gradient(case, *network)
            right += 1
        except Mismatch as mismatch:
            if not wrong & set(network[-1]):
                raise
            first = first or mismatch
    if first:
        first.earned = FOLLOW_THROUGH if right else first.earned
        raise first


def follows_own_activations(student, params, layers, names):
    """Whether each layer is the student's own activation of what comes before it, and that activation says something."""
    try:
        for layer, name in enumerate(names, start=1):
            W, b = params[f"W{layer}"], params[f"b{layer}"]
            z = values.array(layers[layer - 1], (len(layers[0]), W.shape[1]), "forward") @ W.T + b
            own = values.array(activation_of(student, name, z), z.shape, name)
            values.matches(layers[layer], own, "forward")
            if not np.ptp(own, axis=0).max() > 1e-3:
                return False
    except (Crashed, Mismatch):
        return False
    return True


@check
def activation_applies_the_named_function(case: Case) -> None:
    for n, k in [(5, 3), (1, 4)]:
        for name in ACTIVATIONS:
            z = signed(case.rng, 0.2, 2.5, (n, k))
            values.matches(case.student.activation(name, z), case.reference.activation(name, z), name, sizes={"n": n, "k": k})


@check
def activation_derivative_is_taken_at_z(case: Case) -> None:
    for n, k in [(5, 3), (1, 4)]:
        for name in ACTIVATIONS:
            z = signed(case.rng, 0.2, 2.5, (n, k))
            got = derivative_of(case.student, name, z)
            values.matches(got, case.reference.activation_derivative(name, z), f"{name}'", sizes={"n": n, "k": k})

    z = np.where(case.rng.permutation(6).reshape(3, 2) < 3, 0.0, signed(case.rng, 0.2, 2.5, (3, 2)))
    at_zero = values.array(case.student.activation_derivative("relu", z), z.shape, "relu'")[z == 0]
    require(
        not at_zero.any(),
        es="la derivada de `relu` en z = 0, exactamente, debe valer 0",
        en="the derivative of `relu` at z = 0, exactly, must be 0",
        earned=FOLLOW_THROUGH,
    )


@check
def loss_is_the_named_mean(case: Case) -> None:
    for n, k in [(5, 3), (4, 2), (1, 3)]:
        for name in ("mse", "bce", "cce"):
            predictions = case.rng.normal(size=(n, k)) if name == "mse" else case.rng.uniform(0.2, 0.8, (n, k))
            if name == "cce":
                predictions /= predictions.sum(axis=1, keepdims=True)
            y = targets(case.rng, name, n, k)
            got = case.student.loss(name, predictions, y)
            values.matches(got, case.reference.loss(name, predictions, y), name, sizes=sizes_of(n, (k,)), cap=1e-4)


@check
def forward_returns_every_layer(case: Case) -> None:
    for n, k in [(4, 3), (1, 5)]:
        z = case.rng.normal(size=(n, k))
        got = case.student.softmax(z)
        values.matches(got, case.reference.softmax(z), "softmax", scale=1.0, sizes={"n": n, "k": k})

    for loss_name, n, widths, names in [
        ("cce", 6, (3, 5, 4, 2), ("tanh", "relu", "softmax")),
        ("mse", 5, (2, 4, 3), ("sigmoid", "identity")),
        ("bce", 1, (4, 3, 2), ("relu", "sigmoid")),
        ("mse", 4, (5, 3), ("tanh",)),
    ]:
        params, X, _ = problem(case, loss_name, n, widths, names)
        layers = values.parts(case.student.forward(params, X, list(names)), len(names) + 1, "forward")
        right = tuple(case.reference.forward(params, X, list(names)))
        try:
            values.matches(layers, right, "forward", sizes={"n": n})
        except Mismatch as mismatch:
            if follows_own_activations(case.student, params, (X, *layers[1:]), names):
                mismatch.earned = FOLLOW_THROUGH
            raise


@check
def backward_is_the_gradient(case: Case) -> None:
    networks = [
        ("cce", 6, (4, 5, 2, 3), ("relu", "tanh", "softmax")),
        ("bce", 5, (3, 4, 2), ("tanh", "sigmoid")),
        ("mse", 4, (5, 3, 2), ("sigmoid", "identity")),
        ("mse", 5, (3, 6, 4, 2), ("identity", "relu", "tanh")),
    ]
    judge_gradients(case, networks)


@check
def clip_scales_all_the_gradients_together(case: Case) -> None:
    """Entries between 3 and 9 in size: the joint norm of 26 of them is between 15 and 46."""
    shapes = {"W1": (4, 3), "b1": (4,), "W2": (2, 4), "b2": (2,)}
    got, right = [], []
    for low, high in [(4.0, 10.0), (50.0, 60.0), (1.0, 2.5)]:
        gradients = {name: signed(case.rng, 3.0, 9.0, shape) for name, shape in shapes.items()}
        max_norm = float(case.rng.uniform(low, high))
        got.append(case.student.clip_by_global_norm(gradients, max_norm))
        right.append(case.reference.clip_by_global_norm(gradients, max_norm))
    values.matches(tuple(got), tuple(right), "clip_by_global_norm")  # together: one factor is like another

    zero = {"W1": np.zeros((2, 3)), "b1": np.zeros(2)}
    values.matches(case.student.clip_by_global_norm(zero, 1.0), case.reference.clip_by_global_norm(zero, 1.0), "clip_by_global_norm")

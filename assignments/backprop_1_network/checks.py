"""Public checks of backprop_1_network: one hidden layer of sigmoids, mean binary cross-entropy."""

from fractions import Fraction
from itertools import pairwise

import numpy as np

from grader import Case, check, require
from grader.errors import StudentTrouble
from grader.families import convergence, gradient, values
from grader.pictures import boundary, curves


def problem(rng, n, d, h):
    """Parameters of a d-h-1 network, X (n, d), y (n,) of both classes; every probability is within 0.15 and 0.85."""
    signs = rng.permutation(np.where(np.arange(h) % 2, -1.0, 1.0))
    W2 = rng.uniform(0.5, 1.0, (1, h)) * signs * 2.8 / h
    params = {
        "W1": rng.normal(0.0, 0.7, (h, d)),
        "b1": rng.normal(0.0, 0.5, h),
        "W2": W2,
        "b2": rng.uniform(0.1, 0.3, 1) - W2.sum() / 2,
    }
    return params, rng.normal(size=(n, d)), rng.permutation(np.arange(n) % 2).astype(float)


def balanced(case, n, d, h, share, gain=1.0):
    """A problem of which the network gives `share` of the rows class 1: parameters, X (n, d) and z2 (n,)."""
    params, X, _ = problem(case.rng, n, d, h)
    p = case.reference.forward(params, X)
    z = np.log(p / (1.0 - p))
    level = np.quantile(z, 1.0 - share)
    return {**params, "W2": gain * params["W2"], "b2": gain * (params["b2"] - level)}, X, gain * (z - level)


def shapes(d, h):
    """The shape of every parameter of a d-h-1 network."""
    return {"W1": (h, d), "b1": (h,), "W2": (1, h), "b2": (1,)}


def data(case, n, seed):
    """What the student's `make_data` returns: X (n, 2) and y (n,), zeros and ones of any type."""
    X, y = values.parts(case.student.make_data(n, seed), 2, "make_data")
    X, y = values.array(X, (n, 2), "X"), values.array(y, (n,), "y")
    ok = bool(np.isin(y, (0.0, 1.0)).all())
    require(ok, es="`make_data` debe etiquetar con ceros y unos.", en="The labels of `make_data` must be zeros and ones.")
    return X, y


def separable(X, y):
    """Whether a line has class 0 on one side and class 1 on the other; in exact arithmetic, so no margin is too small.

    There is one if and only if all the differences between a point of class 1 and one of class 0 fit into an open half
    plane. `first` and `last` are the outermost ones so far, less than half a turn apart.
    """
    points = [(Fraction(float(u)), Fraction(float(v))) for u, v in X]
    zeros, ones = ([p for p, label in zip(points, y, strict=True) if label == k] for k in (0, 1))
    differences = [(p[0] - q[0], p[1] - q[1]) for p in ones for q in zeros]
    first = last = differences[0] if differences else None
    for u, v in differences:
        after_first, before_last = first[0] * v - first[1] * u, u * last[1] - v * last[0]
        if after_first < 0 < before_last:
            first = (u, v)
        elif before_last < 0 < after_first:
            last = (u, v)
        elif min(after_first, before_last) < 0 or (after_first == before_last == 0 and first[0] * u + first[1] * v <= 0):
            return False
    return bool(differences)


def follows_own_forward(case, params, X, classes):
    """Whether the classes are those of the student's own probabilities, wrong as these may be."""
    try:
        own = values.array(case.student.forward(params, X), classes.shape, "forward")
    except StudentTrouble:
        return False
    return np.array_equal(classes, own > 0.5)


def follows_own_probabilities(case, params, X, y, loss):
    """Whether the loss is the mean cross-entropy of the student's own probabilities, wrong as these may be."""
    try:
        p = values.array(case.student.forward(params, X), y.shape, "forward")
        if len(np.unique(p)) < len(p) or p.min() <= 0.0 or p.max() >= 1.0:
            return False
        values.matches(loss, float(-np.mean(np.log(np.where(y == 1.0, p, 1.0 - p)))), "loss", cap=1e-4)
    except StudentTrouble:
        return False
    return True


@check
def forward_gives_probabilities(case: Case) -> None:
    for n, d, h in [(7, 3, 4), (6, 2, 5), (1, 4, 3), (3, 5, 11)]:
        params, X, _ = problem(case.rng, n, d, h)
        got = case.student.forward(params, X)
        values.matches(got, case.reference.forward(params, X), "forward", scale=1.0, sizes={"n": n, "d": d, "h": h})


@check
def loss_is_the_mean_cross_entropy(case: Case) -> None:
    for n, d, h in [(7, 3, 4), (6, 2, 5), (1, 4, 3)]:
        params, X, y = problem(case.rng, n, d, h)
        got, expected = case.student.loss(params, X, y), case.reference.loss(params, X, y)
        if not follows_own_probabilities(case, params, X, y, got):  # a wrong `forward` has paid for itself
            values.matches(got, expected, "loss", sizes={"n": n, "d": d, "h": h}, cap=1e-4)


@check
def gradients_are_the_derivative_of_the_loss(case: Case) -> None:
    for n, d, h in [(7, 3, 4), (6, 2, 5), (1, 4, 3)]:
        params, X, y = problem(case.rng, n, d, h)
        got = case.student.gradients(params, X, y)
        gradient.matches(
            got,
            case.reference.gradients(params, X, y),
            at=params,
            loss=case.student.loss,
            inputs=(X, y),
            others=problem(case.rng, n, d, h)[1:],
            sizes={"n": n, "d": d, "h": h},
        )


@check
def predict_gives_the_likelier_class(case: Case) -> None:
    seen = set()
    for share in (0.5, 0.3, 0.7):
        params, X, z = balanced(case, 30, 3, 4, share, gain=5.0)
        clear, right = np.abs(z) > 0.1, np.where(z > 0.0, 1.0, 0.0)
        got = values.array(case.student.predict(params, X), (30,), "predict")
        if not np.array_equal(got[clear], right[clear]) and not follows_own_forward(case, params, X, got):
            values.matches(np.where(clear, got, right), right, "predict")
        seen |= set(got.tolist())
    require(len(seen) > 1, es="`predict` da siempre la misma clase.", en="`predict` always gives the same class.")


@check
def data_and_first_weights_are_usable(case: Case) -> None:
    both, line, different = True, True, True
    for n, d, h in [(40, 2, 8), (25, 3, 5), (13, 4, 6)]:
        seed = int(case.rng.integers(2**31))
        X, y = data(case, n, seed)
        both = both and 0.0 < y.mean() < 1.0
        line = line and separable(X, y)
        params = values.arrays(case.student.init_params(d, h, seed), shapes(d, h), "init_params")
        different = different and len(np.unique(params["W1"], axis=0)) == h
    for ok, other, es, en in [
        (both, different, "`make_data` da puntos de una sola clase.", "`make_data` gives points of one class only."),
        (line, different, "Ninguna recta separa las clases.", "No straight line separates the two classes."),
        (different, both and line, "Dos neuronas ocultas empiezan iguales.", "Two hidden units start alike."),
    ]:
        require(bool(ok), es=es, en=en, earned=0.5 if other else 0.0)


@check
def training_steps_against_the_gradient(case: Case) -> None:
    case.show(losses_shown, case, es="La pérdida al entrenar con 24 puntos", en="The loss while training on 24 points")
    case.show(
        boundary_shown, case, es="Dónde cambia de clase tu red, tras 200 épocas", en="Where your network changes class, after 200 epochs"
    )
    for n, d, h in [(9, 2, 4), (7, 3, 2)]:
        _, X, y = problem(case.rng, n, d, h)
        rate, seed = float(case.rng.uniform(0.2, 0.9)), int(case.rng.integers(2**31))
        sizes = {"n": n, "d": d, "h": h, "learning_rate": rate}
        runs = []
        for epochs in (0, 1, 2, 3):
            run = case.student.train(X, y, n_hidden=h, learning_rate=rate, epochs=epochs, seed=seed)
            params, history = values.parts(run, 2, "train")
            runs.append(params)
        points = [values.arrays(params, shapes(d, h), "params") for params in runs]

        def slope(params, X, y, d=d, h=h):
            return values.arrays(case.student.gradients(params, X, y), shapes(d, h), "gradients")

        slopes = [slope(params, X, y) for params in runs[:-1]]
        others = [slope(runs[0], -X, y), slope(runs[0], X, 1.0 - y)]
        alive = all(any(value.any() for value in own.values()) for own in slopes)
        telling = all(any(not np.array_equal(other[name], value) for name, value in slopes[0].items()) for other in others)
        require(alive and telling, es="`gradients` no depende de los datos.", en="`gradients` does not depend on the data.")
        for own, (before, after) in zip(slopes, pairwise(points), strict=True):
            convergence.step_matches(before, after, own, rate, sizes=sizes)
        losses = [values.number(case.student.loss(params, X, y), "loss") for params in runs[:-1]]
        convergence.history_matches(history, losses, sizes=sizes)


def two_groups(n):
    """X (n, 2), y (n,): a group of points for each class; the same in every picture."""
    y = np.arange(n) % 2.0
    return 0.7 * np.random.default_rng(1).normal(size=(n, 2)) + np.where(y[:, None] == 1.0, 1.2, -1.2), y


def losses_shown(case):
    """What `history` says, the losses at the parameters of shorter trainings, and the reference's training."""
    X, y = two_groups(24)
    lines = case.beside_reference(lambda module: module.train(X, y, epochs=24, seed=1)[1], "claimed")
    lines["recomputed"] = [case.student.loss(case.student.train(X, y, epochs=epochs, seed=1)[0], X, y) for epochs in range(24)]
    return curves(lines, x="epoch", y="loss")


def boundary_shown(case):
    X, y = two_groups(40)
    params, _ = case.student.train(X, y, epochs=200, seed=1)
    return boundary(X, y, lambda rows: case.student.forward(params, rows))

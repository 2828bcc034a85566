"""Public checks of backprop_3_regularization: one hidden layer of sigmoids with an L1 or L2 penalty on its weights."""

import math
from itertools import pairwise

import numpy as np

from grader import Case, check, require
from grader.errors import FOLLOW_THROUGH, Mismatch
from grader.families import convergence, gradient, regularization, values
from grader.pictures import curves

WEIGHTS = ("W1", "W2")


def problem(rng, n, d, h):
    """Parameters of a d-h-1 network, X (n, d), y (n,) of both classes; every probability is within 0.15 and 0.85."""
    signs = rng.permutation(np.where(np.arange(h) % 2, -1.0, 1.0))
    W2 = rng.uniform(0.5, 1.0, (1, h)) * signs * 2.8 / h
    params = {
        "W1": rng.uniform(0.2, 1.2, (h, d)) * rng.choice([-1.0, 1.0], (h, d)),
        "b1": rng.uniform(0.2, 0.8, h) * rng.choice([-1.0, 1.0], h),
        "W2": W2,
        "b2": rng.uniform(0.1, 0.3, 1) - W2.sum() / 2,
    }
    return params, rng.normal(size=(n, d)), rng.permutation(np.arange(n) % 2).astype(float)


def shapes(d, h):
    """The shape of every parameter of a d-h-1 network."""
    return {"W1": (h, d), "b1": (h,), "W2": (1, h), "b2": (1,)}


def norm(params):
    """The joint norm of W1 and W2."""
    return math.hypot(*(float(np.linalg.norm(params[name])) for name in WEIGHTS))


def data(case, n, noise, seed):
    """What the student's `make_noisy_data` returns: X (n, 2) and y (n,), zeros and ones of any type."""
    X, y = values.parts(case.student.make_noisy_data(n, noise, seed), 2, "make_noisy_data")
    X, y = values.array(X, (n, 2), "X"), values.array(y, (n,), "y")
    ok = bool(np.isin(y, (0.0, 1.0)).all())
    require(ok, es="`make_noisy_data` debe etiquetar con ceros y unos.", en="The labels of `make_noisy_data` must be zeros and ones.")
    return X, y


def separable(X, y):
    """Whether a line clearly has class 0 on one side and class 1 on the other.

    There is one if and only if all the differences between a point of class 1 and one of class 0 fit into an open half
    plane, which leaves a gap of more than half a turn between their angles.
    """
    differences = (X[y == 1][:, None] - X[y == 0][None]).reshape(-1, 2)
    if not differences.any(axis=1).all():
        return False
    angles = np.sort(np.arctan2(differences[:, 1], differences[:, 0]))
    return bool(np.diff(angles, append=angles[:1] + 2.0 * np.pi).max() > np.pi + 1e-9)


def listed(strengths, losses, rng):
    """Results of `compare_regularization` as it could have returned them; only the validation loss tells which is best."""
    kinds = ("train_loss", "validation_accuracy", "weight_norm")
    others = [dict(zip(kinds, rng.uniform(0.2, 0.9, 3).tolist(), strict=True)) for _ in strengths]
    return [
        {"strength": strength, "validation_loss": loss, **other} for strength, loss, other in zip(strengths, losses, others, strict=True)
    ]


@check
def loss_adds_the_penalty(case: Case) -> None:
    for n, d, h, kind in [(7, 3, 4, "l2"), (6, 2, 5, "l1"), (5, 3, 2, "none"), (1, 4, 3, "l2")]:
        params, X, y = problem(case.rng, n, d, h)
        strength = float(case.rng.uniform(0.05, 0.2))
        sizes = {"n": n, "d": d, "h": h, "strength": strength}
        p = case.student.forward(params, X)
        values.matches(p, case.reference.forward(params, X), "forward", scale=1.0, sizes=sizes)
        got = case.student.loss(params, X, y, kind, strength)
        right = case.reference.loss(params, X, y, kind, strength)
        alone = case.reference.loss(params, X, y, "none", 0.0)
        try:
            values.matches(got, right, "loss", sizes=sizes, cap=1e-4)
        except Mismatch as mismatch:
            own = values.number(case.student.penalty(params, kind, strength), "penalty")
            if kind != "none" and abs(own) > 0.01 * (right - alone) and abs(values.number(got, "loss") - alone - own) < 1e-4 * alone:
                mismatch.earned = FOLLOW_THROUGH
            raise


@check
def penalty_counts_the_weights(case: Case) -> None:
    for d, h, kind in [(3, 4, "l2"), (3, 4, "l1"), (2, 5, "none"), (4, 3, "l2"), (5, 2, "l1")]:
        params, _, _ = problem(case.rng, 1, d, h)
        strength = float(case.rng.uniform(0.05, 0.9))
        sizes = {"d": d, "h": h, "strength": strength, "W1.size": d * h, "W1.size + W2.size": d * h + h}
        got = case.student.penalty(params, kind, strength)
        values.matches(got, case.reference.penalty(params, kind, strength), "penalty", sizes=sizes)
        got = case.student.penalty_gradient(params, kind, strength)
        values.matches(got, case.reference.penalty_gradient(params, kind, strength), "penalty_gradient", sizes=sizes)


@check
def gradients_add_the_penalty(case: Case) -> None:
    for n, d, h, kind in [(7, 3, 4, "l2"), (6, 2, 5, "l1"), (5, 3, 2, "none"), (1, 4, 3, "l1")]:
        params, X, y = problem(case.rng, n, d, h)
        _, other_X, other_y = problem(case.rng, n, d, h)
        strength = float(case.rng.uniform(0.02, 0.1))
        sizes = {"n": n, "d": d, "h": h, "strength": strength}

        def loss(params, X, y, kind=kind, strength=strength):
            return case.student.loss(params, X, y, kind, strength)

        got = case.student.gradients(params, X, y, kind, strength)
        right = case.reference.gradients(params, X, y, kind, strength)
        gradient.matches(got, right, at=params, loss=loss, inputs=(X, y), others=(other_X, 1.0 - y if n == 1 else other_y), sizes=sizes)
        if kind != "none":
            plain = case.student.gradients(params, X, y, kind, 0.0)
            push = case.reference.penalty_gradient(params, kind, strength)
            regularization.difference_matches(got, plain, push, sizes=sizes)


@check
def data_and_first_weights_are_usable(case: Case) -> None:
    both, line, different = True, False, True
    for n, d, h in [(150, 2, 8), (151, 3, 5)]:
        seed = int(case.rng.integers(2**31))
        X, y = data(case, n, 0.3, seed)
        both = both and 0.0 < y.mean() < 1.0
        line = line or (0.0 < y.mean() < 1.0 and separable(X, y))
        params = values.arrays(case.student.init_params(d, h, seed), shapes(d, h), "init_params")
        different = different and len(np.unique(params["W1"], axis=0)) == h
    for ok, other, es, en in [
        (both, different, "`make_noisy_data` da puntos de una sola clase.", "`make_noisy_data` gives points of one class only."),
        (not line, different, "Una recta separa las dos clases.", "A straight line separates the two classes."),
        (different, both and not line, "Dos neuronas ocultas empiezan iguales.", "Two hidden units start alike."),
    ]:
        require(bool(ok), es=es, en=en, earned=0.5 if other else 0.0)


@check
def training_steps_against_the_gradient(case: Case) -> None:
    for n, d, h, kind in [(9, 2, 4, "l2"), (7, 3, 2, "l1"), (6, 2, 3, "none")]:
        _, X, y = problem(case.rng, n, d, h)
        rate, strength, seed = float(case.rng.uniform(0.2, 0.9)), float(case.rng.uniform(0.02, 0.1)), int(case.rng.integers(2**31))
        sizes = {"n": n, "d": d, "h": h, "learning_rate": rate, "strength": strength}
        runs = []
        for epochs in (0, 1, 2, 3):
            run = case.student.train(X, y, kind, strength, n_hidden=h, learning_rate=rate, epochs=epochs, seed=seed)
            params, history = values.parts(run, 2, "train")
            runs.append(params)
        points = [values.arrays(params, shapes(d, h), "params") for params in runs]

        def slope(params, X, y, strength, d=d, h=h, kind=kind):
            return values.arrays(case.student.gradients(params, X, y, kind, strength), shapes(d, h), "gradients")

        slopes = [slope(params, X, y, strength) for params in runs[:-1]]
        others = [slope(runs[0], -X, y, strength), slope(runs[0], X, 1.0 - y, strength)]
        others += [slope(runs[0], X, y, 3.0 * strength)] if kind != "none" else []
        telling = all(any(not np.array_equal(other[name], value) for name, value in slopes[0].items()) for other in others)
        require(
            telling,
            es="`gradients` no depende de los datos o de la fuerza de la penalización.",
            en="`gradients` does not depend on the data or on the strength of the penalty.",
        )
        for own, (before, after) in zip(slopes, pairwise(points), strict=True):
            convergence.step_matches(before, after, own, rate, sizes=sizes)
        losses = [values.number(case.student.loss(params, X, y, kind, strength), "loss") for params in runs[:-1]]
        convergence.history_matches(history, losses, sizes=sizes)


@check
def comparison_describes_each_strength(case: Case) -> None:
    case.show(
        strengths_shown, case, es="Tu comparación con L2: entrenamiento y validación", en="Your comparison with L2: training and validation"
    )
    for kind, strengths in [("l2", [0.05, 0.0, 0.2]), ("l1", [0.0, 0.06, 0.02])]:
        _, X, y = problem(case.rng, 12, 2, 3)
        _, X_val, y_val = problem(case.rng, 7, 2, 3)
        seed = int(case.rng.integers(2**31))
        got = case.student.compare_regularization(X, y, X_val, y_val, kind, strengths, epochs=6, seed=seed)
        right = [described(case, X, y, X_val, y_val, kind, strength, seed) for strength in strengths]
        settle(values.parts(got, len(strengths), "compare_regularization"), right)
        values.matches(got, [result for result, _, _ in right], "compare_regularization", cap=1e-4)
    strengths = [0.3, 0.0, 0.1, 0.01]
    losses = (0.3 + 0.1 * case.rng.permutation(4)).tolist()
    best = case.student.best_strength(listed(strengths, losses, case.rng))
    regularization.best_is_lowest(best, strengths, losses)


def described(case, X, y, X_val, y_val, kind, strength, seed):
    """What a result must be for the student's own training: the result, its penalty, and the rows at no clear class."""
    run = case.student.train(X, y, kind, strength, epochs=6, seed=seed)
    params, _ = values.parts(run, 2, "train")
    point = values.arrays(params, shapes(2, 16), "params")
    p = values.array(case.student.forward(params, X_val), y_val.shape, "forward")
    plain = values.number(case.student.loss(params, X, y, "none", 0.0), "loss")
    full = values.number(case.student.loss(params, X, y, kind, strength), "loss")
    result = {
        "strength": strength,
        "validation_loss": values.number(case.student.loss(params, X_val, y_val, "none", 0.0), "loss"),
        "weight_norm": norm(point),
        "validation_accuracy": float(np.mean((p > 0.5) == y_val)),
        "train_loss": plain,
    }
    return result, full, float(np.mean(np.abs(p - 0.5) < 1e-6))


def settle(got, right):
    """Settle what is left open as the student did: a training loss with the penalty, a row of probability 0.5."""
    for i, (mine, (result, full, unclear)) in enumerate(zip(got, right, strict=True)):
        name = f"compare_regularization[{i}]"
        values.arrays(mine, {}, name)
        own = {key: values.number(mine[key], f"{name}[{key!r}]") for key in ("train_loss", "validation_accuracy") if key in mine}
        if abs(own.get("train_loss", 0.0) - full) < abs(own.get("train_loss", 0.0) - result["train_loss"]):
            result["train_loss"] = full
        if abs(own.get("validation_accuracy", 0.0) - result["validation_accuracy"]) < unclear + 1e-9 and len(own) == 2:
            result["validation_accuracy"] = own["validation_accuracy"]


def strengths_shown(case):
    X = np.random.default_rng(1).normal(size=(40, 2))
    y = (X[:, 0] + np.random.default_rng(2).normal(size=40) > 0.0).astype(float)
    strengths = [0.001, 0.003, 0.01, 0.03, 0.1]
    results = case.student.compare_regularization(X[:20], y[:20], X[20:], y[20:], "l2", strengths, epochs=60, seed=1)
    lines = {name: [result[name] for result in results] for name in ("train_loss", "validation_loss")}
    return curves(lines, x="strength", y="loss", at=strengths)

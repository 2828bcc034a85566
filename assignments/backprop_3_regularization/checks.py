"""Public checks of backprop_3_regularization: one hidden layer of sigmoids with an L1 or L2 penalty on its weights."""

import math
from itertools import pairwise, product

import numpy as np

from grader import Case, check, require
from grader.errors import FOLLOW_THROUGH, Crashed, Mismatch, StudentTrouble
from grader.families import convergence, gradient, regularization, values
from grader.pictures import curves

WEIGHTS = ("W1", "W2")
MEASURES = ("strength", "train_loss", "validation_loss", "validation_accuracy", "weight_norm")
EPOCHS = 20  # of a comparison; after 6 the biases, which its norm leaves out, were still too small to be seen well
HIDDEN = (16, 8, 4, 10, 32, 64, 100, *(size for size in range(1, 51) if size not in (16, 8, 4, 10, 32)), 128)  # of a comparison


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
    """Results of `compare_regularization` as it could have returned them; only the validation loss tells which is best.

    The best one has neither the largest nor the smallest of anything else: drawn freely, one in four was the best by accuracy too.
    """
    best = min(range(len(losses)), key=lambda i: losses[i] if math.isfinite(losses[i]) else math.inf)
    others = {}
    for kind in ("train_loss", "validation_accuracy", "weight_norm"):
        numbers = np.sort(rng.uniform(0.2, 0.9, len(losses)))
        middle = int(rng.integers(1, len(losses) - 1))
        others[kind] = np.insert(rng.permutation(np.delete(numbers, middle)), best, numbers[middle]).tolist()
    return [
        {"strength": strength, "validation_loss": loss, **{kind: numbers[i] for kind, numbers in others.items()}}
        for i, (strength, loss) in enumerate(zip(strengths, losses, strict=True))
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
        X, y = case.rng.normal(size=(12, 2)), case.rng.permutation(np.arange(12) > 1).astype(float)  # most of one class: biases grow
        _, X_val, y_val = problem(case.rng, 7, 2, 3)
        data, seed = (X, y, X_val, y_val), int(case.rng.integers(2**31))
        got = compared(case, data, kind, strengths, EPOCHS, seed)
        right = own_training(case, data, kind, strengths, got, seed)
        if right is None:
            require_measured(case, data, kind, strengths, got, seed)
            require_trained(case, data, kind, seed)
            require_joint_norm(case, data, seed)
        else:
            values.matches(got, right, "compare_regularization", cap=1e-4)
    require_best(case, [([0.3, 0.0, 0.1, 0.01], (0.3 + 0.1 * case.rng.permutation(4)).tolist()) for _ in range(6)])


def require_best(case, choices):
    """`best_strength` chooses well among each (strengths, losses). All are asked first: one choice alone tells no mistake from others."""
    chosen = [case.student.best_strength(listed(*choice, case.rng)) for choice in choices]
    for best, choice in zip(chosen, choices, strict=True):
        try:
            regularization.best_is_lowest(best, *choice)
        except Mismatch as mismatch:
            mismatch.got, mismatch.expected = tuple(str(one)[:20] for one in chosen), tuple(map(str, choices))
            raise


def compared(case, data, kind, strengths, epochs, seed):
    """What the student's `compare_regularization` returns, one dict of numbers for each strength."""
    got = case.student.compare_regularization(*data, kind, strengths, epochs=epochs, seed=seed)
    items = values.parts(got, len(strengths), "compare_regularization")
    named = [(f"compare_regularization[{i}]", item) for i, item in enumerate(items)]
    for name, item in named:
        values.arrays(item, {}, name)
        lacking = [key for key in MEASURES if key not in item]
        require(not lacking, es=f"A un resultado le falta {lacking}.", en=f"A result lacks {lacking}.")
    return [{key: values.number(item[key], f"{name}[{key!r}]") for key in MEASURES} for name, item in named]


# Most students call their `train` as it is, and what it gives is then exact, whatever is wrong in their network. Who trains in
# another way (another hidden size or rate, a loop inside, a rule of their own for the seeds) is recognised by the network that they
# begin with; who begins where nothing else of theirs does is judged by the answers alone.


def own_training(case, data, kind, strengths, got, seed):
    """The results that the student's own training should give: those that are like `got`, whatever the hidden size.

    Where none are but a network of theirs begins as the comparison does, those of that network. None where none does.
    """
    first, (begin,) = beginning(case, data, kind, strengths[:1], seed)
    known = None
    for hidden in HIDDEN:
        (start,) = described(case, data, kind, strengths[:1], first, [seed], hidden, 0.5, [begin])
        off = {key: abs(begin[key] - start[key]) / (start[key] or 1.0) for key in ("weight_norm", "validation_loss")}
        if min(off.values()) > 1e-5:
            continue
        rates = dict.fromkeys([0.5, own_rate(case, data, seed)])
        for rate, apart in product(rates, (0, 1)):  # all from the same seed, or each from one of its own
            seeds = [seed + apart * i for i in range(len(strengths))]
            right = described(case, data, kind, strengths, EPOCHS, seeds, hidden, rate, got)
            try:
                values.matches(got, right, "compare_regularization", cap=1e-4)
            except Mismatch:
                even = abs(start["validation_loss"] - math.log(2.0)) < 1e-3  # as with all networks whose output weights are 0
                sure = off["weight_norm"] < 1e-9 or (off["validation_loss"] < 1e-9 and not even)
                known = right if known is None and sure and rate == [*rates][-1] else known
            else:
                return right
    return known


def beginning(case, data, kind, strengths, seed):
    """A comparison after no epoch and what it returns; after one where its `train_loss` is the last of a history, which is then empty."""
    try:
        return 0, compared(case, data, kind, strengths, 0, seed)
    except Crashed:
        return 1, compared(case, data, kind, strengths, 1, seed)


def own_rate(case, data, seed):
    """The rate at which the comparison trains, about which nothing is said: one step of L2 with a strength s takes 2 rate s W."""
    strength = 1e6  # what the loss pushes is nothing beside it, even where all weights are 0.001
    try:
        (start,), (end,) = (compared(case, data, "l2", [strength], epochs, seed) for epochs in (0, 1))
    except StudentTrouble:  # an overflow
        return 0.5
    return float(f"{(1.0 + end['weight_norm'] / (start['weight_norm'] or 1.0)) / (2.0 * strength):.2g}")


def recorded(history, epochs):
    """The last loss of a history, in a list: as `train_loss` it is as good as the loss after the last update. None of a wrong history."""
    try:
        return [values.number(loss, "history") for loss in values.parts(history, epochs, "history")[-1:]]
    except Mismatch:
        return []


def described(case, data, kind, strengths, epochs, seeds, hidden, rate, got):
    """What the student's own training gives for each strength; what is left open is settled as in `got`."""
    X, y, X_val, y_val = data
    right = []
    for strength, seed, mine in zip(strengths, seeds, got, strict=True):
        run = case.student.train(X, y, kind, strength, n_hidden=hidden, learning_rate=rate, epochs=epochs, seed=seed)
        params, history = values.parts(run, 2, "train")
        point = values.arrays(params, shapes(X.shape[1], hidden), "params")
        p = values.array(case.student.forward(params, X_val), y_val.shape, "forward")
        losses = [values.number(case.student.loss(params, X, y, *term), "loss") for term in (("none", 0.0), (kind, strength))]
        losses += recorded(history, epochs)
        accuracy, unclear = float(np.mean((p > 0.5) == y_val)), float(np.mean(np.abs(p - 0.5) < 1e-6))
        own = float(mine["validation_accuracy"])
        right.append(
            {
                "strength": strength,
                "validation_loss": values.number(case.student.loss(params, X_val, y_val, "none", 0.0), "loss"),
                "weight_norm": norm(point),
                "validation_accuracy": own if abs(own - accuracy) < unclear + 1e-9 else accuracy,
                "train_loss": min(losses, key=lambda loss, mine=mine: abs(loss - mine["train_loss"])),
            }
        )
    return right


def require_measured(case, data, kind, strengths, got, seed):
    """The validation loss is the mean cross-entropy of the validation rows, the accuracy theirs; the training loss is alike."""
    X, y, X_val, y_val = data
    values.matches([item["strength"] for item in got], strengths, "strength")
    found = {key: np.array([float(item[key]) for item in got]) for key in MEASURES}

    def validation(X_val, y_val):
        return np.array([item["validation_loss"] for item in compared(case, (X, y, X_val, y_val), kind, strengths, EPOCHS, seed)])

    pairs = np.array([[validation(row[None], np.array([label])) for label in (0.0, 1.0)] for row in X_val])
    odds = pairs[:, 0] - pairs[:, 1]
    right = (odds > 0.0) == (y_val[:, None] == 1)
    alone = np.logaddexp(0.0, np.where(y_val == 1, -1.0, 1.0)[:, None] * odds).mean(axis=0)

    def is_train_loss(epochs):
        items = compared(case, (X, y, X, y), kind, strengths, epochs, seed)
        plain, norms = (np.array([item[key] for item in items]) for key in ("validation_loss", "weight_norm"))
        penalty = np.array(strengths) * norms ** (2 if kind == "l2" else 1)  # for L1 at least so much
        surplus = found["train_loss"] - plain
        full = np.abs(surplus - penalty) < 1e-4 * (plain + penalty) if kind == "l2" else surplus > penalty - 1e-4 * plain
        return np.all(np.abs(surplus) < 1e-4 * plain) or np.all(full)

    for ok, es, en in [
        (
            np.allclose(np.exp(-pairs).sum(axis=1), 1.0, rtol=0.0, atol=1e-4) and np.allclose(found["validation_loss"], alone, rtol=1e-4),
            "`validation_loss` no es la entropía cruzada media de X_val e y_val, sin penalización.",
            "`validation_loss` is not the mean cross-entropy of X_val and y_val, without the penalty.",
        ),
        (
            np.all(np.abs(found["validation_accuracy"] - right.mean(axis=0)) < (np.abs(odds) < 1e-5).mean(axis=0) + 1e-6),
            "`validation_accuracy` no es la parte de las filas de validación cuya clase más probable es la suya.",
            "`validation_accuracy` is not the share of the validation rows whose likelier class is their own.",
        ),
        (
            is_train_loss(EPOCHS) or is_train_loss(EPOCHS - 1),
            "`train_loss` no es la pérdida de X_train e y_train, ni con la penalización ni sin ella.",
            "`train_loss` is not the loss of X_train and y_train, neither with the penalty nor without it.",
        ),
    ]:
        require(bool(ok), es=es, en=en)


def require_trained(case, data, kind, seed):
    """The seed, the strength and the epochs matter, the strengths before do not, and a strength of 0 is no penalty."""

    def norm(*strengths, kind=kind, epochs=9, seed=seed):
        return float(compared(case, data, kind, list(strengths), epochs, seed)[-1]["weight_norm"])

    def equal(first, second):
        return math.isclose(first, second, rel_tol=1e-6)

    for ok, es, en in [
        (
            equal(norm(0.1), norm(0.1)) and not all(equal(norm(0.1), norm(0.1, seed=seed + other)) for other in (1, 7)),
            "En `compare_regularization` la semilla no decide el resultado: la misma debe dar lo mismo, y otra otra cosa.",
            "In `compare_regularization` the seed does not decide the result: the same one should give the same, another something else.",
        ),
        (
            norm(0.1) < norm(0.0) * (1.0 - 1e-6),
            "En `compare_regularization` la penalización no encoge los pesos.",
            "In `compare_regularization` the penalty does not shrink the weights.",
        ),
        (
            not equal(norm(0.1), norm(0.1, epochs=1)),
            "`compare_regularization` no usa `epochs`.",
            "`compare_regularization` does not use `epochs`.",
        ),
        (
            equal(norm(0.2, 0.1), norm(0.01, 0.1)),
            "El resultado de una fuerza depende de las anteriores: cada red se entrena desde el principio.",
            "The result of a strength depends on those before it: each network is trained from the beginning.",
        ),
        (
            equal(norm(0.0), norm(0.3, kind="none")),
            'En `compare_regularization` una fuerza de 0 no da lo mismo que "none".',
            'In `compare_regularization` a strength of 0 does not give the same as "none".',
        ),
    ]:
        require(bool(ok), es=es, en=en)


def require_joint_norm(case, data, seed):
    """`weight_norm` is the root of the sum of squares over W1 and W2: a large step of L1 makes all h (d + 1) weights equally large.

    The rate is known from the same step with L2. A sum of absolute values, or of one matrix, gives no h, or another one for other d.
    """
    strength, hidden = 1e6, []
    ones = [(*data[:2], row[None], np.ones(1)) for row in data[2]]
    starts = [beginning(case, one, "none", [0.0], seed) for one in ones]
    if any(epochs for epochs, _ in starts) or np.ptp([items[0]["validation_loss"] for _, items in starts]) < 1e-9:
        return  # W2 is 0 at first, so that L1 does not push it, or it cannot be seen
    for d in (2, 3):
        wide = (np.hstack([data[0], data[0]])[:, :d], data[1], np.hstack([data[2], data[2]])[:, :d], data[3])
        try:
            start, squares, absolutes = (
                float(compared(case, wide, kind, [strength], epochs, seed)[0]["weight_norm"])
                for kind, epochs in (("l2", 0), ("l2", 1), ("l1", 1))
            )
        except StudentTrouble:  # an overflow
            return
        rate = (1.0 + squares / (start or 1.0)) / (2.0 * strength)
        hidden.append((absolutes / (rate * strength)) ** 2 / (d + 1))
    require(
        all(abs(h - round(h)) < 0.02 * h for h in hidden) and abs(hidden[0] - hidden[1]) < 0.04 * hidden[0],
        es="`weight_norm` no es la raíz de la suma de los cuadrados de W1 y de W2.",
        en="`weight_norm` is not the root of the sum of the squares of W1 and of W2.",
    )


def strengths_shown(case):
    X = np.random.default_rng(1).normal(size=(40, 2))
    y = (X[:, 0] + np.random.default_rng(2).normal(size=40) > 0.0).astype(float)
    strengths = [0.001, 0.003, 0.01, 0.03, 0.1]
    results = case.student.compare_regularization(X[:20], y[:20], X[20:], y[20:], "l2", strengths, epochs=60, seed=1)
    lines = {name: [result[name] for result in results] for name in ("train_loss", "validation_loss")}
    return curves(lines, x="strength", y="loss", at=strengths)

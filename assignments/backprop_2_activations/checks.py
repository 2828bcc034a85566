"""Public checks of backprop_2_activations: a hidden layer of ReLU, sigmoid or tanh, and the gradient of a deep stack."""

from itertools import combinations, pairwise, product

import numpy as np

from grader import Case, check, require
from grader.errors import Mismatch
from grader.families import convergence, gradient, values
from grader.pictures import curves

HIDDEN = (8, 16, 4, 10, 32, 64, 100, *(size for size in range(1, 51) if size not in (8, 16, 4, 10, 32)), 128)  # nothing is said about it
NAMES = ("relu", "sigmoid", "tanh")


def problem(rng, n, d, h):
    """Parameters of a d-h-1 network, X (n, d), y (n,) of both classes.

    Every probability is within 0.15 and 0.85 with any activation, no z1 is within 0.01 of 0, where ReLU has its kink, and
    for each row at least one unit is active and one is not.
    """
    while True:
        params = {
            "W1": rng.normal(0.0, 0.6, (h, d)),
            "b1": rng.normal(0.0, 0.4, h),
            "W2": rng.uniform(0.2, 0.7, (1, h)) * rng.choice([-1.0, 1.0], (1, h)),
            "b2": rng.uniform(0.1, 0.3, 1),
        }
        X = rng.normal(size=(n, d))
        z1 = X @ params["W1"].T + params["b1"]
        z2 = np.array([a1 @ params["W2"][0] + params["b2"] for a1 in (np.maximum(z1, 0.0), np.tanh(z1), 1.0 / (1.0 + np.exp(-z1)))])
        active = (z1 > 0.0).any(axis=1) & (z1 < 0.0).any(axis=1)
        if np.abs(z2).max() < 1.7 and np.abs(z1).min() > 0.01 and active.all():
            return params, X, rng.permutation(np.arange(n) % 2).astype(float)


def shapes(d, h):
    """The shape of every parameter of a d-h-1 network."""
    return {"W1": (h, d), "b1": (h,), "W2": (1, h), "b2": (1,)}


def stack(case, name, n_layers, width, weight_scale, seed):
    """What the student's `layer_gradient_norms` returns, (n_layers,)."""
    return values.array(case.student.layer_gradient_norms(name, n_layers, width, weight_scale, seed), (n_layers,), "layer_gradient_norms")


@check
def activations_and_derivatives(case: Case) -> None:
    for name in NAMES:
        for shape in [(4, 3), (5,)]:
            z = case.rng.uniform(0.1, 2.5, shape) * case.rng.choice([-1.0, 1.0], shape)
            z.flat[:2] = np.abs(z.flat[0]), -np.abs(z.flat[1])
            for function in ("activation", "activation_derivative"):
                got = getattr(case.student, function)(name, z)
                values.matches(got, getattr(case.reference, function)(name, z), f'{function}("{name}", z)', scale=1.0)


@check
def loss_is_the_mean_cross_entropy(case: Case) -> None:
    for (n, d, h), name in zip([(7, 3, 4), (6, 2, 5), (5, 4, 3), (1, 4, 3)], (*NAMES, "relu"), strict=True):
        params, X, y = problem(case.rng, n, d, h)
        sizes = {"n": n, "d": d, "h": h}
        got = case.student.forward(params, X, name)
        values.matches(got, case.reference.forward(params, X, name), f'forward with "{name}"', scale=1.0, sizes=sizes)
        got = case.student.loss(params, X, y, name)
        values.matches(got, case.reference.loss(params, X, y, name), f'loss with "{name}"', sizes=sizes, cap=1e-4)


@check
def gradients_are_the_derivative_of_the_loss(case: Case) -> None:
    for (n, d, h), name in zip([(7, 3, 4), (6, 2, 5), (5, 4, 3), (1, 4, 3), (7, 2, 3)], (*NAMES, "tanh", "relu"), strict=True):
        params, X, y = problem(case.rng, n, d, h)
        _, other_X, other_y = problem(case.rng, n, d, h)

        def loss(params, X, y, name=name):
            return case.student.loss(params, X, y, name)

        got = case.student.gradients(params, X, y, name)
        gradient.matches(
            got,
            case.reference.gradients(params, X, y, name),
            at=params,
            loss=loss,
            inputs=(X, y),
            others=(other_X, 1.0 - y if n == 1 else other_y),
            sizes={"n": n, "d": d, "h": h},
        )


@check
def training_steps_against_the_gradient(case: Case) -> None:
    for (n, d, h), name in zip([(9, 2, 4), (7, 3, 2), (8, 2, 5)], NAMES, strict=True):
        _, X, y = problem(case.rng, n, d, h)
        rate, seed = float(case.rng.uniform(0.2, 0.6)), int(case.rng.integers(2**31))
        sizes = {"n": n, "d": d, "h": h, "learning_rate": rate}
        first = values.arrays(case.student.init_params(d, h, seed), shapes(d, h), "init_params")
        different = len(np.unique(first["W1"], axis=0)) == h
        require(different, es="Dos neuronas ocultas empiezan iguales.", en="Two hidden units start alike.")
        runs = []
        for epochs in (0, 1, 2, 3):
            run = case.student.train(X, y, name, n_hidden=h, learning_rate=rate, epochs=epochs, seed=seed)
            params, history = values.parts(run, 2, "train")
            runs.append(params)
        points = [values.arrays(params, shapes(d, h), "params") for params in runs]

        def slope(params, X, y, d=d, h=h, name=name):
            return values.arrays(case.student.gradients(params, X, y, name), shapes(d, h), "gradients")

        slopes = [slope(params, X, y) for params in runs[:-1]]
        others = [slope(runs[0], -X, y), slope(runs[0], X, 1.0 - y)]
        telling = all(any(not np.array_equal(other[key], value) for key, value in slopes[0].items()) for other in others)
        require(telling, es="`gradients` no depende de los datos.", en="`gradients` does not depend on the data.")
        for own, (before, after) in zip(slopes, pairwise(points), strict=True):
            convergence.step_matches(before, after, own, rate, sizes=sizes)
        losses = [values.number(case.student.loss(params, X, y, name), "loss") for params in runs[:-1]]
        convergence.history_matches(history, losses, sizes=sizes)


@check
def comparison_describes_each_activation(case: Case) -> None:
    case.show(histories_shown, case, es="Tus tres activaciones, entrenadas con un XOR", en="Your three activations, trained on an XOR")
    X, y = case.rng.normal(size=(12, 2)), case.rng.permutation(np.arange(12) > 2).astype(float)
    rate, seed, epochs = float(case.rng.uniform(0.2, 0.5)), int(case.rng.integers(2**31)), 6
    _, found = compared(case, X, y, epochs, rate, seed)
    own = {name: own_training(case, X, y, name, place, found[name], rate, seed) for place, name in enumerate(NAMES)}
    if None in own.values():
        require_descent(case, rate, seed)
        _, longer = compared(case, X, y, epochs + 1, rate, seed)
        own = {name: (history[:-1], float(history[-1])) for name, history in longer.items()}
    target = 1e-9
    for turn in range(4):
        got, _ = compared(case, X, y, epochs, rate, seed, target)
        for name in NAMES:
            describes(got[name], name, *own[name], target)
        target = 1e3 if turn == 2 else crossing(own[NAMES[turn % 3]][0])


def compared(case, X, y, epochs, rate, seed, target=1e-9):
    """What the student's `compare_activations` returns, and its histories (epochs,) by name."""
    got = case.student.compare_activations(X, y, epochs=epochs, learning_rate=rate, seed=seed, target_loss=target)
    values.matches(got, {name: {} for name in NAMES}, "compare_activations")
    wanted = {"history": (epochs,)}
    return got, {name: values.arrays(got[name], wanted, f"compare_activations[{name!r}]")["history"] for name in NAMES}


# Most students call their `train` as it is, and what it gives is then exact, whatever is wrong in their network. Who trains in
# another way (another hidden size, a loop inside, a rule of their own for the seeds) is recognised by the first loss; who starts
# where nothing else of theirs does is judged by the answers alone.


def own_training(case, X, y, name, place, history, rate, seed):
    """The student's own training that gave `history`: its losses, and the loss after its last update.

    Where none did but one begins with the same loss, and others with another, it is that one, which then has gone another way.
    None where nothing of the student's begins like that.
    """
    runs = []
    for run in trainings(case, X, y, name, place, history, rate, seed):
        try:
            values.matches(history, run[0], "history", cap=1e-4)
        except Mismatch:
            runs.append(run)
        else:
            return run
    telling = np.ptp([losses[0] for losses, _ in runs]) > 1e-4  # with output weights of zero all losses begin alike
    begun = [run for run in runs if telling and abs(run[0][0] - history[0]) <= 1e-9 * history[0]]
    return begun[0] if begun else None


def trainings(case, X, y, name, place, history, rate, seed):
    """What may have been trained: `train` with any hidden size, then descent from `init_params`; the usual ones first."""
    epochs = len(history)
    starts = list(product(HIDDEN, sorted({seed, seed + place})))  # all from the same seed, or each from one of its own
    for hidden, start in starts:
        run = case.student.train(X, y, name, n_hidden=hidden, learning_rate=rate, epochs=epochs, seed=start)
        params, losses = values.parts(run, 2, "train")
        yield values.array(losses, (epochs,), "history"), values.number(case.student.loss(params, X, y, name), "loss")
    for hidden, start in starts:
        params = values.arrays(case.student.init_params(X.shape[1], hidden, start), shapes(X.shape[1], hidden), "init_params")
        if abs(values.number(case.student.loss(params, X, y, name), "loss") - history[0]) <= 1e-5 * history[0]:
            yield descended(case, X, y, epochs, rate, params, name)


def descended(case, X, y, epochs, rate, params, name):
    """The losses before each update from `params` along the student's own gradient, and the one after the last."""
    losses, like = [], {key: value.shape for key, value in params.items()}
    for _ in range(epochs):
        losses.append(values.number(case.student.loss(params, X, y, name), "loss"))
        slope = values.arrays(case.student.gradients(params, X, y, name), like, "gradients")
        params = {key: value - rate * slope[key] for key, value in params.items()}
    return np.array(losses), values.number(case.student.loss(params, X, y, name), "loss")


def require_descent(case, rate, seed):
    """What holds for full-batch descent whatever the network: the rows' order and number do not matter, rate and activation do.

    Nearly all rows are of one class, so that no start is near its minimum and each one moves.
    """
    X, y = case.rng.normal(size=(12, 2)), (np.arange(12) > 0).astype(float)

    def history(X=X, y=y, rate=rate, seed=seed):
        return np.array(list(compared(case, X, y, 6, rate, seed)[1].values()))

    alone, faster = history(), history(rate=2.0 * rate)
    others = [history(seed=int(other)) for other in case.rng.integers(2**31, size=2)]
    moderate = alone[:, 0] < 20.0 / len(y)  # else a row's loss may be at the clip, where nothing moves it
    for ok, es, en in [
        (
            np.allclose(history(), alone, rtol=1e-6, atol=0.0),
            "`compare_activations` da resultados distintos con la misma semilla.",
            "`compare_activations` gives different results for the same seed.",
        ),
        (
            not all(np.array_equal(other, alone) for other in others),
            "`compare_activations` da el mismo resultado con semillas distintas.",
            "`compare_activations` gives the same result for different seeds.",
        ),
        (
            np.allclose(faster[:, 0], alone[:, 0], rtol=1e-6, atol=0.0),
            "La primera entrada de `history` depende de `learning_rate`: debe ser la pérdida de antes del primer paso.",
            "The first entry of `history` depends on `learning_rate`: it should be the loss before the first step.",
        ),
        (
            bool((np.abs(faster[:, 1] - alone[:, 1]) > 1e-6 * alone[:, 1])[moderate].all()),
            "`compare_activations` da lo mismo con dos tasas distintas: no usa `learning_rate`.",
            "`compare_activations` gives the same for two different rates: it does not use `learning_rate`.",
        ),
        (
            np.allclose(history(X[::-1].copy(), y[::-1].copy()), alone, rtol=1e-5, atol=0.0)
            and np.allclose(history(np.vstack([X, X]), np.tile(y, 2)), alone, rtol=1e-5, atol=0.0),
            "`history` cambia con el orden de las filas, o si cada una sale dos veces: cada paso usa el gradiente medio de todas.",
            "`history` changes with the order of the rows, or if each comes twice: each step uses the mean gradient of all of them.",
        ),
        (
            min(float(np.abs(one - two).max()) for one, two in combinations(alone, 2)) > 0.0,
            "Dos activaciones dan la misma `history`.",
            "Two activations give the same `history`.",
        ),
    ]:
        require(bool(ok), es=es, en=en)
    for name, clear in zip(NAMES, moderate, strict=True):
        if clear:
            require_even_steps(case, X, y, name, seed)


def require_even_steps(case, X, y, name, seed):
    """With a small rate every epoch lowers the loss by rate |gradient|^2, which hardly changes.

    0.1 % of the loss is what float32 shows well; with large weights the slope changes within less.
    """

    def falls(rate):
        history = compared(case, X, y, 4, rate, seed)[1][name]
        return history[0], (history[:-1] - history[1:]) / rate

    def even(share):
        rate = min(share * start / max(float(probe.max()), 1e-6), 0.1)
        slopes = [*falls(rate)[1], *falls(2.0 * rate)[1]]
        return min(slopes) > 0.9 * max(slopes) > 0.0

    start, probe = falls(1e-6)
    require(
        any(even(share) for share in (1e-3, 1e-4, 1e-5)),
        es=f'Con "{name}", los pasos de `compare_activations` no son todos de learning_rate por el gradiente.',
        en=f'With "{name}", the steps of `compare_activations` are not all learning_rate times the gradient.',
    )


def describes(got, name, history, last, target):
    """Judge one activation's result by the student's own training; both readings of `final_loss` are right."""
    place = f"compare_activations[{name!r}]"
    values.arrays(got, {}, place)
    own = values.number(got["final_loss"], "final_loss") if "final_loss" in got else last
    final = last if abs(own - last) < abs(own - history[-1]) else float(history[-1])
    values.matches(got, {"history": history, "final_loss": final}, place, cap=1e-4)
    there = "epochs_to_target" in got
    require(there, es="A un resultado le falta `epochs_to_target`.", en="A result has no `epochs_to_target`.")
    reached = np.flatnonzero(values.array(got["history"], history.shape, "history") <= target)
    if len(reached):
        first = values.integer(got["epochs_to_target"], "epochs_to_target")
        values.matches(first, int(reached[0]), "epochs_to_target", scale=1.0)
    else:
        never = got["epochs_to_target"] is None
        require(
            never,
            es="`epochs_to_target` debe ser None donde no se llega al objetivo.",
            en="`epochs_to_target` must be None where the target is not met.",
        )


def crossing(history):
    """A target that the history meets first in its middle, clear of all its entries; else one that is never met."""
    for i in (3, 2, 4, 1, 5):
        low, high = history[i], history[:i].min()
        if high - low > 1e-6 * high:
            middle = 0.5 * (low + high)
            if np.abs(history - middle).min() > 1e-7 * middle:
                return float(middle)
    return 1e-9


@check
def a_deep_stack_is_measured_and_classified(case: Case) -> None:
    case.show(
        stack_shown, case, es="Norma del gradiente de cada capa, según tu función", en="Norm of each layer's gradient, by your function"
    )
    width, n_layers = 64, 12
    seeds = [int(seed) for seed in case.rng.integers(2**31, size=3)]
    for name in NAMES:
        norms = stack(case, name, 4, 40, 1.0, seeds[0])
        positive = bool((norms > 0.0).all())
        require(positive, es="Una norma de `layer_gradient_norms` no es positiva.", en="A norm of `layer_gradient_norms` is not positive.")
    deep = [stack(case, "sigmoid", n_layers, width, 1.0, seed) for seed in seeds[1:]]
    require(
        all(norms[0] < 10.0 * norms[-1] for norms in deep),
        es="Con sigmoides y muchas capas, la norma de la primera sale mayor que la de la última, y debe ser al revés.",
        en="With sigmoids and many layers the norm of the first one is larger than that of the last, and it should be the reverse.",
    )
    flat = stack(case, "sigmoid", 3, 16, 1e-9, seeds[0])  # the last layer sees activations of 0.5 and derivatives of 0.25
    values.matches(float(flat[-1]), 16 * 0.5 * 0.25, "layer_gradient_norms[-1]", sizes={"width": 16, "n_layers": 3})
    require(
        all(norms[0] < 1e-3 * norms[-1] for norms in deep),
        es="Con sigmoides y muchas capas, la norma de la primera debe ser mucho menor que la de la última.",
        en="With sigmoids and many layers the norm of the first one must be much smaller than that of the last one.",
    )
    for norms, right in [
        ([1e-5, 1e-3, 0.1, 1.0], "vanishing"),
        ([3e4, 50.0, 2.0, 1.0], "exploding"),
        ([0.4, 0.5, 0.3, 1.0], "stable"),
        ([2.0, 1.0, 0.5], "stable"),
    ]:
        given = float(case.rng.uniform(0.5, 2.0)) * np.array(norms)
        values.matches(case.student.classify_gradients(given), right, "classify_gradients")


def histories_shown(case):
    X = np.random.default_rng(1).normal(size=(24, 2))
    y = (X[:, 0] * X[:, 1] > 0.0).astype(float)
    results = case.student.compare_activations(X, y, epochs=100, learning_rate=0.5, seed=1)
    return curves({name: results[name]["history"] for name in NAMES}, x="epoch", y="loss")


def stack_shown(case):
    return curves({name: stack(case, name, 12, 48, 1.0, 1) for name in NAMES}, x="layer", y="norm", at=np.arange(1, 13))

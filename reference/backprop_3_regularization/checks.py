"""Hidden checks of backprop_3_regularization: weights of 0, losses that are no numbers, seeds, noise, what a penalty is for."""

import numpy as np

from grader import Case, check, require
from grader.errors import Mismatch, StudentTrouble
from grader.families import regularization, values

from .checks import MEASURES, WEIGHTS, data, norm, problem, require_best, shapes


def numbers(got):
    """All the numbers of an answer (arrays, lists, dicts of them) as one vector; what is no number is left out."""
    if isinstance(got, dict):
        got = list(got.values())
    if isinstance(got, (list, tuple)):
        return np.concatenate([np.zeros(0), *map(numbers, got)])
    numeric = isinstance(got, (int, float, np.generic, np.ndarray)) and np.asarray(got).dtype.kind in "buif"
    return np.asarray(got, dtype=float).ravel() if numeric else np.zeros(0)


def same(first, second):
    """Whether two answers hold the same numbers."""
    a, b = numbers(first), numbers(second)
    return a.shape == b.shape and bool(np.allclose(a, b, rtol=1e-6))


def seed_decides(name, draw, first, *others):
    """Facts (true, es, en): `draw(seed)` gives the same for the same seed and something else for other seeds."""
    answer = draw(first)
    again = same(draw(first), answer)
    another = not all(same(draw(seed), answer) for seed in others)
    return [
        (again, f"`{name}` da resultados distintos con la misma semilla.", f"`{name}` gives different results for the same seed."),
        (another, f"`{name}` da el mismo resultado con semillas distintas.", f"`{name}` gives the same result for different seeds."),
    ]


def leaves_alone(case, name, *arguments):
    """A fact (true, es, en): the student's function `name` does not change what it is given."""
    try:
        values.unchanged(arguments, getattr(case.student, name).arguments_after(*arguments))
        untouched = True
    except Mismatch:
        untouched = False
    return untouched, f"`{name}` cambia los arrays que recibe.", f"`{name}` changes the arrays that it is given."


def require_all(*groups):
    """Every fact of every (cost, facts) has to hold; a group in which one does not costs its part of the points."""
    earned = max(0.0, 1.0 - sum(cost for cost, facts in groups if not all(ok for ok, _, _ in facts)))
    for _, facts in groups:
        for ok, es, en in facts:
            require(bool(ok), es=es, en=en, earned=earned)


def in_order(results):
    """What `compare_regularization` says of each strength, in a fixed order."""
    if not isinstance(results, (list, tuple)):
        return []
    return [item.get(key) for item in results if isinstance(item, dict) for key in MEASURES]


def neighbour_error(X, y):
    """The share of points whose five nearest neighbours are mostly of the other class."""
    squares = (X**2).sum(axis=1)
    distances = squares[:, None] + squares[None] - 2.0 * X @ X.T
    np.fill_diagonal(distances, np.inf)
    nearest = np.argpartition(distances, 5, axis=1)[:, :5]
    return float(np.mean((y[nearest].mean(axis=1) > 0.5) != (y == 1.0)))


@check
def edges_are_as_stated(case: Case) -> None:
    troubles = []
    for part in (zero_weights_are_not_pushed, best_strength_is_of_a_finite_loss):
        try:
            part(case)
        except StudentTrouble as trouble:
            troubles.append(trouble)
    if len(troubles) == 1 and isinstance(troubles[0], Mismatch):
        troubles[0].earned = max(troubles[0].earned, 0.5)
    if troubles:
        raise troubles[0]


def zero_weights_are_not_pushed(case):
    """The penalty leaves a weight of exactly 0 alone, whichever it is."""
    for n, d, h, kind in [(7, 3, 4, "l1"), (6, 2, 5, "l2")]:
        params, X, y = problem(case.rng, n, d, h)
        params["W1"][case.rng.permutation(h)[:2], case.rng.integers(d, size=2)] = 0.0
        params["W2"][0, int(case.rng.integers(h))] = 0.0
        strength = float(case.rng.uniform(0.05, 0.2))
        weights = {name: params[name] for name in WEIGHTS}
        got = case.student.penalty_gradient(params, kind, strength)
        regularization.zeros_stay(got, weights)
        full, plain = (case.student.gradients(params, X, y, kind, size) for size in (strength, 0.0))
        ends, starts = (values.arrays(slope, shapes(d, h), "gradients") for slope in (full, plain))
        for name in WEIGHTS:
            still = bool(np.allclose(ends[name][params[name] == 0.0], starts[name][params[name] == 0.0], rtol=0.0, atol=1e-6))
            require(still, es="`gradients` empuja un peso que vale 0.", en="`gradients` pushes a weight that is 0.")


def best_strength_is_of_a_finite_loss(case):
    """NaN and infinity are passed over, wherever in the list they are."""
    choices = []
    for bad in ([np.nan, np.inf], [np.inf, np.nan], [np.nan, np.nan], []):
        for first in (True, False):
            strengths = [0.5, 0.02, 0.0, 0.1, 2.0][: 3 + len(bad)]
            losses = (0.4 + 0.2 * case.rng.permutation(3)).tolist()
            losses = [*map(float, bad), *losses] if first else [*losses, *map(float, bad)]
            choices.append((strengths, losses))
    require_best(case, choices)


@check
def training_shrinks_and_can_be_repeated(case: Case) -> None:
    params, X, y = problem(case.rng, 9, 2, 4)
    _, X_val, y_val = problem(case.rng, 5, 2, 4)
    seeds = [int(seed) for seed in case.rng.integers(2**31, size=3)]
    noise_seeds = [int(seed) for seed in case.rng.integers(2**31, size=8)]

    def points(seed):
        return case.student.make_noisy_data(40, 0.2, seed)

    def weights(seed):
        return case.student.init_params(3, 4, seed)

    def run(seed):
        return case.student.train(X, y, "l2", 0.01, n_hidden=4, learning_rate=0.3, epochs=2, seed=seed)

    def trained(strength):
        answer = case.student.train(X, y, "l2", strength, n_hidden=4, learning_rate=0.5, epochs=60, seed=seeds[0])
        return norm(values.arrays(values.parts(answer, 2, "train")[0], shapes(2, 4), "params"))

    usual = case.student.train(X, y, "none", 0.0, n_hidden=16, learning_rate=0.5, epochs=2, seed=0)
    compare = case.student.compare_regularization
    few = (X[:3], y[:3], X_val[:3], y_val[:3], "l2", [0.01])
    defaults = [
        (
            same(case.student.train(X, y, epochs=2), usual),
            '`train` no usa los valores por omisión kind="none", strength=0.0, n_hidden=16, learning_rate=0.5, seed=0.',
            '`train` does not use the default values kind="none", strength=0.0, n_hidden=16, learning_rate=0.5, seed=0.',
        ),
        (
            len(numbers(values.parts(case.student.train(X[:3], y[:3]), 2, "train")[1])) == 1000,
            "`train` no hace 1000 épocas por omisión.",
            "`train` does not run 1000 epochs by default.",
        ),
        (
            same(in_order(compare(*few)), in_order(compare(*few, epochs=500, seed=0))),
            "`compare_regularization` no usa los valores por omisión epochs=500, seed=0.",
            "`compare_regularization` does not use the default values epochs=500, seed=0.",
        ),
    ]
    quiet = [data(case, 400, 0.05, seed) for seed in noise_seeds]
    loud = [data(case, 400, 0.45, seed) for seed in noise_seeds]
    errors = [float(np.mean([neighbour_error(*drawn) for drawn in draws])) for draws in (quiet, loud)]
    noise = [
        (
            not all(same(first, second) for first, second in zip(quiet, loud, strict=True)),
            "`make_noisy_data` da los mismos datos con cualquier ruido.",
            "`make_noisy_data` gives the same data whatever the noise.",
        ),
        (
            errors[1] > errors[0] - 0.05,
            "Los datos de `make_noisy_data` son más fáciles cuanto mayor es el ruido.",
            "The data of `make_noisy_data` become easier as the noise grows.",
        ),
    ]
    untouched = [
        leaves_alone(case, "forward", params, X),
        leaves_alone(case, "penalty_gradient", params, "l1", 0.1),
        leaves_alone(case, "loss", params, X, y, "l2", 0.1),
        leaves_alone(case, "gradients", params, X, y, "l2", 0.1),
        leaves_alone(case, "train", X, y, "l2", 0.1, 4, 0.3, 2, seeds[0]),
        leaves_alone(case, "compare_regularization", X, y, X_val, y_val, "l2", [0.1, 0.0], 2, seeds[0]),
    ]
    certain = {**params, "W2": 5000.0 * params["W2"], "b2": 5000.0 * params["b2"]}
    p = numbers(case.student.forward(certain, X))
    sure = values.array(p, y.shape, "forward")
    value = numbers(case.student.loss(certain, X, np.where(sure > 0.5, 1.0, 0.0), "none", 0.0))
    finite = (
        value.size == 1 and bool(np.isfinite(value).all()),
        "`loss` da NaN o infinito con valores grandes de z y la clase acertada.",
        "`loss` gives NaN or infinity for large values of z and the right class.",
    )
    require_all(
        (0.4, seed_decides("make_noisy_data", points, *seeds)),
        (0.4, seed_decides("init_params", weights, *seeds) + seed_decides("train", run, *seeds)),
        (0.3, noise),
        (0.3, defaults),
        (0.3, untouched),
        (0.3, [finite]),
    )
    regularization.norms_shrink([trained(0.0), trained(0.2)], [0.0, 0.2])

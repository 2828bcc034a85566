"""Hidden checks of backprop_1_network: seeds, default values, the true loss, untouched arguments, large numbers."""

import numpy as np

from grader import Case, check, require
from grader.errors import Mismatch, StudentTrouble
from grader.families import values

from .checks import balanced, problem, shapes


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
        (
            again,
            f"`{name}` da resultados distintos con la misma semilla.",
            f"`{name}` gives different results for the same seed.",
        ),
        (
            another,
            f"`{name}` da el mismo resultado con semillas distintas.",
            f"`{name}` gives the same result for different seeds.",
        ),
    ]


def leaves_alone(case, name, *arguments):
    """A fact (true, es, en): the student's function `name` does not change the arrays that it is given."""
    try:
        values.unchanged(arguments, getattr(case.student, name).arguments_after(*arguments))
        untouched = True
    except Mismatch:
        untouched = False
    return untouched, f"`{name}` cambia los arrays que recibe.", f"`{name}` changes the arrays that it is given."


def require_all(*groups):
    """Every fact of every (cost, facts()) has to hold; a group in which one does not, or that fails, costs its part."""
    lost, first = 0.0, None
    for cost, facts in groups:
        try:
            for ok, es, en in facts():
                require(ok, es=es, en=en)
        except StudentTrouble as trouble:
            lost, first = lost + cost, first or trouble
    if first is not None and lost < 1.0:
        partial = Mismatch(first.fact, detail=first.detail, earned=1.0 - lost)
        partial.frames = first.frames
        raise partial
    if first is not None:
        raise first


@check
def training_learns_and_can_be_repeated(case: Case) -> None:
    params, X, y = problem(case.rng, 7, 3, 4)
    seeds = [int(seed) for seed in case.rng.integers(2**31, size=3)]

    def points(seed):
        return case.student.make_data(9, seed)

    def weights(seed):
        return case.student.init_params(3, 4, seed)

    def run(seed):
        return case.student.train(X, y, n_hidden=4, learning_rate=0.3, epochs=2, seed=seed)

    def true_loss(epochs):
        answer = case.student.train(X, y, n_hidden=4, learning_rate=0.001, epochs=epochs, seed=seeds[0])
        params, _ = values.parts(answer, 2, "train")
        return case.reference.loss(values.arrays(params, shapes(3, 4), "params"), X, y)

    def defaults():
        usual = case.student.train(X, y, n_hidden=8, learning_rate=0.5, epochs=2, seed=0)
        yield (
            same(case.student.train(X, y, epochs=2), usual),
            "`train` no usa los valores por omisión n_hidden=8, learning_rate=0.5, seed=0.",
            "`train` does not use the default values n_hidden=8, learning_rate=0.5, seed=0.",
        )
        yield (
            len(numbers(values.parts(case.student.train(X[:3], y[:3]), 2, "train")[1])) == 500,
            "`train` no hace 500 épocas por omisión.",
            "`train` does not run 500 epochs by default.",
        )

    def learns():
        yield (
            true_loss(41) < true_loss(1),
            "La entropía cruzada no baja al entrenar con una tasa de aprendizaje pequeña.",
            "Training with a small learning rate does not lower the cross-entropy.",
        )

    def untouched():
        yield leaves_alone(case, "forward", params, X)
        yield leaves_alone(case, "predict", params, X)
        yield leaves_alone(case, "loss", params, X, y)
        yield leaves_alone(case, "gradients", params, X, y)
        yield leaves_alone(case, "train", X, y, 4, 0.3, 2, seeds[0])

    require_all(  # `make_data` last: if it never ends, the rest has been looked at
        (0.5, lambda: seed_decides("init_params", weights, *seeds) + seed_decides("train", run, *seeds)),
        (0.3, defaults),
        (0.5, learns),
        (0.3, untouched),
        (0.5, lambda: seed_decides("make_data", points, *seeds)),
    )


@check
def large_values_give_no_nan(case: Case) -> None:
    for d, h in [(3, 4), (2, 5)]:
        params, X, z = balanced(case, 60, d, h, share=0.5)
        own = values.array(numbers(case.student.forward(params, X)), (60,), "forward")
        require(
            np.ptp(own) > 0.02,
            es="`forward` da casi lo mismo en todas las filas.",
            en="`forward` gives nearly the same for every row.",
        )
        surest = np.sort(np.argsort(own)[[0, 1, 2, 3, -4, -3, -2, -1]])
        surest = surest[np.abs(own[surest] - 0.5) > 0.01]
        X, y = X[surest], np.where(own[surest] > 0.5, 1.0, 0.0)
        certain = {**params, "W2": 5000.0 * params["W2"], "b2": 5000.0 * params["b2"]}
        values.matches(numbers(case.student.forward(certain, X)), y, "forward", scale=1.0)
        got = values.number(case.student.loss(certain, X, y), "loss")
        if np.array_equal(y, z[surest] > 0.0):
            values.matches(got, 0.0, "loss", scale=1.0, cap=1e-4)

        steep = {**params, "W1": 2000.0 * params["W1"], "b1": 2000.0 * params["b1"]}
        p = values.array(numbers(case.student.forward(steep, X)), y.shape, "forward")
        values.number(case.student.loss(steep, X, np.where(p > 0.5, 1.0, 0.0)), "loss")

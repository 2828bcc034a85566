"""Hidden checks of backprop_4_batch_size: a new order in each epoch, seeds, default values, untouched arguments."""

from itertools import permutations

import numpy as np

from grader import Case, check, require
from grader.errors import Mismatch
from grader.families import values

from .checks import is_at, problem, rows, stepped, trained, training_goes_through_every_batch

SEEDS = 12  # three rows have 6 orders: all runs of an honest program repeat theirs with a chance of 6 ** -12 < 1e-9


def numbers(got):
    """All the numbers of an answer (arrays, lists, dicts of them) as one vector; what is no number is left out."""
    if isinstance(got, dict):
        got = [got[key] for key in sorted(got, key=str)]
    if isinstance(got, (list, tuple)):
        return np.concatenate([np.zeros(0), *map(numbers, got)])
    numeric = isinstance(got, (int, float, np.generic, np.ndarray)) and np.asarray(got).dtype.kind in "buif"
    return np.asarray(got, dtype=float).ravel() if numeric else np.zeros(0)


def same(first, second):
    """Whether two answers hold the same numbers."""
    a, b = numbers(first), numbers(second)
    return a.shape == b.shape and bool(np.allclose(a, b, rtol=1e-6, atol=1e-9))


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
    """A fact (true, es, en): the student's function `name` does not change the arrays that it is given."""
    after = getattr(case.student, name).arguments_after(*arguments)
    arrays = [i for i, value in enumerate(arguments) if not isinstance(value, list)]
    try:
        values.unchanged(tuple(arguments[i] for i in arrays), tuple(after[i] for i in arrays))
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


def repeated_order(case, seed):
    """The order of three rows that, taken twice, explains two epochs with one row in each batch; None where none does."""
    _, X, y = problem(case.rng, 3, 3, 2)
    rate = float(case.rng.uniform(0.5, 1.0))
    start, _, _ = trained(case, X, y, 1, 2, rate, 0, seed)
    end, _, _ = trained(case, X, y, 1, 2, rate, 2, seed)
    for order in permutations(range(3)):
        point = start
        for row in (*order, *order):
            point = stepped(case, point, X, y, [row], rate)
        if is_at(end, point, start):
            return order
    return None


@check(needs=training_goes_through_every_batch)
def each_epoch_has_a_new_order(case: Case) -> None:
    orders = [repeated_order(case, int(seed)) for seed in case.rng.integers(2**31, size=SEEDS)]
    require(
        any(order != (0, 1, 2) for order in orders),
        es="Todas las épocas recorren las filas en el orden de los datos.",
        en="All epochs go through the rows in the order of the data.",
    )
    require(
        any(order is None for order in orders),
        es="Todas las épocas recorren las filas en el mismo orden.",
        en="All epochs go through the rows in the same order.",
    )


@check
def random_choices_follow_the_seed(case: Case) -> None:
    params, X, y = problem(case.rng, 9, 3, 4)
    X_whole, y_whole = rows(case.rng, 30, 2)
    seeds = [int(seed) for seed in case.rng.integers(2**31, size=3)]

    def weights(seed):
        return case.student.init_params(3, 4, seed)

    def start(seed):
        return case.student.train(X, y, 4, n_hidden=4, epochs=0, seed=seed)

    def run(seed):
        return case.student.train(X, y, 4, n_hidden=4, learning_rate=0.3, epochs=2, seed=seed)

    def batches(seed):
        return case.student.minibatches(X_whole, y_whole, 7, seed)

    def compared(seed):
        return case.student.compare_batch_sizes(X, y, [2, 5], epochs=3, seed=seed)

    first = values.arrays(weights(seeds[0]), {"W1": (4, 3), "b1": (4,), "W2": (1, 4), "b2": (1,)}, "init_params")
    different = (
        len(np.unique(first["W1"], axis=0)) == 4,
        "Dos neuronas ocultas empiezan iguales.",
        "Two hidden units start alike.",
    )
    usual = case.student.train(X, y, 4, n_hidden=8, learning_rate=0.1, epochs=2, seed=0)
    defaults = [
        (
            same(case.student.train(X, y, 4, epochs=2), usual),
            "`train` no usa los valores por omisión n_hidden=8, learning_rate=0.1, seed=0.",
            "`train` does not use the default values n_hidden=8, learning_rate=0.1, seed=0.",
        ),
        (
            len(numbers(values.parts(case.student.train(X[:3], y[:3], 3), 3, "train")[1])) == 50,
            "`train` no hace 50 épocas por omisión.",
            "`train` does not run 50 epochs by default.",
        ),
        (
            same(case.student.compare_batch_sizes(X[:3], y[:3], [3]), case.student.compare_batch_sizes(X[:3], y[:3], [3], 50, 0.1, 0)),
            "`compare_batch_sizes` no hace 50 épocas por omisión.",
            "`compare_batch_sizes` does not run 50 epochs by default.",
        ),
        (
            same(case.student.compare_batch_sizes(X, y, [2], epochs=3), case.student.compare_batch_sizes(X, y, [2], 3, 0.1, 0)),
            "`compare_batch_sizes` no usa los valores por omisión learning_rate=0.1, seed=0.",
            "`compare_batch_sizes` does not use the default values learning_rate=0.1, seed=0.",
        ),
    ]
    untouched = [
        leaves_alone(case, "forward", params, X),
        leaves_alone(case, "loss", params, X, y),
        leaves_alone(case, "gradients", params, X, y),
        leaves_alone(case, "minibatches", X, y, 4, seeds[0]),
        leaves_alone(case, "train", X, y, 4, 4, 0.3, 2, seeds[0]),
        leaves_alone(case, "compare_batch_sizes", X, y, [2, 5], 3, 0.1, seeds[0]),
    ]
    require_all(
        (0.3, seed_decides("minibatches", batches, *seeds)),
        (0.3, [different, *seed_decides("init_params", weights, *seeds)]),
        (0.3, seed_decides("train", run, *seeds) + seed_decides("train(epochs=0)", start, *seeds)),
        (0.2, seed_decides("compare_batch_sizes", compared, *seeds)),
        (0.2, defaults),
        (0.3, untouched),
    )

"""Hidden checks of backprop_5_search: configurations that diverge, seeds, default values, untouched arguments."""

import math

import numpy as np

from grader import Case, check, require
from grader.errors import Mismatch
from grader.families import values

from .checks import answer_of, is_lowest, problem, rows

DIVERGES = {"learning_rate": 1.7e308, "epochs": 7}
TRIES, FOUND = 12, 2


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


def unstable(case):
    """A problem whose training soon overflows at an enormous rate, and three ordinary configurations."""
    _, X, _ = problem(case.rng, 10, 2, 3)
    _, X_val, y_val = problem(case.rng, 6, 2, 3)
    y = case.rng.permutation(np.arange(10) > 0).astype(float)  # one row of class 0 in ten: large steps, all one way
    rates = case.rng.uniform(0.1, 1.2, 3)
    configs = [{"learning_rate": float(rate), "epochs": epochs} for rate, epochs in zip(rates, (9, 2, 5), strict=True)]
    return (X, y, X_val, y_val), configs, int(case.rng.integers(2**31))


@check
def diverging_configurations_change_nothing(case: Case) -> None:
    found = 0
    for data, configs, seed in [unstable(case) for _ in range(TRIES)]:

        def searched(configs, data=data, seed=seed):
            return answer_of(case.student.search(*data, configs, seed=seed), len(configs))

        results, _ = searched([configs[1], DIVERGES])
        if not math.isnan(results[1]["validation_loss"]):
            continue
        knows_the_lowest = is_lowest(*searched(configs))  # else it has paid for that already
        for place in range(len(configs) + 1):
            results, best = searched([*configs[:place], DIVERGES, *configs[place:]])
            ordinary = [item["validation_loss"] for i, item in enumerate(results) if i != place]
            require(
                all(map(math.isfinite, ordinary)),
                es="Cuando una configuración diverge, la pérdida de las demás ya no es un número finito: cada red empieza de cero.",
                en="When a configuration diverges, the losses of the others are no finite numbers: each network starts afresh.",
            )
            require(
                math.isfinite(best["validation_loss"]),
                es="`best` es una configuración que ha divergido: su pérdida no es un número finito.",
                en="`best` is a configuration that has diverged: its loss is not a finite number.",
            )
            require(
                is_lowest(results, best) or not knows_the_lowest,
                es="Cuando una configuración diverge, `best` no es la de menor pérdida entre las demás.",
                en="When a configuration diverges, `best` is not the one of the lowest loss among the others.",
            )
        found += 1
        if found == FOUND:
            return


@check
def random_choices_follow_the_seed(case: Case) -> None:
    params, X, y = problem(case.rng, 9, 3, 4)
    _, X_val, y_val = problem(case.rng, 5, 3, 4)
    X_whole, y_whole = rows(case.rng, 30, 2)
    configs = [{"learning_rate": 0.3, "epochs": 2}, {"learning_rate": 0.7, "epochs": 1}]
    seeds = [int(seed) for seed in case.rng.integers(2**31, size=3)]

    def weights(seed):
        return case.student.init_params(3, 4, seed)

    def run(seed):
        return case.student.train(X, y, n_hidden=4, learning_rate=0.3, epochs=2, seed=seed)

    def parts(seed):
        return case.student.split(X_whole, y_whole, 0.3, seed)

    def draws(seed):
        return case.student.random_configs(20, (1e-3, 1.0), (5, 500), seed)

    def found(seed):
        return case.student.search(X, y, X_val, y_val, configs, seed=seed)

    usual = case.student.train(X, y, n_hidden=8, learning_rate=0.5, epochs=2, seed=0)
    defaults = [
        (
            same(case.student.train(X, y, epochs=2), usual),
            "`train` no usa los valores por omisión n_hidden=8, learning_rate=0.5, seed=0.",
            "`train` does not use the default values n_hidden=8, learning_rate=0.5, seed=0.",
        ),
        (
            len(numbers(values.parts(case.student.train(X[:3], y[:3]), 2, "train")[1])) == 500,
            "`train` no hace 500 épocas por omisión.",
            "`train` does not run 500 epochs by default.",
        ),
        (
            same(case.student.search(X, y, X_val, y_val, configs), found(0)),
            "`search` no usa el valor por omisión seed=0.",
            "`search` does not use the default value seed=0.",
        ),
    ]
    untouched = [
        leaves_alone(case, "forward", params, X),
        leaves_alone(case, "loss", params, X, y),
        leaves_alone(case, "gradients", params, X, y),
        leaves_alone(case, "train", X, y, 4, 0.3, 2, seeds[0]),
        leaves_alone(case, "split", X_whole, y_whole, 0.3, seeds[0]),
        leaves_alone(case, "search", X, y, X_val, y_val, configs, seeds[0]),
    ]
    require_all(
        (0.3, seed_decides("split", parts, *seeds)),
        (0.3, seed_decides("random_configs", draws, *seeds)),
        (0.3, seed_decides("init_params", weights, *seeds) + seed_decides("train", run, *seeds)),
        (0.3, seed_decides("search", found, *seeds)),
        (0.2, defaults),
        (0.3, untouched),
    )

"""Public checks of backprop_5_search: a network of sigmoids, and the search for a learning rate and a number of epochs."""

import math
from itertools import pairwise, product

import numpy as np

from grader import Case, check, require
from grader.errors import Mismatch, StudentTrouble
from grader.families import convergence, gradient, statistics, values
from grader.pictures import curves
from grader.text import literal

DRAWS = 10_000  # of which half the ends too seldom are 2.4 times what chance allows; with 4000 it was 1.5 times
MEASURES = ("validation_loss", "validation_accuracy")


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


def shapes(d, h):
    """The shape of every parameter of a d-h-1 network."""
    return {"W1": (h, d), "b1": (h,), "W2": (1, h), "b2": (1,)}


def rows(rng, n, d):
    """X (n, d) of different numbers that float32 holds exactly, and y (n,) of both classes."""
    return rng.permutation(n * d).reshape(n, d) / 8.0 - n, rng.permutation(np.arange(n) % 2).astype(float)


def config_of(item, name):
    """The learning rate and the epochs of a configuration."""
    config = values.arrays(item, {"learning_rate": (), "epochs": ()}, name)
    return float(config["learning_rate"]), float(config["epochs"])


def result_of(item, name):
    """A result of a search: its configuration and its measures, of which the loss may be no finite number."""
    config_of(item, name)
    require(
        all(key in item for key in MEASURES),
        es="A un resultado le falta `validation_loss` o `validation_accuracy`.",
        en="A result lacks `validation_loss` or `validation_accuracy`.",
    )
    loss = values.array(item["validation_loss"], (), f"{name}['validation_loss']", finite=False)
    return {**item, "validation_loss": float(loss)}


def answer_of(got, count):
    """What `search` returns: its results, `count` of them, and the best one."""
    require(
        isinstance(got, dict) and "results" in got and "best" in got,
        es="`search` debe devolver un diccionario con `results` y `best`.",
        en="`search` must return a dict with `results` and `best`.",
    )
    results = values.parts(got["results"], count, "results")
    return [result_of(item, f"results[{i}]") for i, item in enumerate(results)], result_of(got["best"], "best")


def is_lowest(results, best):
    """Whether no result has a finite loss below that of the best one."""
    losses = [item["validation_loss"] for item in results if math.isfinite(item["validation_loss"])]
    return bool(losses) and best["validation_loss"] <= min(losses) + 1e-6 * abs(min(losses))


def require_lowest(answers):
    """Of each (results, best), the best is one of the results, and none has a lower finite loss."""
    for results, best in answers:
        chosen = any(
            np.allclose(config_of(item, "results"), config_of(best, "best"), rtol=1e-6, atol=0.0)
            and math.isclose(item["validation_loss"], best["validation_loss"], rel_tol=1e-6)
            for item in results
        )
        require(chosen, es="`best` no es ninguno de los resultados.", en="`best` is none of the results.", earned=0.5)
    if all(is_lowest(results, best) for results, best in answers):
        return

    def always(choose):
        return all(config_of(choose(results), "results") == config_of(best, "best") for results, best in answers)

    def accuracy(item):
        return item["validation_accuracy"]

    for told, es, en in [
        (always(lambda results: results[0]), "el primer resultado", "the first result"),
        (always(lambda results: results[-1]), "el último resultado", "the last result"),
        (always(lambda results: max(results, key=lambda item: item["validation_loss"])), "el de mayor pérdida", "that of the highest loss"),
        (
            all(accuracy(best) >= max(map(accuracy, results)) for results, best in answers),
            "el de mayor exactitud",
            "that of the best accuracy",
        ),
    ]:
        require(not told, es=f"`best` es siempre {es}, y no el de menor pérdida de validación.",
                en=f"`best` always is {en}, not that of the lowest validation loss.", earned=0.5)  # fmt: skip
    require(
        False,
        es="`best` no es el resultado de menor pérdida de validación.",
        en="`best` is not the result of the lowest validation loss.",
        earned=0.5,
    )


@check
def network_of_exercise_1(case: Case) -> None:
    for n, d, h in [(7, 3, 4), (6, 2, 5), (1, 4, 3)]:
        params, X, y = problem(case.rng, n, d, h)
        sizes = {"n": n, "d": d, "h": h}
        got = case.student.forward(params, X)
        values.matches(got, case.reference.forward(params, X), "forward", scale=1.0, sizes=sizes)
        got = case.student.loss(params, X, y)
        values.matches(got, case.reference.loss(params, X, y), "loss", sizes=sizes, cap=1e-4)
        others = problem(case.rng, n, d, h)[1], 1.0 - y
        got, right = case.student.gradients(params, X, y), case.reference.gradients(params, X, y)
        gradient.matches(got, right, at=params, loss=case.student.loss, inputs=(X, y), others=others, sizes=sizes)


@check
def training_steps_against_the_gradient(case: Case) -> None:
    for n, d, h in [(9, 2, 4), (7, 3, 2)]:
        _, X, y = problem(case.rng, n, d, h)
        rate, seed = float(case.rng.uniform(0.2, 0.9)), int(case.rng.integers(2**31))
        sizes = {"n": n, "d": d, "h": h, "learning_rate": rate}
        first = values.arrays(case.student.init_params(d, h, seed), shapes(d, h), "init_params")
        different = len(np.unique(first["W1"], axis=0)) == h
        require(different, es="Dos neuronas ocultas empiezan iguales.", en="Two hidden units start alike.", earned=0.5)
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
        telling = all(any(not np.array_equal(other[name], value) for name, value in slopes[0].items()) for other in others)
        require(telling, es="`gradients` no depende de los datos.", en="`gradients` does not depend on the data.")
        for own, (before, after) in zip(slopes, pairwise(points), strict=True):
            convergence.step_matches(before, after, own, rate, sizes=sizes)
        losses = [values.number(case.student.loss(params, X, y), "loss") for params in runs[:-1]]
        convergence.history_matches(history, losses, sizes=sizes)


@check
def split_parts_the_rows(case: Case) -> None:
    for n, d, fraction in [(23, 3, 0.25), (40, 2, 0.2), (31, 4, 0.45), (21, 2, 0.3)]:
        X, y = rows(case.rng, n, d)
        count = round(n * fraction)
        got = values.parts(case.student.split(X, y, fraction, int(case.rng.integers(2**31))), 4, "split")
        names, lengths = ("X_train", "y_train", "X_val", "y_val"), (n - count, n - count, count, count)
        parts = [
            values.array(part, (length, d) if name.startswith("X") else (length,), name)
            for part, name, length in zip(got, names, lengths, strict=True)
        ]
        mine = np.vstack([np.column_stack(parts[:2]), np.column_stack(parts[2:])])
        whole = np.column_stack([X, y])
        complete = sorted(mine[:, :d].tolist()) == sorted(whole[:, :d].tolist())
        require(
            complete,
            es="Los dos conjuntos no se reparten las filas: alguna falta o sale dos veces.",
            en="The two sets do not share out the rows: one is missing or comes twice.",
        )
        require(
            sorted(mine.tolist()) == sorted(whole.tolist()),
            es="Tras `split`, las etiquetas ya no van con sus filas.",
            en="After `split` the labels no longer go with their rows.",
        )


@check
def grid_has_every_combination_once(case: Case) -> None:
    for n_rates, n_epochs in [(3, 2), (2, 4), (1, 3)]:
        rates = case.rng.uniform(0.01, 2.0, n_rates).tolist()
        epochs = [int(count) for count in case.rng.permutation(np.arange(5, 300))[:n_epochs]]
        got = case.student.grid(rates, epochs)
        mine = [config_of(item, f"grid[{i}]") for i, item in enumerate(values.parts(got, n_rates * n_epochs, "grid"))]
        require(
            np.allclose(sorted(mine), sorted(product(rates, epochs)), rtol=1e-6, atol=0.0),
            es="En `grid` falta alguna combinación, o sale más de una vez.",
            en="`grid` lacks a combination, or has it more than once.",
        )


@check
def random_configs_follow_their_distributions(case: Case) -> None:
    for low, high, fewest, most in [(1e-4, 1.0, 3, 6), (0.02, 3.0, 10, 12)]:
        seed = int(case.rng.integers(2**31))
        got = case.student.random_configs(DRAWS, (low, high), (fewest, most), seed)
        drawn = values.parts(got, DRAWS, "random_configs")
        rates, epochs = np.array([config_of(item, f"random_configs[{i}]") for i, item in enumerate(drawn)]).T
        require(
            bool((epochs == np.round(epochs)).all()),
            es="`epochs` debe ser un entero.",
            en="`epochs` must be an integer.",
        )
        statistics.within(rates, low, high, "learning_rate")
        statistics.within(epochs, fewest, most, "epochs")
        uniform = literal(
            es="Los valores son uniformes, y tiene que serlo su logaritmo.",
            en="The values are uniform, and their logarithm should be.",
        )
        statistics.follows(
            rates,
            lambda x, low=low, high=high: np.clip(np.log(np.clip(x, low, high) / low) / math.log(high / low), 0.0, 1.0),
            "learning_rate",
            rivals={"uniform": (lambda x, low=low, high=high: np.clip((x - low) / (high - low), 0.0, 1.0), uniform)},
        )
        for end in (fewest, most):
            statistics.reaches(epochs, end, 1.0 / (most - fewest + 1), "epochs")
        statistics.follows(
            epochs,
            lambda x, fewest=fewest, most=most: np.clip((np.floor(x) - fewest + 1) / (most - fewest + 1), 0.0, 1.0),
            "epochs",
        )
        # drawn separately: a large rate must go with many epochs no more often than with few
        middle = math.sqrt(low * high)
        for count in range(fewest, most):
            statistics.happens((rates > middle) & (epochs > count), 0.5 * (most - count) / (most - fewest + 1), "`learning_rate`, `epochs`")


@check
def search_measures_each_configuration(case: Case) -> None:
    case.show(grid_shown, case, es="La pérdida de validación de tu búsqueda", en="The validation loss of your search")
    X, y = case.rng.normal(size=(12, 2)), case.rng.permutation(np.arange(12) > 2).astype(float)
    X_val, y_val = case.rng.normal(size=(15, 2)), case.rng.permutation(np.arange(15) % 2).astype(float)
    data, seed = (X, y, X_val, y_val), int(case.rng.integers(2**31))
    configs = [{"learning_rate": rate, "epochs": epochs} for rate, epochs in [(0.3, 12), (1.5, 3), (0.05, 0), (0.1, 2), (0.8, 31)]]
    results, _ = answer_of(case.student.search(*data, configs, seed=seed), len(configs))
    for i, (config, mine) in enumerate(zip(configs, results, strict=True)):
        values.matches(mine, config, f"results[{i}]")
    if not is_own_training(case, data, configs, results, seed):
        require_measured(case, data, configs, results, seed)
        require_trained(case, data, seed)
        require_steps_of_the_rate(case, seed)
    answers = []
    for _ in range(3):
        _, X, y = problem(case.rng, 10, 2, 3)
        _, X_val, y_val = problem(case.rng, 5, 2, 3)
        rates, seed = case.rng.uniform(0.1, 0.6, 4), int(case.rng.integers(2**31))
        configs = [{"learning_rate": float(rate), "epochs": epochs} for rate, epochs in zip(rates, (1, 3, 8, 15), strict=True)]
        for first in range(4):  # the lowest is in every place once
            turned = configs[first:] + configs[:first]
            answers.append(answer_of(case.student.search(X, y, X_val, y_val, turned, seed=seed), 4))
    require_lowest(answers)


# Most students call their `train` as it is, and what it gives is then exact, whatever is wrong in their network. Who trains in
# another way (another hidden size, a loop inside `search`, a rule of their own for the seeds) is judged by the answers alone.


def is_own_training(case, data, configs, results, seed):
    """Whether every result is what the student's own `train`, `loss` and `forward` give, with 8 hidden units."""
    for i, (config, mine) in enumerate(zip(configs, results, strict=True)):
        own = values.number(mine["validation_accuracy"], "validation_accuracy")
        # all from the same start, or each from a seed of its own
        tries = [described(case, *data, config, start, own) for start in (seed, seed + i)]
        right = min(tries, key=lambda right, mine=mine: abs(right["validation_loss"] - mine["validation_loss"]))
        try:
            values.matches(mine, right, f"results[{i}]", cap=1e-4)
        except Mismatch:
            return False
    return True


def described(case, X, y, X_val, y_val, config, seed, own):
    """The measures of a result for the student's own training; a row of probability 0.5 counts as the student counted it."""
    run = case.student.train(X, y, learning_rate=config["learning_rate"], epochs=config["epochs"], seed=seed)
    params, _ = values.parts(run, 2, "train")
    p = values.array(case.student.forward(params, X_val), y_val.shape, "forward")
    accuracy, unclear = float(np.mean((p > 0.5) == y_val)), float(np.mean(np.abs(p - 0.5) < 1e-6))
    return {
        "validation_loss": values.number(case.student.loss(params, X_val, y_val), "loss"),
        "validation_accuracy": own if abs(own - accuracy) < unclear + 1e-9 else accuracy,
    }


def losses(case, X, y, X_val, y_val, configs, seed):
    """The validation loss of each (learning_rate, epochs), an array."""
    asked = [{"learning_rate": rate, "epochs": epochs} for rate, epochs in configs]
    results, _ = answer_of(case.student.search(X, y, X_val, y_val, asked, seed=seed), len(asked))
    return np.array([values.number(item["validation_loss"], "validation_loss") for item in results])


def log_odds(case, X, y, row, configs, seed):
    """The log-odds of class 1 of one row for each configuration, from its loss with either label; and exp(-loss), summed."""
    against, in_favour = (losses(case, X, y, row[None], np.array([label]), configs, seed) for label in (0.0, 1.0))
    return against - in_favour, np.exp(-against) + np.exp(-in_favour)


def require_measured(case, data, configs, results, seed):
    """The loss is the mean cross-entropy of the validation rows, one by one, and the accuracy is theirs."""
    X, y, X_val, y_val = data
    asked = [(config["learning_rate"], config["epochs"]) for config in configs]
    odds, sums = (np.array(part) for part in zip(*[log_odds(case, X, y, row, asked, seed) for row in X_val], strict=True))
    require(
        bool(np.abs(odds[:, -1]).max() > 1e-6),
        es="La pérdida de validación no depende de X_val e y_val.",
        en="The validation loss does not depend on X_val and y_val.",
    )
    require(
        np.allclose(sums, 1.0, rtol=0.0, atol=1e-4),
        es="`validation_loss` no es la entropía cruzada de X_val e y_val, o se ha entrenado con ellos.",
        en="`validation_loss` is not the cross-entropy of X_val and y_val, or training has used them.",
    )
    alone = np.logaddexp(0.0, np.where(y_val == 1, -1.0, 1.0)[:, None] * odds).mean(axis=0)
    found = np.array([item["validation_loss"] for item in results])
    require(
        np.allclose(found, alone, rtol=1e-4, atol=0.0),
        es="`validation_loss` no es la media de las pérdidas de las filas de validación.",
        en="`validation_loss` is not the mean of the losses of the validation rows.",
    )
    accuracy, unclear = ((odds > 0.0) == (y_val[:, None] == 1)).mean(axis=0), (np.abs(odds) < 1e-5).mean(axis=0)
    own = np.array([values.number(item["validation_accuracy"], "validation_accuracy") for item in results])
    require(
        bool(np.all(np.abs(own - accuracy) < unclear + 1e-6)),
        es="`validation_accuracy` no es la parte de las filas de validación cuya clase más probable es la suya.",
        en="`validation_accuracy` is not the share of the validation rows whose likelier class is their own.",
    )


def require_trained(case, data, seed):
    """The rate and the epochs of a configuration matter, those of the ones before it do not."""

    def loss(*configs):
        return losses(case, *data, configs, seed)[-1]

    def equal(first, second):
        return math.isclose(first, second, rel_tol=1e-6)

    require(
        not equal(loss((0.05, 30)), loss((0.1, 30))),
        es="`search` da la misma pérdida con dos tasas distintas: no usa la tasa de la configuración.",
        en="`search` gives the same loss for two different rates: it does not use the rate of the configuration.",
    )
    require(
        not equal(loss((0.05, 30)), loss((0.05, 60))),
        es="`search` da la misma pérdida con 30 y con 60 épocas: no usa las de la configuración.",
        en="`search` gives the same loss for 30 and for 60 epochs: it does not use those of the configuration.",
    )
    require(
        equal(loss((0.05, 0)), loss((0.9, 0))),
        es="Con 0 épocas `search` no debe dar ningún paso, y su pérdida depende de la tasa.",
        en="With 0 epochs `search` should take no step, and its loss depends on the rate.",
    )
    require(
        equal(loss((0.9, 20), (0.1, 5)), loss((0.05, 1), (0.1, 5))),
        es="El resultado de una configuración depende de las anteriores: cada red se entrena desde el principio.",
        en="The result of a configuration depends on those before it: each network is trained from the beginning.",
    )


def require_steps_of_the_rate(case, seed):
    """Each epoch is one step of exactly the configuration's rate along the mean gradient.

    Two opposite rows so long that each hidden unit is fully on for one of them and fully off for the other have the output bias
    alone in common. Training on copies of one therefore moves the log-odds of the other by learning_rate (y - p) in each epoch,
    whatever the hidden size and the first weights. Where no such pair is to be had (a network whose output is saturated, an
    exponential that overflows), nothing is asked.
    """
    try:
        row, label = opposite_rows(case, seed)
    except StudentTrouble:
        return
    if row is None:
        return
    X, y = np.tile(row, (3, 1)), np.full(3, label)
    for rate in (0.3, 0.7):
        ladder = [(rate, epochs) for epochs in range(4)]
        near = np.array([log_odds(case, X, y, row, [config], seed)[0][0] for config in ladder])
        far = np.array([log_odds(case, X, y, -row, [config], seed)[0][0] for config in ladder])
        steps = rate * (label - 1.0 / (1.0 + np.exp(-np.clip(near[:-1], -500.0, 500.0))))
        require(
            np.allclose(np.diff(far), steps, rtol=0.0, atol=1e-2 * np.abs(steps).max()),
            es="La pérdida no es la de una red entrenada con la tasa y las épocas de la configuración: "
            "cada época es un paso de learning_rate por el gradiente medio.",
            en="The loss is not that of a network trained with the rate and the epochs of the configuration: "
            "each epoch is one step of learning_rate times the mean gradient.",
        )


def opposite_rows(case, seed):
    """A long row that sets every hidden unit fully on or off, and the label that is less likely for it; None where there is none."""
    for length in (1e4, 1e6, 1e8):
        for _ in range(6):
            row = case.rng.choice([-1.0, 1.0], 3) * case.rng.uniform(0.5, 1.0, 3) * length
            at_first = log_odds(case, row[None], np.zeros(1), row, [(0.5, 0)], seed)[0][0]
            label = float(at_first <= 0.0)
            # Seen at a tenth of the row, because what is left of a unit's derivative (1e-7 at z = 16) counts row^2 times; at first,
            # because one step may drive a unit that was in between to an end; and after it, because W2 may be zero before.
            if all(is_at_its_ends(case, row, label, epochs, seed) for epochs in (0, 1)):
                return row, label
    return None, 0.0


def grid_shown(case):
    X = np.random.default_rng(1).normal(size=(36, 2))
    y = (X[:, 0] + X[:, 1] > 0.0).astype(float)
    rates, lines = [0.03, 0.1, 0.3, 1.0, 3.0], {}
    for epochs in (10, 40):
        configs = [{"learning_rate": rate, "epochs": epochs} for rate in rates]
        results = case.student.search(X[:24], y[:24], X[24:], y[24:], configs, seed=1)["results"]
        lines[f"epochs={epochs}"] = [result["validation_loss"] for result in results]
    return curves(lines, x="learning_rate", y="loss", at=rates)


def is_at_its_ends(case, row, label, epochs, seed):
    """Whether the output for a row and for its opposite is the same at a tenth of their length, and is not saturated."""
    towards, short, away, short_away = (
        log_odds(case, row[None], np.array([label]), x, [(0.5, epochs)], seed)[0][0] for x in (row, row / 10, -row, -row / 10)
    )
    return abs(towards - short) + abs(away - short_away) < 1e-6 and abs(away) < 6.0

"""Public checks of backprop_4_batch_size: mini-batches, training with them, comparing and plotting batch sizes."""

import math
from itertools import combinations

import numpy as np

from grader import Case, check, require
from grader.errors import Mismatch, StudentTrouble
from grader.families import figures, gradient, values
from grader.pictures import curves

SAME = 1e-4  # of the largest step; two orders of the rows differ by a hundred times more


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


def trained(case, X, y, size, h, rate, epochs, seed):
    """What the student's `train` returns: params as it returned them and as arrays, history, number of updates."""
    run = case.student.train(X, y, size, n_hidden=h, learning_rate=rate, epochs=epochs, seed=seed)
    params, history, n_updates = values.parts(run, 3, "train")
    point = values.arrays(params, shapes(X.shape[1], h), "params")
    losses = values.array([0.0, *values.array(history, (epochs,), "history")] if epochs else [0.0], (epochs + 1,), "history")[1:]
    return point, losses, values.number(n_updates, "n_updates")


def stepped(case, point, X, y, rows, rate, *, times=1.0):
    """The parameters after one update with some rows, along the student's own gradient."""
    rows = list(rows)
    like = {name: value.shape for name, value in point.items()}
    slope = values.arrays(case.student.gradients(point, X[rows], y[rows]), like, "gradients")
    return {name: value - times * rate * slope[name] for name, value in point.items()}


def epochs_from(case, point, X, y, size, rate, *, whole=False, complete=True, first=False, times=1.0):
    """Every point where one epoch from `point` can end, by the order of its batches.

    The other arguments describe what students do instead: a gradient of all rows for each batch, a last batch that is left
    out because it is not complete, the first batch only, a gradient that is not divided by the size of its batch but by another number.
    """
    n = len(y)

    def go(point, left):
        if not left or (not complete and len(left) < size) or (first and len(left) < n):
            yield point
            return
        for rows in combinations(left, min(size, len(left))):
            used = range(n) if whole else rows
            factor = len(rows) if times == "summed" else len(rows) / n if times == "by n" else 1.0
            yield from go(stepped(case, point, X, y, used, rate, times=factor), tuple(i for i in left if i not in rows))

    yield from go(point, tuple(range(n)))


def is_at(end, point, start):
    """Whether two points are the same, seen from where the steps began; rounding of float32 is allowed."""
    step = max(float(np.abs(end[name] - start[name]).max()) for name in start)
    largest = max(float(np.abs(value).max()) for value in start.values())
    off = max(float(np.abs(end[name] - point[name]).max()) for name in start)
    return step > 0.0 and off <= SAME * step + 1e-6 * largest


def require_explained(case, start, end, X, y, size, rate):
    """One epoch from `start` to `end` is explained by some order of the rows."""
    if any(is_at(end, point, start) for point in epochs_from(case, start, X, y, size, rate)):
        return
    for other, es, en in [
        (
            {"complete": False},
            "`train` deja fuera el último lote cuando es más pequeño.",
            "`train` leaves the last batch out when it is smaller.",
        ),
        (
            {"first": True},
            "Cada época de `train` da un solo paso, con su primer lote.",
            "Each epoch of `train` takes a single step, with its first batch.",
        ),
        (
            {"whole": True},
            "Cada actualización usa el gradiente de todas las filas, y no el de su lote.",
            "Each update uses the gradient of all rows, not that of its batch.",
        ),
        (
            {"times": "summed"},
            "El paso de cada lote es demasiado grande: el gradiente de un lote ya es la media de sus filas.",
            "The step of each batch is too large: the gradient of a batch already is the mean over its rows.",
        ),
        (
            {"times": "by n"},
            "El paso de cada lote está dividido entre todas las filas, y no entre las de su lote.",
            "The step of each batch is divided by all the rows, not by those of its batch.",
        ),
    ]:
        require(not any(is_at(end, point, start) for point in epochs_from(case, start, X, y, size, rate, **other)), es=es, en=en)
    require(
        False,
        es="Ningún orden de las filas explica los parámetros tras una época: cada fila cuenta una vez, lote a lote.",
        en="No order of the rows explains the parameters after an epoch: each row counts once, batch by batch.",
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
def minibatches_share_out_the_rows(case: Case) -> None:
    for n, d, size in [(43, 3, 4), (12, 2, 4), (9, 4, 1), (7, 3, 7), (6, 2, 50)]:
        X, y = rows(case.rng, n, d)
        got = case.student.minibatches(X, y, size, int(case.rng.integers(2**31)))
        lengths = [min(size, n - start) for start in range(0, n, size)]
        pairs = [values.parts(pair, 2, f"minibatches[{i}]") for i, pair in enumerate(values.parts(got, len(lengths), "minibatches"))]
        mine = np.vstack(
            [
                np.column_stack([values.array(pair[0], (length, d), "X_batch"), values.array(pair[1], (length,), "y_batch")])
                for pair, length in zip(pairs, lengths, strict=True)
            ]
        )
        whole = np.column_stack([X, y])
        require(
            sorted(mine[:, :d].tolist()) == sorted(whole[:, :d].tolist()),
            es="Los lotes no se reparten las filas: alguna falta o sale dos veces.",
            en="The batches do not share out the rows: one is missing or comes twice.",
        )
        require(
            sorted(mine.tolist()) == sorted(whole.tolist()),
            es="En los lotes, las etiquetas ya no van con sus filas.",
            en="In the batches the labels no longer go with their rows.",
        )
        if n == 43:
            require(
                not np.array_equal(mine, whole),
                es="Los lotes salen en el orden de los datos, sin barajar.",
                en="The batches come in the order of the data, without a shuffle.",
            )
            places = [whole.tolist().index(row) for row in mine.tolist()]
            spans = [np.ptp(places[start : start + size]) + 1 for start in range(0, n, size)]
            require(  # an honest shuffle keeps all neighbours together with a chance of 2e-31; one of 11 blocks keeps their order with 3e-8
                spans != lengths,
                es="Cada lote son filas seguidas de los datos: se baraja el orden de los lotes, y no el de las filas.",
                en="Each batch consists of neighbouring rows of the data: the order of the batches is shuffled, not that of the rows.",
            )


@check
def training_goes_through_every_batch(case: Case) -> None:
    for n, d, h, size in [(5, 3, 2, 2), (4, 2, 3, 2), (3, 3, 2, 1), (4, 3, 2, 9)]:
        _, X, y = problem(case.rng, n, d, h)
        rate, seed = float(case.rng.uniform(0.5, 1.0)), int(case.rng.integers(2**31))
        start, _, none = trained(case, X, y, size, h, rate, 0, seed)
        end, first, n_updates = trained(case, X, y, size, h, rate, 1, seed)
        require_explained(case, start, end, X, y, size, rate)
        values.matches(first, np.array([values.number(case.student.loss(start, X, y), "loss")]), "history", cap=1e-4)
        values.matches(np.array([none, n_updates]), np.array([0, math.ceil(n / size)]), "n_updates")
        if n == 5:
            continue
        end, history, n_updates = trained(case, X, y, size, h, rate, 2, seed)
        values.matches(n_updates, 2 * math.ceil(n / size), "n_updates")
        middles = [
            middle
            for middle in epochs_from(case, start, X, y, size, rate)
            if any(is_at(end, point, start) for point in epochs_from(case, middle, X, y, size, rate))
        ]
        require(
            bool(middles),
            es="Ningún orden de las filas explica los parámetros tras dos épocas.",
            en="No order of the rows explains the parameters after two epochs.",
        )
        losses = [values.number(case.student.loss(middle, X, y), "loss") for middle in middles]
        nearest = min(losses, key=lambda loss, history=history: abs(loss - history[1]))
        before = values.number(case.student.loss(start, X, y), "loss")
        values.matches(history, np.array([before, nearest]), "history", cap=1e-4)


@check
def comparison_describes_each_batch_size(case: Case) -> None:
    case.show(histories_shown, case, es="La pérdida con lotes de cada tamaño", en="The loss with batches of each size")
    _, X, y = problem(case.rng, 9, 2, 3)
    seed, rate, sizes = int(case.rng.integers(2**31)), float(case.rng.uniform(0.2, 0.6)), [4, 1, 9, 20]
    got = compared(case, X, y, sizes, 6, rate, seed)
    for size, mine in got.items():
        name = f"compare_batch_sizes[{size}]"
        values.matches(mine, {"n_updates": 6 * math.ceil(9 / size)}, name)
        changes = np.diff(mine["history"])
        rough = min((float(np.std(changes, ddof=k)) for k in (0, 1)), key=lambda std, mine=mine: abs(std - mine["roughness"]))
        values.matches(mine, {"roughness": rough}, name, scale=1e-3 * float(np.abs(mine["history"]).max()), cap=1e-4)
    if not is_own_training(case, X, y, got, rate, seed):
        require_sizes_alone(case, X, y, got, rate, seed)
        require_small_steps(case)


# Most students call their `train` as it is, and what it gives is then exact, whatever is wrong in their network. Who trains in
# another way (another hidden size, a loop inside, a rule of their own for the seeds) is judged by the answers alone.


def compared(case, X, y, sizes, epochs, rate, seed):
    """What the student's `compare_batch_sizes` returns, by size: history, n_updates and roughness as arrays."""
    got = case.student.compare_batch_sizes(X, y, sizes, epochs=epochs, learning_rate=rate, seed=seed)
    require(
        not (isinstance(got, dict) and any(str(size) in got for size in sizes)),
        es="Las claves de `compare_batch_sizes` son textos, y deben ser los tamaños de lote, enteros.",
        en="The keys of `compare_batch_sizes` are text, and should be the batch sizes, integers.",
    )
    require(
        isinstance(got, dict) and all(size in got for size in sizes),
        es="`compare_batch_sizes` debe devolver un diccionario cuyas claves sean los tamaños de lote.",
        en="`compare_batch_sizes` must return a dict whose keys are the batch sizes.",
    )
    wanted = {"history": (epochs,), "n_updates": (), "roughness": ()}
    return {size: values.arrays(got[size], wanted, f"compare_batch_sizes[{size}]") for size in sizes}


def is_own_training(case, X, y, got, rate, seed):
    """Whether every history is that of the student's own `train`, with 8 hidden units."""
    for i, (size, mine) in enumerate(got.items()):
        runs = [trained(case, X, y, size, 8, rate, len(mine["history"]), start)[1] for start in (seed, seed + i)]
        history = min(runs, key=lambda run, mine=mine: float(np.abs(run - mine["history"]).max()))
        try:
            values.matches(mine["history"], history, "history", cap=1e-4)
        except Mismatch:
            return False
    return True


def require_sizes_alone(case, X, y, got, rate, seed):
    """A size's history depends on the rate, starts at the loss over all rows, and has nothing to do with the sizes before it."""
    first = next(iter(got))

    def history(X, y, sizes, rate):
        return compared(case, X, y, sizes, 6, rate, seed)[sizes[-1]]["history"]

    def equal(a, b):
        return np.allclose(a, b, rtol=1e-5, atol=0.0)

    alone = history(X, y, [first], rate)
    require(
        equal(history(X, y, [1, first], rate), history(X, y, [9, first], rate)) and equal(got[first]["history"], alone),
        es="`history` de un tamaño depende de los demás, o del azar: cada red se entrena desde el principio, con su semilla.",
        en="The `history` of a size depends on the other sizes, or on chance: each network is trained from the beginning, with its seed.",
    )
    require(
        not equal(alone, history(X, y, [first], 2.0 * rate)),
        es="`compare_batch_sizes` da lo mismo con dos tasas distintas: no usa `learning_rate`.",
        en="`compare_batch_sizes` gives the same for two different rates: it does not use `learning_rate`.",
    )
    require(
        equal(alone[0], history(X[::-1].copy(), y[::-1].copy(), [first], rate)[0]),
        es="`history` no empieza en la pérdida inicial con todas las filas: depende de su orden.",
        en="`history` does not begin at the initial loss over all rows: it depends on their order.",
    )


def require_small_steps(case):
    """With a small rate, each epoch lowers the loss by rate (n / size) |gradient|^2, whatever the hidden size and the start.

    Twelve rows, nearly all of one class, so that no start is near its minimum. Both epochs of a size fall alike, and so do the
    sizes that begin at the same loss. Where a start is so steep (100 hidden units, W2 from 0 to 1) that the loss of the odd row
    is clipped, 27.6 / 12 of the mean, it can even rise.
    """
    X, y, seed = case.rng.normal(size=(12, 2)), (np.arange(12) > 0).astype(float), int(case.rng.integers(2**31))
    falls = [found for size in (1, 3, 12) if (found := small_falls(case, X, y, size, seed))]
    for start, _ in falls:
        slopes = np.array([slopes for other, slopes in falls if math.isclose(other, start, rel_tol=1e-5)])
        require(
            bool(np.ptp(slopes) < 0.1 * np.abs(slopes).max() and (slopes.min() > 0.0 or start > 1.5)),
            es="`history` no es la de una red entrenada con ese tamaño de lote y esa tasa: "
            "una época da un paso de learning_rate por cada lote.",
            en="The `history` is not that of a network trained with that batch size and rate: "
            "an epoch takes one step of learning_rate for each batch.",
        )


def small_falls(case, X, y, size, seed):
    """The first loss, and by how much the first two epochs (2,) lower it, per step and unit of the rate. None: no rate tells.

    Believed is what a rate, its half and its quarter say alike: a large rate shows curves, a small one the rounding of float32.
    """
    found = []
    for halvings in range(24):
        rate = 0.2 * 0.5**halvings
        history = compared(case, X, y, [size], 3, rate, seed)[size]["history"]
        found.append((history[:2] - history[1:]) * size / len(y) / rate)
        three = np.array(found[-3:])
        if len(three) == 3 and (np.ptp(three, axis=0) < 0.02 * np.abs(three[1])).all():
            return history[0], three[1]
    return None


@check
def plot_shows_each_history(case: Case) -> None:
    _, X, y = problem(case.rng, 8, 2, 3)
    sizes = [1, 3, 16]
    histories = {size: (0.7 * np.exp(-np.arange(5) / size) + case.rng.uniform(0.0, 0.1, 5)).tolist() for size in sizes}
    results = {
        size: {"history": history, "n_updates": 5 * math.ceil(8 / size), "roughness": float(np.std(np.diff(history)))}
        for size, history in histories.items()
    }
    try:  # their own results, which may hold more than was asked for
        own = case.student.compare_batch_sizes(X, y, sizes, epochs=5, seed=int(case.rng.integers(2**31)))
        if isinstance(own, dict):
            read = {size: values.arrays(own.get(size), {"history": (5,)}, "results")["history"] for size in sizes}
            results, histories = own, {size: history.tolist() for size, history in read.items()}
    except StudentTrouble:
        pass
    figures.shows(case.student.plot_histories(results), histories, "plot_histories")


def histories_shown(case):
    X = np.random.default_rng(1).normal(size=(24, 2))
    y = (X[:, 0] + X[:, 1] > 0.0).astype(float)
    results = case.student.compare_batch_sizes(X, y, [1, 6, 24], epochs=30, learning_rate=0.5, seed=1)
    return curves({f"batch_size={size}": results[size]["history"] for size in (1, 6, 24)}, x="epoch", y="loss")

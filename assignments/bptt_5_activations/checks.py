"""Public checks of bptt_5_activations: activations, the network, its gradient, data that need memory, training, comparison."""

import math
from itertools import combinations, pairwise, product

import numpy as np

from grader import Case, check, require
from grader.errors import Mismatch
from grader.families import convergence, gradient, values
from grader.pictures import curves

NAMES = ("relu", "tanh", "sigmoid")
HIDDEN = 16  # hidden units where nothing is said
SIZES = (8, 32, 4, 10, 64, *(size for size in range(1, 51) if size not in (16, 8, 32, 4, 10)), 100, 128)  # others, of a comparison


def shapes(i, h, o):
    return {"U": (h, i), "V": (h, h), "W": (o, h)}


def draw_weights(rng, *sizes):
    return {name: rng.uniform(0.3, 0.9, shape) * rng.choice([-1.0, 1.0], shape) for name, shape in shapes(*sizes).items()}


def near_a_kink(params, sequences):
    """Whether a pre-activation of the ReLU network is close to 0, or nearly all units are off."""
    seen, h = [], np.zeros((len(sequences), len(params["V"])))
    for x in sequences.transpose(1, 0, 2):
        seen.append(x @ params["U"].T + h @ params["V"].T)
        h = np.maximum(seen[-1], 0.0)
    r = np.array(seen)
    return np.abs(r).min() < 1e-3 or (r > 0).mean() < 0.25


def problem(rng, n, steps, *sizes):
    """params, sequences (n, T, i), targets (n, T, o); every pre-activation stays away from ReLU's kink."""
    while True:
        params, sequences = draw_weights(rng, *sizes), rng.normal(size=(n, steps, sizes[0]))
        if not near_a_kink(params, sequences):
            return params, sequences, rng.normal(size=(n, steps, sizes[2]))


def judge_forward(case, name, steps, sizes):
    params, sequences, _ = problem(case.rng, 1, steps, *sizes)
    ys, hs = values.parts(case.student.forward(params, sequences[0], name), 2, "forward")
    right_ys, right_hs = case.reference.forward(params, sequences[0], name)
    named = {"T": steps, "n_inputs": sizes[0], "n_hidden": sizes[1], "n_outputs": sizes[2]}
    values.matches(ys, right_ys, "ys", sizes=named)
    try:  # the states may come without h_0, which is zero for everybody
        values.array(hs, right_hs[1:].shape, "hs", finite=False)
        right_hs = right_hs[1:]
    except Mismatch:
        pass
    values.matches(hs, right_hs, "hs", sizes=named)


def judge_loss(case, name, n, steps, sizes):
    params, sequences, targets = problem(case.rng, n, steps, *sizes)
    got = case.student.loss(params, sequences, targets, name)
    named = {"n": n, "T": steps, "n * T": n * steps, "n_outputs": sizes[2], "2": 2}
    values.matches(got, case.reference.loss(params, sequences, targets, name), "loss", sizes=named)


def judge_gradients(case, name, n, steps, sizes):
    params, *data = problem(case.rng, n, steps, *sizes)
    _, *others = problem(case.rng, n, steps, *sizes)

    def own_loss(at, sequences, targets):
        return values.number(case.student.loss(at, sequences, targets, name), "loss")

    got = case.student.gradients(params, *data, name)
    right = case.reference.gradients(params, *data, name)
    named = {"n": n, "T": steps, "n * T": n * steps, "n_inputs": sizes[0], "n_hidden": sizes[1], "n_outputs": sizes[2]}
    gradient.matches(got, right, at=params, loss=own_loss, inputs=data, others=others, sizes=named)


def training_data(rng, n, steps, i, o):
    """sequences, targets of size 1, away from 0."""
    draws = [rng.uniform(0.4, 1.2, (n, steps, width)) * rng.choice([-1.0, 1.0], (n, steps, width)) for width in (i, o)]
    return tuple(draws)


def run(case, data, name, widths, **options):
    """(params, history) of the student's train; the parameters as they came, and as arrays."""
    params, history = values.parts(case.student.train(*data, name, **options), 2, "train")
    return params, values.arrays(params, shapes(*widths), "params"), history


def alive(slope):
    """Whether a gradient has an entry that is not zero."""
    return any(value.any() for value in slope.values())


def tells(slope, start, sequences, targets):
    """Whether the gradient at a start is alive, and another one where the inputs or the targets are others."""
    first, *others = slope(start, sequences, targets), slope(start, -sequences, targets), slope(start, sequences, targets + 1.0)
    return alive(first) and not any(all(np.array_equal(other[key], value) for key, value in first.items()) for other in others)


def judge_steps(case, name, widths, n, steps, epochs):
    """Every update from the student's own start follows the student's own gradient, and the history holds their own loss.

    Three ReLU units are all off at one start in forty, whose gradient is then zero, or after a step: twelve starts are tried.
    """
    options = {"n_hidden": widths[1], "learning_rate": float(case.rng.uniform(0.03, 0.08))}
    named = {"n": n, "T": steps, "learning_rate": options["learning_rate"]}

    def slope(params, sequences, targets):
        return values.arrays(case.student.gradients(params, sequences, targets, name), shapes(*widths), "gradients")

    for _ in range(12):
        data = training_data(case.rng, n, steps, widths[0], widths[2])
        options["seed"] = int(case.rng.integers(2**31))
        runs = [run(case, data, name, widths, epochs=k, **options) for k in range(epochs + 1)]
        if tells(slope, runs[0][0], *data) and all(alive(slope(before, *data)) for before, _, _ in runs[1:-1]):
            break
    else:
        require(False, es="`gradients` no depende de los datos.", en="`gradients` does not depend on the data.")
    losses = []
    for (before, start, _), (_, end, _) in pairwise(runs):
        convergence.step_matches(start, end, slope(before, *data), options["learning_rate"], sizes=named)
        losses.append(values.number(case.student.loss(before, *data, name), "loss"))
    last = values.number(case.student.loss(runs[-1][0], *data, name), "loss")
    convergence.history_matches(runs[-1][2], losses, final_loss=last, sizes=named)


def dataset(case, n, length, seed):
    sequences, targets = values.parts(case.student.make_dataset(n, length, seed), 2, "make_dataset")
    return values.array(sequences, (n, length, 1), "sequences"), values.array(targets, (n, length, 1), "targets")


def jumps(x, y):
    """Of the closest half of the neighbours in x, the fraction whose y differ clearly: few where y is a function of x."""
    order = np.argsort(x, kind="stable")
    gaps, steps = np.diff(x[order]), np.abs(np.diff(y[order]))
    return float(np.mean(steps[gaps <= np.median(gaps)] > 0.05 * y.std())) if y.std() > 1e-9 else 0.0


def unlike(features, y):
    """The mean square of the difference in y between nearest neighbours, 1 where y has nothing to do with the features.

    Among equally near ones, as with inputs of 0 and 1, one by lot: the first of all was everybody's, and noise passed for memory.
    """
    distances = ((features[:, None, :] - features[None, :, :]) ** 2).sum(axis=2)
    distances += 1e-9 * (distances.max() or 1.0) * np.random.default_rng(0).random(distances.shape)
    np.fill_diagonal(distances, np.inf)
    return float(np.mean((y - y[distances.argmin(axis=1)]) ** 2) / (2.0 * y.var()))


def explained(features, y):
    """The share of the variance of y that a linear function of the features explains."""
    columns = np.column_stack([features, np.ones(len(y))])
    rest = y - columns @ np.linalg.lstsq(columns, y, rcond=None)[0]
    return 1.0 - float(np.var(rest) / y.var())


def follows_the_past(x, y):
    """Whether the targets y (n, T) have something to do with the inputs x (n, T) so far, at some step."""
    for t in range(1, x.shape[1]):
        past, now = x[:, : t + 1], y[:, t]
        if now.std() < 1e-9:
            continue
        if explained(past, now) > 0.15 or unlike(past, now) < 0.6:
            return True
        if any(unlike(x[:, [k, t]], now) < 0.6 for k in range(t)):
            return True
    return False


@check
def activations_and_their_derivatives(case: Case) -> None:
    for name in NAMES:
        for shape in [(4, 3), (5,)]:
            z = case.rng.uniform(0.05, 2.5, shape) * np.where(np.arange(np.prod(shape)).reshape(shape) % 2, -1.0, 1.0)
            for function in ("activation", "activation_derivative"):
                got = getattr(case.student, function)(name, z)
                values.matches(got, getattr(case.reference, function)(name, z), f'{function}("{name}")', scale=1.0)


@check
def forward_and_loss_are_right(case: Case) -> None:
    for name in NAMES:
        judge_forward(case, name, 5, (2, 4, 3))
        judge_loss(case, name, 4, 6, (2, 3, 3))
    judge_forward(case, "tanh", 1, (3, 2, 1))


@check
def gradients_are_those_of_the_loss(case: Case) -> None:
    for name in ("tanh", "sigmoid", "relu"):
        judge_gradients(case, name, 3, 5, (2, 4, 3))


@check
def dataset_needs_memory(case: Case) -> None:
    for n, length in [(5, 7), (1, 3)]:
        dataset(case, n, length, int(case.rng.integers(2**31)))
    short, long = (dataset(case, 300, length, int(case.rng.integers(2**31))) for length in (4, 12))
    pairs = [(sequences[:, :, 0], targets[:, :, 0]) for sequences, targets in (short, long)]
    require(
        any(jumps(x[:, t], y[:, t]) > 0.1 for x, y in pairs for t in range(1, x.shape[1])),
        es="El objetivo de cada paso sale de la entrada de ese mismo paso: la tarea no necesita memoria.",
        en="The target of each step follows from the input of that very step: the task needs no memory.",
    )
    past = any(follows_the_past(x, y) for x, y in pairs)
    require(
        past or not any(follows_the_past(x[:, ::-1], y[:, ::-1]) for x, y in pairs),
        es="Los objetivos salen de entradas posteriores de su secuencia, y no de las anteriores.",
        en="The targets follow from later inputs of their sequence, and not from the earlier ones.",
        earned=0.5,
    )
    require(
        past,
        es="Los objetivos no tienen nada que ver con las entradas anteriores de su secuencia.",
        en="The targets have nothing to do with the earlier inputs of their sequence.",
        earned=0.5,
    )


@check
def training_takes_a_full_batch_step(case: Case) -> None:
    for name in NAMES:
        judge_steps(case, name, (2, 3, 1), 4, 3, 1)


def entries(got):
    """By activation (history, final_loss, gradient_norm) of what `compare_activations` returns."""
    values.arrays(got, {}, "compare_activations")
    require(
        all(name in got for name in NAMES),
        es="`compare_activations` debe hablar de `relu`, de `tanh` y de `sigmoid`.",
        en="`compare_activations` must speak of `relu`, of `tanh` and of `sigmoid`.",
    )
    found = {}
    for name in NAMES:
        where = f"compare_activations[{name!r}]"
        numbers = values.arrays(got[name], {"final_loss": (), "gradient_norm": ()}, where)
        require(
            "history" in got[name],
            es="A cada activación de `compare_activations` le hace falta su `history`.",
            en="Each activation of `compare_activations` needs its `history`.",
        )
        found[name] = (got[name]["history"], float(numbers["final_loss"]), float(numbers["gradient_norm"]))
    return found


def norm(slope):
    return float(np.sqrt(sum(np.sum(value**2) for value in slope.values())))


def compared(case, data, epochs, rate, seed):
    """What the student's `compare_activations` returns, by activation (history (epochs,), final_loss, gradient_norm)."""
    found = entries(case.student.compare_activations(*data, epochs=epochs, learning_rate=rate, seed=seed))
    return {name: (values.array(history, (epochs,), "history"), *numbers) for name, (history, *numbers) in found.items()}


# Most students call their `train` as it is, and what it gives is then exact, whatever is wrong in their network. Who trains in
# another way (another hidden size, a loop inside, a rule of their own for the seeds) is recognised by the first loss or gradient;
# who starts where nothing else of theirs does is judged by the answers alone. A first loss that all seeds share (W = 0)
# recognises nobody.


def own_training(case, data, name, found, rate, seeds):
    """The student's own training that gave `found`: (losses, loss at the end, norm of the first gradient).

    Where none did, the nearest one that begins in the same way. None where nothing of the student's begins like that.
    """
    history, _, gradient_norm = found
    begun, firsts = [], []
    for hidden, seed in product((HIDDEN, *SIZES), seeds):
        for training in trainings(case, data, name, hidden, len(history), rate, seed, history[0]):
            try:
                values.matches(gradient_norm, training[2], "gradient_norm")
                values.matches(history, training[0], "history", cap=1e-4)
                return training
            except Mismatch:
                begun.append(training)
                firsts.append(training[0][0])
    shared = len(set(firsts)) < len(firsts) / 4
    like = [
        training
        for training in begun
        if (not shared and abs(training[0][0] - history[0]) <= 1e-9 * history[0])
        or abs(training[2] - gradient_norm) <= 1e-9 * gradient_norm
    ]
    return min(like, key=lambda training: np.abs(training[0] - history).max(), default=None)


def trainings(case, data, name, hidden, epochs, rate, seed, first):
    """What can have been trained with a hidden size, from train's own start or, if its loss is `first`, from init_params."""
    widths = (data[0].shape[2], hidden, data[1].shape[2])

    def loss(params):
        return values.number(case.student.loss(params, *data, name), "loss")

    def slope(params):
        return values.arrays(case.student.gradients(params, *data, name), shapes(*widths), "gradients")

    options = {"n_hidden": hidden, "learning_rate": rate, "seed": seed}
    start, _, _ = run(case, data, name, widths, epochs=0, **options)
    end, _, history = run(case, data, name, widths, epochs=epochs, **options)
    yield values.array(history, (epochs,), "history"), loss(end), norm(slope(start))

    params = values.arrays(case.student.init_params(*widths, seed), shapes(*widths), "init_params")
    if abs(loss(params) - first) > 1e-5 * first:
        return
    losses, begin = [], norm(slope(params))
    for _ in range(epochs):
        losses.append(loss(params))
        step = slope(params)
        params = {key: value - rate * step[key] for key, value in params.items()}
    yield np.array(losses), loss(params), begin


def require_descent(case, data, rate, seed):
    """What holds for full-batch descent whatever the network: only its seed and the data, as a set, decide how it begins."""

    def found(data=data, rate=rate, seed=seed, epochs=2):
        return [*compared(case, data, epochs, rate, seed).values()]

    def same(one, two):
        return all(
            np.allclose(a[0], b[0], rtol=1e-5, atol=0.0) and math.isclose(a[2], b[2], rel_tol=1e-5) for a, b in zip(one, two, strict=True)
        )

    alone, faster, longer = found(), found(rate=2.0 * rate), found(epochs=3)
    others = [found(seed=int(other)) for other in case.rng.integers(2**31, size=2)]
    sequences, targets = data
    for ok, es, en in [
        (
            same(found(), alone),
            "`compare_activations` da resultados distintos con la misma semilla.",
            "`compare_activations` gives different results for the same seed.",
        ),
        (
            any(not np.array_equal(a[0], b[0]) for other in others for a, b in zip(other, alone, strict=True)),
            "`compare_activations` da el mismo resultado con semillas distintas.",
            "`compare_activations` gives the same result for different seeds.",
        ),
        (
            all(math.isclose(a[0][0], b[0][0], rel_tol=1e-6) for a, b in zip(faster, alone, strict=True)),
            "La primera entrada de `history` depende de `learning_rate`: debe ser la pérdida de antes del primer paso.",
            "The first entry of `history` depends on `learning_rate`: it should be the loss before the first step.",
        ),
        (
            uses_the_rate(case, data, rate, seed, alone),
            "`compare_activations` da lo mismo con dos tasas distintas: no usa `learning_rate`.",
            "`compare_activations` gives the same for two different rates: it does not use `learning_rate`.",
        ),
        (
            all(math.isclose(a[2], b[2], rel_tol=1e-6) for other in (faster, longer) for a, b in zip(other, alone, strict=True)),
            "`gradient_norm` depende de `learning_rate` o de `epochs`: debe ser la del gradiente de antes del primer paso.",
            "`gradient_norm` depends on `learning_rate` or `epochs`: it should be that of the gradient before the first step.",
        ),
        (
            same(found((sequences[::-1].copy(), targets[::-1].copy())), alone)
            and same(found((np.vstack([sequences, sequences]), np.vstack([targets, targets]))), alone),
            "El resultado cambia con el orden de las secuencias, o si cada una sale dos veces: cada paso usa el gradiente medio de todas.",
            "The result changes with the order of the sequences, or if each comes twice: each step uses the mean gradient of all.",
        ),
        (
            not any(np.array_equal(a[0], b[0]) for a, b in combinations(alone, 2)),
            "Dos activaciones dan la misma `history`.",
            "Two activations give the same `history`.",
        ),
    ]:
        require(bool(ok), es=es, en=en)
    require_slope(case, data, seed)


def uses_the_rate(case, data, rate, seed, alone):
    """Whether a rate 50 times as large gives another history with each activation: float32 shows it from the smallest start."""
    try:
        fast = compared(case, data, 2, 50.0 * rate, seed).values()
    except Mismatch:  # it diverges
        return True
    return not any(np.array_equal(a[0], b[0]) for a, b in zip(fast, alone, strict=True))


def require_slope(case, data, seed):
    """Small steps lower the loss by learning_rate times gradient_norm squared: exactly so in the limit, whatever the network.

    Believed is what a rate, its half and its quarter say alike: a large rate shows curves, a small one rounding.
    """
    shares = {(name, step): [] for name in NAMES for step in (0, 1)}
    for halvings in range(26):
        rate = 0.1 * 0.5**halvings
        try:
            found = compared(case, data, 3, rate, seed)
        except Mismatch:  # it diverges
            continue
        for name, (history, _, gradient_norm) in found.items():
            for step in (0, 1):
                shares[name, step].append((history[step] - history[step + 1]) / (rate * max(gradient_norm, 1e-150) ** 2))
    for (name, _), found in shares.items():
        believed = [three for three in zip(found, found[1:], found[2:], strict=False) if np.ptp(three) < 0.01 * abs(three[1])]
        require(
            not believed or 0.9 < believed[0][1] < 1.1,
            es=f'Con "{name}", un paso pequeño debe bajar la pérdida en learning_rate por el cuadrado de `gradient_norm`, '
            "y no lo hace: o el paso no es ese, o la norma no es la del gradiente.",
            en=f'With "{name}", a small step should lower the loss by learning_rate times the square of `gradient_norm`, '
            "and it does not: either the step is another one, or the norm is not that of the gradient.",
        )


@check
def comparison_reports_three_trainings(case: Case) -> None:
    case.show(
        histories_shown, case, es="Tus tres activaciones, entrenadas con secuencias", en="Your three activations, trained on sequences"
    )
    data = training_data(case.rng, 3, 3, 2, 1)
    rate, seed, epochs = float(case.rng.uniform(0.01, 0.02)), int(case.rng.integers(2**31)), 3
    found = compared(case, data, epochs, rate, seed)
    known = {
        name: own_training(case, data, name, mine, rate, sorted({seed, seed + place}))  # all from one seed, or each from its own
        for place, (name, mine) in enumerate(found.items())
    }
    if None in known.values():
        require_descent(case, data, rate, seed)
        longer = compared(case, data, epochs + 1, rate, seed)
        known = {name: (history[:-1], float(history[-1]), gradient_norm) for name, (history, _, gradient_norm) in longer.items()}
    for name, (history, final_loss, gradient_norm) in found.items():
        losses, last, right_norm = known[name]
        convergence.history_matches(history, losses, final_loss=last)
        values.matches(final_loss, min(losses[-1], last, key=lambda loss: abs(loss - final_loss)), "final_loss", cap=1e-4)
        values.matches(gradient_norm, right_norm, "gradient_norm")
    usual = compared(case, data, 2, 0.01, 0)
    for name, (history, _, gradient_norm) in entries(case.student.compare_activations(*data, epochs=2)).items():
        values.matches(history, usual[name][0], "history", cap=1e-4)
        values.matches(gradient_norm, usual[name][2], "gradient_norm")


def histories_shown(case):
    xs = np.random.default_rng(1).choice([-1.0, 1.0], (4, 5, 1))
    results = case.student.compare_activations(xs, np.roll(xs, 1, axis=1), epochs=30, learning_rate=0.05, seed=1)
    return curves({name: results[name]["history"] for name in NAMES}, x="epoch", y="loss")

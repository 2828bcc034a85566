"""Public checks of bptt_4_lengths: first weights, padding, a masked batch, loss and gradient of sequences of many lengths."""

import math

import numpy as np

from grader import Case, check, require
from grader.errors import Mismatch, StudentTrouble
from grader.families import gradient, statistics, values
from grader.pictures import curves

TINY = 1e-6  # weights U for which tanh is the identity, up to 1e-12


def shapes(i, h, o):
    return {"U": (h, i), "V": (h, h), "W": (o, h)}


def draw_weights(rng, i, h, o):
    """Entries of about 0.6: the states move through the curved part of tanh and remember several steps."""
    return {name: rng.uniform(0.3, 0.9, shape) * rng.choice([-1, 1], shape) for name, shape in shapes(i, h, o).items()}


def draw_sequences(rng, lengths, width):
    return [rng.normal(size=(length, width)) for length in lengths]


def padded(sequences, filling=0.0):
    """The batch and the mask of the contract; `filling` is what the batch holds after the end."""
    lengths = [len(xs) for xs in sequences]
    batch = np.full((len(lengths), max(lengths), sequences[0].shape[1]), filling, dtype=float)
    for row, xs in zip(batch, sequences, strict=True):
        row[: len(xs)] = xs
    return batch, np.arange(max(lengths)) < np.array(lengths)[:, None]


def init(case, sizes, scheme, seed):
    """The three matrices of the student's `init_params`."""
    return values.arrays(case.student.init_params(*sizes, scheme, seed), shapes(*sizes), f"init_params {scheme}")


def uniform(limit):
    return lambda x: np.clip((x + limit) / (2 * limit), 0.0, 1.0)


def standard_normal(x):
    return np.array([0.5 * math.erfc(-value / math.sqrt(2.0)) for value in np.ravel(x)])


def require_uniform(params, names, scheme):
    """The named matrices fill +-limit evenly: 0.1 for small, sqrt(6 / (in + out)) for the others."""
    for name in names:
        limit = 0.1 if scheme == "small" else math.sqrt(6 / sum(params[name].shape))
        statistics.within(params[name], -limit, limit, f"init_params {scheme}: {name}")
        statistics.follows(params[name], uniform(limit), f"init_params {scheme}: {name}")


def require_orthogonal(V):
    require(
        bool(np.abs(V.T @ V - np.eye(len(V))).max() < 1e-4),
        es="Con `orthogonal`, V no es ortogonal: V^T V debe ser la identidad.",
        en="With `orthogonal`, V is not orthogonal: V^T V must be the identity.",
    )


def follows_own_forward(case, params, sequences, targets, got):
    """Whether the loss is the one of the student's own outputs, wrong as these may be; it has paid for them elsewhere."""
    batch, mask = padded(sequences)
    try:
        ys = values.array(case.student.forward(params, batch, mask), (*mask.shape, targets[0].shape[1]), "forward")
        own = ys[mask]
        if len(np.unique(own)) < own.size:
            return False
        values.matches(got, 0.5 * np.sum((own - np.concatenate(targets)) ** 2) / len(sequences), "loss")
    except StudentTrouble:
        return False
    return True


def leaves_alone(case, name, *arguments):
    """The function `name` does not change its arguments; otherwise half of the points are kept."""
    after = getattr(case.student, name).arguments_after(*arguments)
    try:
        values.unchanged({name: arguments}, {name: after})
    except Mismatch as mismatch:
        mismatch.earned = 0.5
        raise


def judge_loss(case, lengths, sizes):
    i, _, o = sizes
    params, sequences, targets = draw_weights(case.rng, *sizes), *(draw_sequences(case.rng, lengths, width) for width in (i, o))
    got, right = case.student.loss(params, sequences, targets), case.reference.loss(params, sequences, targets)
    if not follows_own_forward(case, params, sequences, targets, got):
        named = {"sequences": len(lengths), "steps": sum(lengths), "T_max": max(lengths), "n_outputs": o}
        values.matches(got, right, "loss", sizes=named)
    leaves_alone(case, "loss", params, sequences, targets)


def judge_gradients(case, lengths, sizes, draw=draw_sequences):
    i, _, o = sizes
    params = draw_weights(case.rng, *sizes)
    inputs, others = ((draw(case.rng, lengths, i), draw_sequences(case.rng, lengths, o)) for _ in range(2))
    gradient.matches(
        case.student.gradients(params, *inputs),
        case.reference.gradients(params, *inputs),
        at=params,
        loss=case.student.loss,
        inputs=inputs,
        others=others,
        sizes={"sequences": len(lengths), "steps": sum(lengths), "T_max": max(lengths), "n_outputs": o},
    )


def norms(case, params, lengths, seed):
    """The student's norms as an array (len(lengths),)."""
    got = case.student.gradient_norms_by_length(params, lengths, seed)
    return values.array(got, (len(lengths),), "gradient_norms_by_length")


@check
def init_params_follows_the_scheme(case: Case) -> None:
    wide, narrow, huge = (20, 80, 12), (40, 12, 50), (20, 240, 12)  # huge: a uniform of the same variance is hard to tell from a normal
    for scheme, sizes in [("small", wide), ("xavier", wide), ("orthogonal", narrow), ("large", huge)]:
        seed = int(case.rng.integers(2**30))
        params, again, other = (init(case, sizes, scheme, number) for number in (seed, seed, seed + 1))
        values.matches(again, params, f"init_params {scheme}")
        require(
            any(not np.array_equal(params[name], other[name]) for name in params),
            es="Dos semillas distintas dan los mismos pesos.",
            en="Two different seeds give the same weights.",
        )
        if scheme == "large":
            for name, weights in params.items():
                statistics.follows(weights, standard_normal, f"init_params large: {name}")
        else:
            require_uniform(params, "UW" if scheme == "orthogonal" else "UVW", scheme)
        if scheme == "orthogonal":
            require_orthogonal(params["V"])
    for sizes in [(2, 1, 3), (3, 4, 1)]:
        require_orthogonal(init(case, sizes, "orthogonal", int(case.rng.integers(2**30)))["V"])


def all_bool(mask):
    """Whether every entry of a mask is true or false by type."""
    if type(mask) in (list, tuple):
        return all(map(all_bool, mask))
    return type(mask) in (bool, np.bool_) or (type(mask) is np.ndarray and mask.dtype == bool)


@check
def pad_fills_up_with_zeros(case: Case) -> None:
    bools = True
    for lengths, i in [((3, 5, 1, 4), 2), ((2, 2), 3), ((4,), 1), ((1, 1, 1), 2)]:
        sequences = draw_sequences(case.rng, lengths, i)
        batch, mask = values.parts(case.student.pad(sequences), 2, "pad")
        right_batch, right_mask = case.reference.pad(sequences)
        values.matches(batch, right_batch, "batch", sizes={"B": len(lengths), "T_max": max(lengths), "n_inputs": i})
        values.matches(mask, right_mask, "mask")
        bools = bools and all_bool(mask)
    whole = [case.rng.integers(-9, 10, size=(length, 2)) for length in (2, 4)]
    mixed = [whole[0], case.rng.normal(size=(3, 2))]
    for sequences in (mixed, whole):
        batch, mask = values.parts(case.student.pad(sequences), 2, "pad")
        values.matches(batch, case.reference.pad(sequences)[0], "batch of integers")
    leaves_alone(case, "pad", mixed)
    require(
        bools,
        es="`mask` no es de valores lógicos (bool): con enteros, `~mask` o `batch[mask]` hacen otra cosa.",
        en="`mask` is not made of truth values (bool): with integers `~mask` or `batch[mask]` do something else.",
        earned=0.5,
    )


@check
def forward_is_zero_after_the_end(case: Case) -> None:
    for lengths, sizes in [((5, 2, 4), (2, 4, 3)), ((1,), (2, 3, 4)), ((4, 4), (1, 3, 2)), ((3, 6), (3, 2, 1))]:
        params, sequences = draw_weights(case.rng, *sizes), draw_sequences(case.rng, lengths, sizes[0])
        batch, mask = padded(sequences)
        noisy = np.where(mask[:, :, None], batch, case.rng.uniform(1.0, 3.0, batch.shape))
        named = {"B": len(lengths), "T_max": max(lengths), "n_inputs": sizes[0], "n_hidden": sizes[1], "n_outputs": sizes[2]}
        right = case.reference.forward(params, batch, mask)
        values.matches(case.student.forward(params, batch, mask), right, "forward", sizes=named)
        values.matches(case.student.forward(params, noisy, mask), right, "forward", sizes=named)
    leaves_alone(case, "forward", params, noisy, mask)


@check
def loss_is_the_mean_over_the_sequences(case: Case) -> None:
    judge_loss(case, (5, 2, 4), (2, 4, 3))
    judge_loss(case, (3, 7), (3, 2, 4))
    judge_loss(case, (1,), (2, 3, 4))


@check
def gradients_are_the_derivative_of_the_loss(case: Case) -> None:
    judge_gradients(case, (5, 2, 4), (2, 4, 3))
    judge_gradients(case, (3, 6), (3, 2, 4))


@check
def gradient_norms_know_the_length(case: Case) -> None:
    """What holds for every sequence of inputs, whichever distribution they come from."""
    case.show(
        norms_shown,
        case,
        es="Cuánto del gradiente llega a h_0, según tu función",
        en="How much of the gradient reaches h_0, by your function",
    )
    i, h, lengths = 3, 4, [6, 1, 3, 4, 2, 14]
    weights = draw_weights(case.rng, i, h, 2)
    params = {**weights, "U": 0.5 * weights["U"], "V": 0.5 * np.linalg.qr(weights["V"])[0]}
    linear, doubled = ({**params, "U": times * params["U"]} for times in (TINY, 2.0 * TINY))
    forgetful = {**linear, "V": np.tril(weights["V"], -1)}  # a strictly triangular V has forgotten h_0 after h steps, exactly
    seed = int(case.rng.integers(2**30))
    require(
        bool((norms(case, params, lengths, seed) <= 2.0 * math.sqrt(h) * 0.5 ** np.array(lengths)).all()),
        es="Una norma pasa de lo que V deja llegar hasta h_0: cada paso de la secuencia debe multiplicar una vez por V.",
        en="A norm is larger than what V lets through to h_0: each step of the sequence must multiply by V once.",
    )
    once, again, twice = (norms(case, each, lengths, seed) for each in (linear, linear, doubled))
    values.matches(again, once, "gradient_norms_by_length")
    require(
        bool((np.abs(twice - 2.0 * once) <= 1e-3 * np.abs(twice)).all()),
        es="Con estados diminutos la norma no crece con ellos: la derivada de ||h_T||^2 es proporcional a h_T.",
        en="With tiny states the norm does not grow with them: the derivative of ||h_T||^2 is proportional to h_T.",
    )
    require(
        any(not np.array_equal(once, norms(case, linear, lengths, seed + k)) for k in (1, 2, 3)),
        es="Con otra semilla salen las mismas normas.",
        en="Another seed gives the same norms.",
    )
    reached, clean, alive = np.array(lengths) < h, True, np.zeros(len(lengths), dtype=bool)
    for k in range(12):  # inputs may be zero by chance, but not again and again
        got = norms(case, forgetful, lengths, seed + k)
        clean, alive = clean and bool((got[~reached] == 0.0).all() and (got >= 0.0).all()), alive | (got > 0.0)
    require(
        clean and bool(alive[reached].all()),
        es="Con V triangular sin diagonal, la norma debe ser 0 desde T = n_hidden, y no antes.",
        en="With V triangular and without a diagonal, the norm must be 0 from T = n_hidden on, and not before.",
    )


def norms_shown(case):
    lengths = [1, 2, 4, 8, 12, 16, 24]
    found = {scheme: norms(case, init(case, (3, 8, 2), scheme, 1), lengths, 1) for scheme in ("small", "xavier", "orthogonal", "large")}
    return curves(found, x="length", y="norm", at=lengths)

"""Hidden checks of bptt_5_activations: the gradient at the edges, nothing left behind, and longer training."""

import numpy as np

from grader import Case, check, require
from grader.families import values

from .checks import HIDDEN, NAMES, dataset, entries, judge_gradients, judge_loss, judge_steps, problem, run, shapes, training_data


@check
def gradients_hold_at_the_edges(case: Case) -> None:
    for name, n, steps, sizes in [
        ("tanh", 2, 9, (3, 4, 2)),
        ("sigmoid", 3, 1, (2, 3, 4)),
        ("relu", 1, 7, (1, 3, 2)),
        ("relu", 4, 2, (3, 2, 1)),
        ("tanh", 1, 1, (2, 1, 3)),
        ("sigmoid", 2, 8, (1, 2, 1)),
    ]:
        judge_loss(case, name, n, steps, sizes)
        judge_gradients(case, name, n, steps, sizes)


def leaves_alone(case, function, *arguments):
    after = getattr(case.student, function).arguments_after(*arguments)
    values.unchanged({function: arguments}, {function: after})


def same(one, two):
    return all(np.allclose(one[name], two[name], rtol=1e-6, atol=0.0) for name in one)


def seed_decides(case):
    """The same seed gives the same answer and not every seed does, for each function that takes one."""
    seeds = [int(seed) for seed in case.rng.integers(2**31, size=3)]
    data, widths = training_data(case.rng, 3, 3, 2, 1), (2, 3, 1)

    def points(seed):
        return dict(zip(("sequences", "targets"), dataset(case, 6, 5, seed), strict=True))

    def weights(seed):
        return values.arrays(case.student.init_params(*widths, seed), shapes(*widths), "init_params")

    def training(seed):
        return run(case, data, "tanh", widths, n_hidden=3, learning_rate=0.05, epochs=1, seed=seed)[1]

    for function, draw in [("make_dataset", points), ("init_params", weights), ("train", training)]:
        first = draw(seeds[0])
        require(
            same(draw(seeds[0]), first),
            es=f"`{function}` da resultados distintos con la misma semilla.",
            en=f"`{function}` gives different results for the same seed.",
        )
        require(
            not all(same(draw(seed), first) for seed in seeds[1:]),
            es=f"`{function}` da el mismo resultado con semillas distintas.",
            en=f"`{function}` gives the same result for different seeds.",
        )


def defaults_are_those_of_the_statement(case):
    data = training_data(case.rng, 2, 3, 1, 2)
    widths = (1, HIDDEN, 2)
    _, usual, _ = run(case, data, "tanh", widths, epochs=2)
    _, spelt_out, _ = run(case, data, "tanh", widths, n_hidden=HIDDEN, learning_rate=0.01, epochs=2, seed=0)
    require(
        same(usual, spelt_out),
        es="`train` no usa los valores por omisión `n_hidden=16`, `learning_rate=0.01`, `seed=0`.",
        en="`train` does not use the default values `n_hidden=16`, `learning_rate=0.01`, `seed=0`.",
    )
    _, _, history = run(case, data, "sigmoid", (1, 2, 2), n_hidden=2)
    values.array(history, (200,), "history", finite=False)
    for name, (history, _, _) in entries(case.student.compare_activations(np.ones((1, 1, 1)), np.ones((1, 1, 1)))).items():
        values.array(history, (200,), f"compare_activations[{name!r}]['history']", finite=False)


@check
def training_is_steps_one_after_another(case: Case) -> None:
    for name, widths, n, steps in [("tanh", (1, 4, 2), 3, 4), ("relu", (2, 3, 1), 1, 3), ("sigmoid", (3, 2, 2), 5, 1)]:
        judge_steps(case, name, widths, n, steps, 3)
    seed_decides(case)
    defaults_are_those_of_the_statement(case)
    params, sequences, targets = problem(case.rng, 8, 3, 2, 3, 1)  # eight: a shuffle in place shows
    leaves_alone(case, "activation", "relu", sequences[0])
    leaves_alone(case, "activation_derivative", "relu", sequences[0])
    leaves_alone(case, "forward", params, sequences[0], "relu")
    leaves_alone(case, "loss", params, sequences, targets, "tanh")
    for name in NAMES:
        leaves_alone(case, "gradients", params, sequences, targets, name)
    leaves_alone(case, "train", sequences, targets, "tanh", 3, 0.05, 2, 1)
    leaves_alone(case, "compare_activations", sequences, targets, 1, 0.01, 1)

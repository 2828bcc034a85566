"""Hidden checks of backprop_2_activations: the stack's exact properties, clear ratios, seeds, default values, large numbers."""

import math

import numpy as np

from grader import Case, check, require
from grader.errors import Mismatch, StudentTrouble
from grader.families import statistics, values

from .checks import NAMES, problem, stack


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


@check
def stack_and_classification_are_as_defined(case: Case) -> None:
    troubles = []
    for part in (the_stack_follows_its_definition, classification_looks_at_first_over_last):
        try:
            part(case)
        except StudentTrouble as trouble:
            troubles.append(trouble)
    if len(troubles) == 1 and isinstance(troubles[0], Mismatch):
        troubles[0].earned = max(troubles[0].earned, 0.5)
    if troubles:
        raise troubles[0]


def the_stack_follows_its_definition(case):
    """Sigmoids with weights of almost 0: the last norm is width / 8. ReLU is homogeneous: all norms scale alike."""
    width, seed = 40, int(case.rng.integers(2**31))
    for n_layers in (2, 5):
        got = stack(case, "sigmoid", n_layers, width, 1e-9, seed)
        values.matches(float(got[-1]), width / 8, "layer_gradient_norms[-1]", sizes={"width": width, "n_layers": n_layers})
    the_weights_are_normal(case)
    for n_layers, scale, factor in [(4, 0.8, 2.0), (3, 1.2, 0.5)]:
        small, large = (stack(case, "relu", n_layers, width, size, seed) for size in (scale, factor * scale))
        values.matches(large, factor ** (n_layers - 1) * small, "layer_gradient_norms", sizes={"width": width, "n_layers": n_layers})


def the_weights_are_normal(case):
    """Small sigmoid layers show the size of each W_l, because all a_l are then 0.5: |dL/dW_(l-1)| = |W_l| / 4 |dL/dW_l|.

    In layers of width 1 that is each single weight, in wide ones their scale. The square of a float32 norm underflows after 8 layers.
    """
    scale, width = 0.1, 200
    norms = stack(case, "sigmoid", 3, width, scale, int(case.rng.integers(2**31)))
    ratio = float(norms[1] / norms[2]) if norms[2] > 0.0 else 0.0
    require(  # |W^T 1| / sqrt(width) / scale is within 0.05 of 1 in one standard deviation
        0.7 < 4.0 * ratio / scale < 1.4,
        es="Los pesos de `layer_gradient_norms` no tienen la escala weight_scale / sqrt(width).",
        en="The weights of `layer_gradient_norms` do not have the scale weight_scale / sqrt(width).",
    )
    n_layers = 50 if stack(case, "sigmoid", 50, 1, scale, 0)[0] > 0.0 else 7
    drawn = []
    while len(drawn) < 8000:
        norms = stack(case, "sigmoid", n_layers, 1, scale, int(case.rng.integers(2**31)))
        require(bool((norms > 0.0).all()), es="Una norma de `layer_gradient_norms` es 0.", en="A norm of `layer_gradient_norms` is 0.")
        drawn += (4.0 / scale * norms[2:-1] / norms[3:]).tolist()
    require(
        len(np.unique(np.round(drawn[:8], 2))) > 2,
        es="Todas las capas de `layer_gradient_norms` tienen los mismos pesos.",
        en="All layers of `layer_gradient_norms` have the same weights.",
    )
    normal = np.vectorize(math.erf)
    statistics.follows(drawn, lambda x: normal(np.maximum(x, 0.0) / math.sqrt(2.0)), "abs(W)")


def classification_looks_at_first_over_last(case):
    """Clear ratios, whatever the norms in between."""
    for norms, right in [
        ([2e-4, 5.0, 1.0], "vanishing"),
        ([5e-3, 1e-6, 1.0], "stable"),
        ([200.0, 1e6, 1.0], "stable"),
        ([5e3, 1e-3, 1.0], "exploding"),
        ([1e-4, 1e-9], "exploding"),
        ([1e4, 1e9], "vanishing"),
        ([0.7, np.nan], "exploding"),
        ([np.nan, 0.7], "exploding"),
    ]:
        given = float(case.rng.uniform(0.5, 2.0)) * np.array(norms)
        values.matches(case.student.classify_gradients(given), right, "classify_gradients")


@check
def training_can_be_repeated(case: Case) -> None:
    params, X, y = problem(case.rng, 9, 2, 4)
    seeds = [int(seed) for seed in case.rng.integers(2**31, size=3)]

    def weights(seed):
        return case.student.init_params(3, 4, seed)

    def run(seed):
        return case.student.train(X, y, "tanh", n_hidden=4, learning_rate=0.3, epochs=2, seed=seed)

    def norms(seed):
        return case.student.layer_gradient_norms("tanh", 4, 8, 1.0, seed)

    usual = case.student.train(X, y, "sigmoid", n_hidden=8, learning_rate=0.5, epochs=2, seed=0)
    full = case.student.compare_activations(X, y, epochs=2, learning_rate=0.5, seed=0, target_loss=0.1)
    defaults = [
        (
            same(case.student.train(X, y, "sigmoid", epochs=2), usual),
            "`train` no usa los valores por omisión n_hidden=8, learning_rate=0.5, seed=0.",
            "`train` does not use the default values n_hidden=8, learning_rate=0.5, seed=0.",
        ),
        (
            same(in_order(case.student.compare_activations(X, y, epochs=2)), in_order(full)),
            "`compare_activations` no usa los valores por omisión learning_rate=0.5, seed=0.",
            "`compare_activations` does not use the default values learning_rate=0.5, seed=0.",
        ),
        (
            len(numbers(values.parts(case.student.train(X[:3], y[:3], "tanh"), 2, "train")[1])) == 500,
            "`train` no hace 500 épocas por omisión.",
            "`train` does not run 500 epochs by default.",
        ),
        *usual_comparison(case),
    ]
    z = case.rng.normal(size=(4, 3))
    untouched = [
        *(leaves_alone(case, "activation", name, z) for name in NAMES),
        *(leaves_alone(case, "activation_derivative", name, z) for name in NAMES),
        *(leaves_alone(case, "forward", params, X, name) for name in NAMES),
        *(leaves_alone(case, "gradients", params, X, y, name) for name in NAMES),
        leaves_alone(case, "train", X, y, "relu", 4, 0.3, 2, seeds[0]),
        leaves_alone(case, "compare_activations", X, y, 2, 0.3, seeds[0], 0.1),
        leaves_alone(case, "classify_gradients", np.array([0.5, 2.0, 1.0])),
    ]
    finite = [large_is_finite(case, params, X, name) for name in NAMES]
    require_all(
        (0.5, seed_decides("init_params", weights, *seeds) + seed_decides("train", run, *seeds)),
        (0.4, seed_decides("layer_gradient_norms", norms, *seeds)),
        (0.3, defaults),
        (0.3, untouched),
        (0.3, finite),
    )


def usual_comparison(case):
    """Facts: without epochs and target, `compare_activations` runs 500 epochs and looks for a loss of 0.1, which most reach."""
    results = case.student.compare_activations(np.array([[4.0, 1.0], [-4.0, -2.0]]), np.array([1.0, 0.0]))
    histories = [numbers(history) for history in in_order(results)]
    first = [next((i for i, loss in enumerate(history) if loss <= 0.1), None) for history in histories]
    told = [results[name].get("epochs_to_target") for name in NAMES] if len(histories) == len(NAMES) else []
    return [
        (
            bool(histories) and all(len(history) == 500 for history in histories),
            "`compare_activations` no hace 500 épocas por omisión.",
            "`compare_activations` does not run 500 epochs by default.",
        ),
        (
            [numbers(one).tolist() for one in told] == [numbers(one).tolist() for one in first],
            "`compare_activations` no usa el valor por omisión target_loss=0.1.",
            "`compare_activations` does not use the default value target_loss=0.1.",
        ),
    ]


def in_order(results):
    """The results of the three activations, histories only, in a fixed order of the names."""
    if not isinstance(results, dict):
        return []
    return [entry.get("history") for entry in map(results.get, NAMES) if isinstance(entry, dict)]


def large_is_finite(case, params, X, name):
    """A fact: for huge z2, and huge z1, nothing is NaN and the loss of the right classes is finite."""
    ok = True
    for scaled in (("W2", "b2"), ("W1", "b1")):
        huge = {key: 3000.0 * value if key in scaled else value for key, value in params.items()}
        p = values.array(numbers(case.student.forward(huge, X, name)), (len(X),), "forward", finite=False)
        value = numbers(case.student.loss(huge, X, np.where(p > 0.5, 1.0, 0.0), name))
        ok = ok and bool(np.isfinite(p).all()) and value.size == 1 and bool(np.isfinite(value).all())
    return (
        ok,
        "`forward` o `loss` dan NaN o infinito con valores grandes de z y la clase acertada.",
        "`forward` or `loss` gives NaN or infinity for large values of z and the right class.",
    )

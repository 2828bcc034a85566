"""Penalties: what they add to a gradient, what they leave alone, and the strength that is chosen."""

import numpy as np
import pytest
from honest_work import HONEST, network

from grader.errors import Fault, Mismatch
from grader.families import regularization

SEEDS = range(200)


def slope(params, kind, strength):
    """The right gradient of the penalty."""
    shape = {"l1": np.sign, "l2": lambda w: 2 * w}[kind]
    return {name: strength * shape(value) if name in ("W1", "W2") else np.zeros_like(value) for name, value in params.items()}


def added(data, push):
    return {name: np.asarray(data[name]) + push[name] for name in push}


def draw(seed):
    """A network, a kind and a strength."""
    rng = np.random.default_rng(seed)
    params, X, y = network(rng)
    kind, strength = ("l1", "l2")[seed % 2], float(rng.uniform(0.02, 0.3))
    return params, X, y, kind, strength


def refusal(judge, *args, **kwargs):
    with pytest.raises(Mismatch) as caught:
        judge(*args, **kwargs)
    for language in ("es", "en"):
        assert caught.value.fact.say(language)
    return caught.value


@pytest.mark.parametrize("style", HONEST)
def test_honest_penalties(style):
    """Whatever the way of working out the data term, the difference in strength is the penalty's gradient."""
    for seed in SEEDS:
        params, X, y, kind, strength = draw(seed)
        plain, push = HONEST[style](params, X, y), slope(params, kind, strength)
        if style == "float32":
            mine = {name: np.asarray(plain[name]) + push[name].astype(np.float32) for name in push}
        else:
            mine = added(plain, push)
        regularization.difference_matches(mine, plain, push)
        regularization.difference_matches({name: value.tolist() for name, value in mine.items()}, plain, push)


MUTANTS = {
    "none": (lambda params, kind, push: {name: 0 * value for name, value in push.items()}, "penalty_push_wrong"),
    "half": (lambda params, kind, push: {name: value / 2 for name, value in push.items()}, "penalty_push_wrong"),
    "sign": (lambda params, kind, push: {name: -value for name, value in push.items()}, "penalty_push_wrong"),
    "other": (lambda params, kind, push: slope(params, {"l1": "l2", "l2": "l1"}[kind], 0.1), "penalty_push_wrong"),
    "W2-left-out": (lambda params, kind, push: push | {"W2": 0 * push["W2"]}, "penalty_push_wrong"),
    "one-per-mille": (lambda params, kind, push: push | {"W1": 1.001 * push["W1"]}, "penalty_push_wrong"),
    "b1-too": (lambda params, kind, push: push | {"b1": 0.02 * np.sign(params["b1"])}, "penalty_pushes_bias"),
    "b2-a-little": (lambda params, kind, push: push | {"b2": 1e-6 * np.ones(1)}, "penalty_pushes_bias"),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_rejects_penalties(name):
    for seed in SEEDS:
        params, X, y, kind, strength = draw(seed)
        plain, push = HONEST["matrices"](params, X, y), slope(params, kind, strength)
        wrong, key = MUTANTS[name]
        mine = added(plain, wrong(params, kind, push))
        assert refusal(regularization.difference_matches, mine, plain, push).fact.key == key


@pytest.mark.parametrize("garbage", [None, "text", {}, {"W1": 0}, [1.0], float("nan")])
def test_refuses_what_is_no_gradient(garbage):
    params, X, y, kind, strength = draw(1)
    plain, push = HONEST["matrices"](params, X, y), slope(params, kind, strength)
    refusal(regularization.difference_matches, garbage, plain, push)
    refusal(regularization.difference_matches, plain, garbage, push)
    refusal(regularization.zeros_stay, garbage, {"W1": np.zeros((2, 3))})
    refusal(regularization.norms_shrink, [1.0, garbage], [0.0, 0.1])
    refusal(regularization.best_is_lowest, garbage, [0.0, 0.1], [1.0, 2.0])


def test_a_nothing_proves_nothing():
    zeros = {"W1": np.zeros(3)}
    with pytest.raises(Fault):
        regularization.difference_matches(zeros, zeros, zeros)
    with pytest.raises(Fault):
        regularization.zeros_stay({"W1": np.ones(3)}, {"W1": np.ones(3)})
    with pytest.raises(Fault):
        regularization.norms_shrink([1.0, 0.5], [0.1, 0.1])
    with pytest.raises(Fault):
        regularization.best_is_lowest(0.1, [0.1], [float("nan")])


def test_a_weight_of_zero_stays():
    """Zero, minus zero and whole numbers stay; a push of 1, of -1 and NaN do not."""
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        weights = {"W1": rng.normal(size=(4, 3)), "W2": rng.normal(size=(1, 4))}
        weights["W1"][rng.integers(4), rng.integers(3)] = 0.0
        got = {name: 0.1 * np.sign(value) for name, value in weights.items()}
        regularization.zeros_stay(got, weights)
        regularization.zeros_stay({name: np.where(weights[name] == 0, -0.0, value) for name, value in got.items()}, weights)
        regularization.zeros_stay({name: value.tolist() for name, value in got.items()}, weights)
        for push in (0.1, -0.1, 1e-6):
            wrong = {name: np.where(weights[name] == 0, push, value) for name, value in got.items()}
            assert refusal(regularization.zeros_stay, wrong, weights).fact.key == "penalty_pushes_zero"
        nan = {name: np.where(weights[name] == 0, np.nan, value) for name, value in got.items()}
        assert refusal(regularization.zeros_stay, nan, weights).fact.key == "not_finite"


def test_norms_that_shrink():
    """In any order of the strengths; equal neighbours may be equal to rounding, the two ends may not."""
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        strengths = np.sort(rng.uniform(0, 1, 4))
        norms = 3.0 * 0.7 ** np.arange(4)
        order = rng.permutation(4)
        regularization.norms_shrink(norms[order].tolist(), strengths[order].tolist())
        regularization.norms_shrink(norms.astype(np.float32), strengths.tolist())
        regularization.norms_shrink([3.0, 1.0, 1.0 + 1e-9, 0.0], strengths.tolist())
        for wrong in (norms[::-1], np.full(4, 2.0), [3.0, 1.0, 1.1, 0.5], [3.0, 2.99, 2.98, 2.97]):
            key = refusal(regularization.norms_shrink, list(wrong), strengths.tolist()).fact.key
            assert key == "penalty_does_not_shrink"


def test_the_best_strength_is_of_the_lowest_finite_loss():
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        strengths, losses = rng.permutation([0.0, 0.01, 0.1, 1.0, 10.0]), rng.permutation([np.nan, np.inf, 0.3, 0.4, 0.5])
        for strength, loss in zip(strengths, losses, strict=True):
            if loss == 0.3:
                for answer in (float(strength), strength, np.array(strength), np.float32(strength)):
                    regularization.best_is_lowest(answer, strengths.tolist(), losses.tolist())
            else:
                key = "best_not_lowest" if np.isfinite(loss) else "best_not_finite"
                assert refusal(regularization.best_is_lowest, strength, strengths.tolist(), losses.tolist()).fact.key == key
        assert refusal(regularization.best_is_lowest, 0.3, strengths.tolist(), losses.tolist()).fact.key == "best_not_listed"


def test_either_of_two_equal_losses_is_the_best():
    for answer in (0.1, 0.2):
        regularization.best_is_lowest(answer, [0.1, 0.2, 0.3], [0.5, 0.5, 0.6])

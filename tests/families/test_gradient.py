"""Gradients against the right ones, and follow-through marks for wrong ones that follow the student's own loss."""

import numpy as np
import pytest
from honest_work import gradient, loss, network, probabilities, sigmoid

from grader.errors import Crashed, Fault, LimitReached, Mismatch
from grader.families import gradient as judged
from grader.text import text

SEEDS = range(200)


def refusal(got, right, **kwargs):
    with pytest.raises(Mismatch) as caught:
        judged.matches(got, right, **kwargs)
    return caught.value


def mutants(params, X, y):
    """Wrong gradients of the network, with the first array that is wrong in each."""
    right = gradient(params, X, y)
    a = sigmoid(X @ params["W1"].T + params["b1"])
    e = (probabilities(params, X) - y)[:, None] / len(y)
    linear = (e @ params["W2"]).T @ X
    bent = ((e * 2) @ params["W2"] * a * (1 - a)).T @ X
    return {
        "sum": ({k: v * len(y) for k, v in right.items()}, "W1"),
        "sign": ({k: -v for k, v in right.items()}, "W1"),
        "zeros": ({k: 0 * v for k, v in right.items()}, "W1"),
        "no-derivative-in-the-hidden-layer": (right | {"W1": linear}, "W1"),
        "factor-in-W1": (right | {"W1": bent}, "W1"),
        "first-example-only": ({**right, "W2": (e[:1].T @ a[:1])}, "W2"),
        "bias-not-summed": ({**right, "b1": right["b1"] / len(y)}, "b1"),
        "b2-of-b1": ({**right, "b2": right["b1"][:1]}, "b2"),
        "last-row-of-W1": ({**right, "W1": right["W1"] * (np.arange(len(right["W1"])) < len(right["W1"]) - 1)[:, None]}, "W1"),
        "nan-in-b2": ({**right, "b2": np.array([np.nan])}, "b2"),
    }


@pytest.mark.parametrize("name", mutants(*network(np.random.default_rng(0))))
def test_rejects(name):
    """Each mutant loses everything on every seed, and the message names the array."""
    for seed in SEEDS:
        params, X, y = network(np.random.default_rng(seed))
        other_X, other_y = X[::-1] + 0.3, 1 - y
        (got, wrong), right = mutants(params, X, y)[name], gradient(params, X, y)
        follow = {"loss": loss, "inputs": (X, y), "others": (other_X, other_y)} if seed < 8 else {}
        mismatch = refusal(got, right, at=params, sizes={"n": len(y)}, **follow)
        assert mismatch.name.startswith(f"dL/d{wrong}")
        assert mismatch.earned == 0


def slips():
    """Losses with one slip, and their right gradients: what follow-through is for."""

    def no_bias(params, X, y):
        return loss(params | {"b1": 0 * params["b1"]}, X, y)

    return {
        "sum-for-mean": (lambda p, X, y: len(y) * loss(p, X, y), lambda p, X, y: scaled(gradient(p, X, y), len(y))),
        "two-for-one": (lambda p, X, y: 2 * loss(p, X, y), lambda p, X, y: scaled(gradient(p, X, y), 2)),
        "in-float32": (
            lambda p, X, y: np.float32(3) * np.float32(loss(p, X, y)),
            lambda p, X, y: {k: v.astype(np.float32) * 3 for k, v in gradient(p, X, y).items()},
        ),
        "squares": (squared_loss, squared_gradient),
        "b1-forgotten": (no_bias, lambda p, X, y: gradient(p | {"b1": 0 * p["b1"]}, X, y) | {"b1": 0 * p["b1"]}),
    }


def scaled(arrays, factor):
    return {name: factor * value for name, value in arrays.items()}


def squared_loss(params, X, y):
    return float(np.mean((probabilities(params, X) - y) ** 2))


def squared_gradient(params, X, y):
    a, p = sigmoid(X @ params["W1"].T + params["b1"]), probabilities(params, X)
    dz2 = (2 * (p - y) * p * (1 - p) / len(y))[:, None]
    dz1 = dz2 @ params["W2"] * a * (1 - a)
    return {"W1": dz1.T @ X, "b1": dz1.sum(axis=0), "W2": dz2.T @ a, "b2": dz2.sum(axis=0)}


@pytest.mark.parametrize(("name", "earned"), [("sum-for-mean", 0.6), ("two-for-one", 0.6), ("in-float32", 0.6), ("squares", 0.6)])
def test_follow_through_is_granted(name, earned):
    """A slip in the loss that its own gradient follows keeps 60 %, on every seed."""
    own_loss, own_gradient = slips()[name]
    for seed in range(25):
        mismatch = followed(own_loss, own_gradient, seed)
        assert mismatch.earned == earned
        assert mismatch.fact.key == "follows_own_loss"
        assert "tu código" in mismatch.fact.say("es")


def followed(own_loss, own_gradient, seed):
    params, X, y = network(np.random.default_rng(seed))
    got, right = own_gradient(params, X, y), gradient(params, X, y)
    return refusal(got, right, at=params, loss=own_loss, inputs=(X, y), others=(X[::-1] + 0.3, 1 - y))


def troubled(error):
    def raises(params, X, y):
        raise error

    return raises


DEGENERATE = {
    "constant": (lambda p, X, y: 1.0, lambda p, X, y: scaled(p, 0)),
    "blind-to-b1": slips()["b1-forgotten"],
    "blind-to-the-data": (lambda p, X, y: sum(float(np.sum(v**2)) for v in p.values()), lambda p, X, y: scaled(p, 2)),
    "data-beside": (lambda p, X, y: sum(float(np.sum(v**2)) for v in p.values()) + X.sum() + y.sum(), lambda p, X, y: scaled(p, 2)),
    "blind-to-y": (
        lambda p, X, y: float(-np.mean(np.log(probabilities(p, X)))),
        lambda p, X, y: gradient(p, X, np.ones(len(y))),
    ),
    "tiny": (lambda p, X, y: 1e-9 * loss(p, X, y), lambda p, X, y: scaled(gradient(p, X, y), 1e-9)),
    "nan": (lambda p, X, y: float("nan"), lambda p, X, y: scaled(gradient(p, X, y), 2)),
    "none": (lambda p, X, y: None, lambda p, X, y: scaled(gradient(p, X, y), 2)),
    "array": (lambda p, X, y: np.full(3, loss(p, X, y)), lambda p, X, y: scaled(gradient(p, X, y), 2)),
    "crash": (troubled(Crashed(text("answer_answer"))), lambda p, X, y: scaled(gradient(p, X, y), 2)),
    "limit": (troubled(LimitReached(text("answer_answer"))), lambda p, X, y: scaled(gradient(p, X, y), 2)),
    "steps": (lambda p, X, y: round(2 * loss(p, X, y), 3), lambda p, X, y: scaled(gradient(p, X, y), 2)),
}


@pytest.mark.parametrize("name", DEGENERATE)
def test_follow_through_is_refused(name):
    """A loss that is constant, blind, no number or in trouble is worth nothing."""
    for seed in range(8):
        mismatch = followed(*DEGENERATE[name], seed)
        assert mismatch.earned == 0
        assert mismatch.fact.key != "follows_own_loss"


def test_kinks_do_not_cost_follow_through():
    """With a kink of the own loss beside one entry, that entry is left out and the others decide."""

    def own_loss(at, X):
        return float(np.sum(np.maximum(X @ at["w"], 0)))

    X, w = np.eye(5), np.array([0.5, -0.4, 1e-7, 0.7, 0.3])
    right = {"w": np.array([0.5, 0.1, 0.2, 0.5, 0.5])}
    got = {"w": (w > 0).astype(float)}
    assert refusal(got, right, at={"w": w}, loss=own_loss, inputs=(X,), others=(2 * X,)).earned == 0.6
    assert refusal({"w": 1.01 * got["w"]}, right, at={"w": w}, loss=own_loss, inputs=(X,), others=(2 * X,)).earned == 0


def test_our_fault_in_the_loss_stays_ours():
    """A Fault while the student's loss is asked is no reason to say anything about the student."""
    params, X, y = network(np.random.default_rng(1))
    right = gradient(params, X, y)
    with pytest.raises(Fault):
        judged.matches(scaled(right, 2), right, at=params, loss=troubled(Fault("worker")), inputs=(X, y), others=(X, 1 - y))


def test_equal_inputs_teach_nothing():
    """Two draws of a few labels can coincide; the student is not to suffer for that."""
    params, X, y = network(np.random.default_rng(2))
    own_loss, own_gradient = slips()["two-for-one"]
    got, right = own_gradient(params, X, y), gradient(params, X, y)
    assert refusal(got, right, at=params, loss=own_loss, inputs=(X, y), others=(X + 1, y.copy())).earned == 0.6


def test_the_loss_cannot_change_the_parameters():
    """A loss that writes into what it is given gets copies."""
    params, X, y = network(np.random.default_rng(3))
    before = {name: value.copy() for name, value in params.items()}

    def writes(p, X, y):
        value = 2 * loss(p, X, y)
        for array in p.values():
            array[...] = 0
        return value

    right = gradient(params, X, y)
    assert refusal(scaled(right, 2), right, at=params, loss=writes, inputs=(X, y), others=(X + 1, 1 - y)).earned == 0.6
    assert all(np.array_equal(params[name], before[name]) for name in params)


def test_keys_and_shapes_come_first():
    """A gradient has the keys and shapes of the parameters, no more and no fewer."""
    params, X, y = network(np.random.default_rng(4))
    right = gradient(params, X, y)
    for got, key in [
        (None, "answer_is_none"),
        (tuple(right.values()), "not_a_dict"),
        ({"dW1" if k == "W1" else k: v for k, v in right.items()}, "missing_key_close"),
        (right | {"W3": 1.0}, "extra_key"),
        (right | {"W1": right["W1"].T}, "wrong_shape_transposed"),
        (right | {"b2": float(right["b2"][0])}, "wrong_shape_number"),
        (right | {"b1": right["b1"][:, None]}, "wrong_shape_column"),
        (right | {"b1": np.full(right["b1"].shape, np.inf)}, "not_finite"),
    ]:
        assert refusal(got, right, at=params, loss=loss, inputs=(X, y), others=(X, y)).fact.key == key


@pytest.mark.parametrize(
    "spoil",
    [
        lambda right, at: (right | {"W1": np.full(right["W1"].shape, np.nan)}, at),
        lambda right, at: (right | {"W1": np.zeros((0, 3))}, at),
        lambda right, at: ({k: v for k, v in right.items() if k != "b1"}, at),
        lambda right, at: (right, at | {"W1": at["W1"].T}),
        lambda right, at: ({}, {}),
        lambda right, at: (scaled(right, 0), at),
    ],
)
def test_nonsense_of_ours_is_our_fault(spoil):
    """What the check's author got wrong never reaches a student."""
    params, X, y = network(np.random.default_rng(5))
    right = gradient(params, X, y)
    with pytest.raises(Fault):
        judged.matches(right, *spoil(right, params)[:1], at=spoil(right, params)[1])
    with pytest.raises(Fault):
        judged.matches(right, right, at=params, loss=loss, inputs=(X, y))


def test_names_are_written_as_derivatives():
    """dL/dW1, dL/d(0.weight); a derivative's own name stays."""
    for key, name in [("W1", "dL/dW1"), ("0.weight", "dL/d(0.weight)"), ("dL_dW", "dL_dW"), ("d", "dL/dd")]:
        assert refusal({key: [2.0]}, {key: np.ones(1)}, at={key: np.ones(1)}).name == name

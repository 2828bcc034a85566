"""Histories and steps of training, recomputed."""

import numpy as np
import pytest
from honest_work import gradient, loss, network

from grader.causes import find_cause
from grader.errors import Fault, Mismatch
from grader.families import convergence

RATE = 0.3


def descent(seed, epochs=6, rate=RATE, dtype=np.float64, scale=1.0):
    """The points of gradient descent, and the loss at each."""
    params, X, y = network(np.random.default_rng(seed))
    points = [{name: (scale * value).astype(dtype) for name, value in params.items()}]
    for _ in range(epochs):
        slope = gradient(points[-1], X, y)
        points.append({name: (value - rate * slope[name]).astype(dtype) for name, value in points[-1].items()})
    return points, [loss(point, X, y) for point in points], X, y


def refusal(judge, *args, **kwargs):
    with pytest.raises(Mismatch) as caught:
        judge(*args, **kwargs)
    return caught.value


def test_honest_histories():
    """Lists, tuples, arrays, float32, and losses with an epsilon, on 200 seeds."""
    for seed in range(200):
        losses = descent(seed)[1][:-1]
        for mine in (losses, tuple(losses), np.array(losses), [np.float64(x) for x in losses], [np.array(x) for x in losses]):
            convergence.history_matches(mine, losses)
        convergence.history_matches(np.array(losses, np.float32), losses)
        convergence.history_matches([np.float32(x) for x in losses], losses)
        convergence.history_matches([x - 2e-8 for x in losses], losses, final_loss=0.1)
        single = np.array(losses, np.float32)
        other_order = [np.nextafter(single[0], np.float32(9)), *single[1:]]
        convergence.history_matches(single.tolist(), [float(x) for x in other_order])
        convergence.history_matches([], [])


def histories(losses):
    """Wrong histories of losses[:-1], by mistake."""
    return {
        "late": losses[1:],
        "sum": [7 * x for x in losses[:-1]],
        "final": [losses[-1]] * (len(losses) - 1),
        "constant": [losses[0]] * (len(losses) - 1),
        "rounded": [round(x, 3) for x in losses[:-1]],
        "one-entry": [x * (1 + 1e-3 * (i == 2)) for i, x in enumerate(losses[:-1])],
        "longer": losses,
        "shorter": losses[:-2],
        "none": None,
        "number": losses[0],
        "nan": [*losses[:-2], float("nan")],
        "texts": [str(x) for x in losses[:-1]],
        "nested": [[x, x] for x in losses[:-1]],
    }


@pytest.mark.parametrize("name", histories([1.0, 0.9, 0.8, 0.7]))
def test_rejects_histories(name):
    """Each mistake is told from the right history on every seed."""
    for seed in range(200):
        losses = descent(seed)[1]
        wrong = histories(losses)[name]
        mismatch = refusal(convergence.history_matches, wrong, losses[:-1], final_loss=losses[-1])
        assert "history" in mismatch.fact.say("es")
        assert (mismatch.cause is not None and mismatch.cause.key == "history:late") == (name == "late")


def test_a_late_history_is_found_where_training_barely_moves():
    """A small start with a small rate changes the loss by 1e-7 an epoch: within the cap, but exactly one step late."""
    found = 0
    for seed in range(200):
        losses = descent(seed, rate=1e-5)[1]
        assert abs(losses[1] - losses[0]) < 1e-5
        convergence.history_matches(losses[:-1], losses[:-1], final_loss=losses[-1])
        found += refusal(convergence.history_matches, losses[1:], losses[:-1]).cause is not None
    assert found == 200


def test_a_history_without_movement_is_not_late():
    """Equal losses are equal in either reading."""
    convergence.history_matches([0.5] * 4, [0.5] * 4, final_loss=0.5)


def test_diverged_training_is_the_students():
    """Losses that we could not even work out at the student's parameters."""
    assert refusal(convergence.history_matches, [1.0, 2.0], [1.0, np.inf]).fact.key == "history_diverged"
    one, nan = {"w": np.ones(1)}, {"w": np.array([np.nan])}
    assert refusal(convergence.step_matches, nan, one, one, 0.1).fact.key == "step_diverged"
    assert refusal(convergence.step_matches, one, one, nan, 0.1).fact.key == "step_diverged"
    assert refusal(convergence.step_matches, one, one, {"w": np.zeros(1)}, 0.1).fact.key == "step_nowhere"


@pytest.mark.parametrize("rate", [0.5, 1e-3, 1e-6])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_honest_steps(rate, dtype):
    """Rounding of the parameters is no error of the step, however small the step."""
    for seed in range(200):
        (before, after, *_), _, X, y = descent(seed, 1, rate, dtype)
        convergence.step_matches(before, after, gradient(before, X, y), rate)
        convergence.step_matches(before, {name: value.tolist() for name, value in after.items()}, gradient(before, X, y), rate)


def test_honest_steps_with_an_epsilon():
    """The student's gradient holds an epsilon of 1e-7, ours does not."""
    for seed in range(200):
        params, X, y = network(np.random.default_rng(seed))
        slope = gradient(params, X, y, epsilon=1e-7)
        after = {name: value - RATE * slope[name] for name, value in params.items()}
        convergence.step_matches(params, after, gradient(params, X, y), RATE)


def steps(before, slope):
    """Wrong parameters after one step, with the array that is wrong first."""
    right = {name: value - RATE * slope[name] for name, value in before.items()}
    second = {name: value - RATE * slope[name] for name, value in right.items()}
    return {
        "ascent": ({name: value + RATE * slope[name] for name, value in before.items()}, "ΔW1"),
        "no-step": (before, "ΔW1"),
        "two-steps": (second, "ΔW1"),
        "no-learning-rate": ({name: value - slope[name] for name, value in before.items()}, "ΔW1"),
        "b2-left-behind": (right | {"b2": before["b2"]}, "Δb2"),
        "one-per-mille": (right | {"b1": before["b1"] - 1.001 * RATE * slope["b1"]}, "Δb1"),
        "W1-transposed": (right | {"W1": right["W1"].T}, "params['W1']"),
        "b2-missing": ({name: value for name, value in right.items() if name != "b2"}, "params"),
        "nan": (right | {"b2": np.array([np.nan])}, "params['b2']"),
        "none": (None, "params"),
    }


@pytest.mark.parametrize("name", steps(*[network(np.random.default_rng(0))[0]] * 2))
def test_rejects_steps(name):
    """Each wrong update loses everything on every seed and is named by its first wrong parameter."""
    for seed in range(200):
        before, X, y = network(np.random.default_rng(seed))
        slope = gradient(before, X, y)
        after, place = steps(before, slope)[name]
        mismatch = refusal(convergence.step_matches, before, after, slope, RATE, own_gradient=slope)
        assert mismatch.name == place
        assert mismatch.earned == 0


def test_the_cause_of_a_wrong_step_is_in_the_steps():
    """What is compared, and diagnosed, is the change: ascent is the right step with the wrong sign."""
    before, X, y = network(np.random.default_rng(1))
    slope = gradient(before, X, y)
    mismatch = refusal(convergence.step_matches, before, steps(before, slope)["ascent"][0], slope, RATE)
    assert find_cause(mismatch.got, mismatch.expected, {}).key == "sign"


def test_a_step_along_the_own_gradient_keeps_a_part():
    """A wrong gradient is paid for where gradients are judged."""
    for seed in range(200):
        before, X, y = network(np.random.default_rng(seed))
        slope = gradient(before, X, y)
        own = {name: len(y) * value for name, value in slope.items()}
        after = {name: value - RATE * own[name] for name, value in before.items()}
        mismatch = refusal(convergence.step_matches, before, after, slope, RATE, own_gradient=own)
        assert (mismatch.earned, mismatch.fact.key) == (0.6, "step_follows_own")
        assert refusal(convergence.step_matches, before, after, slope, RATE).earned == 0


@pytest.mark.parametrize("own", [None, {}, "text", {"W1": 0}, float("nan")])
def test_no_favour_without_an_own_gradient(own):
    """Nor for a gradient of zeros, which training that does nothing would follow."""
    before, X, y = network(np.random.default_rng(2))
    slope = gradient(before, X, y)
    assert refusal(convergence.step_matches, before, before, slope, RATE, own_gradient=own).earned == 0
    zeros = {name: 0 * value for name, value in slope.items()}
    assert refusal(convergence.step_matches, before, before, slope, RATE, own_gradient=zeros).earned == 0


def test_shapes_of_ours_are_our_fault():
    """The gradient and the point must fit."""
    with pytest.raises(Fault):
        convergence.step_matches({"w": np.ones(2)}, {"w": np.ones(2)}, {"w": np.ones(3)}, 0.1)
    with pytest.raises(Fault):
        convergence.step_matches({}, {}, {}, 0.1)

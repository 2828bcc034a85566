"""The adaptive bound: honest work of every precision passes, a slip in one entry does not."""

import numpy as np
import pytest
from honest_work import HONEST, gradient, network

from grader.errors import Mismatch
from grader.families import gradient as judged
from grader.families import values
from grader.families.margins import watch
from grader.families.precision import bound, joint_level, level

HONEST_SEEDS = 1250  # of 9 ways of working: 11,250 draws
SEEDS = range(400)


@pytest.mark.parametrize("way", HONEST)
def test_honest_work_is_never_rejected(way):
    """All draws pass, and with a margin: float32 and epsilons of 1e-7 in products that cancel are the worst."""
    with watch() as ratios:
        for seed in range(HONEST_SEEDS if way != "loops" else 200):
            params, X, y = network(np.random.default_rng(seed))
            judged.matches(HONEST[way](params, X, y), gradient(params, X, y), at=params)
    assert 0 <= max(ratios) < 0.5


@pytest.mark.parametrize("way", [way for way in HONEST if not way.startswith("epsilon")])
def test_honest_values_are_never_rejected(way):
    """The same, each array for itself."""
    for seed in range(200):
        params, X, y = network(np.random.default_rng(seed))
        got, right = HONEST[way](params, X, y), gradient(params, X, y)
        values.matches({"W1": got["W1"], "W2": got["W2"]}, {"W1": right["W1"], "W2": right["W2"]}, "gradients")


@pytest.mark.parametrize("size", [1e-7, 1e-6, 1e-3, 1.0])
def test_a_slip_in_one_entry_is_always_found(size):
    """In every draw, in an entry of at least 1e-4 of its array, and the message names it."""
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        params, X, y = network(rng)
        right, got = gradient(params, X, y), HONEST["einsum"](params, X, y)
        name, index = large_entry(rng, right)
        got[name][index] *= 1 + size
        with pytest.raises(Mismatch) as caught:
            judged.matches(got, right, at=params)
        assert caught.value.fact.values["place"] == f"dL/d{name}[{', '.join(map(str, index))}]"


@pytest.mark.parametrize("size", [1e-7, 1e-6, 1e-3])
def test_a_slip_in_one_array_is_always_found(size):
    """Also in the largest array: the others are exact, so that it is no habit of the whole."""
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        params, X, y = network(rng)
        right, got = gradient(params, X, y), HONEST["einsum"](params, X, y)
        name = str(rng.choice(list(got)))
        got[name] = got[name] * (1 + size)
        with pytest.raises(Mismatch) as caught:
            judged.matches(got, right, at=params)
        assert caught.value.name == f"dL/d{name}"


@pytest.mark.parametrize("way", ["float32", "float32-inside", "epsilon-1e-7"])
def test_blurred_work_hides_no_real_mistake(way):
    """A wrong constant in one array, or one per cent in one large entry, is found under any blur."""
    for seed in range(200):
        rng = np.random.default_rng(seed)
        params, X, y = network(rng)
        right, got = gradient(params, X, y), HONEST[way](params, X, y)
        name, index = large_entry(rng, right, share=0.1)
        spoilt = np.array(got[name], dtype=np.float64)
        spoilt[index] *= 1.01
        for wrong in (spoilt, 1.01 * got[name]):
            with pytest.raises(Mismatch):
                judged.matches(got | {name: wrong}, right, at=params)


@pytest.mark.parametrize("size", [1e-3, 1e-2])
def test_blur_cannot_be_bought(size):
    """Noise added on purpose, in any share of the entries, widens the bound to the cap and no further."""
    for seed in range(200):
        rng = np.random.default_rng(seed)
        params, X, y = network(rng)
        right = gradient(params, X, y)
        share = rng.uniform(0.05, 1)
        wrong = {k: v * np.where(rng.random(v.shape) < share, 1 + size * rng.choice([-1, 1], v.shape), 1) for k, v in right.items()}
        if all(np.array_equal(wrong[k], right[k]) for k in right):
            continue
        with pytest.raises(Mismatch):
            judged.matches(wrong, right, at=params)
        with pytest.raises(Mismatch):
            judged.matches({k: v.astype(np.float32) for k, v in wrong.items()}, right, at=params)


def large_entry(rng, arrays, share=1e-4):
    """A random entry that is not tiny in its array; with share 0.1, nor its array among the others."""
    overall = max(np.abs(v).max() for v in arrays.values()) if share > 1e-3 else 0.0
    while True:
        name = str(rng.choice(list(arrays)))
        index = tuple(int(rng.integers(length)) for length in arrays[name].shape)
        if abs(arrays[name][index]) >= share * max(np.abs(arrays[name]).max(), overall):
            return name, index


def test_half_the_rows_may_be_blurred():
    """dL/da with an epsilon in one of its two divisions is exact where the other label is."""
    for seed in range(300):
        rng = np.random.default_rng(seed)
        a, y = rng.uniform(0.15, 0.85, (8, 1)), np.array([[1.0, 0, 0, 0, 1, 0, 0, 0]]).T
        values.matches((1 - y) / (1 - a) - y / (a + 1e-7), (1 - y) / (1 - a) - y / a, "dL_da")


def test_few_numbers_in_float32_are_never_rejected():
    """Of two numbers one can come out a thousand times better than the other; that is no slip."""
    for seed in range(10_000):
        exact = np.random.default_rng(seed).normal(size=2)
        values.matches(np.array(exact.astype(np.float32), dtype=np.float64) + 1e-300, exact, "z")


def test_exact_work_beside_a_reference_in_float32_is_never_rejected():
    """Where the reference is blurred and one of two numbers happens to be exact, the other is not a slip of the student's."""
    for seed in range(1000):
        exact = np.random.default_rng(seed).normal(size=2)
        blurred = exact.astype(np.float32).astype(np.float64)
        values.matches(np.array([blurred[0], exact[1]]), blurred, "z", cap=1e-4)
        values.matches({"a": np.zeros(3), "b": [blurred[0], exact[1]]}, {"a": np.zeros(3), "b": blurred}, "z", cap=1e-4)


def test_round_numbers_are_not_float32():
    """Float32 holds 0.5 and 3000 too: a small slip beside them still shows."""
    for right in (np.array([0.5, 3000.0, -1.0]), np.arange(1.0, 4.0)):
        with pytest.raises(Mismatch):
            values.matches(right + np.array([0.0, 0.0, 1e-7]), right, "z")


def test_levels():
    """The level ignores the largest error, and a joint one is exact if any array is."""
    assert level([]) == 0
    assert level([np.array([1e-6])]) == 1e-6
    assert level([np.array([1e-15, 1e-15, 1e-6])]) == 1e-15
    assert level([np.array([1e-9, 1e-7])]) == 1e-7
    assert level([np.array([1e-15] * 5 + [1e-7] * 3)]) == 1e-7
    assert level([np.array([1e-15] * 9 + [1e-7] * 2)]) == 1e-15
    blurred, exact = np.full(20, 1e-7), np.array([1e-15])
    assert joint_level([blurred, exact]) == 0
    assert joint_level([blurred, blurred]) == 1e-7


def test_bounds():
    """Exact work is held to 1e-8, blurred work to the cap at most, float32 to 1e-4 at most."""
    assert bound(0, 1e-5, single=False) == (1e-8, 1e-12)
    assert bound(1.0, 1e-5, single=False) == (1e-5, 1e-5)
    assert bound(1.0, 1e-5, single=True) == (1e-4, 1e-4)
    assert bound(1.0, 1e-5, single=False, joint=True).floor == pytest.approx(3e-5)
    assert bound(1e-7, 1e-5, single=False) == (1e-5, pytest.approx(3e-6))

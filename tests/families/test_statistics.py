"""Random draws: honest ones are never refused, wrong ones always are."""

import math

import numpy as np
import pytest

from grader.errors import Fault, Mismatch
from grader.families import statistics
from grader.text import LANGUAGES, literal

N = 4000
LOW, HIGH = 1e-4, 1.0
FIRST, LAST = 3, 9
SAID = literal(es="uniforme", en="uniform")


def log_uniform(x):
    return np.clip(np.log(np.clip(x, LOW, HIGH) / LOW) / math.log(HIGH / LOW), 0.0, 1.0)


def uniform(x):
    return np.clip((x - LOW) / (HIGH - LOW), 0.0, 1.0)


def integers(x):
    return np.clip((np.floor(x) - FIRST + 1) / (LAST - FIRST + 1), 0.0, 1.0)


def draws(seed):
    rng = np.random.default_rng(seed)
    return rng, np.exp(rng.uniform(math.log(LOW), math.log(HIGH), N)), rng.integers(FIRST, LAST, N, endpoint=True)


def test_the_bound_is_that_of_dvoretzky_kiefer_wolfowitz():
    assert statistics.FALSE_ALARM <= 1e-9
    for n in (500, N, 10**6):
        assert 2.0 * math.exp(-2.0 * n * statistics.deviation(n) ** 2) == pytest.approx(statistics.FALSE_ALARM)


def test_honest_draws():
    """Independent, stratified and float32 draws, lists and arrays, on 200 seeds."""
    for seed in range(200):
        rng, rates, counts = draws(seed)
        stratified = LOW * (HIGH / LOW) ** ((rng.permutation(N) + rng.random(N)) / N)
        for mine in (rates, rates.tolist(), rates.astype(np.float32), stratified, 10.0 ** np.log10(rates)):
            statistics.within(mine, LOW, HIGH, "learning_rate")
            statistics.follows(mine, log_uniform, "learning_rate", rivals={"uniform": (uniform, SAID)})
        for mine in (counts, counts.tolist(), counts.astype(float), np.floor(rng.uniform(FIRST, LAST + 1, N))):
            statistics.within(mine, FIRST, LAST, "epochs")
            statistics.follows(mine, integers, "epochs")
            for end in (FIRST, LAST):
                statistics.reaches(mine, end, 1 / (LAST - FIRST + 1), "epochs")
        statistics.happens((rates > math.sqrt(LOW * HIGH)) & (counts > 5), 0.5 * 4 / 7, "both")


def wrong_rates(rng):
    return {
        "uniform": rng.uniform(LOW, HIGH, N),
        "whole-exponents": 10.0 ** rng.integers(-4, 1, N),
        "constant": np.full(N, 0.01),
        "half-the-range": np.exp(rng.uniform(math.log(LOW), math.log(HIGH), N) / 2),
        "squared": np.exp(math.log(LOW) * rng.random(N) ** 2),
        "gaussian": np.clip(np.exp(rng.normal(math.log(0.01), 1.0, N)), LOW, HIGH),
    }


def wrong_counts(rng):
    return {
        "last-left-out": rng.integers(FIRST, LAST, N),
        "first-left-out": rng.integers(FIRST + 1, LAST + 1, N),
        "not-whole": rng.uniform(FIRST, LAST, N),
        "constant": np.full(N, 5),
        "geometric": np.clip(FIRST + rng.geometric(0.3, N), FIRST, LAST),
    }


@pytest.mark.parametrize("name", wrong_rates(np.random.default_rng(0)))
def test_wrong_rates(name):
    for seed in range(50):
        with pytest.raises(Mismatch):
            statistics.follows(wrong_rates(np.random.default_rng(seed))[name], log_uniform, "learning_rate")


@pytest.mark.parametrize("name", wrong_counts(np.random.default_rng(0)))
def test_wrong_counts(name):
    for seed in range(50):
        with pytest.raises(Mismatch):
            statistics.follows(wrong_counts(np.random.default_rng(seed))[name], integers, "epochs")


def test_the_distribution_that_was_taken_instead_is_named():
    mine = np.random.default_rng(3).uniform(LOW, HIGH, N)
    with pytest.raises(Mismatch) as caught:
        statistics.follows(mine, log_uniform, "learning_rate", rivals={"uniform": (uniform, SAID), "same": (lambda x: 0.5 + 0 * x, SAID)})
    assert caught.value.cause.key == "draws:uniform"
    with pytest.raises(Mismatch) as caught:
        statistics.follows(np.full(N, 0.5), log_uniform, "learning_rate", rivals={"uniform": (uniform, SAID)})
    assert caught.value.cause is None


def test_what_never_or_always_happens():
    rng, rates, _ = draws(5)
    with pytest.raises(Mismatch):
        statistics.reaches(rng.integers(FIRST, LAST, N), LAST, 1 / 7, "epochs")
    together = FIRST + np.floor(7 * log_uniform(rates))
    with pytest.raises(Mismatch) as caught:
        statistics.happens((rates > 0.01) & (together > 5), 2 / 7, "both")
    assert caught.value.fact.key == "happens_too_often"
    with pytest.raises(Mismatch) as caught:
        statistics.happens((rates < 0.01) & (together > 5), 2 / 7, "both")
    assert caught.value.fact.key == "happens_too_seldom"


@pytest.mark.parametrize("outside", [LOW / 2, HIGH * 1.001, -LOW])
def test_draws_outside_of_the_range(outside):
    _, rates, _ = draws(7)
    rates[17] = outside
    with pytest.raises(Mismatch):
        statistics.within(rates, LOW, HIGH, "learning_rate")


def test_too_few_draws_are_our_own_error():
    _, rates, counts = draws(9)
    assert statistics.deviation(statistics.minimum()) <= statistics.LOOSEST < statistics.deviation(statistics.minimum() - 1)
    few = statistics.minimum() - 1
    for judge in (
        lambda: statistics.follows(rates[:few], log_uniform, "learning_rate"),
        lambda: statistics.within(rates[:few], LOW, HIGH, "learning_rate"),
        lambda: statistics.reaches(counts, 3, 0.001, "epochs"),
        lambda: statistics.happens(rates, 0.5, "rates"),
        lambda: statistics.follows([], log_uniform, "learning_rate"),
    ):
        with pytest.raises(Fault):
            judge()


@pytest.mark.parametrize("language", LANGUAGES)
def test_messages_exist_in_both_languages(language):
    keys = ("draws_outside", "draws_of_another_distribution", "draws_never_reach", "happens_too_often", "happens_too_seldom")
    for key in keys:
        assert statistics.text(key, name="epochs").say(language)

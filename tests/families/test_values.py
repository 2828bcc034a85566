"""Values against the right ones, their structure, and properties in words."""

import numpy as np
import pytest

from grader.errors import Fault, Mismatch
from grader.families import require, values

RNG = np.random.default_rng(5)
Z, A = RNG.normal(size=(7, 1)), RNG.uniform(0.15, 0.85, (7, 1))
PARAMS = {"W1": RNG.normal(size=(4, 3)), "b1": RNG.normal(size=4)}


def refusal(*args, **kwargs):
    with pytest.raises(Mismatch) as caught:
        values.matches(*args, **kwargs)
    return caught.value


MUTANTS = {
    "sum": (Z * 7, "z"),
    "sign": (-Z, "z"),
    "zeros": (np.zeros_like(Z), "z"),
    "offset": (Z + 1e-3, "z"),
    "one-entry": (np.where(np.arange(7)[:, None] == 3, Z * 1.001, Z), "z[3, 0]"),
    "last-entry-nan": (np.where(np.arange(7)[:, None] == 6, np.nan, Z), "z[6, 0]"),
    "one-in-a-million": (np.where(np.arange(7)[:, None] == 2, Z * (1 + 1e-6), Z), "z[2, 0]"),
    "one-in-ten-million": (np.where(np.arange(7)[:, None] == 2, Z * (1 + 1e-7), Z), "z[2, 0]"),
    "reversed": (Z[::-1], "z"),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_rejects(name):
    """Each mutant differs from the right answer, and the message names the place."""
    got, place = MUTANTS[name]
    assert not np.array_equal(got, Z)
    mismatch = refusal(got, Z, "z", sizes={"n": 7})
    said = mismatch.fact.say("es") + (mismatch.detail.say("es") if mismatch.detail else "")
    assert place in said
    assert mismatch.sizes == {"n": 7}


def test_a_mismatch_holds_the_whole_answer():
    """Diagnosis compares all of it with what known mistakes answer."""
    wrong = {"W1": PARAMS["W1"].tolist(), "b1": PARAMS["b1"] + 1}
    mismatch = refusal(wrong, PARAMS, "gradients")
    assert mismatch.name == "gradients['b1']"
    assert np.array_equal(mismatch.got["W1"], PARAMS["W1"])
    assert np.array_equal(mismatch.got["b1"], PARAMS["b1"] + 1)
    assert np.array_equal(mismatch.expected["b1"], PARAMS["b1"])


def test_the_fact_is_safe_for_hidden_checks():
    """Neither what was returned nor what was expected is in the fact; both are in the detail."""
    mismatch = refusal(np.array([12.25, 2.0]), np.array([34.5, 2.0]), "z")
    for language in ("es", "en"):
        assert not any(number in mismatch.fact.say(language) for number in ("12.25", "34.5"))
        assert "12.25" in mismatch.detail.say(language) and "34.5" in mismatch.detail.say(language)


def test_the_detail_shows_digits_that_differ():
    """An error of 1e-7 would be invisible in six digits."""
    said = refusal(MUTANTS["one-in-ten-million"][0], Z, "z").detail.say("en")
    got, expected = said.split("got ")[1].split(", expected ")
    assert got != expected.split(" ")[0]


def test_zero_is_not_tiny():
    """Zeros do not pass for values of 1e-9, nor 1e-9 for zero."""
    refusal(np.zeros(3), np.full(3, 1e-9), "dW")
    refusal(np.full(3, 1e-9), np.zeros(3), "dW")
    values.matches(np.full(3, 1e-17), np.zeros(3), "dW")


def test_a_natural_scale_allows_rounding_of_that_size():
    """A tanh-form sigmoid far in its tail is off by 1e-16, which is nothing to a probability."""
    tail = np.array([1e-12, 3e-11])
    values.matches(tail + 1e-15, tail, "a", scale=1.0)
    refusal(tail + 1e-15, tail, "a")


def test_losses_may_hold_an_epsilon():
    """log(p + 1e-8) passes with the cap for losses, and an error of 1e-3 does not."""
    p = RNG.uniform(0.15, 0.85, 7)
    right = float(-np.mean(np.log(p)))
    values.matches(float(-np.mean(np.log(p + 1e-8))), right, "loss", cap=1e-4)
    values.matches(float(-np.mean(np.log(p + 1e-7))), right, "loss", cap=1e-4)
    refusal(right * 1.001, right, "loss", cap=1e-4)


def test_structures_are_compared_part_by_part():
    """Tuples, lists and dicts of numbers, words and None."""
    expected = ({"relu": {"final_loss": 0.25, "epochs_to_target": None}}, [Z, A], "stable")
    values.matches((expected[0], (Z, A.tolist()), "stable"), expected, "answer")
    for wrong, name in [
        (({"relu": {"final_loss": 0.25, "epochs_to_target": 3}}, [Z, A], "stable"), "answer[0]['relu']['epochs_to_target']"),
        (({"relu": {"final_loss": 0.5, "epochs_to_target": None}}, [Z, A], "stable"), "answer[0]['relu']['final_loss']"),
        ((expected[0], [A, Z], "stable"), "answer[1][0]"),
        ((expected[0], [Z], "stable"), "answer[1]"),
        ((expected[0], [Z, A], "vanishing"), "answer[2]"),
        (({}, [Z, A], "stable"), "answer[0]"),
        ((None, [Z, A], "stable"), "answer[0]"),
        ("stable", "answer"),
    ]:
        assert refusal(wrong, expected, "answer").name == name


def test_more_keys_and_another_order_are_free():
    """A dict may hold more than was asked for."""
    values.matches({"b1": PARAMS["b1"], "cache": object(), "W1": PARAMS["W1"]}, PARAMS, "params")


@pytest.mark.parametrize(("mine", "close"), [("w1", "'w1'"), ("dW1", "'dW1'"), ("W_1", "'W_1'")])
def test_a_missing_key_is_found_under_a_close_name(mine, close):
    """The message proposes the key that the student has."""
    mismatch = refusal({mine: PARAMS["W1"], "b1": PARAMS["b1"]}, PARAMS, "params")
    assert mismatch.fact.key == "missing_key_close"
    assert close in mismatch.fact.say("es")


@pytest.mark.parametrize("expected", [np.zeros((0, 2)), np.array([1.0, np.nan]), float("inf"), [], object(), {"a": np.zeros(0)}])
def test_nonsense_of_ours_is_our_fault(expected):
    """An expected answer that proves nothing costs no student anything."""
    got = {"a": np.zeros(0)} if isinstance(expected, dict) else expected
    with pytest.raises(Fault):
        values.matches(got, expected, "z")


def test_arrays_and_parts_name_what_is_wrong():
    """The building blocks raise with the same care."""
    shapes = {"W1": (4, 3), "b1": (4,)}
    assert values.arrays(PARAMS, shapes, "params")["W1"].shape == (4, 3)
    assert values.parts([1, 2], 2, "forward") == (1, 2)
    assert len(values.parts(np.ones((2, 3)), 2, "forward")) == 2
    for call, key in [
        (lambda: values.arrays([1], shapes, "params"), "not_a_dict"),
        (lambda: values.arrays({"W1": np.ones((3, 4)), "b1": np.ones(4)}, shapes, "params"), "wrong_shape_transposed"),
        (lambda: values.arrays({"W1": PARAMS["W1"], "b1": np.full(4, np.nan)}, shapes, "params"), "not_finite"),
        (lambda: values.parts((1, 2, 3), 2, "forward"), "wrong_count"),
        (lambda: values.parts({"z": 1, "a": 2}, 2, "forward"), "not_parts"),
        (lambda: values.parts(None, 2, "forward"), "answer_is_none"),
    ]:
        with pytest.raises(Mismatch) as caught:
            call()
        assert caught.value.fact.key == key
        assert caught.value.got is None or key != "answer_is_none"


def test_array_may_hold_nan_where_that_is_asked_for():
    """finite=False leaves the judgement to the check."""
    assert np.isnan(values.array([np.nan, 1.0], (2,), "z", finite=False)[0])


@pytest.mark.parametrize("got", [7, np.int32(7), np.array(7), np.uint8(7)])
def test_integers(got):
    """Python and numpy integers are integers."""
    assert values.integer(got, "n_updates") == 7


@pytest.mark.parametrize("got", [7.0, True, np.bool_(True), "7", None, np.array([7]), np.float64(7)])
def test_not_integers(got):
    """Floats, bools and arrays are not."""
    with pytest.raises(Mismatch) as caught:
        values.integer(got, "n_updates")
    assert "`n_updates`" in caught.value.fact.say("es")


def test_require_speaks_in_the_authors_words():
    """A property holds or is told in both languages, and earns what the author says."""
    require(True, es="no", en="no")
    require(np.bool_(True), es="no", en="no")
    with pytest.raises(Mismatch) as caught:
        require(False, es="Falta una clase.", en="A class is missing.", earned=0.5)
    assert caught.value.fact.say("es") == "Falta una clase."
    assert caught.value.earned == 0.5


@pytest.mark.parametrize("ok", [1, None, np.array([True]), "yes"])
def test_require_takes_nothing_but_a_bool(ok):
    """The truth of an object could be the student's to decide."""
    with pytest.raises(Fault):
        require(ok, es="", en="")

"""Causes are told from arrays alone, and only where they are sure."""

import numpy as np
import pytest

from grader.causes import find_cause
from grader.factors import KNOWN, name_factor
from grader.text import catalogue

SIZES = {"n": 7, "T": 5, "d": 3, "learning_rate": 0.3}
SEEDS = range(50)


def answer(rng):
    """Arrays like those of a gradient, with a square one and two of the same shape."""
    shapes = {"U": (4, 3), "V": (4, 4), "b": (4,), "c": (4,), "W": (2, 4)}
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}


def scaled(arrays, factor):
    return {name: factor * value for name, value in arrays.items()}


def put(value, place, new):
    value = value.copy()
    value[place] = new
    return value


DICTS = {
    "factor:n": lambda a: scaled(a, 7),
    "factor:1/n": lambda a: scaled(a, 1 / 7),
    "factor:T": lambda a: scaled(a, 5),
    "factor:-n": lambda a: scaled(a, -7),
    "factor:n*T": lambda a: scaled(a, 35),
    "factor:1/(n*T)": lambda a: scaled(a, 1 / 35),
    "factor:n/T": lambda a: scaled(a, 7 / 5),
    "factor:n*2": lambda a: scaled(a, 14),
    "factor:n/2": lambda a: scaled(a, 3.5),
    "factor:2": lambda a: scaled(a, 2),
    "factor:1/2": lambda a: scaled(a, 0.5),
    "factor:-2": lambda a: scaled(a, -2),
    "factor:n/(n-1)": lambda a: scaled(a, 7 / 6),
    "factor:1/learning_rate": lambda a: scaled(a, 1 / 0.3),
    "factor": lambda a: scaled(a, 1.2345),
    "sign": lambda a: scaled(a, -1),
    "zeros": lambda a: scaled(a, 0),
    "sign@V": lambda a: a | {"V": -a["V"]},
    "factor:n@U,b": lambda a: a | {"U": 7 * a["U"], "b": 7 * a["b"]},
    "factor:2@W": lambda a: a | {"W": 2 * a["W"]},
    "zeros@c": lambda a: a | {"c": 0 * a["c"]},
    "transposed@V": lambda a: a | {"V": a["V"].T},
    "transposed@U": lambda a: a | {"U": a["U"].T},
    "swapped:b,c": lambda a: a | {"b": a["c"], "c": a["b"]},
    "swapped:U,W": lambda a: a | {"U": a["W"], "W": a["U"]},
    "one_row:first@V": lambda a: a | {"V": put(a["V"], 0, 0)},
    "one_row:last@V": lambda a: a | {"V": put(a["V"], 3, 9)},
    "one_row:2@V": lambda a: a | {"V": put(a["V"], 2, 9)},
    "one_column:1@U": lambda a: a | {"U": put(a["U"], (slice(None), 1), 0)},
    "one_entry:last@b": lambda a: a | {"b": put(a["b"], 3, 0)},
    "reversed@U": lambda a: a | {"U": a["U"][::-1]},
    "late@U": lambda a: a | {"U": np.vstack([a["U"][1:], np.ones((1, 3))])},
    "early@U": lambda a: a | {"U": np.vstack([np.zeros((1, 3)), a["U"][:-1]])},
    "offset@W": lambda a: a | {"W": a["W"] + 0.75},
}


@pytest.mark.parametrize("key", DICTS)
def test_finds_the_cause_in_a_dict_of_arrays(key):
    """On every seed, in float64 and in float32, and in words of both languages."""
    for seed in SEEDS:
        right = answer(np.random.default_rng(seed))
        wrong = DICTS[key](right)
        for got in (wrong, {name: value.astype(np.float32).astype(float) for name, value in wrong.items()}):
            cause = find_cause(got, right, SIZES)
            assert cause is not None and cause.key == key
        assert cause.text.say("es") != cause.text.say("en")


ARRAYS = {
    "absolute": np.abs,
    "complement": lambda right: 1 - right,
    "squared": np.square,
    "extra_sigmoid": lambda right: 1 / (1 + np.exp(-right)),
    "extra_tanh": np.tanh,
    "truncated": lambda right: np.trunc(right),
    "rounded": lambda right: np.round(right, 3),
    "offset": lambda right: right + 0.75,
    "late": lambda right: np.append(right[1:], 0.123),
    "reversed": lambda right: right[::-1],
}


@pytest.mark.parametrize("key", ARRAYS)
def test_finds_the_cause_in_one_array(key):
    """The answer is called by the name it is given, or `your answer`."""
    for seed in SEEDS:
        right = np.append(np.random.default_rng(seed).normal(0, 2, 6), [1.7, -0.6, -1.3])
        got = ARRAYS[key](right)
        if np.count_nonzero(np.abs(got - right) > 1e-4) > 1:
            cause = find_cause(got, right, {}, name="z")
            assert cause is not None and cause.key == key
            assert "`z`" in cause.text.say("es")
    assert "`" not in find_cause(got, right, {}).text.say("es")


@pytest.mark.parametrize(("key", "inverse"), [("missing_sigmoid", lambda p: np.log(p / (1 - p))), ("missing_tanh", np.arctanh)])
def test_finds_what_has_been_left_out(key, inverse):
    """The student returns what goes into the last activation."""
    for seed in SEEDS:
        right = np.random.default_rng(seed).uniform(0.15, 0.85, (6, 1))
        assert find_cause(inverse(right), right, {}).key == key


def test_finds_a_missing_relu_and_a_missing_root():
    """Functions that cannot be undone are compared the other way round."""
    z = np.random.default_rng(1).normal(size=(5, 3))
    assert find_cause(z, np.maximum(z, 0), {}).key == "missing_relu"
    norms = np.array([0.5, 3.25, 7.0])
    assert find_cause(norms**2, norms, {}).key == "squared"
    assert find_cause(np.sqrt(norms), norms, {}).key == "rooted"


def test_a_slice_of_three_axes_is_named():
    """A batch (B, T, o) with one wrong sequence, or one wrong time step."""
    right = np.random.default_rng(2).normal(size=(4, 5, 2))
    assert find_cause(put(right, (slice(None), 4), 0), right, {}).key == "one_slice:last"
    assert find_cause(put(right, 1, 0), right, {}).key == "one_slice:1"


def test_single_numbers_need_a_name_for_their_factor():
    """Any two numbers have a ratio: it is told only where a size explains it, to nine digits."""
    loss = np.array(0.6931471805599453)
    assert find_cause(7 * loss, loss, SIZES).key == "factor:n"
    assert find_cause(-loss, loss, SIZES).key == "sign"
    assert find_cause(2 * loss, loss, {}).key == "factor:2"
    assert find_cause(0 * loss, loss, {}).key == "zeros"
    assert find_cause(np.round(loss, 4), loss, {}).key == "rounded"
    assert find_cause(1.2345 * loss, loss, SIZES) is None
    assert find_cause(7.0001 * loss, loss, SIZES) is None


def test_ambiguous_factors_get_no_meaning():
    """Two lengths of 7: the factor is told, what it is not."""
    right = answer(np.random.default_rng(3))
    cause = find_cause(scaled(right, 7), right, {"n": 7, "h": 7})
    assert cause.key == "factor"
    assert "7" in cause.text.say("es")


def test_parts_of_a_tuple_are_named_by_position():
    """(loss, gradient) with a wrong gradient."""
    rng = np.random.default_rng(4)
    right = (rng.normal(size=3), answer(rng))
    cause = find_cause((right[0], right[1] | {"U": -right[1]["U"]}), right, {})
    assert cause.key == "sign@[1].U"


def test_says_nothing_about_random_errors():
    """4,000 answers with random errors of every size: no cause is ever invented."""
    for seed in range(1_000):
        rng = np.random.default_rng(seed)
        for right in (answer(rng)["V"], rng.normal(size=3), rng.normal(size=2), np.array(rng.normal())):
            got = right + 10 ** rng.uniform(-3, 1) * rng.normal(size=right.shape)
            assert find_cause(got, right, SIZES) is None


@pytest.mark.parametrize(
    "got", [None, "text", (), {}, np.full((4, 4), np.nan), np.full((4, 4), np.inf), np.zeros((0, 4)), np.ones((5, 2)), "float"]
)
def test_says_nothing_about_other_types_shapes_and_nan(got):
    """What the fact already tells needs no cause; nothing raises."""
    assert find_cause(got, np.random.default_rng(5).normal(size=(4, 4)), SIZES) is None
    assert find_cause({"V": got}, answer(np.random.default_rng(5)), SIZES) is None


def test_labels_are_too_alike_for_an_order():
    """Five predictions of 0 and 1 are those of the next example too, once in 16 times."""
    right = np.array([0.0, 1.0, 1.0, 0.0, 1.0])
    assert find_cause(np.array([1.0, 1.0, 0.0, 1.0, 1.0]), right, SIZES) is None
    assert find_cause(1 - right, right, SIZES).key == "complement"


def test_says_nothing_about_right_answers():
    """There is nothing to explain."""
    right = answer(np.random.default_rng(6))
    assert find_cause(right, right, SIZES) is None


def test_huge_answers_do_not_overflow():
    """1e308 against 1e-308 is wrong without a warning."""
    assert find_cause(np.full(3, 1e308), np.array([-1e308, 1.0, 1e-308]), SIZES) is None


def test_the_words_for_n():
    """The sentence that students see most."""
    right = answer(np.random.default_rng(7))
    said = find_cause(right | {"U": 7 * right["U"]}, right, SIZES).text.say("es")
    assert "`U`" in said and "7 veces demasiado grandes" in said and "n, el número de ejemplos" in said
    said = find_cause(scaled(right, 1 / 7), right, SIZES).text.say("es")
    assert "7 veces demasiado pequeños" in said


@pytest.mark.parametrize("language", ["es", "en"])
def test_every_known_size_has_words(language):
    """KNOWN and the catalogue agree."""
    assert all(f"cause_size_{name}" in catalogue(language) for name in KNOWN)


@pytest.mark.parametrize("sizes", [{}, {"n": 0}, {"n": 1}, {"n": -2}])
def test_sizes_that_explain_nothing(sizes):
    """A length of 1, or nonsense, is never the reason."""
    assert name_factor(3.0, sizes, 1e-9) is None
    assert name_factor(2.0, sizes, 1e-9).key == "2"

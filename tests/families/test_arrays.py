"""What counts as a numeric answer, decided by exact type and exact shape."""

import numpy as np
import pytest

from grader.errors import Mismatch
from grader.families import values
from grader.families.arrays import plain_copy
from grader.tensor import Tensor

RIGHT = np.array([[1.5, -2.0, 0.25], [3.0, 0.5, -1.0]])


class AlwaysEqual:
    def __eq__(self, other):
        return True

    def __array__(self, *args, **kwargs):
        return RIGHT

    def __float__(self):
        return 1.5

    __hash__ = None


class Subclass(np.ndarray):
    def __array_function__(self, *args):
        return True


class Liar(float):
    def __sub__(self, other):
        return 0.0


ACCEPTED = {
    "array": RIGHT,
    "lists": RIGHT.tolist(),
    "tuples": tuple(map(tuple, RIGHT.tolist())),
    "list-of-rows": list(RIGHT),
    "list-of-scalars": [[np.float64(x) for x in row] for row in RIGHT],
    "fortran": np.asfortranarray(RIGHT),
    "backwards": RIGHT[::-1].copy()[::-1],
    "big-endian": RIGHT.astype(">f8"),
    "longdouble": RIGHT.astype(np.longdouble),
    "float32": RIGHT.astype(np.float32),
    "tensor": Tensor(RIGHT.astype(np.float32)),
    "tensor-with-grad": Tensor(RIGHT, "torch.float64", True),
    "list-of-tensors": [Tensor(row) for row in RIGHT],
}

REFUSED = {
    "none": (None, "answer_is_none"),
    "text": ("1.5", "answer_not_numeric"),
    "complex": (RIGHT + 1e-9j, "answer_not_numeric"),
    "complex-number": (1 + 0j, "answer_not_numeric"),
    "complex-scalar": (np.complex128(1), "answer_not_numeric"),
    "objects": (RIGHT.astype(object), "answer_not_numeric"),
    "strings": (RIGHT.astype(str), "answer_not_numeric"),
    "dates": (np.zeros((2, 3), "datetime64[s]"), "answer_not_numeric"),
    "records": (np.zeros((2, 3), [("x", "f8")]), "answer_not_numeric"),
    "dict": ({"z": RIGHT}, "answer_not_numeric"),
    "set": ({1.0, 2.0}, "answer_not_numeric"),
    "generator": ((row for row in RIGHT), "answer_not_numeric"),
    "always-equal": (AlwaysEqual(), "answer_not_numeric"),
    "ndarray-subclass": (RIGHT.view(Subclass), "answer_not_numeric"),
    "matrix": (RIGHT.view(np.matrix), "answer_not_numeric"),
    "masked": (np.ma.masked_all((2, 3)), "answer_not_numeric"),
    "liar": ([[Liar(9.0)] * 3] * 2, "answer_not_numeric"),
    "ragged": ([[1.5, -2.0, 0.25], [3.0]], "answer_ragged"),
    "huge": ([[10**400, 1, 1], [1, 1, 1]], "answer_too_large"),
    "number": (1.5, "wrong_shape_number"),
    "broadcastable": (np.ones((2, 1)), "wrong_shape"),
    "one-row-less": (RIGHT[:1], "wrong_shape"),
    "empty": (np.zeros((0, 3)), "wrong_shape_empty"),
    "empty-list": ([], "wrong_shape_empty"),
    "extra-axis": (RIGHT[None], "wrong_shape_axis"),
    "column": (RIGHT[..., None], "wrong_shape_column"),
    "transposed": (RIGHT.T, "wrong_shape_transposed"),
    "nan": (np.full((2, 3), np.nan), "not_finite"),
    "one-inf": (np.where(RIGHT == 3, np.inf, RIGHT), "not_finite"),
    "float16": ((RIGHT * 1.1).astype(np.float16), "wrong_all"),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_accepts_the_right_numbers_in_any_legal_type(name):
    """Lists, tensors, byte orders and strides make no difference."""
    values.matches(ACCEPTED[name], RIGHT, "z")


@pytest.mark.parametrize("name", REFUSED)
def test_refuses_everything_else_and_says_why(name):
    """Each case is told by its own message, in both languages."""
    got, key = REFUSED[name]
    with pytest.raises(Mismatch) as caught:
        values.matches(got, RIGHT, "z")
    assert caught.value.fact.key == key
    for language in ("es", "en"):
        assert "`z" in caught.value.fact.say(language)


@pytest.mark.parametrize("got", [np.zeros(3, bool), np.zeros(3, np.int64), np.zeros(3, np.uint8), [0, 0, 0], [False] * 3])
def test_takes_integers_and_bools_as_numbers(got):
    """A penalty's gradient may be zeros of any dtype."""
    values.matches(got, np.zeros(3), "db")


def test_unsigned_numbers_do_not_wrap():
    """3 - 5 is 254 in uint8, and -2 in the comparison."""
    with pytest.raises(Mismatch):
        values.matches(np.array([254], np.uint8), np.array([-2.0]), "z")


@pytest.mark.parametrize("got", [1.5, np.float64(1.5), np.float32(1.5), np.array(1.5), np.array([1.5]), [1.5], Tensor(np.array(1.5))])
def test_a_number_comes_in_many_types(got):
    """Floats, scalars, 0-d and (1,) arrays are one number."""
    assert values.number(got, "loss") == 1.5
    values.matches(got, 1.5, "loss")


@pytest.mark.parametrize(
    ("got", "key"),
    [
        (None, "answer_is_none"),
        (np.array([[1.5]]), "wrong_shape_not_number"),
        ([1.5, 1.5], "wrong_shape_not_number"),
        (float("nan"), "not_finite"),
        (float("-inf"), "not_finite"),
        (1e999, "not_finite"),
        (10**400, "answer_too_large"),
        (AlwaysEqual(), "answer_not_numeric"),
        (Liar(1.5), "answer_not_numeric"),
        (1.5 + 0j, "answer_not_numeric"),
    ],
)
def test_a_number_is_refused_with_its_reason(got, key):
    """No NaN, no array, no object that acts as a float."""
    with pytest.raises(Mismatch) as caught:
        values.number(got, "loss")
    assert caught.value.fact.key == key


def test_flat_and_square_shapes_have_words_of_their_own():
    """The two shapes that (n, 1) against (n,) gives rise to."""
    for got, expected, key in [
        (np.ones(4), np.ones((4, 1)), "wrong_shape_flat"),
        (np.ones((4, 4)), np.ones(4), "wrong_shape_broadcast"),
        (np.ones((4, 1)), np.ones(4), "wrong_shape_column"),
        (np.ones(()), np.ones(1), "wrong_shape_number"),
    ]:
        with pytest.raises(Mismatch) as caught:
            values.matches(got, expected, "z")
        assert caught.value.fact.key == key


def test_the_answer_is_copied():
    """A buffer that the student reuses later does not change what was judged."""
    buffer = np.ones(3)
    copy = values.array(buffer, (3,), "z")
    buffer[:] = 9
    assert copy.tolist() == [1, 1, 1]


def test_deep_nesting_ends_in_words():
    """Lists in lists in lists are refused before Python's own limit."""
    deep = 1.0
    for _ in range(500):
        deep = [deep]
    with pytest.raises(Mismatch):
        values.array(deep, (1,), "z")
    plain_copy(deep)


def test_plain_copy_keeps_what_can_be_compared():
    """What is no number stays as text, so that two wrong answers of a kind can be told apart."""
    copied = plain_copy({"a": [1, 2], "b": (np.ones(2), "x", None), "c": AlwaysEqual()})
    assert copied["a"].tolist() == [1, 2]
    assert copied["b"][0].tolist() == [1, 1]
    assert copied["b"][1:] == ("x", None)
    assert copied["c"] == "AlwaysEqual"

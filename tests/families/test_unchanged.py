"""Arguments are as they were, to the last bit."""

import numpy as np
import pytest

from grader.errors import Fault, Mismatch
from grader.families import values
from grader.tensor import Tensor


def arguments():
    params = {"W1": np.arange(6.0).reshape(2, 3), "b1": np.array([np.nan, 1.0])}
    return params, [np.ones(2), (np.zeros(3), 2.5)], "relu", None, Tensor(np.ones(2, np.float32)), np.array([1, 2])


def test_equal_arguments_are_unchanged():
    """NaN that stays NaN is no change, nor is another order of keys."""
    params, *rest = arguments()
    values.unchanged(arguments(), (dict(reversed(params.items())), *rest))
    values.unchanged(arguments()[0], arguments()[0])


def test_rounding_is_no_change():
    """`x += h; x -= h` puts x back but for a rounding: who restores like that has left x as it was."""
    x = np.random.default_rng(0).normal(size=50)
    for dtype in ("float64", "float32"):
        before, after = x.astype(dtype), x.astype(dtype)
        after += np.array(1 / 3, dtype)
        after -= np.array(1 / 3, dtype)
        assert not np.array_equal(before, after)
        values.unchanged((before,), (after,))


CHANGES = {
    "entry": (lambda a: a[0]["W1"].__setitem__((1, 2), 5.00000001), 1, "['W1'][1, 2]"),
    "nan": (lambda a: a[0]["b1"].__setitem__(0, 0.0), 1, "['b1'][0]"),
    "new-key": (lambda a: a[0].__setitem__("cache", 1), 1, ""),
    "popped": (lambda a: a[1].pop(), 2, ""),
    "inner-array": (lambda a: a[1][1][0].__setitem__(2, 1), 2, "[1][0][2]"),
    "tensor": (lambda a: a[4].data.__setitem__(0, 7), 5, "[0]"),
    "integers": (lambda a: a[5].__setitem__(1, 7), 6, "[1]"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_found_and_placed(name):
    """The argument is named by its position, and the entry in it."""
    change, number, at = CHANGES[name]
    after = arguments()
    change(after)
    with pytest.raises(Mismatch) as caught:
        values.unchanged(arguments(), after)
    assert caught.value.fact.values["number"] == number
    assert caught.value.fact.values.get("at", "") == at
    assert str(number) in caught.value.fact.say("es")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (np.ones(2), np.ones(3)),
        (np.ones(2), np.ones(2, np.float32)),
        (np.ones(2), [1.0, 1.0]),
        (np.ones(2), None),
        ([np.ones(2)], np.ones((1, 2))),
        ({"a": 1.0}, [1.0]),
        ("relu", "tanh"),
        (None, 1.0),
        (1.0, 2.0),
        (Tensor(np.ones(2)), Tensor(np.ones(2), requires_grad=True)),
    ],
)
def test_another_shape_type_or_text_is_a_change(before, after):
    """Also where numpy would broadcast or convert."""
    with pytest.raises(Mismatch):
        values.unchanged([before], [after])


def test_one_object_needs_no_number():
    """A dict alone is named by the place."""
    after = {"w": np.array([1.0, 3.0])}
    with pytest.raises(Mismatch) as caught:
        values.unchanged({"w": np.array([1.0, 2.0])}, after)
    assert "['w'][1]" in caught.value.fact.say("en")


def test_another_number_of_arguments_is_our_fault():
    """The check compares what was never comparable."""
    with pytest.raises(Fault):
        values.unchanged((1.0, 2.0), (1.0,))

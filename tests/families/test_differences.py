"""Finite differences against derivatives that are known."""

import numpy as np
import pytest
from honest_work import gradient, loss, network

from grader.errors import Fault
from grader.families.differences import central
from grader.families.gradient import finite_difference


def test_a_cubic_is_differentiated_exactly():
    """The h^2 term is gone: what is left is rounding."""
    x = np.linspace(-2, 2, 12).reshape(3, 4)
    found = finite_difference(lambda v: float(np.sum(v**3 - v)), x)
    assert np.abs(found - (3 * x**2 - 1)).max() < 1e-11


@pytest.mark.parametrize("shape", [(), (1,), (3,), (2, 3), (2, 1, 2)])
def test_any_shape(shape):
    """The result has the shape of x, and x stays as it is."""
    x = np.random.default_rng(1).normal(size=shape)
    before = x.copy()
    found = finite_difference(lambda v: float(np.sum(np.sin(v))), x)
    assert found.shape == shape
    assert np.abs(found - np.cos(x)).max() < 1e-11
    assert np.array_equal(x, before)


def test_the_loss_of_a_network():
    """Within 1e-10 of the scale on 200 networks."""
    for seed in range(200):
        params, X, y = network(np.random.default_rng(seed))
        right = gradient(params, X, y)
        found = finite_difference(lambda v, p=params, X=X, y=y: loss(p | {"W1": v}, X, y), params["W1"])
        assert np.abs(found - right["W1"]).max() < 1e-10 * max(np.abs(v).max() for v in right.values())


def test_the_fourth_power_of_the_step_is_left():
    """Half the step leaves a sixteenth of the error, where rounding is not yet felt."""
    errors = [abs(float(central(lambda v: float(np.exp(v)), np.array(1.0), step).value) - np.e) for step in (0.2, 0.1, 0.05)]
    assert errors[0] / errors[1] == pytest.approx(16, rel=0.02)
    assert errors[1] / errors[2] == pytest.approx(16, rel=0.02)


def test_a_kink_is_no_derivative():
    """At a kink the two steps agree on nothing, or the point is moved by the author."""
    assert finite_difference(lambda v: float(np.abs(v).sum()), np.array([1e-4, 2.0])).tolist() == pytest.approx([1, 1])
    with pytest.raises(Fault):
        finite_difference(lambda v: float(np.maximum(v, 0).sum()), np.array([1e-6, 2.0]))


def test_large_entries_take_larger_steps():
    """A step of 1e-3 would be lost in an entry of 1e9."""
    x = np.array([1e9, 1.0])
    assert finite_difference(lambda v: float(np.sum(np.log(v))), x) == pytest.approx(1 / x, rel=1e-6)

"""Bars by recursion on the time step, generators and lambdas; tuples in the dict; the weights as one record."""

from functools import partial
from math import exp, log1p
from operator import mul

sigmoid = lambda z: exp(-log1p(exp(-z)))  # noqa: E731
derivative = lambda z: exp(-z) / (1 + exp(-z)) ** 2  # noqa: E731


def state(t, U, V, xs, h0):
    """h_t; t counts from 1, and 0 is before the first step."""
    return h0 if t == 0 else sigmoid(preactivation(t, U, V, xs, h0))


def preactivation(t, U, V, xs, h0):
    return U * xs[t - 1] + V * state(t - 1, U, V, xs, h0)


def forward(U, V, W, xs, h0):
    hs = tuple(state(t, U, V, xs, h0) for t in (1, 2, 3))
    ss = tuple(map(partial(mul, W), hs))
    return dict(y=tuple(map(sigmoid, ss)), s=ss, h=hs, r=tuple(preactivation(t, U, V, xs, h0) for t in (1, 2, 3)))


def loss(ys, ts):
    return sum(abs(y - t) ** 2 for y, t in zip(ys, ts)) * 0.5


def s_bar(t, U, V, W, xs, ts, h0):
    s = W * state(t, U, V, xs, h0)
    return derivative(s) * (sigmoid(s) - ts[t - 1])


def h_bar(t, U, V, W, xs, ts, h0):
    rest = (U, V, W, xs, ts, h0)
    own = W * s_bar(t, *rest)
    return own if t == 3 else own + V * r_bar(t + 1, *rest)


def r_bar(t, U, V, W, xs, ts, h0):
    return h_bar(t, U, V, W, xs, ts, h0) * derivative(preactivation(t, U, V, xs, h0))


def backward(*point):
    return {bar.__name__: [bar(t, *point) for t in (1, 2, 3)] for bar in (s_bar, h_bar, r_bar)}


def dL_dU(U, V, W, xs, ts, h0):
    return sum(r_bar(t, U, V, W, xs, ts, h0) * x for t, x in enumerate(xs, 1))


def dL_dV(U, V, W, xs, ts, h0):
    return sum(r_bar(t, U, V, W, xs, ts, h0) * state(t - 1, U, V, xs, h0) for t in (3, 2, 1))


def dL_dW(U, V, W, xs, ts, h0):
    return sum(s_bar(t, U, V, W, xs, ts, h0) * state(t, U, V, xs, h0) for t in (3, 2, 1))

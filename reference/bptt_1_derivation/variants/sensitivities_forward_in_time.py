"""dL/dU and dL/dV without going back: dh_t/dU is carried along with h_t. The bars by summing over all later outputs."""

import math
from itertools import accumulate


def squash(z):
    return 0.5 * (1.0 + math.tanh(0.5 * z))


def slope(a):
    return a - a * a


def states(U, V, xs, h0):
    return list(accumulate(xs, lambda h, x: squash(U * x + V * h), initial=h0))


def forward(U, V, W, xs, h0):
    hs = states(U, V, xs, h0)
    s = tuple(W * h for h in hs[1:])
    return {
        "h": tuple(hs[1:]),
        "r": tuple(U * x + V * h for x, h in zip(xs, hs)),
        "s": s,
        "y": tuple(map(squash, s)),
        "h0": h0,
    }


def loss(ys, ts):
    return math.fsum(0.5 * (y - t) * (y - t) for y, t in zip(ys, ts))


def output_errors(U, V, W, xs, ts, h0):
    return [(y - t) * slope(y) for y, t in zip(forward(U, V, W, xs, h0)["y"], ts)]


def backward(U, V, W, xs, ts, h0):
    h = forward(U, V, W, xs, h0)["h"]
    s_bar = output_errors(U, V, W, xs, ts, h0)
    h_bar = []
    for t in range(3):
        total, path = 0.0, 1.0  # path: dh_k / dh_t
        for k in range(t, 3):
            total += s_bar[k] * W * path
            if k < 2:
                path *= V * slope(h[k + 1])
        h_bar.append(total)
    return {"s_bar": s_bar, "h_bar": h_bar, "r_bar": [b * slope(a) for b, a in zip(h_bar, h)]}


def carried(U, V, W, xs, ts, h0, direct):
    """The sum of s_bar_t W dh_t/dw, where w acts on r_t directly as `direct` says."""
    hs = states(U, V, xs, h0)
    dh, total = 0.0, 0.0
    for t, error in enumerate(output_errors(U, V, W, xs, ts, h0)):
        dh = slope(hs[t + 1]) * (direct(xs[t], hs[t]) + V * dh)
        total += error * W * dh
    return total


def dL_dU(U, V, W, xs, ts, h0):
    return carried(U, V, W, xs, ts, h0, lambda x, h: x)


def dL_dV(U, V, W, xs, ts, h0):
    return carried(U, V, W, xs, ts, h0, lambda x, h: h)


def dL_dW(U, V, W, xs, ts, h0):
    return sum(map(lambda e, h: e * h, output_errors(U, V, W, xs, ts, h0), states(U, V, xs, h0)[1:]))

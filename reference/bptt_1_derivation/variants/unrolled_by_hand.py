"""No loops at all: the three steps are written out one by one, as on paper."""

from math import exp


def g(z):
    return 1 / (1 + exp(-z))


def forward(U, V, W, xs, h0):
    x1, x2, x3 = xs
    r1 = U * x1 + V * h0
    h1 = g(r1)
    r2 = U * x2 + V * h1
    h2 = g(r2)
    r3 = U * x3 + V * h2
    h3 = g(r3)
    s1, s2, s3 = W * h1, W * h2, W * h3
    return {"r": [r1, r2, r3], "h": [h1, h2, h3], "s": [s1, s2, s3], "y": [g(s1), g(s2), g(s3)]}


def loss(ys, ts):
    y1, y2, y3 = ys
    t1, t2, t3 = ts
    return ((y1 - t1) ** 2 + (y2 - t2) ** 2 + (y3 - t3) ** 2) / 2


def backward(U, V, W, xs, ts, h0):
    d = forward(U, V, W, xs, h0)
    h1, h2, h3 = d["h"]
    y1, y2, y3 = d["y"]
    t1, t2, t3 = ts
    s1 = (y1 - t1) * y1 * (1 - y1)
    s2 = (y2 - t2) * y2 * (1 - y2)
    s3 = (y3 - t3) * y3 * (1 - y3)
    a3 = W * s3
    r3 = a3 * h3 * (1 - h3)
    a2 = W * s2 + V * r3
    r2 = a2 * h2 * (1 - h2)
    a1 = W * s1 + V * r2
    r1 = a1 * h1 * (1 - h1)
    return {"r_bar": [r1, r2, r3], "h_bar": [a1, a2, a3], "s_bar": [s1, s2, s3]}


def dL_dU(U, V, W, xs, ts, h0):
    r1, r2, r3 = backward(U, V, W, xs, ts, h0)["r_bar"]
    x1, x2, x3 = xs
    return r1 * x1 + r2 * x2 + r3 * x3


def dL_dV(U, V, W, xs, ts, h0):
    r1, r2, r3 = backward(U, V, W, xs, ts, h0)["r_bar"]
    h1, h2, _ = forward(U, V, W, xs, h0)["h"]
    return r1 * h0 + r2 * h1 + r3 * h2


def dL_dW(U, V, W, xs, ts, h0):
    s1, s2, s3 = backward(U, V, W, xs, ts, h0)["s_bar"]
    h1, h2, h3 = forward(U, V, W, xs, h0)["h"]
    return s1 * h1 + s2 * h2 + s3 * h3

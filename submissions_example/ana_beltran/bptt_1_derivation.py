"""BPTT a mano, con una neurona y tres pasos. Ana Beltrán, grupo A."""

import math


def sigmoid(z):
    return 0.5 * (1.0 + math.tanh(0.5 * z))


def forward(U, V, W, xs, h0):
    r1 = U * xs[0] + V * h0
    h1 = sigmoid(r1)
    r2 = U * xs[1] + V * h1
    h2 = sigmoid(r2)
    r3 = U * xs[2] + V * h2
    h3 = sigmoid(r3)
    s = [W * h1, W * h2, W * h3]
    return {"r": [r1, r2, r3], "h": [h1, h2, h3], "s": s, "y": [sigmoid(v) for v in s]}


def loss(ys, ts):
    return 0.5 * sum((y - t) ** 2 for y, t in zip(ys, ts))


def backward(U, V, W, xs, ts, h0):
    f = forward(U, V, W, xs, h0)
    h, y = f["h"], f["y"]
    s1, s2, s3 = [(yt - t) * yt * (1 - yt) for yt, t in zip(y, ts)]
    # del último paso al primero: h_t llega a la pérdida por s_t y por r_{t+1}
    h_bar3 = W * s3
    r3 = h_bar3 * h[2] * (1 - h[2])
    h_bar2 = W * s2 + V * r3
    r2 = h_bar2 * h[1] * (1 - h[1])
    h_bar1 = W * s1 + V * r2
    r1 = h_bar1 * h[0] * (1 - h[0])
    return {"s_bar": [s1, s2, s3], "h_bar": [h_bar1, h_bar2, h_bar3], "r_bar": [r1, r2, r3]}


def dL_dU(U, V, W, xs, ts, h0):
    r_bar = backward(U, V, W, xs, ts, h0)["r_bar"]
    return sum(r * x for r, x in zip(r_bar, xs))


def dL_dV(U, V, W, xs, ts, h0):
    h = forward(U, V, W, xs, h0)["h"]
    r_bar = backward(U, V, W, xs, ts, h0)["r_bar"]
    return r_bar[0] * h0 + r_bar[1] * h[0] + r_bar[2] * h[1]


def dL_dW(U, V, W, xs, ts, h0):
    h = forward(U, V, W, xs, h0)["h"]
    s_bar = backward(U, V, W, xs, ts, h0)["s_bar"]
    return sum(s * v for s, v in zip(s_bar, h))

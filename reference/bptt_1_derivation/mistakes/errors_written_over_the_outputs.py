"""loss subtracts the targets from the caller's list."""

import math


def sigmoid(z):
    return 1.0 / (1.0 + math.exp(-z))


def forward(U, V, W, xs, h0):
    r, h, s, y = [], [], [], []
    state = h0
    for t in range(3):
        r.append(U * xs[t] + V * state)
        h.append(sigmoid(r[t]))
        s.append(W * h[t])
        y.append(sigmoid(s[t]))
        state = h[t]
    return {"r": r, "h": h, "s": s, "y": y}


def loss(ys, ts):
    for t in range(3):
        ys[t] -= ts[t]
    return 0.5 * sum(y**2 for y in ys)


def backward(U, V, W, xs, ts, h0):
    values = forward(U, V, W, xs, h0)
    h, y = values["h"], values["y"]
    s_bar, h_bar, r_bar = [0.0] * 3, [0.0] * 3, [0.0] * 3
    r_bar_next = 0.0
    for t in (2, 1, 0):
        s_bar[t] = (y[t] - ts[t]) * y[t] * (1.0 - y[t])
        h_bar[t] = W * s_bar[t] + V * r_bar_next
        r_bar[t] = h_bar[t] * h[t] * (1.0 - h[t])
        r_bar_next = r_bar[t]
    return {"s_bar": s_bar, "h_bar": h_bar, "r_bar": r_bar}


def dL_dU(U, V, W, xs, ts, h0):
    r_bar = backward(U, V, W, xs, ts, h0)["r_bar"]
    return sum(r_bar[t] * xs[t] for t in range(3))


def dL_dV(U, V, W, xs, ts, h0):
    r_bar = backward(U, V, W, xs, ts, h0)["r_bar"]
    before = [h0] + forward(U, V, W, xs, h0)["h"]
    return sum(r_bar[t] * before[t] for t in range(3))


def dL_dW(U, V, W, xs, ts, h0):
    s_bar = backward(U, V, W, xs, ts, h0)["s_bar"]
    h = forward(U, V, W, xs, h0)["h"]
    return sum(s_bar[t] * h[t] for t in range(3))

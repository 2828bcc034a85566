import math


def sigmoid(z):
    return 1 / (1 + math.exp(-z))


def forward(U, V, W, xs, h0):
    r = [0, 0, 0]
    h = [0, 0, 0]
    s = [0, 0, 0]
    y = [0, 0, 0]
    for t in range(3):
        if t == 0:
            r[t] = U * xs[t] + V * h0
        else:
            r[t] = U * xs[t] + V * h[t - 1]
        h[t] = sigmoid(r[t])
        s[t] = W * h[t]
        y[t] = sigmoid(s[t])
    return {"r": r, "h": h, "s": s, "y": y}


def loss(ys, ts):
    return ((ys[0] - ts[0]) ** 2 + (ys[1] - ts[1]) ** 2 + (ys[2] - ts[2]) ** 2) / 2


def backward(U, V, W, xs, ts, h0):
    f = forward(U, V, W, xs, h0)
    h, y = f["h"], f["y"]
    s_bar = [0, 0, 0]
    h_bar = [0, 0, 0]
    r_bar = [0, 0, 0]
    for t in [2, 1, 0]:
        # la derivada de un cuadrado lleva un 2
        s_bar[t] = 2 * (y[t] - ts[t]) * y[t] * (1 - y[t])
        h_bar[t] = W * s_bar[t]
        if t < 2:
            h_bar[t] = h_bar[t] + V * r_bar[t + 1]
        r_bar[t] = h_bar[t] * h[t] * (1 - h[t])
    return {"s_bar": s_bar, "h_bar": h_bar, "r_bar": r_bar}


def dL_dU(U, V, W, xs, ts, h0):
    b = backward(U, V, W, xs, ts, h0)
    return b["r_bar"][0] * xs[0] + b["r_bar"][1] * xs[1] + b["r_bar"][2] * xs[2]


def dL_dV(U, V, W, xs, ts, h0):
    b = backward(U, V, W, xs, ts, h0)
    f = forward(U, V, W, xs, h0)
    return b["r_bar"][0] * h0 + b["r_bar"][1] * f["h"][0] + b["r_bar"][2] * f["h"][1]


def dL_dW(U, V, W, xs, ts, h0):
    b = backward(U, V, W, xs, ts, h0)
    f = forward(U, V, W, xs, h0)
    return b["s_bar"][0] * f["h"][0] + b["s_bar"][1] * f["h"][1] + b["s_bar"][2] * f["h"][2]

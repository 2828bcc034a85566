# Bruno Castillo

import math


def sigmoide(z):
    return 1 / (1 + math.exp(-z))


def forward(U, V, W, xs, h0):
    r, h, s, y = [], [], [], []
    anterior = h0
    for x in xs:
        r.append(U * x + V * anterior)
        h.append(sigmoide(r[-1]))
        s.append(W * h[-1])
        y.append(sigmoide(s[-1]))
        anterior = h[-1]
    return dict(r=r, h=h, s=s, y=y)


def loss(ys, ts):
    total = 0
    for y, t in zip(ys, ts):
        total += (y - t) ** 2 / 2
    return total


def backward(U, V, W, xs, ts, h0):
    pasada = forward(U, V, W, xs, h0)
    s_bar, h_bar, r_bar = [], [], []
    r_siguiente = 0.0
    for t in (2, 1, 0):
        y, h = pasada["y"][t], pasada["h"][t]
        s = (y - ts[t]) * y * (1 - y)
        hb = W * s + V * r_siguiente
        r_siguiente = hb * h * (1 - h)
        # voy hacia atrás, así que inserto por delante
        s_bar.insert(0, s)
        h_bar.insert(0, hb)
        r_bar.insert(0, r_siguiente)
    return dict(s_bar=s_bar, h_bar=h_bar, r_bar=r_bar)


def dL_dU(U, V, W, xs, ts, h0):
    total = 0
    for barra, x in zip(backward(U, V, W, xs, ts, h0)["r_bar"], xs):
        total += barra * x
    return total


def dL_dV(U, V, W, xs, ts, h0):
    anteriores = [h0] + forward(U, V, W, xs, h0)["h"]
    total = 0
    for barra, h in zip(backward(U, V, W, xs, ts, h0)["r_bar"], anteriores):
        total += barra * h
    return total


def dL_dW(U, V, W, xs, ts, h0):
    total = 0
    for barra, h in zip(backward(U, V, W, xs, ts, h0)["s_bar"], forward(U, V, W, xs, h0)["h"]):
        total += barra * h
    return total

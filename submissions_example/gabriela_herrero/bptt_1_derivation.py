"""BPTT a mano: una unidad oculta, una salida, tres pasos, f = g = sigmoide."""

import math


def sigmoid(z):
    return 1 / (1 + math.exp(-z))


def forward(U, V, W, xs, h0):
    """Recorre los tres pasos: r_t = U x_t + V h_{t-1}, h_t = σ(r_t), s_t = W h_t, y_t = σ(s_t)."""
    r, h, s, y = [], [], [], []
    anterior = h0
    for x in xs:
        r.append(U * x + V * anterior)
        h.append(sigmoid(r[-1]))
        s.append(W * h[-1])
        y.append(sigmoid(s[-1]))
        anterior = h[-1]
    return {"r": r, "h": h, "s": s, "y": y}


def loss(ys, ts):
    """Calcula la mitad de la suma de los errores al cuadrado."""
    return sum((y - t) ** 2 for y, t in zip(ys, ts)) / 2


def backward(U, V, W, xs, ts, h0):
    """Calcula las derivadas de la pérdida respecto de los valores intermedios."""
    y = forward(U, V, W, xs, h0)["y"]
    s_bar = [(y[t] - ts[t]) * y[t] * (1 - y[t]) for t in range(3)]
    # h_bar y r_bar no me salen todavía
    return {"s_bar": s_bar}


def dL_dU(U, V, W, xs, ts, h0):
    """Calcula la derivada de la pérdida respecto de U, con los argumentos de `backward`; un número."""
    raise NotImplementedError


def dL_dV(U, V, W, xs, ts, h0):
    """Calcula la derivada de la pérdida respecto de V, con los argumentos de `backward`; un número."""
    raise NotImplementedError


def dL_dW(U, V, W, xs, ts, h0):
    """Calcula la derivada de la pérdida respecto de W, con los argumentos de `backward`; un número."""
    f = forward(U, V, W, xs, h0)
    s_bar = backward(U, V, W, xs, ts, h0)["s_bar"]
    return sum(s_bar[t] * f["h"][t] for t in range(3))

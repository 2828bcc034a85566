# Pablo Prieto Muñoz
# Derivación a mano con tres pasos

from math import exp

def sigmoide(z):
    return 1 / (1 + exp(-z))

def forward(U, V, W, xs, h0):
    # paso a paso, como en la pizarra
    r, h, s, y = [], [h0], [], []
    for t in range(3):
        r.append(U * xs[t] + V * h[t])
        h.append(sigmoide(r[t]))
        s.append(W * h[t + 1])
        y.append(sigmoide(s[t]))
    return {"r": r, "h": h[1:], "s": s, "y": y}

def loss(ys, ts):
    return 0.5 * sum((a - b) ** 2 for a, b in zip(ys, ts))

def backward(U, V, W, xs, ts, h0):
    pasada = forward(U, V, W, xs, h0)
    h, y = pasada["h"], pasada["y"]
    s_bar = [(y[t] - ts[t]) * y[t] * (1 - y[t]) for t in range(3)]
    h_bar, r_bar = [0, 0, 0], [0, 0, 0, 0]   # el cuarto es el paso que no existe
    for t in (2, 1, 0):
        h_bar[t] = W * s_bar[t] + V * r_bar[t + 1]
        r_bar[t] = h_bar[t] * h[t] * (1 - h[t])
    return {"s_bar": s_bar, "h_bar": h_bar, "r_bar": r_bar[:3]}

def dL_dU(U, V, W, xs, ts, h0):
    return sum(r * x for r, x in zip(backward(U, V, W, xs, ts, h0)["r_bar"], xs))

def dL_dV(U, V, W, xs, ts, h0):
    # h del mismo paso que la r (¿o era la anterior? creo que no)
    h = forward(U, V, W, xs, h0)["h"]
    return sum(r * a for r, a in zip(backward(U, V, W, xs, ts, h0)["r_bar"], h))

def dL_dw(U, V, W, xs, ts, h0):
    h = forward(U, V, W, xs, h0)["h"]
    return sum(s * a for s, a in zip(backward(U, V, W, xs, ts, h0)["s_bar"], h))

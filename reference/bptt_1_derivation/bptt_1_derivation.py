"""Backpropagation through time by hand: one hidden unit, one output, three steps, f = g = sigmoid."""

import math

STEPS = 3


def sigmoid(z: float) -> float:
    """Return 1 / (1 + e^-z)."""
    return 1.0 / (1.0 + math.exp(-z))


def forward(U: float, V: float, W: float, xs: list[float], h0: float) -> dict[str, list[float]]:
    """Return r_t = U x_t + V h_{t-1}, h_t = sigmoid(r_t), s_t = W h_t and y_t = sigmoid(s_t).

    Args:
        U, V, W: weights from the input, from the state before and to the output.
        xs: the inputs x_1, x_2, x_3.
        h0: the state before the first step.

    Returns:
        The lists `r`, `h`, `s` and `y`, three numbers each; h0 is not in `h`.
    """
    r, h, s, y = [], [], [], []
    state = h0
    for x in xs:
        r.append(U * x + V * state)
        state = sigmoid(r[-1])
        h.append(state)
        s.append(W * state)
        y.append(sigmoid(s[-1]))
    return {"r": r, "h": h, "s": s, "y": y}


def loss(ys: list[float], ts: list[float]) -> float:
    """Return half the sum of the squared errors of the three outputs."""
    return 0.5 * sum((y - t) ** 2 for y, t in zip(ys, ts, strict=True))


def backward(U: float, V: float, W: float, xs: list[float], ts: list[float], h0: float) -> dict[str, list[float]]:
    """Return the derivatives of the loss in s_t, h_t and r_t: the lists `s_bar`, `h_bar` and `r_bar`.

    h_t acts on the loss along two ways: through its own output, s_t = W h_t, and through the next step,
    r_{t+1} = U x_{t+1} + V h_t. After the last step there is no next one.
    """
    values = forward(U, V, W, xs, h0)
    s_bar, h_bar, r_bar = [0.0] * STEPS, [0.0] * STEPS, [0.0] * STEPS
    r_bar_next = 0.0
    for t in reversed(range(STEPS)):
        h, y = values["h"][t], values["y"][t]
        s_bar[t] = (y - ts[t]) * y * (1.0 - y)
        h_bar[t] = W * s_bar[t] + V * r_bar_next
        r_bar[t] = h_bar[t] * h * (1.0 - h)
        r_bar_next = r_bar[t]
    return {"s_bar": s_bar, "h_bar": h_bar, "r_bar": r_bar}


def dL_dU(U: float, V: float, W: float, xs: list[float], ts: list[float], h0: float) -> float:
    """Return the derivative of the loss in U, which multiplies x_t in every r_t."""
    r_bar = backward(U, V, W, xs, ts, h0)["r_bar"]
    return sum(r_bar[t] * xs[t] for t in range(STEPS))


def dL_dV(U: float, V: float, W: float, xs: list[float], ts: list[float], h0: float) -> float:
    """Return the derivative of the loss in V, which multiplies h_{t-1} in every r_t."""
    r_bar = backward(U, V, W, xs, ts, h0)["r_bar"]
    before = [h0, *forward(U, V, W, xs, h0)["h"]]
    return sum(r_bar[t] * before[t] for t in range(STEPS))


def dL_dW(U: float, V: float, W: float, xs: list[float], ts: list[float], h0: float) -> float:
    """Return the derivative of the loss in W, which multiplies h_t in every s_t."""
    s_bar = backward(U, V, W, xs, ts, h0)["s_bar"]
    h = forward(U, V, W, xs, h0)["h"]
    return sum(s_bar[t] * h[t] for t in range(STEPS))

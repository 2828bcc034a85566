"""Backpropagation over a computation graph given as data, and three losses with their gradients."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Node = list[str]  # [name, op, argument, ...]


def sigmoid(z):
    """Return 1 / (1 + e^-z), of a number or entry by entry; as a tanh it cannot overflow."""
    return 0.5 * (1.0 + np.tanh(0.5 * z))


def sigmoid_derivative(z):
    """Return the derivative of the sigmoid at z."""
    return sigmoid(z) * (1.0 - sigmoid(z))


VALUE: dict[str, Callable[..., float]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "square": lambda a: a * a,
    "max": lambda a, b: a if a > b else b,
    "sigmoid": lambda a: float(sigmoid(a)),
}
PARTIALS: dict[str, Callable[..., tuple[float, ...]]] = {
    "add": lambda a, b: (1.0, 1.0),
    "sub": lambda a, b: (1.0, -1.0),
    "mul": lambda a, b: (b, a),
    "square": lambda a: (2.0 * a,),
    "max": lambda a, b: (1.0, 0.0) if a > b else (0.0, 1.0),
    "sigmoid": lambda a: (float(sigmoid_derivative(a)),),
}


def local_gradients(op: str, *values: float) -> tuple[float, ...]:
    """Return the partial derivative of one operation in each of its arguments, at these values."""
    return PARTIALS[op](*values)


def forward(graph: list[Node], inputs: dict[str, float]) -> dict[str, float]:
    """Return the value f_i of every input and node, by name.

    Args:
        graph: nodes [name, op, argument, ...] in topological order.
        inputs: the inputs' values, by name.
    """
    values = dict(inputs)
    for name, op, *arguments in graph:
        values[name] = VALUE[op](*(values[argument] for argument in arguments))
    return values


def backward(graph: list[Node], values: dict[str, float]) -> dict[str, float]:
    """Return g_i = d root / d f_i of every input and node, by name; the root is the last node.

    Args:
        graph: nodes [name, op, argument, ...] in topological order.
        values: what `forward` returns.
    """
    gradients = dict.fromkeys(values, 0.0)
    gradients[graph[-1][0]] = 1.0
    for name, op, *arguments in reversed(graph):  # all that uses a node comes after it: its gradient is complete here
        partials = local_gradients(op, *(values[argument] for argument in arguments))
        for argument, partial in zip(arguments, partials, strict=True):
            gradients[argument] += gradients[name] * partial
    return gradients


def hinge_loss(w: Array, phi: Array, y: float) -> tuple[float, Array]:
    """Return the loss max(1 - (w . phi) y, 0) and its gradient in w.

    Args:
        w: weights, (d,).
        phi: features, (d,).
        y: label, 1 or -1.

    Returns:
        the loss and the gradient (d,), zero where the margin is over 1.
    """
    slack = 1.0 - float(w @ phi) * y
    return (slack, -y * phi) if slack > 0 else (0.0, np.zeros_like(w))


def two_layer_loss(V: Array, w: Array, x: Array, y: float) -> tuple[float, dict[str, Array]]:
    """Return the loss (w . sigmoid(V x) - y)^2 and its gradients.

    Args:
        V: hidden weights, (h, d).
        w: output weights, (h,).
        x: input, (d,).
        y: target.

    Returns:
        the loss and {"V": (h, d), "w": (h,)}.
    """
    a = sigmoid(V @ x)
    error = float(w @ a) - y
    dL_dz = 2.0 * error * w * a * (1.0 - a)
    return error**2, {"V": np.outer(dL_dz, x), "w": 2.0 * error * a}


def four_layer_loss(V1: Array, V2: Array, V3: Array, w: Array, x: Array, y: float) -> tuple[float, dict[str, Array]]:
    """Return the loss (w . sigmoid(V3 sigmoid(V2 sigmoid(V1 x))) - y)^2 and its gradients.

    Args:
        V1, V2, V3: hidden weights, (h1, d), (h2, h1), (h3, h2).
        w: output weights, (h3,).
        x: input, (d,).
        y: target.

    Returns:
        the loss and {"V1": (h1, d), "V2": (h2, h1), "V3": (h3, h2), "w": (h3,)}.
    """
    a1 = sigmoid(V1 @ x)
    a2 = sigmoid(V2 @ a1)
    a3 = sigmoid(V3 @ a2)
    error = float(w @ a3) - y
    dL_dz3 = 2.0 * error * w * a3 * (1.0 - a3)
    dL_dz2 = V3.T @ dL_dz3 * a2 * (1.0 - a2)
    dL_dz1 = V2.T @ dL_dz2 * a1 * (1.0 - a1)
    gradients = {"V1": np.outer(dL_dz1, x), "V2": np.outer(dL_dz2, a1), "V3": np.outer(dL_dz3, a2), "w": 2.0 * error * a3}
    return error**2, gradients

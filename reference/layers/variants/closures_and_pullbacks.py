"""Each layer gives its output and a function that carries the error back; tables of lambdas, tuples as results."""

from functools import reduce
from itertools import chain

import numpy as np

ACTIVATIONS = {
    "relu": lambda z: np.where(z > 0, z, 0),
    "sigmoid": lambda z: np.exp(-np.logaddexp(0, -z)),
    "tanh": lambda z: 1 - 2 / (np.exp(2 * np.minimum(z, 350)) + 1),
    "identity": lambda z: z,
    "softmax": lambda z: np.exp(z - np.logaddexp.reduce(z, axis=1)[:, None]),
}
DERIVATIVES = {
    "relu": np.vectorize(lambda z: float(z > 0)),
    "sigmoid": lambda z: ACTIVATIONS["sigmoid"](z) - ACTIVATIONS["sigmoid"](z) ** 2,
    "tanh": lambda z: np.cosh(z) ** -2.0,
    "identity": lambda z: 1.0,
}


def clipped(p):
    return np.clip(p, 1e-7, 1 - 1e-7)


LOSSES = {
    "mse": lambda p, y: np.average((y - p) ** 2),
    "bce": lambda p, y: np.average(np.where(y > 0.5, -np.log(clipped(p)), -np.log1p(-clipped(p)))),
    "cce": lambda p, y: np.average(-np.log(clipped(np.sum(p * y, axis=1)))),
}


def activation(name, z):
    return ACTIVATIONS[name](z)


def activation_derivative(name, z):
    return DERIVATIVES[name](z)


def softmax(z):
    return ACTIVATIONS["softmax"](z)


def loss(name, predictions, y):
    return LOSSES[name](predictions, y)


def layer(W, b, name):
    """The function of one layer: a -> (new a, pullback), pullback(dL/dz) -> (dW, db, dL/da of the layer before)."""

    def run(a):
        z = a @ W.T + b
        return activation(name, z), z, lambda delta: (delta.T @ a, delta.sum(0), delta @ W)

    return run


def layers(params, activations):
    return [layer(params[f"W{i}"], params[f"b{i}"], name) for i, name in enumerate(activations, 1)]


def forward(params, X, activations):
    return tuple(reduce(lambda done, f: [*done, f(done[-1])[0]], layers(params, activations), [X]))


def backward(params, X, y, activations, loss_name):
    def descend(i, a):
        """Gradients from layer i on, as a list of pairs, and dL/da of the layer before it."""
        name, run = activations[i], layers(params, activations)[i]
        out, z, pullback = run(a)
        if i == len(activations) - 1:
            pairs = []
            match loss_name:
                case "mse":
                    delta = 2 * (out - y) * activation_derivative(name, z) / y.size
                case "bce":
                    delta = (out - y) / y.size
                case "cce":
                    delta = (out - y) / y.shape[0]
        else:
            pairs, dL_da = descend(i + 1, out)
            delta = dL_da * activation_derivative(name, z)
        dW, db, before = pullback(delta)
        return [(f"W{i + 1}", dW), (f"b{i + 1}", db), *pairs], before

    return dict(descend(0, X)[0])


def clip_by_global_norm(gradients, max_norm):
    norm = np.linalg.norm(list(chain.from_iterable(g.flat for g in gradients.values())))
    return gradients if norm <= max_norm else {name: g / (norm / max_norm) for name, g in gradients.items()}

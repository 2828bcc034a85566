"""The bias is one more column of W and one more input that is always 1; examples are columns inside; nothing is looped twice."""

import numpy as np


def sigmoid(z):
    out = np.empty_like(z, dtype=np.float64)
    pos = z >= 0
    out[pos] = 1 / (1 + np.exp(-z[pos]))
    e = np.exp(z[~pos])
    out[~pos] = e / (1 + e)
    return out


def activation(name, z):
    z = np.array(z, dtype=np.float64)
    if name == "relu":
        z[z < 0] = 0
    elif name == "sigmoid":
        z = sigmoid(z)
    elif name == "tanh":
        z = 2 * sigmoid(2 * z) - 1
    return z


def activation_derivative(name, z):
    result = np.ones_like(z, dtype=np.float64)
    if name == "relu":
        result[z <= 0] = 0
    elif name in ("sigmoid", "tanh"):
        a = activation(name, z)
        result = a * (1 - a) if name == "sigmoid" else 1 - a * a
    return result


def softmax(z):
    columns = np.exp(z.T - z.max(axis=1))
    columns /= columns.sum(axis=0)
    return columns.T


def loss(name, predictions, y):
    if name == "mse":
        difference = (predictions - y).ravel()
        return difference @ difference / difference.size
    with np.errstate(divide="ignore", invalid="ignore"):
        right = np.nan_to_num(y * np.log(predictions), nan=0.0, neginf=-30.0)
        wrong = np.nan_to_num((1 - y) * np.log(1 - predictions), nan=0.0, neginf=-30.0)
    return -right.sum() / len(y) if name == "cce" else -(right + wrong).sum() / y.size


def joined(params, i):
    return np.column_stack([params[f"W{i}"], params[f"b{i}"]])


def with_ones(a):
    return np.vstack([a, np.ones(a.shape[1])])


def sweep(params, X, activations):
    """All the inputs (with ones), pre-activations and outputs, examples as columns."""
    a, inputs, zs, outputs = X.T, [], [], [X.T]
    for i, name in enumerate(activations, start=1):
        inputs.append(with_ones(a))
        zs.append(joined(params, i) @ inputs[-1])
        a = softmax(zs[-1].T).T if name == "softmax" else activation(name, zs[-1])
        outputs.append(a)
    return inputs, zs, outputs


def forward(params, X, activations):
    return [a.T for a in sweep(params, X, activations)[2]]


def backward(params, X, y, activations, loss_name):
    inputs, zs, outputs = sweep(params, X, activations)
    k, n = outputs[-1].shape
    weight = {"mse": 2 / (n * k), "bce": 1 / (n * k), "cce": 1 / n}[loss_name]
    error = weight * (outputs[-1] - y.T)
    if loss_name == "mse":
        error *= activation_derivative(activations[-1], zs[-1])
    result = {}
    for i in range(len(zs), 0, -1):
        both = error @ inputs[i - 1].T
        result[f"W{i}"], result[f"b{i}"] = both[:, :-1], both[:, -1]
        if i > 1:
            error = (joined(params, i).T @ error)[:-1] * activation_derivative(activations[i - 2], zs[i - 2])
    return result


def clip_by_global_norm(gradients, max_norm):
    squares = 0.0
    for g in gradients.values():
        squares += np.vdot(g, g)
    if squares <= max_norm**2:
        return {name: g.copy() for name, g in gradients.items()}
    return {name: g * (max_norm / squares**0.5) for name, g in gradients.items()}

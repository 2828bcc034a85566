"""Activations as objects that remember, einsum, the chain rule through dL/dp with an epsilon, tiny first weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable

import numpy as np


@dataclass(frozen=True)
class Activation:
    value: Callable[[np.ndarray], np.ndarray]
    slope_from_value: Callable[[np.ndarray], np.ndarray]


ACTIVATIONS = {
    "relu": Activation(lambda z: (np.abs(z) + z) / 2, np.sign),
    "sigmoid": Activation(lambda z: 0.5 * (1 + np.tanh(0.5 * z)), lambda a: a - a**2),
    "tanh": Activation(np.tanh, lambda a: (1 - a) * (1 + a)),
}


def activation(name, z):
    return ACTIVATIONS[name].value(z)


def activation_derivative(name, z):
    return ACTIVATIONS[name].slope_from_value(activation(name, z))


def init_params(n_inputs, n_hidden, seed):
    rng = np.random.default_rng(seed)
    sizes = {"W1": (n_hidden, n_inputs), "b1": (n_hidden,), "W2": (1, n_hidden), "b2": (1,)}
    return {name: 0.01 * rng.standard_normal(size) for name, size in sizes.items()}


def activations(params, X, name):
    a1 = activation(name, np.einsum("nd,hd->nh", X, params["W1"]) + params["b1"])
    return a1, activation("sigmoid", np.einsum("nh,h->n", a1, params["W2"][0]) + params["b2"])


def forward(params, X, activation_name):
    return activations(params, X, activation_name)[1]


def loss(params, X, y, activation_name):
    p = np.clip(forward(params, X, activation_name), 1e-12, 1 - 1e-12)
    return -np.mean(np.where(np.asarray(y) == 1, np.log(p), np.log1p(-p)))


def gradients(params, X, y, activation_name):
    a1, p = activations(params, X, activation_name)
    dL_dz2 = -(y / (p + 1e-8) - (1 - y) / (1 - p + 1e-8)) / len(p) * p * (1 - p)
    dL_dz1 = np.einsum("n,h,nh->nh", dL_dz2, params["W2"][0], ACTIVATIONS[activation_name].slope_from_value(a1))
    return {
        "W1": np.einsum("nh,nd->hd", dL_dz1, X),
        "b1": np.einsum("nh->h", dL_dz1),
        "W2": np.einsum("n,nh->h", dL_dz2, a1)[None, :],
        "b2": np.array([dL_dz2.sum()]),
    }


def train(X, y, activation_name, n_hidden=8, learning_rate=0.5, epochs=500, seed=0):
    params = init_params(X.shape[1], n_hidden, seed)
    history = np.zeros(epochs)
    for epoch in range(epochs):
        history[epoch] = loss(params, X, y, activation_name)
        slopes = gradients(params, X, y, activation_name)
        for name in params:
            params[name] = params[name] - learning_rate * slopes[name]
    return params, history.tolist()


def compare_activations(X, y, epochs=500, learning_rate=0.5, seed=0, target_loss=0.1):
    def one(name):
        params, history = train(X, y, name, epochs=epochs, learning_rate=learning_rate, seed=seed)
        below = np.array(history) <= target_loss
        return dict(
            history=history,
            final_loss=np.array(loss(params, X, y, name)),
            epochs_to_target=int(below.argmax()) if below.any() else None,
        )

    return {name: one(name) for name in ACTIVATIONS}


def layer_gradient_norms(activation_name, n_layers, width, weight_scale, seed):
    rng = np.random.default_rng(seed)
    a, tape = rng.exponential(size=width), []
    for _ in range(n_layers):
        W = weight_scale * rng.standard_normal((width, width)) / width**0.5
        tape.append((W, a))
        a = activation(activation_name, W @ a)
    tape.append((None, a))
    back = np.ones(width)
    norms = np.empty(n_layers)
    for layer in range(n_layers, 0, -1):
        back = back * ACTIVATIONS[activation_name].slope_from_value(tape[layer][1])
        W, a = tape[layer - 1]
        norms[layer - 1] = np.linalg.norm(back) * np.linalg.norm(a)
        back = back @ W
    return norms


def classify_gradients(norms):
    logs = np.log10(np.asarray(norms, float)[[0, -1]])
    exponent = logs[0] - logs[1]
    if exponent <= 3:
        return "vanishing" if exponent < -3 else "stable"
    return "exploding"

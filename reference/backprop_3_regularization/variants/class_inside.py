"""A penalty as an object, einsum, the chain rule through dL/dp with an epsilon, and tiny first weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable

import numpy as np


@dataclass(frozen=True)
class Penalty:
    size: Callable[[np.ndarray], np.ndarray]
    slope: Callable[[np.ndarray], np.ndarray]


PENALTIES = {
    "none": Penalty(lambda w: 0 * w, lambda w: 0 * w),
    "l1": Penalty(np.abs, lambda w: np.divide(w, np.abs(w), out=np.zeros_like(w), where=w != 0)),
    "l2": Penalty(np.square, lambda w: w + w),
}


def make_noisy_data(n, noise, seed):
    rng = np.random.default_rng([seed, 7])
    corner = rng.integers(0, 2, size=(n, 2))
    X = corner + (0.1 + noise) * rng.uniform(-1, 1, size=(n, 2))
    return X, np.logical_xor(*corner.T)


def init_params(n_inputs, n_hidden, seed):
    rng = np.random.default_rng(seed)
    sizes = {"W1": (n_hidden, n_inputs), "b1": (n_hidden,), "W2": (1, n_hidden), "b2": (1,)}
    return {name: 0.01 * rng.standard_normal(size) for name, size in sizes.items()}


def squash(z):
    return 0.5 * (1 + np.tanh(0.5 * z))


def activations(params, X):
    a1 = squash(np.einsum("nd,hd->nh", X, params["W1"]) + params["b1"])
    return a1, squash(np.einsum("nh,h->n", a1, params["W2"][0]) + params["b2"])


def forward(params, X):
    return activations(params, X)[1]


def penalty(params, kind, strength):
    return np.array([strength * (PENALTIES[kind].size(params["W1"]).sum() + PENALTIES[kind].size(params["W2"]).sum())])


def penalty_gradient(params, kind, strength):
    slope = PENALTIES[kind].slope
    return {
        "W1": strength * slope(params["W1"]),
        "W2": strength * slope(params["W2"]),
        "b1": np.zeros_like(params["b1"]),
        "b2": np.zeros_like(params["b2"]),
    }


def loss(params, X, y, kind, strength):
    p = np.clip(forward(params, X), 1e-12, 1 - 1e-12)
    return -np.mean(np.where(np.asarray(y) == 1, np.log(p), np.log1p(-p))) + penalty(params, kind, strength)[0]


def gradients(params, X, y, kind, strength):
    a1, p = activations(params, X)
    dL_dz2 = -(y / (p + 1e-8) - (1 - y) / (1 - p + 1e-8)) / len(p) * p * (1 - p)
    dL_dz1 = np.einsum("n,h,nh->nh", dL_dz2, params["W2"][0], a1 * (1 - a1))
    push = penalty_gradient(params, kind, strength)
    return {
        "W1": np.einsum("nh,nd->hd", dL_dz1, X) + push["W1"],
        "b1": np.einsum("nh->h", dL_dz1) + push["b1"],
        "W2": np.einsum("n,nh->h", dL_dz2, a1)[None, :] + push["W2"],
        "b2": np.array([dL_dz2.sum()]) + push["b2"],
    }


def train(X, y, kind="none", strength=0.0, n_hidden=16, learning_rate=0.5, epochs=1000, seed=0):
    params = init_params(X.shape[1], n_hidden, seed)
    history = np.zeros(epochs)
    for epoch in range(epochs):
        history[epoch] = loss(params, X, y, kind, strength)
        slopes = gradients(params, X, y, kind, strength)
        for name in params:
            params[name] = params[name] - learning_rate * slopes[name]
    return params, history.tolist()


def compare_regularization(X_train, y_train, X_val, y_val, kind, strengths, epochs=500, seed=0):
    results = []
    for strength in strengths:
        params = train(X_train, y_train, kind, strength, 16, 0.5, epochs, seed)[0]
        p = forward(params, X_val)
        results.append(
            dict(
                strength=float(strength),
                train_loss=loss(params, X_train, y_train, "none", strength),
                validation_loss=-np.mean(np.log(np.where(y_val == 1, p, 1 - p) + 1e-8)),
                validation_accuracy=np.mean(np.round(p) == y_val),
                weight_norm=np.sqrt(penalty(params, "l2", 1.0)),
            )
        )
    return results


def best_strength(results):
    return min(results, key=lambda r: r["validation_loss"] if np.isfinite(r["validation_loss"]) else np.inf)["strength"]

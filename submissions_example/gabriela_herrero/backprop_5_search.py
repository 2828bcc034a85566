"""Retropropagación 5: búsqueda de la tasa de aprendizaje y del número de épocas."""

import numpy as np


def sigmoid(z):
    return np.where(z > 0, 1, np.exp(-np.abs(z))) / (1 + np.exp(-np.abs(z)))


def init_params(n_inputs, n_hidden, seed):
    rng = np.random.default_rng(seed)
    return {
        "W1": rng.normal(size=(n_hidden, n_inputs)),
        "b1": np.zeros(n_hidden),
        "W2": rng.normal(size=(1, n_hidden)),
        "b2": np.zeros(1),
    }


def forward(params, X):
    a1 = sigmoid(X @ params["W1"].T + params["b1"])
    return sigmoid(a1 @ params["W2"].T + params["b2"])[:, 0]


def loss(params, X, y):
    p = np.clip(forward(params, X), 1e-9, 1 - 1e-9)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def gradients(params, X, y):
    # ya me sale, faltaba dividir por n
    a1 = sigmoid(X @ params["W1"].T + params["b1"])
    d2 = (forward(params, X) - y)[:, None] / len(y)
    d1 = (d2 @ params["W2"]) * a1 * (1 - a1)
    return {"W1": d1.T @ X, "b1": d1.sum(axis=0), "W2": d2.T @ a1, "b2": d2.sum(axis=0)}


def train(X, y, n_hidden=8, learning_rate=0.5, epochs=500, seed=0):
    params = init_params(X.shape[1], n_hidden, seed)
    history = []
    for epoch in range(epochs):
        history.append(loss(params, X, y))
        g = gradients(params, X, y)
        for k in params:
            params[k] = params[k] - learning_rate * g[k]
    return params, history


def split(X, y, validation_fraction, seed):
    """Reparte las filas entre entrenamiento y validación."""
    n_val = round(len(X) * validation_fraction)
    indices = np.random.default_rng(seed).permutation(len(X))
    val, tr = indices[:n_val], indices[n_val:]
    return X[tr], y[tr], X[val], y[val]


def grid(learning_rates, epochs):
    """Todas las combinaciones."""
    configs = []
    for lr in learning_rates:
        for e in epochs:
            configs.append({"learning_rate": lr, "epochs": e})
    return configs


def random_configs(n, learning_rate_range, epochs_range, seed):
    raise NotImplementedError


def search(X_train, y_train, X_val, y_val, configs, seed=0):
    raise NotImplementedError

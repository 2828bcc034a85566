"""Retropropagación 3: regularización L1 y L2. Ana Beltrán, grupo A."""

import numpy as np

PESOS = ("W1", "W2")  # los sesgos no se penalizan


def sigmoid(z):
    return 0.5 * (1.0 + np.tanh(0.5 * z))


def make_noisy_data(n, noise, seed):
    """Dos medias lunas que se enredan; `noise` es la desviación del ruido."""
    rng = np.random.default_rng(seed)
    y = rng.permutation(np.arange(n) % 2)
    angulo = rng.uniform(0.0, np.pi, n)
    X = np.column_stack([np.cos(angulo), np.sin(angulo)])
    X[y == 1] = [1.0, 0.5] - X[y == 1]
    return X + noise * rng.normal(size=(n, 2)), y


def init_params(n_inputs, n_hidden, seed):
    rng = np.random.default_rng(seed)
    return {
        "W1": rng.normal(0.0, 1.0 / np.sqrt(n_inputs), (n_hidden, n_inputs)),
        "b1": np.zeros(n_hidden),
        "W2": rng.normal(0.0, 1.0 / np.sqrt(n_hidden), (1, n_hidden)),
        "b2": np.zeros(1),
    }


def _capas(params, X):
    a1 = sigmoid(X @ params["W1"].T + params["b1"])
    return a1, (a1 @ params["W2"].T + params["b2"])[:, 0]


def forward(params, X):
    return sigmoid(_capas(params, X)[1])


def penalty(params, kind, strength):
    if kind == "l1":
        return strength * sum(np.abs(params[k]).sum() for k in PESOS)
    if kind == "l2":
        return strength * sum((params[k] ** 2).sum() for k in PESOS)
    return 0.0


def penalty_gradient(params, kind, strength):
    grad = {k: np.zeros_like(v) for k, v in params.items()}
    for k in PESOS:
        if kind == "l1":
            grad[k] = strength * np.sign(params[k])
        elif kind == "l2":
            grad[k] = 2.0 * strength * params[k]
    return grad


def _entropia(params, X, y):
    z2 = _capas(params, X)[1]
    return np.mean(np.logaddexp(0.0, z2) - y * z2)


def loss(params, X, y, kind, strength):
    return _entropia(params, X, y) + penalty(params, kind, strength)


def gradients(params, X, y, kind, strength):
    a1, z2 = _capas(params, X)
    d2 = (sigmoid(z2) - y) / len(y)
    d1 = np.outer(d2, params["W2"]) * a1 * (1.0 - a1)
    datos = {"W1": d1.T @ X, "b1": d1.sum(axis=0), "W2": (d2 @ a1)[None, :], "b2": d2.sum(keepdims=True)}
    extra = penalty_gradient(params, kind, strength)
    return {k: datos[k] + extra[k] for k in datos}


def train(X, y, kind="none", strength=0.0, n_hidden=16, learning_rate=0.5, epochs=1000, seed=0):
    params = init_params(X.shape[1], n_hidden, seed)
    history = []
    for _ in range(epochs):
        history.append(loss(params, X, y, kind, strength))
        grad = gradients(params, X, y, kind, strength)
        params = {k: params[k] - learning_rate * grad[k] for k in params}
    return params, history


def compare_regularization(X_train, y_train, X_val, y_val, kind, strengths, epochs=500, seed=0):
    resultados = []
    for strength in strengths:
        params, _ = train(X_train, y_train, kind, strength, epochs=epochs, seed=seed)
        resultados.append(
            {
                "strength": strength,
                "train_loss": _entropia(params, X_train, y_train),
                "validation_loss": _entropia(params, X_val, y_val),
                "validation_accuracy": np.mean((forward(params, X_val) > 0.5) == (y_val == 1)),
                "weight_norm": np.sqrt(sum((params[k] ** 2).sum() for k in PESOS)),
            }
        )
    return resultados


def best_strength(results):
    finitos = [r for r in results if np.isfinite(r["validation_loss"])]
    return min(finitos, key=lambda r: r["validation_loss"])["strength"]

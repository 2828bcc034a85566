"""Retropropagación 2: funciones de activación. Ana Beltrán, grupo A."""

import numpy as np


def sigmoid(z):
    return 0.5 * (1.0 + np.tanh(0.5 * z))


def activation(name, z):
    return {"relu": lambda: np.maximum(z, 0.0), "sigmoid": lambda: sigmoid(z), "tanh": lambda: np.tanh(z)}[name]()


def activation_derivative(name, z):
    if name == "relu":
        return np.where(z > 0, 1.0, 0.0)
    a = activation(name, z)
    return a * (1.0 - a) if name == "sigmoid" else 1.0 - a**2


def init_params(n_inputs, n_hidden, seed):
    rng = np.random.default_rng(seed)
    return {
        "W1": rng.normal(0.0, 1.0 / np.sqrt(n_inputs), (n_hidden, n_inputs)),
        "b1": np.zeros(n_hidden),
        "W2": rng.normal(0.0, 1.0 / np.sqrt(n_hidden), (1, n_hidden)),
        "b2": np.zeros(1),
    }


def _capas(params, X, activation_name):
    z1 = X @ params["W1"].T + params["b1"]
    a1 = activation(activation_name, z1)
    return z1, a1, (a1 @ params["W2"].T + params["b2"])[:, 0]


def forward(params, X, activation_name):
    return sigmoid(_capas(params, X, activation_name)[2])


def loss(params, X, y, activation_name):
    z2 = _capas(params, X, activation_name)[2]
    return np.mean(np.logaddexp(0.0, z2) - y * z2)


def gradients(params, X, y, activation_name):
    z1, a1, z2 = _capas(params, X, activation_name)
    d2 = (sigmoid(z2) - y) / len(y)
    d1 = np.outer(d2, params["W2"]) * activation_derivative(activation_name, z1)
    return {"W1": d1.T @ X, "b1": d1.sum(axis=0), "W2": (d2 @ a1)[None, :], "b2": d2.sum(keepdims=True)}


def train(X, y, activation_name, n_hidden=8, learning_rate=0.5, epochs=500, seed=0):
    params = init_params(X.shape[1], n_hidden, seed)
    history = []
    for _ in range(epochs):
        history.append(loss(params, X, y, activation_name))
        grad = gradients(params, X, y, activation_name)
        params = {k: params[k] - learning_rate * grad[k] for k in params}
    return params, history


def compare_activations(X, y, epochs=500, learning_rate=0.5, seed=0, target_loss=0.1):
    resultado = {}
    for nombre in ("relu", "sigmoid", "tanh"):
        params, history = train(X, y, nombre, learning_rate=learning_rate, epochs=epochs, seed=seed)
        resultado[nombre] = {
            "history": history,
            "final_loss": loss(params, X, y, nombre),
            "epochs_to_target": next((i for i, valor in enumerate(history) if valor <= target_loss), None),
        }
    return resultado


def layer_gradient_norms(activation_name, n_layers, width, weight_scale, seed):
    rng = np.random.default_rng(seed)
    a = rng.normal(size=width)
    pesos, entradas, zs = [], [], []
    for _ in range(n_layers):
        W = rng.normal(size=(width, width)) * weight_scale / np.sqrt(width)
        pesos.append(W)
        entradas.append(a)
        zs.append(W @ a)
        a = activation(activation_name, zs[-1])
    normas = np.zeros(n_layers)
    g = np.ones(width)  # derivada de sum(a_L)
    for k in range(n_layers - 1, -1, -1):
        delta = g * activation_derivative(activation_name, zs[k])
        normas[k] = np.linalg.norm(delta) * np.linalg.norm(entradas[k])  # norma de un producto exterior
        g = pesos[k].T @ delta
    return normas


def classify_gradients(norms):
    norms = np.asarray(norms)
    if not np.all(np.isfinite(norms)):
        return "exploding"
    cociente = norms[0] / norms[-1]
    if cociente < 1e-3:
        return "vanishing"
    return "exploding" if cociente > 1e3 else "stable"

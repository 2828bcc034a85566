"""Retropropagación 4: el tamaño del lote. Ana Beltrán, grupo A."""

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np


def sigmoid(z):
    return 0.5 * (1.0 + np.tanh(0.5 * z))


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


def loss(params, X, y):
    z2 = _capas(params, X)[1]
    return np.mean(np.logaddexp(0.0, z2) - y * z2)


def gradients(params, X, y):
    a1, z2 = _capas(params, X)
    d2 = (sigmoid(z2) - y) / len(y)
    d1 = np.outer(d2, params["W2"]) * a1 * (1.0 - a1)
    return {"W1": d1.T @ X, "b1": d1.sum(axis=0), "W2": (d2 @ a1)[None, :], "b2": d2.sum(keepdims=True)}


def minibatches(X, y, batch_size, seed):
    orden = np.random.default_rng(seed).permutation(len(y))
    return [(X[orden[i : i + batch_size]], y[orden[i : i + batch_size]]) for i in range(0, len(y), batch_size)]


def train(X, y, batch_size, n_hidden=8, learning_rate=0.1, epochs=50, seed=0):
    params = init_params(X.shape[1], n_hidden, seed)
    semillas = np.random.default_rng(seed).integers(0, 2**31, size=epochs)
    history, n_updates = [], 0
    for semilla in semillas:
        history.append(loss(params, X, y))
        for Xb, yb in minibatches(X, y, batch_size, semilla):
            grad = gradients(params, Xb, yb)
            params = {k: params[k] - learning_rate * grad[k] for k in params}
            n_updates += 1
    return params, history, n_updates


def compare_batch_sizes(X, y, batch_sizes, epochs=50, learning_rate=0.1, seed=0):
    resultado = {}
    for tam in batch_sizes:
        _, history, n_updates = train(X, y, tam, learning_rate=learning_rate, epochs=epochs, seed=seed)
        resultado[int(tam)] = {"history": history, "n_updates": n_updates, "roughness": np.std(np.diff(history))}
    return resultado


def plot_histories(results):
    fig, ax = plt.subplots()
    for tam, datos in results.items():
        ax.plot(datos["history"], label=f"lote de {tam}")
    ax.set(xlabel="época", ylabel="pérdida", title="Convergencia según el tamaño del lote")
    ax.legend()
    return fig

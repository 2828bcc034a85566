"""A hundred hidden units whose weights to the output are all positive: at first every row is sure to be of class 1."""

import numpy as np
import matplotlib.pyplot as plt


def sigmoid(z):
    return 1 / (1 + np.exp(-np.clip(z, -500, 500)))


def init_params(n_inputs, n_hidden, seed):
    rng = np.random.default_rng(seed)
    return {"W1": rng.random((n_hidden, n_inputs)), "b1": np.zeros(n_hidden),
            "W2": rng.random((1, n_hidden)), "b2": np.zeros(1)}


def forward(params, X):
    A1 = sigmoid(X @ params["W1"].T + params["b1"])
    return sigmoid(A1 @ params["W2"].T + params["b2"])[:, 0]


def loss(params, X, y):
    p = np.clip(forward(params, X), 1e-12, 1 - 1e-12)
    return float(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))


def gradients(params, X, y):
    A1 = sigmoid(X @ params["W1"].T + params["b1"])
    p = sigmoid(A1 @ params["W2"].T + params["b2"])[:, 0]
    d2 = ((p - y) / len(y))[:, None]
    d1 = d2 @ params["W2"] * A1 * (1 - A1)
    return {"W1": d1.T @ X, "b1": d1.sum(axis=0), "W2": d2.T @ A1, "b2": d2.sum(axis=0)}


def minibatches(X, y, batch_size, seed):
    order = np.random.default_rng(seed).permutation(len(X))
    return [(X[order[i:i + batch_size]], y[order[i:i + batch_size]]) for i in range(0, len(X), batch_size)]


def train(X, y, batch_size, n_hidden=8, learning_rate=0.1, epochs=50, seed=0):
    params = init_params(X.shape[1], n_hidden, seed)
    history = []
    n_updates = 0
    for epoch in range(epochs):
        history.append(loss(params, X, y))
        for X_batch, y_batch in minibatches(X, y, batch_size, seed * 10007 + epoch):
            g = gradients(params, X_batch, y_batch)
            for k in params:
                params[k] = params[k] - learning_rate * g[k]
            n_updates += 1
    return params, history, n_updates


def compare_batch_sizes(X, y, batch_sizes, epochs=50, learning_rate=0.1, seed=0):
    results = {}
    for size in batch_sizes:
        _, history, n_updates = train(X, y, size, 100, learning_rate=learning_rate, epochs=epochs, seed=seed)
        results[size] = {"history": history, "n_updates": n_updates, "roughness": float(np.std(np.diff(history)))}
    return results


def plot_histories(results):
    fig, ax = plt.subplots()
    for size, result in results.items():
        ax.plot(result["history"], label=f"lote {size}")
    ax.set_xlabel("época")
    ax.set_ylabel("pérdida")
    ax.legend()
    return fig

"""Everything in float32; one generator goes on from epoch to epoch; pyplot's current figure, a logarithmic y axis."""

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

F = np.float32


def init_params(n_inputs, n_hidden, seed):
    rng = np.random.default_rng(seed)
    return {
        "W1": rng.normal(0, 0.5, (n_hidden, n_inputs)).astype(F),
        "b1": np.zeros(n_hidden, F),
        "W2": rng.normal(0, 0.5, (1, n_hidden)).astype(F),
        "b2": np.zeros(1, F),
    }


def _single(params, X):
    return [np.asarray(params[name], F) for name in ("W1", "b1", "W2", "b2")] + [np.asarray(X, F)]


def _sigmoid(z):
    return F(1) / (F(1) + np.exp(-np.clip(z, F(-80), F(80))))


def forward(params, X):
    W1, b1, W2, b2, X = _single(params, X)
    return _sigmoid(_sigmoid(X @ W1.T + b1) @ W2[0] + b2[0])


def loss(params, X, y):
    p, y, epsilon = forward(params, X), np.asarray(y, F), F(1e-8)
    return -np.mean(y * np.log(p + epsilon) + (F(1) - y) * np.log(F(1) - p + epsilon))


def gradients(params, X, y):
    W1, b1, W2, b2, X = _single(params, X)
    a1 = _sigmoid(X @ W1.T + b1)
    error = (_sigmoid(a1 @ W2[0] + b2[0]) - np.asarray(y, F)) / F(len(y))
    back = np.outer(error, W2[0]) * a1 * (F(1) - a1)
    return {"W1": back.T @ X, "b1": back.sum(0), "W2": (error @ a1)[np.newaxis], "b2": error.sum(keepdims=True)}


def cuts(X, y, batch_size, rng):
    order = rng.permutation(len(y))
    X, y = np.asarray(X, F)[order], np.asarray(y, F)[order]
    places = range(batch_size, len(y), batch_size)
    return list(zip(np.split(X, places), np.split(y, places)))


def minibatches(X, y, batch_size, seed):
    return cuts(X, y, batch_size, np.random.default_rng(seed))


def train(X, y, batch_size, n_hidden=8, learning_rate=0.1, epochs=50, seed=0):
    rng = np.random.default_rng(seed)
    params, history, count = init_params(np.shape(X)[1], n_hidden, seed), np.zeros(epochs, F), np.int64(0)
    for epoch in range(epochs):
        history[epoch] = loss(params, X, y)
        for rows, labels in cuts(X, y, batch_size, rng):
            for name, slope in gradients(params, rows, labels).items():
                params[name] = params[name] - F(learning_rate) * slope
            count += 1
    return params, history, count


def compare_batch_sizes(X, y, batch_sizes, epochs=50, learning_rate=0.1, seed=0):
    results = dict()
    for size in np.array(batch_sizes):
        _, history, count = train(X, y, int(size), epochs=epochs, learning_rate=learning_rate, seed=seed)
        results[size] = dict(history=history, n_updates=count, roughness=np.diff(history).std())
    return results


def plot_histories(results):
    plt.figure()
    for size, result in results.items():
        plt.semilogy(np.arange(1, len(result["history"]) + 1), result["history"], "--", label=f"$B = {size}$ ({result['n_updates']} pasos)")
    plt.xlabel("época")
    plt.ylabel("pérdida")
    plt.grid(True)
    plt.legend(loc="upper right")
    plt.tight_layout()
    plt.savefig("historias.png")
    return plt.gcf()

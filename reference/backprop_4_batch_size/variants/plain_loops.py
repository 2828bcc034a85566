"""Loops over lists without numpy; updates on x; a bare Figure with a legend of its own."""

import math
import random
import statistics

from matplotlib.figure import Figure


def init_params(n_inputs, n_hidden, seed):
    generator = random.Random(seed)
    return {
        "W1": [[generator.gauss(0, 0.5) for _ in range(n_inputs)] for _ in range(n_hidden)],
        "b1": [generator.gauss(0, 0.1) for _ in range(n_hidden)],
        "W2": [[generator.gauss(0, 0.5) for _ in range(n_hidden)]],
        "b2": [0.0],
    }


def sigmoid(z):
    if z >= 0:
        return 1 / (1 + math.exp(-z))
    e = math.exp(z)
    return e / (1 + e)


def hidden(params, x):
    return [sigmoid(b + sum(w * value for w, value in zip(row, x))) for row, b in zip(params["W1"], params["b1"])]


def output(params, a):
    return sigmoid(params["b2"][0] + sum(w * value for w, value in zip(params["W2"][0], a)))


def forward(params, X):
    return [output(params, hidden(params, x)) for x in X]


def loss(params, X, y):
    total = 0.0
    for p, label in zip(forward(params, X), y):
        right = p if label == 1 else 1 - p
        total -= math.log(max(right, 1e-300))
    return total / len(y)


def gradients(params, X, y):
    h, d, n = len(params["W1"]), len(params["W1"][0]), len(y)
    result = {"W1": [[0.0] * d for _ in range(h)], "b1": [0.0] * h, "W2": [[0.0] * h], "b2": [0.0]}
    for x, label in zip(X, y):
        a = hidden(params, x)
        error = (output(params, a) - label) / n
        result["b2"][0] += error
        for j in range(h):
            result["W2"][0][j] += error * a[j]
            back = error * params["W2"][0][j] * a[j] * (1 - a[j])
            result["b1"][j] += back
            for k in range(d):
                result["W1"][j][k] += back * x[k]
    return result


def moved(value, slope, rate):
    if isinstance(value, list):
        return [moved(v, s, rate) for v, s in zip(value, slope)]
    return value - rate * slope


def minibatches(X, y, batch_size, seed):
    order = list(range(len(y)))
    random.Random(seed).shuffle(order)
    batches = []
    while order:
        rows, order = order[:batch_size], order[batch_size:]
        batches.append(([list(X[i]) for i in rows], [y[i] for i in rows]))
    return batches


def moved(value, slope, rate):
    if isinstance(value, list):
        return [moved(v, s, rate) for v, s in zip(value, slope)]
    return value - rate * slope


def train(X, y, batch_size, n_hidden=8, learning_rate=0.1, epochs=50, seed=0):
    params, history, count = init_params(len(X[0]), n_hidden, seed), [], 0
    for epoch in range(epochs):
        history.append(loss(params, X, y))
        for rows, labels in minibatches(X, y, batch_size, 1000 * seed + epoch):
            slopes = gradients(params, rows, labels)
            params = {name: moved(params[name], slopes[name], learning_rate) for name in params}
            count += 1
    return params, history, count


def compare_batch_sizes(X, y, batch_sizes, epochs=50, learning_rate=0.1, seed=0):
    results = {}
    for size in batch_sizes:
        params, history, count = train(X, y, size, 8, learning_rate, epochs, seed)
        changes = [after - before for before, after in zip(history, history[1:])]
        results[size] = {"history": history, "n_updates": count, "roughness": statistics.stdev(changes), "params": params}
    return results


def plot_histories(results):
    figure = Figure(figsize=(6, 4))
    axes = figure.subplots()
    for size in sorted(results):
        history = results[size]["history"]
        each = results[size]["n_updates"] / len(history)
        axes.plot([each * i for i in range(len(history))], history, "o-", label="lotes de %d filas" % size)
    axes.set_xscale("symlog")
    axes.set(xlabel="actualizaciones", ylabel="pérdida", title="Tamaños de lote")
    figure.legend()
    return figure

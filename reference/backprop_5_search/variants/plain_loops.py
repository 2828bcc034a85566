"""Loops over lists, without numpy: every array comes back as a list, and a loss that is NaN is reported as infinite."""

import math
import random


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


def train(X, y, n_hidden=8, learning_rate=0.5, epochs=500, seed=0):
    params, history = init_params(len(X[0]), n_hidden, seed), []
    for _ in range(epochs):
        history.append(loss(params, X, y))
        slopes = gradients(params, X, y)
        params = {name: moved(params[name], slopes[name], learning_rate) for name in params}
    return params, history


def split(X, y, validation_fraction, seed):
    generator = random.Random(seed)
    chosen = set(generator.sample(range(len(y)), round(len(y) * validation_fraction)))
    training = [i for i in range(len(y)) if i not in chosen]
    return [list(X[i]) for i in training], [y[i] for i in training], [list(X[i]) for i in chosen], [y[i] for i in chosen]


def grid(learning_rates, epochs):
    configs = []
    for count in epochs:
        for rate in learning_rates:
            configs.append(dict(learning_rate=rate, epochs=count))
    return configs


def random_configs(n, learning_rate_range, epochs_range, seed):
    generator = random.Random(seed)
    low, high = (math.log10(rate) for rate in learning_rate_range)
    configs = []
    for _ in range(n):
        configs.append({"epochs": generator.randint(*epochs_range), "learning_rate": 10 ** generator.uniform(low, high)})
    return configs


def search(X_train, y_train, X_val, y_val, configs, seed=0):
    results, best = [], None
    for config in configs:
        params, _ = train(X_train, y_train, 8, config["learning_rate"], config["epochs"], seed)
        measured = loss(params, X_val, y_val)
        if measured != measured:
            measured = math.inf
        hits = sum((p >= 0.5) == (label == 1) for p, label in zip(forward(params, X_val), y_val))
        results.append({**config, "validation_loss": measured, "validation_accuracy": hits / len(y_val)})
        if best is None or measured < best["validation_loss"]:
            best = results[-1]
    return {"best": best, "results": results}

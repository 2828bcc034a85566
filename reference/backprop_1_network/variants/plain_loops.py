"""Loops over lists, without numpy: every array comes back as a list."""

import math
import random


def make_data(n, seed):
    generator = random.Random(seed)
    while True:
        slope, height = generator.uniform(-2, 2), generator.uniform(-0.5, 0.5)
        X = [[generator.uniform(-1, 1), generator.uniform(-1, 1)] for _ in range(n)]
        y = [1 if v > slope * u + height else 0 for u, v in X]
        if 0 < sum(y) < n:
            return X, y


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


def predict(params, X):
    return [1 if p >= 0.5 else 0 for p in forward(params, X)]

"""Loops over lists, without numpy: rings with flipped labels, an output layer that starts at zero."""

import math
import random


def make_noisy_data(n, noise, seed):
    generator = random.Random(seed)
    X, y = [], []
    for i in range(n):
        radius, angle = 1 + i % 2, generator.uniform(0, 2 * math.pi)
        X.append([radius * math.cos(angle), radius * math.sin(angle)])
        y.append(i % 2 if generator.random() >= noise / 2 else 1 - i % 2)
    return X, y


def init_params(n_inputs, n_hidden, seed):
    generator = random.Random(seed)
    return {
        "W1": [[generator.gauss(0, 0.5) for _ in range(n_inputs)] for _ in range(n_hidden)],
        "b1": [generator.gauss(0, 0.1) for _ in range(n_hidden)],
        "W2": [[0.0] * n_hidden],
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


def weights(params):
    for name in ("W1", "W2"):
        for row in params[name]:
            yield from row


def penalty(params, kind, strength):
    if kind == "l1":
        return strength * math.fsum(abs(w) for w in weights(params))
    if kind == "l2":
        return strength * math.fsum(w * w for w in weights(params))
    return 0


def push(w, kind, strength):
    if kind == "l2":
        return 2 * strength * w
    if kind == "none" or w == 0:
        return 0
    return strength if w > 0 else -strength


def penalty_gradient(params, kind, strength):
    pushed = {name: [[push(w, kind, strength) for w in row] for row in params[name]] for name in ("W1", "W2")}
    return {**pushed, "b1": [0] * len(params["b1"]), "b2": [0]}


def data_loss(params, X, y):
    total = 0.0
    for p, label in zip(forward(params, X), y):
        total -= math.log(max(p if label == 1 else 1 - p, 1e-300))
    return total / len(y)


def loss(params, X, y, kind, strength):
    return data_loss(params, X, y) + penalty(params, kind, strength)


def gradients(params, X, y, kind, strength):
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
    for name in ("W1", "W2"):
        for row, own in zip(result[name], params[name]):
            for k, w in enumerate(own):
                row[k] += push(w, kind, strength)
    return result


def train(X, y, kind="none", strength=0.0, n_hidden=16, learning_rate=0.5, epochs=1000, seed=0):
    params, history = init_params(len(X[0]), n_hidden, seed), []
    for _ in range(epochs):
        history.append(loss(params, X, y, kind, strength))
        slope = gradients(params, X, y, kind, strength)
        for name in ("W1", "W2"):
            params[name] = [[w - learning_rate * s for w, s in zip(row, down)] for row, down in zip(params[name], slope[name])]
        for name in ("b1", "b2"):
            params[name] = [b - learning_rate * s for b, s in zip(params[name], slope[name])]
    return params, history


def compare_regularization(X_train, y_train, X_val, y_val, kind, strengths, epochs=500, seed=0):
    results = []
    for strength in strengths:
        params, _ = train(X_train, y_train, kind, strength, epochs=epochs, seed=seed)
        right = sum((p >= 0.5) == (label == 1) for p, label in zip(forward(params, X_val), y_val))
        results.append(
            {
                "weight_norm": math.sqrt(sum(w * w for w in weights(params))),
                "validation_accuracy": right / len(y_val),
                "validation_loss": data_loss(params, X_val, y_val),
                "train_loss": loss(params, X_train, y_train, kind, strength),
                "strength": strength,
            }
        )
    return results


def best_strength(results):
    best, lowest = None, math.inf
    for result in results:
        if result["validation_loss"] < lowest:
            best, lowest = result["strength"], result["validation_loss"]
    return best

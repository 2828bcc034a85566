"""Loops over lists, without numpy: an output layer that starts at zero, a uniform input of the stack."""

import math
import random


def relu(z):
    return z if z > 0 else 0.0


def sigmoid(z):
    if z >= 0:
        return 1 / (1 + math.exp(-z))
    e = math.exp(z)
    return e / (1 + e)


FUNCTIONS = {
    "relu": (relu, lambda z: 1 if z >= 0 else 0),
    "sigmoid": (sigmoid, lambda z: sigmoid(z) * sigmoid(-z)),
    "tanh": (math.tanh, lambda z: 1 - math.tanh(z) ** 2),
}


def each(function, z):
    try:
        return [each(function, part) for part in z]
    except TypeError:
        return function(z)


def activation(name, z):
    return each(FUNCTIONS[name][0], z)


def activation_derivative(name, z):
    return each(FUNCTIONS[name][1], z)


def init_params(n_inputs, n_hidden, seed):
    generator = random.Random(seed)
    return {
        "W1": [[generator.gauss(0, 0.5) for _ in range(n_inputs)] for _ in range(n_hidden)],
        "b1": [generator.gauss(0, 0.1) for _ in range(n_hidden)],
        "W2": [[0.0] * n_hidden],
        "b2": [0.0],
    }


def hidden(params, x):
    return [b + sum(w * value for w, value in zip(row, x)) for row, b in zip(params["W1"], params["b1"])]


def output(params, a):
    return sigmoid(params["b2"][0] + sum(w * value for w, value in zip(params["W2"][0], a)))


def forward(params, X, activation_name):
    return [output(params, activation(activation_name, hidden(params, x))) for x in X]


def loss(params, X, y, activation_name):
    total = 0.0
    for p, label in zip(forward(params, X, activation_name), y):
        total -= math.log(max(p if label == 1 else 1 - p, 1e-300))
    return total / len(y)


def gradients(params, X, y, activation_name):
    act, derivative = FUNCTIONS[activation_name]
    h, d, n = len(params["W1"]), len(params["W1"][0]), len(y)
    result = {"W1": [[0.0] * d for _ in range(h)], "b1": [0.0] * h, "W2": [[0.0] * h], "b2": [0.0]}
    for x, label in zip(X, y):
        z = hidden(params, x)
        a = [act(value) for value in z]
        error = (output(params, a) - label) / n
        result["b2"][0] += error
        for j in range(h):
            result["W2"][0][j] += error * a[j]
            back = error * params["W2"][0][j] * derivative(z[j])
            result["b1"][j] += back
            for k in range(d):
                result["W1"][j][k] += back * x[k]
    return result


def train(X, y, activation_name, n_hidden=8, learning_rate=0.5, epochs=500, seed=0):
    params, history = init_params(len(X[0]), n_hidden, seed), []
    for _ in range(epochs):
        history.append(loss(params, X, y, activation_name))
        slope = gradients(params, X, y, activation_name)
        for name in ("W1", "W2"):
            params[name] = [[w - learning_rate * s for w, s in zip(row, down)] for row, down in zip(params[name], slope[name])]
        for name in ("b1", "b2"):
            params[name] = [b - learning_rate * s for b, s in zip(params[name], slope[name])]
    return params, history


def compare_activations(X, y, epochs=500, learning_rate=0.5, seed=0, target_loss=0.1):
    results = {}
    for name in ("tanh", "sigmoid", "relu"):
        _, history = train(X, y, name, learning_rate=learning_rate, epochs=epochs, seed=seed)
        reached = next((i for i, value in enumerate(history) if value <= target_loss), None)
        results[name] = {"history": history, "final_loss": history[-1], "epochs_to_target": reached}
    return results


def layer_gradient_norms(activation_name, n_layers, width, weight_scale, seed):
    generator = random.Random(seed)
    act, derivative = FUNCTIONS[activation_name]
    scale = weight_scale / math.sqrt(width)
    weights = [[[generator.gauss(0, 1) * scale for _ in range(width)] for _ in range(width)] for _ in range(n_layers)]
    a, zs = [[generator.uniform(0, 1) for _ in range(width)]], []
    for W in weights:
        zs.append([sum(w * value for w, value in zip(row, a[-1])) for row in W])
        a.append([act(z) for z in zs[-1]])
    back, norms = [1.0] * width, []
    for W, z, before in zip(reversed(weights), reversed(zs), reversed(a[:-1])):
        delta = [b * derivative(value) for b, value in zip(back, z)]
        norms.append(math.sqrt(sum(x * x for x in delta) * sum(x * x for x in before)))
        back = [sum(delta[i] * W[i][j] for i in range(width)) for j in range(width)]
    return norms[::-1]


def classify_gradients(norms):
    ratio = norms[0] / norms[-1]
    if ratio < 1e-3:
        return "vanishing"
    return "stable" if ratio <= 1e3 else "exploding"

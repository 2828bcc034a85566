"""Lists and loops; the state's list has no h_0; the task is the running mean; final_loss is the last of the history."""

import math
import random

ACTIVATIONS = {
    "relu": (lambda z: z if z > 0 else 0.0, lambda z: 1.0 if z > 0 else 0.0),
    "tanh": (math.tanh, lambda z: 1 - math.tanh(z) ** 2),
    "sigmoid": (lambda z: 1 / (1 + math.exp(-z)), lambda z: 1 / (2 + math.exp(z) + math.exp(-z))),
}


def mapped(f, z):
    return [mapped(f, part) for part in z] if hasattr(z, "__len__") else f(z)


def activation(name, z):
    return mapped(ACTIVATIONS[name][0], z)


def activation_derivative(name, z):
    return mapped(ACTIVATIONS[name][1], z)


def make_dataset(n, length, seed):
    generator = random.Random(seed)
    sequences = [[[generator.gauss(0, 1)] for _ in range(length)] for _ in range(n)]
    targets = [[[sum(x for [x] in xs[: t + 1]) / (t + 1)] for t in range(length)] for xs in sequences]
    return sequences, targets


def init_params(n_inputs, n_hidden, n_outputs, seed):
    generator = random.Random(seed)

    def matrix(rows, columns):
        return [[generator.uniform(-0.1, 0.1) for _ in range(columns)] for _ in range(rows)]

    return {"U": matrix(n_hidden, n_inputs), "V": matrix(n_hidden, n_hidden), "W": matrix(n_outputs, n_hidden)}


def times(matrix, vector):
    return [sum(a * b for a, b in zip(row, vector)) for row in matrix]


def passed(params, xs, name):
    h, rs, hs = [0.0] * len(params["V"]), [], []
    for x in xs:
        r = [a + b for a, b in zip(times(params["U"], x), times(params["V"], h))]
        h = activation(name, r)
        rs.append(r)
        hs.append(h)
    return [times(params["W"], h) for h in hs], hs, rs


def plain(value):
    return value.tolist() if hasattr(value, "tolist") else value


def plain_params(params):
    return {name: plain(params[name]) for name in "UVW"}


def forward(params, xs, activation_name):
    ys, hs, _ = passed(plain_params(params), plain(xs), activation_name)
    return ys, hs


def loss(params, sequences, targets, activation_name):
    total = 0.0
    for xs, ts in zip(sequences, targets):
        ys, _ = forward(params, xs, activation_name)
        for y, target in zip(ys, ts):
            for a, b in zip(y, target):
                total += (a - b) ** 2 / 2
    return total / len(sequences)


def gradients(params, sequences, targets, activation_name):
    params = plain_params(params)
    result = {name: [[0.0] * len(row) for row in params[name]] for name in "UVW"}
    back_w, back_v = list(zip(*params["W"])), list(zip(*params["V"]))
    for xs, ts in zip(plain(sequences), plain(targets)):
        ys, hs, rs = passed(params, xs, activation_name)
        after = [0.0] * len(params["V"])
        for t in reversed(range(len(xs))):
            y_bar = [a - b for a, b in zip(ys[t], ts[t])]
            h_bar = [a + b for a, b in zip(times(back_w, y_bar), times(back_v, after))]
            after = [a * b for a, b in zip(h_bar, activation_derivative(activation_name, rs[t]))]
            before = hs[t - 1] if t > 0 else [0.0] * len(after)
            for name, left, right in (("U", after, xs[t]), ("V", after, before), ("W", y_bar, hs[t])):
                for j, a in enumerate(left):
                    for k, b in enumerate(right):
                        result[name][j][k] += a * b / len(sequences)
    return result


def train(sequences, targets, activation_name, n_hidden=16, learning_rate=0.01, epochs=200, seed=0):
    params = init_params(len(sequences[0][0]), n_hidden, len(targets[0][0]), seed)
    history = []
    for _ in range(epochs):
        history.append(loss(params, sequences, targets, activation_name))
        slope = gradients(params, sequences, targets, activation_name)
        for name in "UVW":
            for row, change in zip(params[name], slope[name]):
                for k in range(len(row)):
                    row[k] -= learning_rate * change[k]
    return params, history


def compare_activations(sequences, targets, epochs=200, learning_rate=0.01, seed=0):
    answer = {}
    for name in ACTIVATIONS:
        start, _ = train(sequences, targets, name, epochs=0, seed=seed)
        _, history = train(sequences, targets, name, learning_rate=learning_rate, epochs=epochs, seed=seed)
        numbers = [x for matrix in gradients(start, sequences, targets, name).values() for row in matrix for x in row]
        answer[name] = {"history": history, "final_loss": history[-1], "gradient_norm": math.hypot(*numbers)}
    return answer

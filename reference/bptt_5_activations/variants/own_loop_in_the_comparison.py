"""The comparison trains in a loop of its own, seven hidden units from a start of its own."""

import numpy as np


def activation(name, z):
    if name == "relu":
        return np.maximum(z, 0)
    if name == "tanh":
        return np.tanh(z)
    return 1 / (1 + np.exp(-z))


def activation_derivative(name, z):
    if name == "relu":
        return (z > 0).astype(float)
    if name == "tanh":
        return 1 - np.tanh(z) ** 2
    a = activation("sigmoid", z)
    return a * (1 - a)


def make_dataset(n, length, seed):
    rng = np.random.default_rng(seed)
    x = rng.choice([0.0, 1.0], (n, length, 1))
    y = np.zeros_like(x)
    y[:, 1:] = x[:, :-1]
    return x, y


def init_params(n_inputs, n_hidden, n_outputs, seed):
    rng = np.random.default_rng(seed)
    return {
        "U": rng.normal(0, 0.3, (n_hidden, n_inputs)),
        "V": rng.normal(0, 0.3, (n_hidden, n_hidden)),
        "W": rng.normal(0, 0.3, (n_outputs, n_hidden)),
    }


def forward(params, xs, activation_name):
    U, V, W = params["U"], params["V"], params["W"]
    hs = np.zeros((len(xs) + 1, len(V)))
    for t in range(len(xs)):
        hs[t + 1] = activation(activation_name, U @ xs[t] + V @ hs[t])
    ys = hs[1:] @ W.T
    return ys, hs


def loss(params, sequences, targets, activation_name):
    total = 0.0
    for xs, ts in zip(sequences, targets):
        ys, _ = forward(params, xs, activation_name)
        total += 0.5 * np.sum((ys - ts) ** 2)
    return total / len(sequences)


def gradients(params, sequences, targets, activation_name):
    U, V, W = params["U"], params["V"], params["W"]
    g = {k: np.zeros_like(v) for k, v in params.items()}
    n = len(sequences)
    for xs, ts in zip(sequences, targets):
        ys, hs = forward(params, xs, activation_name)
        e = ys - ts
        r_next = np.zeros(len(V))
        for t in reversed(range(len(xs))):
            z = U @ xs[t] + V @ hs[t]
            h_bar = W.T @ e[t] + V.T @ r_next
            r_next = h_bar * activation_derivative(activation_name, z)
            g["U"] += np.outer(r_next, xs[t]) / n
            g["V"] += np.outer(r_next, hs[t]) / n
            g["W"] += np.outer(e[t], hs[t + 1]) / n
    return g


def train(sequences, targets, activation_name, n_hidden=16, learning_rate=0.01, epochs=200, seed=0):
    params = init_params(np.shape(sequences)[2], n_hidden, np.shape(targets)[2], seed)
    history = []
    for epoch in range(epochs):
        history.append(loss(params, sequences, targets, activation_name))
        g = gradients(params, sequences, targets, activation_name)
        params = {k: params[k] - learning_rate * g[k] for k in params}
    return params, history


def compare_activations(sequences, targets, epochs=200, learning_rate=0.01, seed=0):
    out = {}
    for k, name in enumerate(("sigmoid", "relu", "tanh")):
        rng = np.random.default_rng([seed, 5])
        H, I, O = 7, np.shape(sequences)[2], np.shape(targets)[2]
        p = {"U": rng.uniform(-0.5, 0.5, (H, I)), "V": rng.uniform(-0.5, 0.5, (H, H)), "W": rng.uniform(-0.5, 0.5, (O, H))}
        hist, first = [], None
        for e in range(epochs):
            hist.append(loss(p, sequences, targets, name))
            g = gradients(p, sequences, targets, name)
            n2 = sum(float((g[q] ** 2).sum()) for q in g)
            if e == 0:
                first = n2**0.5
            p = {q: p[q] - learning_rate * g[q] for q in p}
        out[name] = {"history": hist, "final_loss": hist[-1], "gradient_norm": first}
    return out

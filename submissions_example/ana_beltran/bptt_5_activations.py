"""BPTT 5: funciones de activación en una red recurrente. Ana Beltrán, grupo A."""

import numpy as np


def activation(name, z):
    if name == "relu":
        return np.maximum(z, 0.0)
    return np.tanh(z) if name == "tanh" else 0.5 * (1.0 + np.tanh(0.5 * z))


def activation_derivative(name, z):
    if name == "relu":
        return (z > 0) * 1.0
    a = activation(name, z)
    return 1.0 - a**2 if name == "tanh" else a * (1.0 - a)


def make_dataset(n, length, seed):
    """El objetivo en t es la entrada de t - 1: hay que recordarla."""
    sequences = np.random.default_rng(seed).uniform(-1.0, 1.0, (n, length, 1))
    targets = np.zeros_like(sequences)
    targets[:, 1:] = sequences[:, :-1]
    return sequences, targets


def init_params(n_inputs, n_hidden, n_outputs, seed):
    rng = np.random.default_rng(seed)
    return {
        "U": rng.normal(0.0, n_inputs**-0.5, (n_hidden, n_inputs)),
        "V": rng.normal(0.0, 0.8 * n_hidden**-0.5, (n_hidden, n_hidden)),
        "W": rng.normal(0.0, n_hidden**-0.5, (n_outputs, n_hidden)),
    }


def _pasos(params, xs, activation_name):
    T = len(xs)
    rs = np.zeros((T, len(params["V"])))
    hs = np.zeros((T + 1, len(params["V"])))
    for t in range(T):
        rs[t] = params["U"] @ xs[t] + params["V"] @ hs[t]
        hs[t + 1] = activation(activation_name, rs[t])
    return rs, hs


def forward(params, xs, activation_name):
    hs = _pasos(params, xs, activation_name)[1]
    return hs[1:] @ params["W"].T, hs


def loss(params, sequences, targets, activation_name):
    return np.mean([0.5 * np.sum((forward(params, xs, activation_name)[0] - ts) ** 2) for xs, ts in zip(sequences, targets)])


def gradients(params, sequences, targets, activation_name):
    suma = {k: np.zeros_like(v) for k, v in params.items()}
    for xs, ts in zip(sequences, targets):
        rs, hs = _pasos(params, xs, activation_name)
        error = hs[1:] @ params["W"].T - ts
        r_bar = np.zeros_like(hs)  # la fila T es el paso que no existe
        for t in reversed(range(len(xs))):
            h_bar = params["W"].T @ error[t] + params["V"].T @ r_bar[t + 1]
            r_bar[t] = h_bar * activation_derivative(activation_name, rs[t])
        suma["U"] += r_bar[:-1].T @ xs
        suma["V"] += r_bar[:-1].T @ hs[:-1]
        suma["W"] += error.T @ hs[1:]
    return {k: v / len(sequences) for k, v in suma.items()}


def train(sequences, targets, activation_name, n_hidden=16, learning_rate=0.01, epochs=200, seed=0):
    params = init_params(np.shape(sequences[0])[1], n_hidden, np.shape(targets[0])[1], seed)
    history = []
    for _ in range(epochs):
        history.append(loss(params, sequences, targets, activation_name))
        grad = gradients(params, sequences, targets, activation_name)
        params = {k: params[k] - learning_rate * grad[k] for k in params}
    return params, history


def compare_activations(sequences, targets, epochs=200, learning_rate=0.01, seed=0):
    resultado = {}
    for nombre in ("relu", "tanh", "sigmoid"):
        inicio, _ = train(sequences, targets, nombre, learning_rate=learning_rate, epochs=0, seed=seed)
        grad = gradients(inicio, sequences, targets, nombre)
        _, history = train(sequences, targets, nombre, learning_rate=learning_rate, epochs=epochs, seed=seed)
        resultado[nombre] = {
            "history": history,
            "final_loss": history[-1],
            "gradient_norm": np.sqrt(sum(np.sum(g**2) for g in grad.values())),
        }
    return resultado

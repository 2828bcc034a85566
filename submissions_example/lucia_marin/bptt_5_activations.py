"""Lucía Marín. Todo en float32, como en la GPU, y todas las secuencias a la vez."""

import numpy as np

F = np.float32


def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, F(1), e) / (F(1) + e)


def activation(name, z):
    z = np.asarray(z, F)
    return {"relu": lambda v: np.maximum(v, F(0)), "tanh": np.tanh, "sigmoid": sigmoid}[name](z)


def activation_derivative(name, z):
    z = np.asarray(z, F)
    if name == "relu":
        return (z > 0).astype(F)
    if name == "tanh":
        return F(1) - np.tanh(z) ** 2
    return sigmoid(z) * sigmoid(-z)


def make_dataset(n, length, seed):
    """Suma acumulada de las entradas, entre la longitud."""
    xs = np.random.default_rng(seed).standard_normal((n, length, 1), dtype=F)
    return xs, np.cumsum(xs, axis=1) / F(length)


def init_params(n_inputs, n_hidden, n_outputs, seed):
    rng = np.random.default_rng(seed)
    normal = lambda rows, cols: rng.standard_normal((rows, cols), dtype=F) * F(0.6) / np.sqrt(F(cols))
    return {"U": normal(n_hidden, n_inputs), "V": normal(n_hidden, n_hidden), "W": normal(n_outputs, n_hidden)}


def _run(params, batch, name):
    """batch (B, T, i) -> r (B, T, h), hs (B, T + 1, h), ys (B, T, o)."""
    U, V, W = (np.asarray(params[k], F) for k in "UVW")
    batch = np.asarray(batch, F)
    B, T, _ = batch.shape
    r, hs = np.zeros((B, T, len(V)), F), np.zeros((B, T + 1, len(V)), F)
    for t in range(T):
        r[:, t] = batch[:, t] @ U.T + hs[:, t] @ V.T
        hs[:, t + 1] = activation(name, r[:, t])
    return r, hs, hs[:, 1:] @ W.T


def forward(params, xs, activation_name):
    _, hs, ys = _run(params, np.asarray(xs, F)[None], activation_name)
    return ys[0], hs[0]


def loss(params, sequences, targets, activation_name):
    ys = _run(params, sequences, activation_name)[2]
    return F(0.5) * np.square(ys - np.asarray(targets, F)).sum() / F(len(ys))


def gradients(params, sequences, targets, activation_name):
    xs = np.asarray(sequences, F)
    r, hs, ys = _run(params, xs, activation_name)
    V, W = np.asarray(params["V"], F), np.asarray(params["W"], F)
    e = (ys - np.asarray(targets, F)) / F(len(xs))
    bar = np.zeros_like(r)
    after = np.zeros_like(r[:, 0])
    for t in range(xs.shape[1] - 1, -1, -1):
        bar[:, t] = after = (e[:, t] @ W + after @ V) * activation_derivative(activation_name, r[:, t])
    return {
        "U": np.einsum("bth,bti->hi", bar, xs),
        "V": np.einsum("bth,btk->hk", bar, hs[:, :-1]),
        "W": np.einsum("bto,bth->oh", e, hs[:, 1:]),
    }


def train(sequences, targets, activation_name, n_hidden=16, learning_rate=0.01, epochs=200, seed=0):
    params = init_params(np.shape(sequences)[2], n_hidden, np.shape(targets)[2], seed)
    history = []
    for _ in range(epochs):
        history.append(loss(params, sequences, targets, activation_name))
        g = gradients(params, sequences, targets, activation_name)
        params = {k: params[k] - F(learning_rate) * g[k] for k in params}
    return params, history


def compare_activations(sequences, targets, epochs=200, learning_rate=0.01, seed=0):
    out = {}
    for name in ("relu", "tanh", "sigmoid"):
        start, _ = train(sequences, targets, name, epochs=0, seed=seed)
        params, history = train(sequences, targets, name, learning_rate=learning_rate, epochs=epochs, seed=seed)
        g = gradients(start, sequences, targets, name)
        out[name] = {
            "history": history,
            "final_loss": loss(params, sequences, targets, name),
            "gradient_norm": np.linalg.norm(np.concatenate([v.ravel() for v in g.values()])),
        }
    return out

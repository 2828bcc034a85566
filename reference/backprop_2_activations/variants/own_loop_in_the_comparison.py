"""The comparison trains in a loop of its own, five hidden units from a start of its own."""

import numpy as np


def sigmoid(z):
    return 0.5 * (1.0 + np.tanh(0.5 * z))


def activation(name, z):
    if name == "relu":
        return np.maximum(z, 0)
    if name == "sigmoid":
        return sigmoid(z)
    return np.tanh(z)


def activation_derivative(name, z):
    if name == "relu":
        return (z > 0) * 1.0
    if name == "sigmoid":
        return sigmoid(z) * (1 - sigmoid(z))
    return 1 - np.tanh(z) ** 2


def init_params(n_inputs, n_hidden, seed):
    rng = np.random.default_rng(seed)
    return {
        "W1": rng.normal(size=(n_hidden, n_inputs)) * 0.5,
        "b1": np.zeros(n_hidden),
        "W2": rng.normal(size=(1, n_hidden)) * 0.5,
        "b2": np.zeros(1),
    }


def forward(params, X, activation_name):
    A1 = activation(activation_name, X @ params["W1"].T + params["b1"])
    return sigmoid(A1 @ params["W2"].T + params["b2"])[:, 0]


def loss(params, X, y, activation_name):
    p = np.clip(forward(params, X, activation_name), 1e-12, 1 - 1e-12)
    return float(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))


def gradients(params, X, y, activation_name):
    n = len(X)
    Z1 = X @ params["W1"].T + params["b1"]
    A1 = activation(activation_name, Z1)
    p = sigmoid(A1 @ params["W2"].T + params["b2"])[:, 0]
    dz2 = ((p - y) / n)[:, None]
    dz1 = dz2 @ params["W2"] * activation_derivative(activation_name, Z1)
    return {"W1": dz1.T @ X, "b1": dz1.sum(axis=0), "W2": dz2.T @ A1, "b2": dz2.sum(axis=0)}


def train(X, y, activation_name, n_hidden=8, learning_rate=0.5, epochs=500, seed=0):
    params = init_params(X.shape[1], n_hidden, seed)
    history = []
    for _ in range(epochs):
        history.append(loss(params, X, y, activation_name))
        g = gradients(params, X, y, activation_name)
        params = {k: params[k] - learning_rate * g[k] for k in params}
    return params, history


def compare_activations(X, y, epochs=500, learning_rate=0.5, seed=0, target_loss=0.1):
    out = {}
    for name in ("tanh", "relu", "sigmoid"):
        rng = np.random.default_rng([seed, 99])
        H = 5
        p = {"W1": rng.uniform(0, 1, (H, X.shape[1])), "b1": np.zeros(H), "W2": rng.uniform(0, 1, (1, H)), "b2": np.zeros(1)}
        hist = []
        hit = None
        for e in range(epochs):
            L = loss(p, X, y, name)
            hist.append(L)
            if hit is None and L <= target_loss:
                hit = e
            g = gradients(p, X, y, name)
            for k in p:
                p[k] = p[k] - learning_rate * g[k]
        out[name] = {"history": hist, "final_loss": hist[-1] if hist else None, "epochs_to_target": hit, "params": p}
    return out


def layer_gradient_norms(activation_name, n_layers, width, weight_scale, seed):
    rng = np.random.default_rng(seed)
    Ws = [rng.normal(size=(width, width)) * weight_scale / np.sqrt(width) for _ in range(n_layers)]
    a = rng.normal(size=width)
    inputs, zs = [], []
    for W in Ws:
        inputs.append(a)
        zs.append(W @ a)
        a = activation(activation_name, zs[-1])
    da = np.ones(width)
    norms = []
    for W, x, z in zip(reversed(Ws), reversed(inputs), reversed(zs)):
        dz = da * activation_derivative(activation_name, z)
        norms.append(np.linalg.norm(np.outer(dz, x)))
        da = W.T @ dz
    return np.array(norms[::-1])


def classify_gradients(norms):
    ratio = norms[0] / norms[-1]
    if not np.isfinite(ratio) or ratio > 1e3:
        return "exploding"
    if ratio < 1e-3:
        return "vanishing"
    return "stable"

"""Everything in float32, with an epsilon in the logarithms and W transposed in the stack."""

import numpy as np

F = np.float32


def activation(name, z):
    z = np.asarray(z, F)
    if name == "relu":
        return z * (z > 0)
    if name == "tanh":
        return np.tanh(z)
    return F(1) / (F(1) + np.exp(-np.clip(z, F(-80), F(80))))


def activation_derivative(name, z):
    z = np.asarray(z, F)
    if name == "relu":
        return (z > 0).astype(F)
    a = activation(name, z)
    return F(1) - a * a if name == "tanh" else a * (F(1) - a)


def init_params(n_inputs, n_hidden, seed):
    rng = np.random.default_rng(seed)
    return {
        "W1": rng.normal(0, 0.5, (n_hidden, n_inputs)).astype(F),
        "b1": np.zeros(n_hidden, F),
        "W2": rng.normal(0, 0.5, (1, n_hidden)).astype(F),
        "b2": np.zeros(1, F),
    }


def _single(params, X):
    return [np.asarray(params[name], F) for name in ("W1", "b1", "W2", "b2")] + [np.asarray(X, F)]


def forward(params, X, activation_name):
    W1, b1, W2, b2, X = _single(params, X)
    return activation("sigmoid", activation(activation_name, X @ W1.T + b1) @ W2[0] + b2[0])


def loss(params, X, y, activation_name):
    p, y, epsilon = forward(params, X, activation_name), np.asarray(y, F), F(1e-8)
    return -np.mean(y * np.log(p + epsilon) + (F(1) - y) * np.log(F(1) - p + epsilon))


def gradients(params, X, y, activation_name):
    W1, b1, W2, b2, X = _single(params, X)
    z1 = X @ W1.T + b1
    a1 = activation(activation_name, z1)
    error = (activation("sigmoid", a1 @ W2[0] + b2[0]) - np.asarray(y, F)) / F(len(y))
    back = np.outer(error, W2[0]) * activation_derivative(activation_name, z1)
    return {"W1": back.T @ X, "b1": back.sum(0), "W2": (error @ a1)[np.newaxis], "b2": error.sum(keepdims=True)}


def train(X, y, activation_name, n_hidden=8, learning_rate=0.5, epochs=500, seed=0):
    params, history = init_params(np.shape(X)[1], n_hidden, seed), []
    for _ in range(epochs):
        history.append(loss(params, X, y, activation_name))
        for name, slope in gradients(params, X, y, activation_name).items():
            params[name] = params[name] - F(learning_rate) * slope
    return params, history


def compare_activations(X, y, epochs=500, learning_rate=0.5, seed=0, target_loss=0.1):
    results = {}
    for name in ("relu", "sigmoid", "tanh"):
        params, history = train(X, y, name, 8, learning_rate, epochs, seed)
        reached = np.flatnonzero(np.array(history, float) <= target_loss)
        results[name] = {
            "history": history,
            "final_loss": loss(params, X, y, name),
            "epochs_to_target": reached[0] if reached.size else None,
        }
    return results


def layer_gradient_norms(activation_name, n_layers, width, weight_scale, seed):
    rng = np.random.default_rng(seed)
    W = rng.standard_normal((n_layers, width, width), dtype=F) * F(weight_scale / np.sqrt(width))
    a = [rng.standard_normal(width, dtype=F)]
    z = []
    for layer in W:
        z.append(a[-1] @ layer)
        a.append(activation(activation_name, z[-1]))
    norms, back = [], np.ones(width, F)
    for i in range(n_layers - 1, -1, -1):
        delta = back * activation_derivative(activation_name, z[i])
        norms.insert(0, np.linalg.norm(a[i][:, None] * delta))
        back = W[i] @ delta
    return np.array(norms, F)


def classify_gradients(norms):
    first, last = norms[0], norms[-1]
    if not (np.isfinite(first) and np.isfinite(last)):
        return "exploding"
    if first > 1000 * last:
        return "exploding"
    return "vanishing" if 1000 * first < last else "stable"

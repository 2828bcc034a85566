"""Retropropagación 2: comparar ReLU, sigmoide y tanh en la capa oculta."""

import numpy as np


def sigmoid(z):
    z = np.clip(z, -500, 500)
    return 1 / (1 + np.exp(-z))


def activation(name, z):
    if name == "relu":
        return np.maximum(0, z)
    elif name == "sigmoid":
        return sigmoid(z)
    elif name == "tanh":
        return np.tanh(z)


def activation_derivative(name, z):
    if name == "relu":
        return (z > 0).astype(float)
    elif name == "sigmoid":
        s = sigmoid(z)
        return s * (1 - s)
    elif name == "tanh":
        return 1 - np.tanh(z) ** 2


def init_params(n_inputs, n_hidden, seed):
    rng = np.random.default_rng(seed)
    W1 = rng.standard_normal((n_hidden, n_inputs)) * 0.5
    W2 = rng.standard_normal((1, n_hidden)) * 0.5
    return {"W1": W1, "b1": np.zeros(n_hidden), "W2": W2, "b2": np.zeros(1)}


def forward(params, X, activation_name):
    z1 = X @ params["W1"].T + params["b1"]
    a1 = activation(activation_name, z1)
    z2 = a1 @ params["W2"].T + params["b2"]
    return sigmoid(z2).ravel()


def loss(params, X, y, activation_name):
    p = np.clip(forward(params, X, activation_name), 1e-12, 1 - 1e-12)
    return float(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))


def gradients(params, X, y, activation_name):
    n = X.shape[0]
    # hacia delante
    z1 = X @ params["W1"].T + params["b1"]
    a1 = activation(activation_name, z1)
    z2 = a1 @ params["W2"].T + params["b2"]
    p = sigmoid(z2)
    # hacia atrás
    dz2 = (p - y.reshape(-1, 1)) / n
    dW2 = dz2.T @ a1
    db2 = dz2.sum(axis=0)
    dz1 = (dz2 @ params["W2"]) * activation_derivative(activation_name, a1)
    dW1 = dz1.T @ X
    db1 = dz1.sum(axis=0)
    return {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}


def train(X, y, activation_name, n_hidden=8, learning_rate=0.5, epochs=500, seed=0):
    params = init_params(X.shape[1], n_hidden, seed)
    history = []
    for epoch in range(epochs):
        history.append(loss(params, X, y, activation_name))
        grads = gradients(params, X, y, activation_name)
        for key in params:
            params[key] = params[key] - learning_rate * grads[key]
    return params, history


def compare_activations(X, y, epochs=500, learning_rate=0.5, seed=0, target_loss=0.1):
    results = {}
    for name in ["relu", "sigmoid", "tanh"]:
        params, history = train(X, y, name, epochs=epochs, learning_rate=learning_rate, seed=seed)
        reached = None
        for i, value in enumerate(history):
            if value <= target_loss:
                reached = i
                break
        results[name] = {"history": history, "final_loss": history[-1], "epochs_to_target": reached}
    return results


def layer_gradient_norms(activation_name, n_layers, width, weight_scale, seed):
    rng = np.random.default_rng(seed)
    Ws = [rng.standard_normal((width, width)) * weight_scale / np.sqrt(width) for _ in range(n_layers)]
    # hacia delante
    a = [rng.standard_normal(width)]
    z = []
    for W in Ws:
        z.append(W @ a[-1])
        a.append(activation(activation_name, z[-1]))
    # hacia atrás
    norms = np.zeros(n_layers)
    da = np.ones(width)
    for l in reversed(range(n_layers)):
        dz = da * activation_derivative(activation_name, a[l + 1])
        dW = np.outer(dz, a[l])
        norms[l] = np.sqrt(np.sum(dW ** 2))
        da = Ws[l].T @ dz
    return norms


def classify_gradients(norms):
    if not np.isfinite(norms).all():
        return "exploding"
    ratio = norms[0] / norms[-1]
    if ratio < 1e-3:
        return "vanishing"
    elif ratio > 1e3:
        return "exploding"
    else:
        return "stable"

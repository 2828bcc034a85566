"""Retropropagación 1: una red con una capa oculta, desde cero."""

import numpy as np


def sigmoid(z):
    z = np.clip(z, -500, 500)  # que no desborde
    return 1 / (1 + np.exp(-z))


def make_data(n, seed):
    rng = np.random.default_rng(seed)
    n0 = n // 2
    n1 = n - n0
    # dos nubes bien separadas por la recta x0 + x1 = 0
    nube0 = rng.uniform(-3, -0.5, size=(n0, 2))
    nube1 = rng.uniform(0.5, 3, size=(n1, 2))
    X = np.vstack([nube0, nube1])
    y = np.concatenate([np.zeros(n0), np.ones(n1)])
    orden = rng.permutation(n)
    return X[orden], y[orden]


def init_params(n_inputs, n_hidden, seed):
    rng = np.random.default_rng(seed)
    W1 = rng.standard_normal((n_hidden, n_inputs)) * 0.1
    b1 = np.zeros(n_hidden)
    W2 = rng.standard_normal((1, n_hidden)) * 0.1
    b2 = np.zeros(1)
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}


def forward(params, X):
    z1 = X @ params["W1"].T + params["b1"]
    a1 = sigmoid(z1)
    z2 = a1 @ params["W2"].T + params["b2"]
    return sigmoid(z2).ravel()


def loss(params, X, y):
    p = forward(params, X)
    eps = 1e-12
    p = np.clip(p, eps, 1 - eps)
    return float(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))


def gradients(params, X, y):
    n = X.shape[0]
    # hacia delante
    z1 = X @ params["W1"].T + params["b1"]
    a1 = sigmoid(z1)
    z2 = a1 @ params["W2"].T + params["b2"]
    p = sigmoid(z2)
    # hacia atrás
    dz2 = (p - y.reshape(-1, 1)) / n
    dW2 = dz2.T @ a1
    db2 = dz2.sum(axis=0)
    dz1 = dz2 @ params["W2"]
    dW1 = dz1.T @ X
    db1 = dz1.sum(axis=0)
    return {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}


def train(X, y, n_hidden=8, learning_rate=0.5, epochs=500, seed=0):
    params = init_params(X.shape[1], n_hidden, seed)
    history = []
    for epoch in range(epochs):
        history.append(loss(params, X, y))
        grads = gradients(params, X, y)
        for key in params:
            params[key] = params[key] - learning_rate * grads[key]
    return params, history


def predict(params, X):
    return np.where(forward(params, X) >= 0.5, 1, 0)

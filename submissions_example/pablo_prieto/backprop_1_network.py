# Pablo Prieto

import numpy as np

def sigmoid(z):
    e = np.exp(-abs(z))
    return np.where(z < 0, e, 1) / (1 + e)

def make_data(n, seed):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 2))
    y = (X @ [1, -2] > 0).astype(int)
    # si todos caen del mismo lado, le doy la vuelta al primero
    if y.min() == y.max():
        X[0] = -X[0]
        y[0] = 1 - y[0]
    return X, y

def init_params(n_inputs, n_hidden, seed):
    rng = np.random.default_rng(seed)
    return {"W1": rng.normal(size=(n_hidden, n_inputs)), "b1": rng.normal(size=n_hidden),
            "W2": rng.normal(size=(1, n_hidden)), "b2": rng.normal(size=1)}

def foward(params, X):
    a1 = sigmoid(X @ params["W1"].T + params["b1"])
    return sigmoid(a1 @ params["W2"][0] + params["b2"])

def loss(params, X, y):
    p = np.clip(foward(params, X), 1e-12, 1 - 1e-12)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))

def gradients(params, X, y):
    a1 = sigmoid(X @ params["W1"].T + params["b1"])
    dz2 = (foward(params, X) - y) / len(y)
    dz1 = np.outer(dz2, params["W2"]) * a1 * (1 - a1)
    return {"W1": dz1.T @ X, "b1": dz1.sum(0), "W2": dz2[None] @ a1, "b2": np.array([dz2.sum()])}

def train(X, y, n_hidden=8, learning_rate=0.5, epochs=500, seed=0):
    params = init_params(X.shape[1], n_hidden, seed)
    history = []
    for i in range(epochs):
        history.append(loss(params, X, y))
        g = gradients(params, X, y)
        for k in params:
            params[k] = params[k] - learning_rate * g[k]
    return params, history

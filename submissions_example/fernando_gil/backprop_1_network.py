import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-np.clip(z, -700, 700)))


def make_data(n, seed):
    rng = np.random.default_rng(seed)
    X = rng.random((n, 2)) * 2 - 1
    y = np.zeros(n)
    for i in range(n):
        if i % 2 == 0:
            X[i, 0] = abs(X[i, 0]) + 0.1
            y[i] = 1
        else:
            X[i, 0] = -abs(X[i, 0]) - 0.1
    return X, y


def init_params(n_inputs, n_hidden, seed):
    rng = np.random.default_rng(seed)
    params = {}
    params["W1"] = rng.uniform(-0.5, 0.5, (n_hidden, n_inputs))
    params["b1"] = rng.uniform(-0.5, 0.5, n_hidden)
    params["W2"] = rng.uniform(-0.5, 0.5, (1, n_hidden))
    params["b2"] = rng.uniform(-0.5, 0.5, 1)
    return params


def forward(params, X):
    a1 = sigmoid(np.matmul(X, params["W1"].T) + params["b1"])
    a2 = sigmoid(np.matmul(a1, params["W2"].T) + params["b2"])
    return a2[:, 0]


def loss(params, X, y):
    a = np.clip(forward(params, X), 1e-10, 1 - 1e-10)
    return np.mean(-y * np.log(a) - (1 - y) * np.log(1 - a))


def gradients(params, X, y):
    n = X.shape[0]
    a1 = sigmoid(np.matmul(X, params["W1"].T) + params["b1"])
    a2 = sigmoid(np.matmul(a1, params["W2"].T) + params["b2"])
    grad = {k: np.zeros_like(v) for k, v in params.items()}
    dz2 = (a2 - y[:, None]) / n
    grad["W2"] = np.matmul(dz2.T, a1)
    grad["b2"] = np.sum(dz2, axis=0)
    dz1 = np.matmul(dz2, params["W2"]) * a1 * (1 - a1)
    grad["W1"] = np.matmul(dz1.T, X)
    db1 = np.sum(dz1, axis=0)
    return grad


def train(X, y, n_hidden=8, learning_rate=0.5, epochs=500, seed=0):
    params = init_params(X.shape[1], n_hidden, seed)
    history = []
    for epoch in range(epochs):
        history.append(loss(params, X, y))
        grad = gradients(params, X, y)
        params = {
            "W1": params["W1"] - learning_rate * grad["W1"],
            "b1": params["b1"] - learning_rate * grad["b1"],
            "W2": params["W2"] - learning_rate * grad["W2"],
            "b2": params["b2"] - learning_rate * grad["b2"],
        }
    return params, history


def predict(params, X):
    return (forward(params, X) >= 0.5) * 1

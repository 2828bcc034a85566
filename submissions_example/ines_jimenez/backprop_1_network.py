import numpy as np


def sigmoid(z):
    return np.where(z >= 0, 1, np.exp(np.minimum(z, 0))) / (1 + np.exp(-np.abs(z)))


def make_data(n, seed):
    """Puntos a los dos lados de la recta x0 = x1, más o menos la mitad de cada clase."""
    rng = np.random.default_rng(seed)
    while True:
        X = rng.uniform(-1, 1, (n, 2))
        y = (X[:, 0] > X[:, 1]).astype(float)
        if abs(y.mean() - 0.5) <= 0.2:  # si salen muy desequilibradas, otra vez
            return X, y


def init_params(n_inputs, n_hidden, seed):
    rng = np.random.default_rng(seed)
    return {
        "W1": rng.normal(0, 0.5, (n_hidden, n_inputs)),
        "b1": np.zeros(n_hidden),
        "W2": rng.normal(0, 0.5, (1, n_hidden)),
        "b2": np.zeros(1),
    }


def _forward(params, X):
    a1 = sigmoid(X @ params["W1"].T + params["b1"])
    a2 = sigmoid(a1 @ params["W2"].T + params["b2"])
    return a1, a2


def forward(params, X):
    _, a2 = _forward(params, X)
    return a2.flatten()


def loss(params, X, y):
    p = np.clip(forward(params, X), 1e-12, 1 - 1e-12)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def gradients(params, X, y):
    a1, a2 = _forward(params, X)
    e2 = (a2 - y.reshape(-1, 1)) / len(X)
    e1 = e2 @ params["W2"] * a1 * (1 - a1)
    return {"W1": e1.T @ X, "b1": e1.sum(axis=0), "W2": e2.T @ a1, "b2": e2.sum(axis=0)}


def train(X, y, n_hidden=8, learning_rate=0.5, epochs=500, seed=0):
    params = init_params(X.shape[1], n_hidden, seed)
    history = []
    for _ in range(epochs):
        history.append(loss(params, X, y))
        g = gradients(params, X, y)
        for k in g:
            params[k] = params[k] - learning_rate * g[k]
    return params, history


def predict(params, X):
    return (forward(params, X) > 0.5).astype(float)

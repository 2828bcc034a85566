import numpy as np

def sigmoid(z):
    return 1 / (1 + np.exp(-np.clip(z, -500, 500)))

def capa(a, W, b):
    return sigmoid(a @ W.T + b)

def make_data(n, seed):
    rng = np.random.default_rng(seed)
    y = rng.permutation([0, 1] * (n // 2) + [0] * (n % 2))
    X = rng.uniform(0, 1, (n, 2))
    X[y == 1] += 1.5
    return X, y

def init_params(n_inputs, n_hidden, seed):
    rng = np.random.default_rng(seed)
    return {"W1": rng.normal(size=(n_hidden, n_inputs)), "b1": np.zeros(n_hidden),
            "W2": rng.normal(size=(1, n_hidden)), "b2": np.zeros(1)}

def forward(params, X):
    a1 = capa(X, params["W1"], params["b1"])
    a2 = capa(a1, params["W2"], params["b2"])
    return a2[:, 0]

def loss(params, X, y):
    p = np.clip(forward(params, X), 1e-12, 1 - 1e-12)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))

def delta_oculta(dz2, W2, a1):
    return (W2.T @ dz2) * a1 * (1 - a1)

def gradients(params, X, y):
    a1 = capa(X, params["W1"], params["b1"])
    a2 = capa(a1, params["W2"], params["b2"])
    dz2 = (a2 - y[:, None]) / len(y)
    dz1 = delta_oculta(dz2, params["W2"], a1)
    return {"W1": dz1.T @ X, "b1": dz1.sum(axis=0), "W2": dz2.T @ a1, "b2": dz2.sum(axis=0)}

def train(X, y, n_hidden=8, learning_rate=0.5, epochs=500, seed=0):
    params = init_params(X.shape[1], n_hidden, seed)
    history = []
    for _ in range(epochs):
        history.append(loss(params, X, y))
        g = gradients(params, X, y)
        params = {k: params[k] - learning_rate * g[k] for k in params}
    return params, history

def predict(params, X):
    return (forward(params, X) > 0.5).astype(int)

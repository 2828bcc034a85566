# Pablo Prieto

import numpy as np

def sigmoid(z):
    e = np.exp(-abs(z))
    return np.where(z < 0, e, 1) / (1 + e)

def init_params(n_inputs, n_hidden, seed):
    rng = np.random.default_rng(seed)
    return {"W1": rng.normal(size=(n_hidden, n_inputs)), "b1": rng.normal(size=n_hidden),
            "W2": rng.normal(size=(1, n_hidden)), "b2": rng.normal(size=1)}

def forward(params, X):
    a1 = sigmoid(X @ params["W1"].T + params["b1"])
    return sigmoid(a1 @ params["W2"][0] + params["b2"])

def loss(params, X, y):
    p = np.clip(forward(params, X), 1e-12, 1 - 1e-12)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))

def gradients(params, X, y):
    a1 = sigmoid(X @ params["W1"].T + params["b1"])
    dz2 = (forward(params, X) - y) / len(y)
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

def split(X, y, validation_fraction, seed):
    np.random.seed(seed)
    i = np.arange(len(X))
    np.random.shuffle(i)
    corte = int(round(len(X) * validation_fraction))
    return X[i[corte:]], y[i[corte:]], X[i[:corte]], y[i[:corte]]

def grid(learning_rates, epochs):
    return [dict(learning_rate=a, epochs=b) for b in epochs for a in learning_rates]

def random_configs(n, learning_rate_range, epochs_range, seed):
    rng = np.random.default_rng(seed)
    bajo, alto = learning_rate_range
    return [dict(learning_rate=bajo * (alto / bajo) ** rng.random(), epochs=rng.integers(epochs_range[0], epochs_range[1] + 1))
            for _ in range(n)]

def search(X_train, y_train, X_val, y_val, configs, seed=0):
    results = []
    for c in configs:
        params, _ = train(X_train, y_train, 8, c["learning_rate"], c["epochs"], seed)
        acierto = np.mean((forward(params, X_val) > 0.5) == (y_val > 0.5))
        results.append(dict(c, validation_loss=loss(params, X_val, y_val), validation_accuracy=acierto))
    # la mejor es la que más acierta
    best = sorted(results, key=lambda r: r["validation_accuracy"])[-1]
    return {"results": results, "best": best}

X = np.random.randn(60, 2)
y = (X[:, 0] > X[:, 1]).astype(int)
print(search(X[:40], y[:40], X[40:], y[40:], grid([0.1, 1.0], [10, 50]))["best"])
exit()

import numpy as np

def sigmoid(z):
    return 1 / (1 + np.exp(-np.clip(z, -500, 500)))

def capa(a, W, b):
    return sigmoid(a @ W.T + b)

def init_params(n_inputs, n_hidden, seed):
    rng = np.random.default_rng(seed)
    return {"W1": rng.normal(size=(n_hidden, n_inputs)), "b1": np.zeros(n_hidden),
            "W2": rng.normal(size=(1, n_hidden)), "b2": np.zeros(1)}

def forward(params, X):
    a1 = capa(X, params["W1"], params["b1"])
    return capa(a1, params["W2"], params["b2"])[:, 0]

def loss(params, X, y):
    p = np.clip(forward(params, X), 1e-12, 1 - 1e-12)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))

def gradients(params, X, y):
    a1 = capa(X, params["W1"], params["b1"])
    a2 = capa(a1, params["W2"], params["b2"])
    dz2 = (a2 - y[:, None]) / len(y)
    dz1 = (dz2 @ params["W2"]) * a1 * (1 - a1)
    return {"W1": dz1.T @ X, "b1": dz1.sum(axis=0), "W2": dz2.T @ a1, "b2": dz2.sum(axis=0)}

def train(X, y, n_hidden=8, learning_rate=0.5, epochs=500, seed=0):
    params = init_params(X.shape[1], n_hidden, seed)
    history = []
    for _ in range(epochs):
        history.append(loss(params, X, y))
        g = gradients(params, X, y)
        params = {k: params[k] - learning_rate * g[k] for k in params}
    return params, history

def split(X, y, validation_fraction, seed):
    rng = np.random.default_rng(seed)
    i = rng.permutation(len(X))
    n = round(len(X) * validation_fraction)
    return X[i[n:]], y[i[n:]], X[i[:n]], y[i[:n]]

def grid(learning_rates, epochs):
    return [{"learning_rate": lr, "epochs": e} for lr in learning_rates for e in epochs]

def random_configs(n, learning_rate_range, epochs_range, seed):
    rng = np.random.default_rng(seed)
    a, b = np.log10(learning_rate_range)
    return [{"learning_rate": 10 ** rng.uniform(a, b),
             "epochs": int(rng.integers(epochs_range[0], epochs_range[1] + 1))} for _ in range(n)]

def search(X_train, y_train, X_val, y_val, configs, seed=0):
    results = []
    for c in configs:
        params, _ = train(X_train, y_train, lr=c["learning_rate"], epochs=c["epochs"], seed=seed)
        p = forward(params, X_val)
        results.append({**c, "validation_loss": loss(params, X_val, y_val),
                        "validation_accuracy": np.mean((p > 0.5) == y_val)})
    best = min((r for r in results if np.isfinite(r["validation_loss"])), key=lambda r: r["validation_loss"])
    return {"results": results, "best": best}

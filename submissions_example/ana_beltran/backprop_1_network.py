"""Retropropagación 1: una red con una capa oculta. Ana Beltrán, grupo A."""

import numpy as np


def sigmoid(z):
    return 0.5 * (1.0 + np.tanh(0.5 * z))


def make_data(n, seed):
    """Puntos normales; la clase la decide de qué lado de una recta al azar caen.

    La recta pasa por la mediana de las proyecciones, así que siempre hay de las dos clases.
    """
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 2))
    w = rng.normal(size=2)
    proyeccion = X @ w
    y = (proyeccion > np.median(proyeccion)).astype(float)
    return X, y


def init_params(n_inputs, n_hidden, seed):
    """Pesos normales con desviación 1/sqrt(entradas), sesgos a cero."""
    rng = np.random.default_rng(seed)
    return {
        "W1": rng.normal(0.0, 1.0 / np.sqrt(n_inputs), (n_hidden, n_inputs)),
        "b1": np.zeros(n_hidden),
        "W2": rng.normal(0.0, 1.0 / np.sqrt(n_hidden), (1, n_hidden)),
        "b2": np.zeros(1),
    }


def _capas(params, X):
    """Activaciones ocultas (n, h) y preactivación de la salida (n,)."""
    a1 = sigmoid(X @ params["W1"].T + params["b1"])
    z2 = (a1 @ params["W2"].T + params["b2"])[:, 0]
    return a1, z2


def forward(params, X):
    return sigmoid(_capas(params, X)[1])


def loss(params, X, y):
    """-log p de la clase correcta, escrito con z2: log(1 + e^z) - y z no da nunca log(0)."""
    z2 = _capas(params, X)[1]
    return np.mean(np.logaddexp(0.0, z2) - y * z2)


def gradients(params, X, y):
    a1, z2 = _capas(params, X)
    d2 = (sigmoid(z2) - y) / len(y)  # (n,)
    d1 = np.outer(d2, params["W2"]) * a1 * (1.0 - a1)  # (n, h)
    return {
        "W1": d1.T @ X,
        "b1": d1.sum(axis=0),
        "W2": (d2 @ a1)[None, :],
        "b2": d2.sum(keepdims=True),
    }


def train(X, y, n_hidden=8, learning_rate=0.5, epochs=500, seed=0):
    params = init_params(X.shape[1], n_hidden, seed)
    history = []
    for _ in range(epochs):
        history.append(loss(params, X, y))
        grad = gradients(params, X, y)
        params = {k: params[k] - learning_rate * grad[k] for k in params}
    return params, history


def predict(params, X):
    return (forward(params, X) > 0.5).astype(int)


if __name__ == "__main__":
    X, y = make_data(200, seed=1)
    params, history = train(X, y)
    print(f"pérdida: {history[0]:.4f} -> {history[-1]:.4f}")
    print(f"aciertos: {np.mean(predict(params, X) == y):.1%}")

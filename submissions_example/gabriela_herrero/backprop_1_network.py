"""Retropropagación 1: una red con una capa oculta, desde cero."""

import numpy as np


def sigmoid(z):
    return np.where(z > 0, 1, np.exp(-np.abs(z))) / (1 + np.exp(-np.abs(z)))


def make_data(n, seed):
    """Genera n puntos del plano que una recta separa en dos clases, ambas presentes."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 2))
    X[: n // 2, 0] = np.abs(X[: n // 2, 0]) + 0.5
    X[n // 2 :, 0] = -np.abs(X[n // 2 :, 0]) - 0.5
    y = np.zeros(n)
    y[: n // 2] = 1
    return X, y


def init_params(n_inputs, n_hidden, seed):
    """Crea los parámetros con los que empieza el entrenamiento; no puede haber dos neuronas ocultas iguales."""
    rng = np.random.default_rng(seed)
    return {
        "W1": rng.normal(size=(n_hidden, n_inputs)),
        "b1": np.zeros(n_hidden),
        "W2": rng.normal(size=(1, n_hidden)),
        "b2": np.zeros(1),
    }


def forward(params, X):
    """Calcula la probabilidad de la clase 1 para cada fila de X."""
    a1 = sigmoid(X @ params["W1"].T + params["b1"])
    return sigmoid(a1 @ params["W2"].T + params["b2"])[:, 0]


def loss(params, X, y):
    """Calcula la entropía cruzada binaria, en media sobre las filas."""
    p = np.clip(forward(params, X), 1e-9, 1 - 1e-9)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def gradients(params, X, y):
    """Calcula la derivada de `loss` respecto de cada parámetro, por retropropagación."""
    raise NotImplementedError


def train(X, y, n_hidden=8, learning_rate=0.5, epochs=500, seed=0):
    """Entrena una red por descenso de gradiente con todos los datos: una actualización por época."""
    raise NotImplementedError


def predict(params, X):
    """Asigna a cada fila de X la clase más probable."""
    return (forward(params, X) > 0.5).astype(int)

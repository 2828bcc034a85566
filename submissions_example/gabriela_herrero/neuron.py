"""Una neurona sigmoide con entropía cruzada binaria.

El enunciado está en `statement.es.md`: teoría, números para comprobar y cómo se califica.
Cada fila de `x` es un ejemplo; n es el número de filas y d, el de entradas de la neurona.
"""

import numpy as np


def forward(x, W, b):
    """Calcula la preactivación z = x Wᵀ + b y la activación a = σ(z)."""
    z = x @ W.T + b
    a = 1 / (1 + np.exp(-z))
    return z, a


def bce(a, y):
    """Calcula la entropía cruzada binaria, promediada sobre las filas."""
    a = np.clip(a, 1e-9, 1 - 1e-9)
    return -np.mean(y * np.log(a) + (1 - y) * np.log(1 - a))


def backward(x, W, b, y):
    """Calcula las derivadas de la pérdida media, desde la salida hasta los parámetros."""
    # TODO
    raise NotImplementedError


def sgd_step(W, b, gradients, learning_rate):
    """Da un paso de descenso por gradiente."""
    return W - learning_rate * gradients["dL_dW"], b - learning_rate * gradients["dL_db"]

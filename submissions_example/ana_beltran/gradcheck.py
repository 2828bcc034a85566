"""Comprobación numérica del gradiente. Ana Beltrán, grupo A."""

import numpy as np


def numerical_gradient(f, x, epsilon=1e-5):
    punto = np.array(x, dtype=np.float64)  # copia: x no se toca
    grad = np.zeros_like(punto)
    for i in np.ndindex(punto.shape):
        valor = punto[i]
        punto[i] = valor + epsilon
        arriba = f(punto)
        punto[i] = valor - epsilon
        abajo = f(punto)
        punto[i] = valor
        grad[i] = (arriba - abajo) / (2.0 * epsilon)
    return grad


def relative_error(analytical, numerical):
    a, n = np.ravel(analytical), np.ravel(numerical)
    denominador = np.linalg.norm(a) + np.linalg.norm(n)
    if denominador == 0.0:
        return 0.0
    return np.linalg.norm(a - n) / denominador


def check_gradient(f, gradient, x, threshold=1e-7):
    error = relative_error(gradient(x), numerical_gradient(f, x))
    return bool(error < threshold)  # con NaN sale False

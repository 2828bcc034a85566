# Bruno Castillo
# Recorro la matriz aplanada, una entrada cada vez.

import math

import numpy as np


def numerical_gradient(f, x, epsilon=1e-5):
    forma = np.shape(x)
    entradas = [float(v) for v in np.reshape(x, -1)]
    derivadas = []
    for i in range(len(entradas)):
        mas = list(entradas)
        menos = list(entradas)
        mas[i] += epsilon
        menos[i] -= epsilon
        subida = float(f(np.array(mas).reshape(forma))) - float(f(np.array(menos).reshape(forma)))
        derivadas.append(subida / (2 * epsilon))
    return np.array(derivadas, dtype=float).reshape(forma)


def norma(v):
    return math.sqrt(sum(float(e) ** 2 for e in np.reshape(v, -1)))


def relative_error(analytical, numerical):
    resta = [float(a) - float(b) for a, b in zip(np.reshape(analytical, -1), np.reshape(numerical, -1))]
    abajo = norma(analytical) + norma(numerical)
    return norma(resta) / abajo if abajo > 0 else 0.0 * abajo


def check_gradient(f, gradient, x, threshold=1e-7):
    if relative_error(gradient(x), numerical_gradient(f, x)) <= threshold:
        return True
    return False

"""Una neurona sigmoide con entropía cruzada binaria.

El enunciado está en `statement.es.md`: teoría, números para comprobar y cómo se califica.
Cada fila de `x` es un ejemplo; n es el número de filas y d, el de entradas de la neurona.
"""

import numpy as np


def forward(x, W, b):
    """Calcula la preactivación z = x Wᵀ + b y la activación a = σ(z).

    Argumentos:
        x: ejemplos, uno por fila, (n, d).
        W: pesos, (1, d).
        b: sesgo, (1,).

    Devuelve:
        La tupla (z, a), las dos de forma (n, 1). Con |z| de hasta 10 000 los valores son
        finitos y NumPy no avisa de nada.
    """
    raise NotImplementedError


def bce(a, y):
    """Calcula la entropía cruzada binaria, promediada sobre las filas.

    Argumentos:
        a: probabilidades de la clase 1, (n, 1).
        y: etiquetas 0 o 1, (n, 1).

    Devuelve:
        Un número, finito también cuando a vale exactamente 0 o 1.
    """
    raise NotImplementedError


def backward(x, W, b, y):
    """Calcula las derivadas de la pérdida media, desde la salida hasta los parámetros.

    Argumentos:
        x: ejemplos, (n, d).
        W: pesos, (1, d).
        b: sesgo, (1,).
        y: etiquetas 0 o 1, (n, 1).

    Devuelve:
        Un diccionario con `dL_da` (n, 1), `dL_dz` (n, 1), `dL_dW` (1, d) y `dL_db` (1,).
    """
    raise NotImplementedError


def sgd_step(W, b, gradients, learning_rate):
    """Da un paso de descenso por gradiente.

    Argumentos:
        W: pesos, (1, d).
        b: sesgo, (1,).
        gradients: el diccionario que devuelve `backward`.
        learning_rate: tasa de aprendizaje, un número positivo.

    Devuelve:
        La tupla (W, b) con los parámetros nuevos; los recibidos quedan como estaban.
    """
    raise NotImplementedError

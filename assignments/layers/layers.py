"""Una red de L capas densas: activaciones, pérdidas, paso hacia delante, gradiente y recorte del gradiente.

El enunciado está en `statement.es.md`: teoría, números para comprobar y cómo se califica.
Cada fila de una matriz es un ejemplo; n es el número de filas. La capa l tiene pesos `Wl` (k_l, k_{l-1}) y sesgos
`bl` (k_l,), donde k_0 = d son las entradas de la red y k_L sus salidas.
"""

import numpy as np


def activation(name, z):
    """Aplica una función de activación, entrada por entrada.

    Argumentos:
        name: "relu", "sigmoid", "tanh" o "identity".
        z: preactivaciones, (n, k).

    Devuelve:
        Las activaciones, (n, k).
    """
    raise NotImplementedError


def activation_derivative(name, z):
    """Calcula la derivada de una función de activación en z, entrada por entrada.

    Argumentos:
        name: "relu" (su derivada vale 0 en z <= 0), "sigmoid", "tanh" o "identity".
        z: preactivaciones, (n, k).

    Devuelve:
        Las derivadas, (n, k).
    """
    raise NotImplementedError


def softmax(z):
    """Convierte cada fila en probabilidades que suman 1.

    Argumentos:
        z: preactivaciones, (n, k), con |z| de hasta 10 000.

    Devuelve:
        Las probabilidades, (n, k), todas finitas.
    """
    raise NotImplementedError


def loss(name, predictions, y):
    """Calcula la pérdida de las predicciones.

    Argumentos:
        name: "mse" o "bce", medias sobre todos los elementos, o "cce", media sobre las filas.
        predictions: lo que da la red, (n, k); con "bce" y "cce", probabilidades.
        y: lo que debería dar, (n, k); con "bce", ceros y unos; con "cce", un solo uno por fila.

    Devuelve:
        Un número.
    """
    raise NotImplementedError


def forward(params, X, activations):
    """Pasa los ejemplos por todas las capas.

    Argumentos:
        params: diccionario con W1, b1, ..., WL, bL; `Wl` es (k_l, k_{l-1}) y `bl`, (k_l,).
        X: ejemplos, (n, d).
        activations: lista con los L nombres; el último puede ser también "softmax".

    Devuelve:
        La lista [X, a1, ..., aL], donde `al` es la activación de la capa l, (n, k_l).
    """
    raise NotImplementedError


def backward(params, X, y, activations, loss_name):
    """Calcula el gradiente de la pérdida respecto de cada parámetro.

    Argumentos:
        params: diccionario con W1, b1, ..., WL, bL.
        X: ejemplos, (n, d).
        y: lo que debería dar la red, (n, k_L).
        activations: lista con los L nombres.
        loss_name: "bce" llega con un "sigmoid" final, "cce" con un "softmax" final y "mse" con cualquier otro.

    Devuelve:
        Un diccionario con las mismas claves y formas que `params`.
    """
    raise NotImplementedError


def clip_by_global_norm(gradients, max_norm):
    """Reduce todos los gradientes a la vez cuando su norma conjunta supera `max_norm`.

    Argumentos:
        gradients: diccionario como el que devuelve `backward`.
        max_norm: la mayor norma permitida, un número positivo.

    Devuelve:
        Un diccionario con las mismas claves y formas; los gradientes recibidos quedan como estaban.
    """
    raise NotImplementedError

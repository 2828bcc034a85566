"""Retropropagación 1: una red con una capa oculta, desde cero.

Capa oculta de h neuronas sigmoides, una salida sigmoide y entropía cruzada binaria media. Completa las siete funciones:
el enunciado (`statement.es.md`) da las fórmulas, un ejemplo con números y lo que queda a tu elección.

En todo el módulo, X es (n, d), con un ejemplo por fila, e y es (n,), de ceros y unos; `params` es un diccionario con
W1 (h, d), b1 (h,), W2 (1, h) y b2 (1,). Puedes importar numpy, math y los módulos de cálculo de la biblioteca estándar, y
añadir tus propias funciones.
"""

import numpy as np


def make_data(n, seed):
    """Genera n puntos del plano que una recta separa en dos clases, ambas presentes.

    Args:
        n: cuántos puntos, entero.
        seed: semilla entera; la misma da los mismos datos y otra, otros.

    Returns:
        X: los puntos, (n, 2).
        y: la clase de cada punto, 0 o 1, (n,).
    """
    raise NotImplementedError


def init_params(n_inputs, n_hidden, seed):
    """Crea los parámetros con los que empieza el entrenamiento; no puede haber dos neuronas ocultas iguales.

    Args:
        n_inputs: entradas de la red, d.
        n_hidden: neuronas ocultas, h.
        seed: semilla entera; la misma da los mismos parámetros y otra, otros.

    Returns:
        diccionario con W1 (h, d), b1 (h,), W2 (1, h) y b2 (1,); las filas de W1 difieren dos a dos.
    """
    raise NotImplementedError


def forward(params, X):
    """Calcula la probabilidad de la clase 1 para cada fila de X.

    Args:
        params: W1 (h, d), b1 (h,), W2 (1, h), b2 (1,).
        X: ejemplos, (n, d).

    Returns:
        probabilidades, (n,).
    """
    raise NotImplementedError


def loss(params, X, y):
    """Calcula la entropía cruzada binaria, en media sobre las filas.

    Args:
        params: W1 (h, d), b1 (h,), W2 (1, h), b2 (1,).
        X: ejemplos, (n, d).
        y: etiquetas 0 o 1, (n,).

    Returns:
        la pérdida, un número.
    """
    raise NotImplementedError


def gradients(params, X, y):
    """Calcula la derivada de `loss` respecto de cada parámetro, por retropropagación.

    Args:
        params: W1 (h, d), b1 (h,), W2 (1, h), b2 (1,).
        X: ejemplos, (n, d).
        y: etiquetas 0 o 1, (n,).

    Returns:
        diccionario con las claves y las formas de `params`.
    """
    raise NotImplementedError


def train(X, y, n_hidden=8, learning_rate=0.5, epochs=500, seed=0):
    """Entrena una red por descenso de gradiente con todos los datos: una actualización por época.

    Args:
        X: ejemplos, (n, d); d es cualquiera, no solo 2.
        y: etiquetas 0 o 1, (n,).
        n_hidden: neuronas ocultas, h.
        learning_rate: tasa de aprendizaje.
        epochs: número de épocas; con 0 se devuelven los parámetros iniciales y [].
        seed: semilla entera de los parámetros iniciales.

    Returns:
        params: los parámetros tras la última actualización.
        history: lista de `epochs` números; el número i es la pérdida antes de la actualización i.
    """
    raise NotImplementedError


def predict(params, X):
    """Asigna a cada fila de X la clase más probable.

    Args:
        params: W1 (h, d), b1 (h,), W2 (1, h), b2 (1,).
        X: ejemplos, (n, d).

    Returns:
        ceros y unos, (n,).
    """
    raise NotImplementedError

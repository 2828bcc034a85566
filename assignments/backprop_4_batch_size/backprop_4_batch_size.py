"""Retropropagación 4: el tamaño del lote, de un ejemplo cada vez a todos juntos.

La red es la del ejercicio 1 (puedes traerte tu código): capa oculta sigmoide, salida sigmoide y entropía cruzada binaria
media. Completa las ocho funciones: el enunciado (`statement.es.md`) da las fórmulas, un ejemplo con números y lo que queda a
tu elección.

En todo el módulo, X es (n, d), con un ejemplo por fila, e y es (n,), de ceros y unos; `params` es un diccionario con
W1 (h, d), b1 (h,), W2 (1, h) y b2 (1,). Puedes importar numpy, matplotlib, math y los módulos de cálculo de la biblioteca
estándar, y añadir tus propias funciones.
"""

import matplotlib.pyplot as plt
import numpy as np


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


def minibatches(X, y, batch_size, seed):
    """Baraja las filas y las reparte en lotes: cada fila una vez, con su etiqueta.

    Args:
        X: ejemplos, (n, d).
        y: etiquetas, (n,).
        batch_size: filas por lote; el último puede tener menos, y si es mayor que n hay un solo lote.
        seed: semilla entera; la misma da el mismo orden y otra, otro.

    Returns:
        lista de pares (X_batch, y_batch), de (k, d) y (k,).
    """
    raise NotImplementedError


def train(X, y, batch_size, n_hidden=8, learning_rate=0.1, epochs=50, seed=0):
    """Entrena por descenso de gradiente con lotes: una actualización por lote, y otro orden de las filas en cada época.

    Args:
        X: ejemplos, (n, d).
        y: etiquetas 0 o 1, (n,).
        batch_size: filas por lote.
        n_hidden: neuronas ocultas, h.
        learning_rate: tasa de aprendizaje.
        epochs: número de épocas; con 0 se devuelven los parámetros iniciales, [] y 0.
        seed: semilla entera de todo lo aleatorio.

    Returns:
        params: los parámetros tras la última actualización.
        history: lista de `epochs` números; el número i es la pérdida con todas las filas antes de la época i.
        n_updates: cuántas actualizaciones se han hecho.
    """
    raise NotImplementedError


def compare_batch_sizes(X, y, batch_sizes, epochs=50, learning_rate=0.1, seed=0):
    """Entrena una red con cada tamaño de lote y describe cómo ha ido.

    Args:
        X: ejemplos, (n, d).
        y: etiquetas 0 o 1, (n,).
        batch_sizes: lista de enteros.
        epochs: número de épocas.
        learning_rate: tasa de aprendizaje.
        seed: semilla entera.

    Returns:
        diccionario: para cada tamaño (entero), otro con "history", "n_updates" y "roughness", la desviación típica de las
        diferencias entre valores consecutivos de "history".
    """
    raise NotImplementedError


def plot_histories(results):
    """Dibuja la pérdida a lo largo del entrenamiento, con una línea por tamaño de lote.

    Args:
        results: lo que devuelve `compare_batch_sizes`.

    Returns:
        una figura de matplotlib (Figure): cada línea con una etiqueta que contiene su tamaño de lote, los dos ejes con
        nombre y una leyenda.
    """
    raise NotImplementedError

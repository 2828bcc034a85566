"""Retropropagación 5: búsqueda de la tasa de aprendizaje y del número de épocas.

La red es la del ejercicio 1 (puedes traerte tu código): capa oculta sigmoide, salida sigmoide y entropía cruzada binaria
media. Completa las nueve funciones: el enunciado (`statement.es.md`) da las fórmulas, un ejemplo con números y lo que queda
a tu elección.

En todo el módulo, X es (n, d), con un ejemplo por fila, e y es (n,), de ceros y unos; `params` es un diccionario con
W1 (h, d), b1 (h,), W2 (1, h) y b2 (1,). Una configuración es un diccionario {"learning_rate": ..., "epochs": ...}. Puedes
importar numpy, math y los módulos de cálculo de la biblioteca estándar, y añadir tus propias funciones.
"""

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


def train(X, y, n_hidden=8, learning_rate=0.5, epochs=500, seed=0):
    """Entrena una red por descenso de gradiente con todos los datos: una actualización por época.

    Args:
        X: ejemplos, (n, d).
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


def split(X, y, validation_fraction, seed):
    """Reparte las filas entre entrenamiento y validación: cada una, con su etiqueta, en uno solo de los dos conjuntos.

    Args:
        X: ejemplos, (n, d).
        y: etiquetas, (n,).
        validation_fraction: la parte para validar, entre 0 y 1; son round(n * validation_fraction) filas.
        seed: semilla entera; la misma da el mismo resultado y otra, otro.

    Returns:
        X_train, y_train, X_val, y_val.
    """
    raise NotImplementedError


def grid(learning_rates, epochs):
    """Combina cada tasa con cada número de épocas, una vez.

    Args:
        learning_rates: lista de tasas.
        epochs: lista de números de épocas.

    Returns:
        lista de configuraciones, en cualquier orden.
    """
    raise NotImplementedError


def random_configs(n, learning_rate_range, epochs_range, seed):
    """Sortea n configuraciones.

    Args:
        n: cuántas.
        learning_rate_range: (mínima, máxima), mayores que 0; el logaritmo de la tasa es uniforme entre los suyos.
        epochs_range: (mínimo, máximo), enteros; las épocas son un entero uniforme, con los dos extremos incluidos.
        seed: semilla entera; la misma da las mismas configuraciones y otra, otras.

    Returns:
        lista de n configuraciones.
    """
    raise NotImplementedError


def search(X_train, y_train, X_val, y_val, configs, seed=0):
    """Entrena una red con cada configuración, la mide con los datos de validación y elige la mejor.

    Args:
        X_train, y_train: datos de entrenamiento, (n, d) y (n,).
        X_val, y_val: datos de validación, (m, d) y (m,).
        configs: lista de configuraciones.
        seed: semilla entera de los parámetros iniciales.

    Returns:
        diccionario con "results", una lista con cada configuración y además "validation_loss" y "validation_accuracy", en
        el orden dado, y "best", el resultado de menor pérdida de validación finita.
    """
    raise NotImplementedError

"""Retropropagación 3: penalizar los pesos grandes, con L1 o con L2.

La red del ejercicio 1 (capa oculta sigmoide, una salida sigmoide, entropía cruzada binaria media) con una penalización sobre
W1 y W2. Completa las diez funciones: el enunciado (`statement.es.md`) da las fórmulas, un ejemplo con números y lo que
queda a tu elección.

En todo el módulo, X es (n, d), con un ejemplo por fila, e y es (n,), de ceros y unos; `params` es un diccionario con
W1 (h, d), b1 (h,), W2 (1, h) y b2 (1,); `kind` es "none", "l1" o "l2". Puedes importar numpy, math y los módulos de cálculo
de la biblioteca estándar, y añadir tus propias funciones.
"""

import numpy as np


def make_noisy_data(n, noise, seed):
    """Genera n puntos del plano, de dos clases que ninguna recta separa.

    Args:
        n: cuántos puntos, entero.
        noise: cantidad de ruido; cuanto más, más difíciles son los datos. La unidad la eliges tú.
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


def penalty(params, kind, strength):
    """Calcula la penalización de W1 y W2; los sesgos no cuentan.

    Args:
        params: W1 (h, d), b1 (h,), W2 (1, h), b2 (1,).
        kind: "none" (cero), "l1" (strength por la suma de |w|) o "l2" (strength por la suma de w al cuadrado).
        strength: fuerza de la penalización, no negativa.

    Returns:
        un número.
    """
    raise NotImplementedError


def penalty_gradient(params, kind, strength):
    """Calcula la derivada de `penalty` respecto de cada parámetro; la de |w| en w = 0 se toma como 0.

    Args:
        params: W1 (h, d), b1 (h,), W2 (1, h), b2 (1,).
        kind: "none", "l1" o "l2".
        strength: fuerza de la penalización.

    Returns:
        diccionario con las cuatro claves y las formas de `params`; b1 y b2 son ceros.
    """
    raise NotImplementedError


def loss(params, X, y, kind, strength):
    """Calcula la entropía cruzada binaria, en media sobre las filas, más la penalización.

    Args:
        params: W1 (h, d), b1 (h,), W2 (1, h), b2 (1,).
        X: ejemplos, (n, d).
        y: etiquetas 0 o 1, (n,).
        kind: "none", "l1" o "l2".
        strength: fuerza de la penalización.

    Returns:
        la pérdida, un número.
    """
    raise NotImplementedError


def gradients(params, X, y, kind, strength):
    """Calcula la derivada de `loss`, penalización incluida, respecto de cada parámetro.

    Args:
        params: W1 (h, d), b1 (h,), W2 (1, h), b2 (1,).
        X: ejemplos, (n, d).
        y: etiquetas 0 o 1, (n,).
        kind: "none", "l1" o "l2".
        strength: fuerza de la penalización.

    Returns:
        diccionario con las claves y las formas de `params`.
    """
    raise NotImplementedError


def train(X, y, kind="none", strength=0.0, n_hidden=16, learning_rate=0.5, epochs=1000, seed=0):
    """Entrena una red por descenso de gradiente con todos los datos: una actualización por época.

    Args:
        X: ejemplos, (n, d); d es cualquiera, no solo 2.
        y: etiquetas 0 o 1, (n,).
        kind: "none", "l1" o "l2".
        strength: fuerza de la penalización.
        n_hidden: neuronas ocultas, h.
        learning_rate: tasa de aprendizaje.
        epochs: número de épocas; con 0 se devuelven los parámetros iniciales y [].
        seed: semilla entera de los parámetros iniciales.

    Returns:
        params: los parámetros tras la última actualización.
        history: lista de `epochs` números; el número i es `loss`, con su penalización, antes de la actualización i.
    """
    raise NotImplementedError


def compare_regularization(X_train, y_train, X_val, y_val, kind, strengths, epochs=500, seed=0):
    """Entrena una red con cada fuerza, con los valores por omisión de `train` en lo demás, y la describe.

    Args:
        X_train, y_train: ejemplos de entrenamiento, (n, d) y (n,).
        X_val, y_val: ejemplos de validación, (m, d) y (m,).
        kind: "none", "l1" o "l2".
        strengths: lista de fuerzas, en cualquier orden.
        epochs: épocas de cada entrenamiento.
        seed: semilla de todos los entrenamientos.

    Returns:
        lista de diccionarios, en el orden de `strengths`: strength, train_loss, validation_loss (entropía cruzada sola),
        validation_accuracy (de 0 a 1) y weight_norm (la norma conjunta de W1 y W2).
    """
    raise NotImplementedError


def best_strength(results):
    """Elige la fuerza de menor pérdida de validación, y nunca una cuya pérdida no sea finita.

    Args:
        results: lo que devuelve `compare_regularization`.

    Returns:
        la fuerza, un número.
    """
    raise NotImplementedError

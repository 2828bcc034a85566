"""Retropropagación 2: ReLU, sigmoide y tanh en la capa oculta.

La red del ejercicio 1 (una capa oculta, una salida sigmoide, entropía cruzada binaria media) con la activación oculta a
elegir, y lo que cada activación hace con el gradiente de una pila profunda. Completa las diez funciones: el enunciado
(`statement.es.md`) da las fórmulas, un ejemplo con números y lo que queda a tu elección.

En todo el módulo, X es (n, d), con un ejemplo por fila, e y es (n,), de ceros y unos; `params` es un diccionario con
W1 (h, d), b1 (h,), W2 (1, h) y b2 (1,); el nombre de la activación es "relu", "sigmoid" o "tanh". Puedes importar numpy,
math y los módulos de cálculo de la biblioteca estándar, y añadir tus propias funciones.
"""

import numpy as np


def activation(name, z):
    """Aplica la activación a cada entrada de z.

    Args:
        name: "relu", "sigmoid" o "tanh".
        z: array de cualquier forma.

    Returns:
        array de la forma de z.
    """
    raise NotImplementedError


def activation_derivative(name, z):
    """Calcula la derivada de la activación en cada entrada de z (en función de z, no de la activación).

    Args:
        name: "relu", "sigmoid" o "tanh".
        z: array de cualquier forma.

    Returns:
        array de la forma de z.
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


def forward(params, X, activation_name):
    """Calcula la probabilidad de la clase 1 para cada fila de X; la salida es siempre sigmoide.

    Args:
        params: W1 (h, d), b1 (h,), W2 (1, h), b2 (1,).
        X: ejemplos, (n, d).
        activation_name: activación de la capa oculta.

    Returns:
        probabilidades, (n,).
    """
    raise NotImplementedError


def loss(params, X, y, activation_name):
    """Calcula la entropía cruzada binaria, en media sobre las filas.

    Args:
        params: W1 (h, d), b1 (h,), W2 (1, h), b2 (1,).
        X: ejemplos, (n, d).
        y: etiquetas 0 o 1, (n,).
        activation_name: activación de la capa oculta.

    Returns:
        la pérdida, un número.
    """
    raise NotImplementedError


def gradients(params, X, y, activation_name):
    """Calcula la derivada de `loss` respecto de cada parámetro, por retropropagación.

    Args:
        params: W1 (h, d), b1 (h,), W2 (1, h), b2 (1,).
        X: ejemplos, (n, d).
        y: etiquetas 0 o 1, (n,).
        activation_name: activación de la capa oculta.

    Returns:
        diccionario con las claves y las formas de `params`.
    """
    raise NotImplementedError


def train(X, y, activation_name, n_hidden=8, learning_rate=0.5, epochs=500, seed=0):
    """Entrena una red por descenso de gradiente con todos los datos: una actualización por época.

    Args:
        X: ejemplos, (n, d); d es cualquiera, no solo 2.
        y: etiquetas 0 o 1, (n,).
        activation_name: activación de la capa oculta.
        n_hidden: neuronas ocultas, h.
        learning_rate: tasa de aprendizaje.
        epochs: número de épocas; con 0 se devuelven los parámetros iniciales y [].
        seed: semilla entera de los parámetros iniciales.

    Returns:
        params: los parámetros tras la última actualización.
        history: lista de `epochs` números; el número i es la pérdida antes de la actualización i.
    """
    raise NotImplementedError


def compare_activations(X, y, epochs=500, learning_rate=0.5, seed=0, target_loss=0.1):
    """Entrena una red con cada activación y resume cómo le ha ido.

    Args:
        X: ejemplos, (n, d).
        y: etiquetas 0 o 1, (n,).
        epochs: épocas de cada entrenamiento.
        learning_rate: tasa de aprendizaje.
        seed: semilla de todos los entrenamientos.
        target_loss: pérdida objetivo.

    Returns:
        diccionario por nombre ("relu", "sigmoid", "tanh") de diccionarios con history (lista), final_loss (número) y
        epochs_to_target (el primer índice de history menor o igual que target_loss, o None).
    """
    raise NotImplementedError


def layer_gradient_norms(activation_name, n_layers, width, weight_scale, seed):
    """Mide el gradiente de cada capa de una pila a_l = act(W_l a_{l-1}), sin sesgos, con pérdida sum(a_L).

    Args:
        activation_name: activación de todas las capas.
        n_layers: número de capas, L.
        width: anchura de la entrada y de cada capa.
        weight_scale: los W_l son normales multiplicados por weight_scale / sqrt(width).
        seed: semilla entera de la entrada y de los pesos.

    Returns:
        la norma de dL/dW_l de cada capa, la primera capa la primera, (n_layers,).
    """
    raise NotImplementedError


def classify_gradients(norms):
    """Dice qué le pasa al gradiente, por el cociente entre la primera norma y la última.

    Args:
        norms: lo que devuelve `layer_gradient_norms`.

    Returns:
        "vanishing" si el cociente es menor que 1e-3; "exploding" si es mayor que 1e3 o no es finito; si no, "stable".
    """
    raise NotImplementedError

"""Comprobación de gradientes con diferencias finitas.

El enunciado está en `statement.es.md`: teoría, números para comprobar y cómo se califica.
"""

import numpy as np


def numerical_gradient(f, x, epsilon=1e-5):
    """Calcula el gradiente de `f` en `x` con diferencias centrales.

    Argumentos:
        f: función que recibe un array con la forma de `x` y devuelve un número.
        x: punto, un array de cualquier forma: (), (n,), (m, n)...; puede ser de enteros o de `float32`.
        epsilon: paso, un número positivo.

    Devuelve:
        El gradiente, un array `float64` con la forma de `x`. `x` queda como estaba, y `f` se llama exactamente
        2 * x.size veces.
    """
    raise NotImplementedError


def relative_error(analytical, numerical):
    """Calcula el error relativo entre dos gradientes: ‖a - n‖ / (‖a‖ + ‖n‖).

    Argumentos:
        analytical: gradiente calculado con fórmulas, un array de cualquier forma.
        numerical: gradiente calculado con diferencias, un array de la misma forma.

    Devuelve:
        Un número entre 0 y 1; 0.0 si los dos gradientes son cero.
    """
    raise NotImplementedError


def check_gradient(f, gradient, x, threshold=1e-7):
    """Comprueba si `gradient` es el gradiente de `f` en `x`.

    Argumentos:
        f: función que recibe un array con la forma de `x` y devuelve un número.
        gradient: función que recibe un array con la forma de `x` y devuelve otro de la misma forma.
        x: punto, un array de cualquier forma.
        threshold: el error relativo tiene que ser menor que este umbral.

    Devuelve:
        True o False; False si en el gradiente hay algún NaN.
    """
    raise NotImplementedError

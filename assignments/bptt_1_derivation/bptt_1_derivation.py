"""BPTT a mano: una unidad oculta, una salida, tres pasos, f = g = sigmoide.

El enunciado está en `statement.es.md`: teoría, números para comprobar y cómo se califica.
Todo son números: U, V, W y h0 son escalares; `xs` y `ts` son listas de 3 números, el del paso 1 primero. Las barras
son derivadas de la pérdida: `s_bar` es dL/ds, y así las demás.
"""

import math


def forward(U, V, W, xs, h0):
    """Recorre los tres pasos: r_t = U x_t + V h_{t-1}, h_t = σ(r_t), s_t = W h_t, y_t = σ(s_t).

    Argumentos:
        U, V, W: pesos de la entrada, del estado anterior y de la salida; escalares.
        xs: entradas x_1, x_2, x_3.
        h0: estado anterior al primer paso, un escalar.

    Devuelve:
        Un diccionario con las listas `r`, `h`, `s` e `y`, de 3 números cada una.
    """
    raise NotImplementedError


def loss(ys, ts):
    """Calcula la mitad de la suma de los errores al cuadrado.

    Argumentos:
        ys: salidas y_1, y_2, y_3.
        ts: objetivos de los tres pasos.

    Devuelve:
        Un número.
    """
    raise NotImplementedError


def backward(U, V, W, xs, ts, h0):
    """Calcula las derivadas de la pérdida respecto de los valores intermedios.

    Argumentos:
        U, V, W: pesos, escalares.
        xs: entradas, 3 números.
        ts: objetivos, 3 números.
        h0: estado anterior al primer paso.

    Devuelve:
        Un diccionario con las listas `s_bar`, `h_bar` y `r_bar`, de 3 números cada una, en el orden de los pasos.
    """
    raise NotImplementedError


def dL_dU(U, V, W, xs, ts, h0):
    """Calcula la derivada de la pérdida respecto de U, con los argumentos de `backward`; un número."""
    raise NotImplementedError


def dL_dV(U, V, W, xs, ts, h0):
    """Calcula la derivada de la pérdida respecto de V, con los argumentos de `backward`; un número."""
    raise NotImplementedError


def dL_dW(U, V, W, xs, ts, h0):
    """Calcula la derivada de la pérdida respecto de W, con los argumentos de `backward`; un número."""
    raise NotImplementedError

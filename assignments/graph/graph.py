"""Retropropagación sobre un grafo de cálculo, y tres pérdidas con sus gradientes.

El enunciado está en `statement.es.md`: teoría, números para comprobar y cómo se califica.
Un grafo es una lista de nodos `[nombre, operación, argumento, ...]` en orden topológico: los argumentos de un nodo
son nombres de entradas o de nodos anteriores. El último nodo es la raíz. Todos los valores son números.
Las operaciones son `add`, `sub`, `mul` y `max`, de dos argumentos, y `square` y `sigmoid`, de uno.
"""

import numpy as np


def local_gradients(op, *values):
    """Calcula las derivadas parciales de una operación respecto de cada uno de sus argumentos.

    Argumentos:
        op: nombre de la operación: "add", "sub", "mul", "square", "max" o "sigmoid".
        values: los valores de los argumentos, uno o dos números. En `max` nunca son iguales.

    Devuelve:
        Una tupla con una derivada por argumento; también con un solo argumento es una tupla.
    """
    raise NotImplementedError


def forward(graph, inputs):
    """Calcula el valor f_i de cada entrada y de cada nodo.

    Argumentos:
        graph: lista de nodos `[nombre, operación, argumento, ...]` en orden topológico.
        inputs: diccionario con el valor de cada entrada, por nombre.

    Devuelve:
        Un diccionario con el valor de cada entrada y de cada nodo, por nombre. `inputs` queda como estaba.
    """
    raise NotImplementedError


def backward(graph, values):
    """Calcula g_i, la derivada de la raíz respecto de f_i, para cada entrada y cada nodo.

    Argumentos:
        graph: lista de nodos `[nombre, operación, argumento, ...]` en orden topológico.
        values: el diccionario que devuelve `forward`, que queda como estaba.

    Devuelve:
        Un diccionario con la derivada respecto de cada entrada y de cada nodo, por nombre: 1.0 en la raíz, y 0.0
        en aquello de lo que la raíz no depende.
    """
    raise NotImplementedError


def hinge_loss(w, phi, y):
    """Calcula la pérdida bisagra max(1 - (w · phi) y, 0) y su gradiente respecto de w.

    Argumentos:
        w: pesos, (d,).
        phi: características, (d,).
        y: etiqueta, 1 o -1.

    Devuelve:
        La tupla (pérdida, gradiente): un número y un vector (d,).
    """
    raise NotImplementedError


def two_layer_loss(V, w, x, y):
    """Calcula la pérdida (w · σ(V x) - y)² de una red de dos capas y sus gradientes.

    Argumentos:
        V: pesos de la capa oculta, (h, d).
        w: pesos de la salida, (h,).
        x: entrada, (d,).
        y: valor deseado, un número.

    Devuelve:
        La tupla (pérdida, gradientes): un número y un diccionario con `V` (h, d) y `w` (h,).
    """
    raise NotImplementedError


def four_layer_loss(V1, V2, V3, w, x, y):
    """Calcula la pérdida (w · σ(V3 σ(V2 σ(V1 x))) - y)² de una red de cuatro capas y sus gradientes.

    Argumentos:
        V1, V2, V3: pesos de las capas ocultas, (h1, d), (h2, h1) y (h3, h2).
        w: pesos de la salida, (h3,).
        x: entrada, (d,).
        y: valor deseado, un número.

    Devuelve:
        La tupla (pérdida, gradientes): un número y un diccionario con `V1` (h1, d), `V2` (h2, h1), `V3` (h3, h2)
        y `w` (h3,).
    """
    raise NotImplementedError

"""Secuencias de distinta longitud e inicializaciones: una red recurrente de tanh con salida lineal, sin sesgos.

Las fórmulas, las formas y los números para comprobar están en statement.es.md (in English: statement.en.md).
Puedes añadir las funciones que quieras; no cambies los nombres ni los argumentos de las que ya hay.
"""

import numpy as np


def init_params(n_inputs, n_hidden, n_outputs, scheme, seed):
    """Reparte los pesos iniciales al azar: con la misma semilla, los mismos; con otra, otros.

    Args:
        scheme: "small" (uniforme en ±0.1), "xavier" (uniforme en ±sqrt(6 / (entradas + salidas)) de cada matriz),
            "orthogonal" (V ortogonal; U y W como en "xavier") o "large" (normal estándar).

    Devuelve:
        {"U": (n_hidden, n_inputs), "V": (n_hidden, n_hidden), "W": (n_outputs, n_hidden)}.
    """
    raise NotImplementedError


def pad(sequences):
    """Junta secuencias de distinta longitud en un solo array, con ceros después del final de cada una.

    Args:
        sequences: lista de B arrays, cada uno (T_k, n_inputs), con T_k >= 1; también de enteros.

    Devuelve:
        (batch, mask): batch (B, T_max, n_inputs); mask (B, T_max), de bool, verdadera donde hay secuencia.
    """
    raise NotImplementedError


def forward(params, batch, mask):
    """Pasa el lote por la red, cada secuencia desde h_0 = 0.

    Args:
        params: {"U", "V", "W"}.
        batch: (B, T_max, n_inputs); lo que haya después del final de cada secuencia no debe influir.
        mask: (B, T_max), la que hace `pad`.

    Devuelve:
        Las salidas, (B, T_max, n_outputs), con ceros donde la máscara es falsa.
    """
    raise NotImplementedError


def loss(params, sequences, targets):
    """La media entre secuencias de la mitad de la suma de los errores al cuadrado de cada una.

    Args:
        params: {"U", "V", "W"}.
        sequences: lista de entradas, cada una (T_k, n_inputs).
        targets: lista de objetivos, cada uno (T_k, n_outputs).

    Devuelve:
        Un número.
    """
    raise NotImplementedError


def gradients(params, sequences, targets):
    """El gradiente de `loss` por retropropagación a través del tiempo.

    Devuelve:
        {"U": ..., "V": ..., "W": ...}, cada uno con la forma de su matriz.
    """
    raise NotImplementedError


def gradient_norms_by_length(params, lengths, seed):
    """Para una secuencia al azar de cada longitud T, con h_0 = 0, la norma del gradiente de ||h_T||^2 en h_0.

    Args:
        params: {"U", "V", "W"}.
        lengths: lista de longitudes.
        seed: la semilla de las entradas.

    Devuelve:
        Las normas, (len(lengths),), en el orden de `lengths`.
    """
    raise NotImplementedError

"""Una red recurrente con la activación a elegir: ReLU, tanh o sigmoide en la capa oculta, salida lineal.

Las fórmulas, las formas y los números para comprobar están en statement.es.md (in English: statement.en.md).
Puedes añadir las funciones que quieras; no cambies los nombres ni los argumentos de las que ya hay.
"""

import numpy as np


def activation(name, z):
    """f(z), elemento a elemento, con f = `name`: "relu", "tanh" o "sigmoid". Devuelve un array con la forma de z."""
    raise NotImplementedError


def activation_derivative(name, z):
    """f'(z), elemento a elemento, evaluada en z (no en f(z)). Devuelve un array con la forma de z."""
    raise NotImplementedError


def make_dataset(n, length, seed):
    """Datos de una tarea que necesita memoria: el objetivo del paso t depende de entradas anteriores a t.

    Devuelve:
        (sequences, targets): dos arrays (n, length, 1). La misma semilla da los mismos; otra, otros.
    """
    raise NotImplementedError


def init_params(n_inputs, n_hidden, n_outputs, seed):
    """Pesos iniciales al azar: dict con U (n_hidden, n_inputs), V (n_hidden, n_hidden) y W (n_outputs, n_hidden)."""
    raise NotImplementedError


def forward(params, xs, activation_name):
    """Pasa una secuencia por la red: h_t = f(U x_t + V h_{t-1}), y_t = W h_t, con h_0 = 0.

    Args:
        params: dict con U (h, i), V (h, h) y W (o, h).
        xs: las entradas de una secuencia, (T, i).
        activation_name: "relu", "tanh" o "sigmoid".

    Devuelve:
        (ys, hs): las salidas, (T, o), y los estados h_0, h_1, ..., h_T, (T+1, h).
    """
    raise NotImplementedError


def loss(params, sequences, targets, activation_name):
    """La media entre secuencias de L = 1/2 sum_t ||y_t - target_t||^2.

    Args:
        sequences: (n, T, i).
        targets: (n, T, o).
    """
    raise NotImplementedError


def gradients(params, sequences, targets, activation_name):
    """El gradiente de `loss`: dict con U, V y W, con las formas de `params`."""
    raise NotImplementedError


def train(sequences, targets, activation_name, n_hidden=16, learning_rate=0.01, epochs=200, seed=0):
    """Descenso por el gradiente con el lote completo: un paso por época.

    Devuelve:
        (params, history): los parámetros finales y la lista de las pérdidas de antes de cada paso.
    """
    raise NotImplementedError


def compare_activations(sequences, targets, epochs=200, learning_rate=0.01, seed=0):
    """Entrena con cada activación, con las unidades ocultas de `train`.

    Devuelve:
        dict con "relu", "tanh" y "sigmoid", cada una un dict con "history" (lista), "final_loss" (número) y
        "gradient_norm" (la norma conjunta del gradiente en la primera actualización).
    """
    raise NotImplementedError

"""Una red recurrente de sigmoides: su gradiente con PyTorch, a mano, y la comparación de los dos.

Las fórmulas, las formas y los números para comprobar están en statement.es.md (in English: statement.en.md).
Puedes añadir las funciones y los atributos que quieras; no cambies los nombres ni los argumentos de los que ya hay.
"""

import torch
from torch import nn


class TorchRNN(nn.Module):
    """La red como módulo: r_t = U x_t + V h_{t-1}, h_t = sigmoide(r_t), y_t = sigmoide(W h_t), sin sesgos.

    Atributos:
        U, V, W: `nn.Parameter` de formas (n_hidden, n_inputs), (n_hidden, n_hidden) y (n_outputs, n_hidden).
    """

    def __init__(self, n_inputs, n_hidden, n_outputs):
        """Crea los tres parámetros, repartidos al azar."""
        super().__init__()
        raise NotImplementedError

    def forward(self, xs, h0):
        """Pasa una secuencia por la red.

        Args:
            xs: las entradas, (T, n_inputs), con T >= 1.
            h0: el estado anterior al primer paso, (n_hidden,).

        Devuelve:
            (ys, hs): las salidas, (T, n_outputs), y los estados h_0, h_1, ..., h_T, (T+1, n_hidden).
        """
        raise NotImplementedError


def autograd_gradients(params, xs, ts, h0):
    """El gradiente de la pérdida, calculado por autograd.

    Args:
        params: dict con los tensores U (h, i), V (h, h) y W (o, h), con `requires_grad` o sin él; quedan como estaban.
        xs: las entradas, (T, i).
        ts: los objetivos, (T, o).
        h0: el estado anterior al primer paso, (h,).

    Devuelve:
        dict con las mismas claves y formas que `params`.
    """
    raise NotImplementedError


def manual_gradients(params, xs, ts, h0):
    """El mismo gradiente, hecho a mano: retropropagación a través del tiempo, sin autograd.

    Args:
        params: dict con los tensores U (h, i), V (h, h) y W (o, h), con `requires_grad` o sin él; quedan como estaban.
        xs: las entradas, (T, i).
        ts: los objetivos, (T, o).
        h0: el estado anterior al primer paso, (h,).

    Devuelve:
        dict con las mismas claves y formas que `params`.
    """
    raise NotImplementedError


def compare_gradients(params, xs, ts, h0, tolerance=1e-6):
    """Compara los dos gradientes, matriz por matriz.

    Args:
        params, xs, ts, h0: como en las otras dos funciones.
        tolerance: cuánto pueden diferir dos gradientes que se dan por iguales.

    Devuelve:
        dict con U, V y W, cada una un dict con "max_abs_difference" y "relative_error" (números, 0 si los gradientes son
        iguales), y con "equal" (bool): si coinciden las tres.
    """
    raise NotImplementedError

"""Una celda recurrente y su red, con los gradientes hechos a mano y comparados con los de autograd.

Las fórmulas, las formas y los números para comprobar están en statement.es.md (in English: statement.en.md).
Puedes añadir las funciones y los atributos que quieras; no cambies los nombres ni los argumentos de los que ya hay.
"""

import torch


class RNNCell:
    """Un paso de la red: r = U x + V hp, h = sigmoide(r), y = sigmoide(W h), sin sesgos.

    Atributos:
        U, V, W: tensores con `requires_grad`, de formas (hid_sz, inp_sz), (hid_sz, hid_sz) y (out_sz, hid_sz).
        U_grad, V_grad, W_grad: los gradientes acumulados hasta ahora, cada uno con la forma de su matriz.
    """

    def __init__(self, inp_sz, hid_sz, out_sz):
        """Crea los tensores para inp_sz entradas, hid_sz unidades ocultas y out_sz salidas."""
        raise NotImplementedError

    def reset_parameters(self):
        """Vuelve a repartir U, V y W al azar, uniformes entre -0.1 y 0.1."""
        raise NotImplementedError

    def zero_grad(self):
        """Olvida los gradientes acumulados: U_grad, V_grad y W_grad vuelven a empezar de cero."""
        raise NotImplementedError

    def forward(self, x, hp):
        """Un paso hacia delante.

        Args:
            x: la entrada, (inp_sz,).
            hp: el estado anterior, (hid_sz,).

        Devuelve:
            (y, h): la salida, (out_sz,), y el estado nuevo, (hid_sz,).
        """
        raise NotImplementedError

    def backward(self, y_grad, rn_grad, x, hp):
        """Un paso hacia atrás: suma la parte de este paso a U_grad, V_grad y W_grad.

        Args:
            y_grad: dL/dy de este paso, (out_sz,).
            rn_grad: dL/dr del paso siguiente, (hid_sz,); ceros en el último paso.
            x: la entrada de este paso, (inp_sz,).
            hp: el estado anterior a este paso, (hid_sz,).

        Devuelve:
            r_grad: dL/dr de este paso, (hid_sz,).
        """
        raise NotImplementedError


class RNN:
    """La celda desplegada a lo largo de una secuencia."""

    def __init__(self, cell):
        """Guarda la celda que usará esta red; puede haber otras redes a la vez, con otras celdas."""
        raise NotImplementedError

    def forward(self, xs, h0):
        """Pasa una secuencia por la celda.

        Args:
            xs: las entradas, (T, inp_sz), con T >= 1.
            h0: el estado anterior al primer paso, (hid_sz,).

        Devuelve:
            (ys, hs): las salidas, (T, out_sz), y los estados h_0, h_1, ..., h_T, (T+1, hid_sz).
        """
        raise NotImplementedError

    def backward(self, ys_grad, xs, hs):
        """Retropropagación a través del tiempo: deja el gradiente en U_grad, V_grad y W_grad de la celda de esta red.

        Args:
            ys_grad: dL/dy_t en cada paso, (T, out_sz).
            xs: las entradas de la secuencia, (T, inp_sz).
            hs: los estados que `forward` devolvió para ella, (T+1, hid_sz).
        """
        raise NotImplementedError


def compute_loss(ys, ts):
    """La mitad de la suma de los errores al cuadrado.

    Args:
        ys: las salidas, (T, out_sz).
        ts: los objetivos, (T, out_sz).

    Devuelve:
        Un número (un tensor de cero dimensiones, para que autograd pueda partir de él).
    """
    raise NotImplementedError


def gradients_match(cell, xs, h0, ts, tolerance=1e-6):
    """Compara el gradiente hecho a mano (RNN.backward) con el que calcula autograd a partir de compute_loss.

    Args:
        cell: la celda cuyos gradientes se comparan.
        xs, h0, ts: una secuencia, (T, inp_sz); su estado inicial, (hid_sz,); sus objetivos, (T, out_sz).
        tolerance: la mayor diferencia que se atribuye al redondeo.

    Devuelve:
        {"U": bool, "V": bool, "W": bool}: si coinciden, matriz por matriz.
    """
    raise NotImplementedError

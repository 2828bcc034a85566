"""Una red recurrente desde cero, con retropropagación a través del tiempo.

Las fórmulas, las formas y los números para comprobar están en statement.es.md (in English: statement.en.md).
Puedes añadir las funciones y los atributos que quieras; no cambies los nombres ni los argumentos de los que ya hay.
"""

import numpy as np


class RNN:
    """Capa recurrente de tanh con salida lineal, sin sesgos.

    Atributos (arrays que también se pueden asignar desde fuera):
        U: de la entrada a la capa oculta, (n_hidden, n_inputs).
        V: de la capa oculta a sí misma, (n_hidden, n_hidden).
        W: de la capa oculta a la salida, (n_outputs, n_hidden).
    """

    def __init__(self, n_inputs, n_hidden, n_outputs, seed=0):
        """Reparte los pesos al azar: con la misma semilla, los mismos; con otra, otros."""
        raise NotImplementedError

    def forward(self, xs, h0=None):
        """Pasa una secuencia por la red: r_t = U x_t + V h_{t-1}, h_t = tanh(r_t), y_t = W h_t.

        Args:
            xs: las entradas, (T, n_inputs), con T >= 1.
            h0: el estado anterior al primer paso, (n_hidden,); ceros si no se da.

        Devuelve:
            (ys, hs): las salidas, (T, n_outputs), y los estados h_0, h_1, ..., h_T, (T+1, n_hidden).
        """
        raise NotImplementedError

    def backward(self, xs, hs, ys_grad):
        """Retropropagación a través del tiempo, con los pesos actuales.

        Args:
            xs: las entradas de la secuencia, (T, n_inputs).
            hs: los estados que `forward` devolvió para ella, (T+1, n_hidden).
            ys_grad: dL/dy_t en cada paso, (T, n_outputs).

        Devuelve:
            {"U": ..., "V": ..., "W": ...}: el gradiente de L en cada matriz, con la forma de la matriz.
        """
        raise NotImplementedError


def loss(ys, ts):
    """Pérdida de una secuencia: la mitad de la suma de los errores al cuadrado.

    Args:
        ys: las salidas, (T, n_outputs).
        ts: los objetivos, (T, n_outputs).

    Devuelve:
        Un número.
    """
    raise NotImplementedError


def train(rnn, sequences, targets, learning_rate=0.01, epochs=100):
    """Descenso por el gradiente con el lote completo sobre la pérdida media de las secuencias; cambia `rnn`.

    Args:
        rnn: la red que se entrena.
        sequences: lista de entradas, cada una (T_k, n_inputs) con su propia longitud T_k.
        targets: lista de objetivos, cada uno (T_k, n_outputs).
        learning_rate: tasa de aprendizaje.
        epochs: número de pasos.

    Devuelve:
        history: lista con la pérdida media de antes de cada paso.
    """
    raise NotImplementedError

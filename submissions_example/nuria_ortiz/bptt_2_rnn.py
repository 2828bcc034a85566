# RNN desde cero. Nuria Ortiz Peña.

import numpy as np


class RNN:
    """Red recurrente: tanh por dentro, lineal por fuera."""

    def __init__(self, n_inputs, n_hidden, n_outputs, seed=0):
        print(f"Nueva RNN: {n_inputs} → {n_hidden} → {n_outputs} (semilla {seed})")
        self.azar = np.random.default_rng(seed)
        self.U = self.pequeña(n_hidden, n_inputs)
        self.V = self.pequeña(n_hidden, n_hidden)
        self.W = self.pequeña(n_outputs, n_hidden)

    def pequeña(self, filas, columnas):
        return self.azar.uniform(-1, 1, (filas, columnas)) / np.sqrt(columnas)

    def forward(self, xs, h0=None):
        estado = np.zeros(self.V.shape[0]) if h0 is None else np.array(h0, dtype=float)
        estados, salidas = [estado], []
        for instante, entrada in enumerate(xs):
            estado = np.tanh(self.U @ entrada + self.V @ estado)
            estados.append(estado)
            salidas.append(self.W @ estado)
            print(f"  t={instante + 1}  |h|={np.linalg.norm(estado):.3f}")
        return np.array(salidas), np.array(estados)

    def backward(self, xs, hs, ys_grad):
        acumulado = {"U": np.zeros(self.U.shape), "V": np.zeros(self.V.shape), "W": np.zeros(self.W.shape)}
        futuro = np.zeros(self.V.shape[0])  # lo que llega del paso siguiente, ya multiplicado por Vᵀ
        for instante in range(len(xs), 0, -1):
            anterior, actual = hs[instante - 1], hs[instante]
            señal = ys_grad[instante - 1]
            r_barra = (self.W.T @ señal + futuro) * (1 - actual * actual)
            acumulado["U"] += r_barra[:, None] * xs[instante - 1]
            acumulado["V"] += r_barra[:, None] * anterior
            acumulado["W"] += señal[:, None] * actual
            futuro = self.V.T @ r_barra
            print(f"  ← t={instante}  |r̄|={np.linalg.norm(r_barra):.3f}")
        return acumulado


def loss(ys, ts):
    diferencia = np.asarray(ys) - np.asarray(ts)
    return 0.5 * float(np.vdot(diferencia, diferencia))


def train(rnn, sequences, targets, learning_rate=0.01, epochs=100):
    historia = []
    cuántas = len(sequences)
    for época in range(epochs):
        pérdida = 0.0
        total = {"U": 0, "V": 0, "W": 0}
        for entrada, objetivo in zip(sequences, targets):
            salida, estados = rnn.forward(entrada)
            pérdida += loss(salida, objetivo) / cuántas
            gradiente = rnn.backward(entrada, estados, salida - objetivo)
            total = {nombre: total[nombre] + gradiente[nombre] / cuántas for nombre in total}
        historia.append(pérdida)
        for nombre, pendiente in total.items():
            setattr(rnn, nombre, getattr(rnn, nombre) - learning_rate * pendiente)
        print(f"Época {época + 1}/{epochs} · pérdida = {pérdida:.6f}")
    return historia

# Bruno Castillo
# RNN con listas de Python. Despacio pero se ve cada índice.

import math
import random

import numpy as np


def por_vector(M, v):
    return [sum(float(m) * x for m, x in zip(fila, v)) for fila in M]


def traspuesta_por_vector(M, v):
    return [sum(float(M[k][j]) * v[k] for k in range(len(v))) for j in range(len(M[0]))]


def ceros_como(M):
    return [[0.0] * len(M[0]) for _ in M]


def sumar_exterior(G, u, v):
    for j, uj in enumerate(u):
        for k, vk in enumerate(v):
            G[j][k] += uj * vk


class RNN:
    def __init__(self, n_inputs, n_hidden, n_outputs, seed=0):
        azar = random.Random(seed)

        def matriz(filas, columnas):
            return np.array([[azar.uniform(-0.5, 0.5) for _ in range(columnas)] for _ in range(filas)])

        self.U = matriz(n_hidden, n_inputs)
        self.V = matriz(n_hidden, n_hidden)
        self.W = matriz(n_outputs, n_hidden)

    def forward(self, xs, h0=None):
        h = [0.0] * len(self.V) if h0 is None else [float(v) for v in h0]
        ys, hs = [], [h]
        for x in xs:
            ux = por_vector(self.U, [float(v) for v in x])
            vh = por_vector(self.V, h)
            h = [math.tanh(p + q) for p, q in zip(ux, vh)]
            hs.append(h)
            ys.append(por_vector(self.W, h))
        return ys, hs

    def backward(self, xs, hs, ys_grad):
        dU, dV, dW = ceros_como(self.U), ceros_como(self.V), ceros_como(self.W)
        r_siguiente = [0.0] * len(self.V)
        for t in range(len(xs) - 1, -1, -1):
            y_barra = [float(v) for v in ys_grad[t]]
            antes = [float(v) for v in hs[t]]
            h = [float(v) for v in hs[t + 1]]
            desde_salida = traspuesta_por_vector(self.W, y_barra)
            desde_futuro = traspuesta_por_vector(self.V, r_siguiente)
            r = [(a + b) * (1 - v * v) for a, b, v in zip(desde_salida, desde_futuro, h)]
            sumar_exterior(dU, r, [float(v) for v in xs[t]])
            sumar_exterior(dV, r, antes)
            sumar_exterior(dW, y_barra, h)
            r_siguiente = r
        return {'U': dU, 'V': dV, 'W': dW}


def loss(ys, ts):
    total = 0.0
    for y, t in zip(ys, ts):
        for yi, ti in zip(y, t):
            total += (float(yi) - float(ti)) ** 2
    return total / 2


def train(rnn, sequences, targets, learning_rate=0.01, epochs=100):
    history = []
    for _ in range(epochs):
        perdidas, gradientes = [], []
        for xs, ts in zip(sequences, targets):
            ys, hs = rnn.forward(xs)
            perdidas.append(loss(ys, ts))
            errores = [[yi - float(ti) for yi, ti in zip(y, t)] for y, t in zip(ys, ts)]
            gradientes.append(rnn.backward(xs, hs, errores))
        history.append(sum(perdidas) / len(perdidas))
        for nombre in 'UVW':
            media = sum(np.array(g[nombre]) for g in gradientes) / len(gradientes)
            setattr(rnn, nombre, np.array(getattr(rnn, nombre)) - learning_rate * media)
    return history

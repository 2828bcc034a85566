# Bruno Castillo
# Una neurona es un objeto; la red, una lista de neuronas ocultas y una de salida.

import math
import random

import numpy as np


def sigmoide(z):
    if z >= 0:
        return 1 / (1 + math.exp(-z))
    e = math.exp(z)
    return e / (1 + e)


class Neurona:
    def __init__(self, pesos, sesgo):
        self.pesos = [float(w) for w in pesos]
        self.sesgo = float(sesgo)

    def z(self, entradas):
        return sum(w * x for w, x in zip(self.pesos, entradas)) + self.sesgo


class Red:
    def __init__(self, params):
        self.ocultas = [Neurona(w, b) for w, b in zip(params["W1"], params["b1"])]
        self.salida = Neurona(params["W2"][0], params["b2"][0])

    def activar(self, fila):
        """Activaciones ocultas y z de la salida, para un ejemplo."""
        a = [sigmoide(neurona.z(fila)) for neurona in self.ocultas]
        return a, self.salida.z(a)


def make_data(n, seed):
    azar = random.Random(seed)
    angulo = azar.uniform(0, 2 * math.pi)
    c, s = math.cos(angulo), math.sin(angulo)
    clases = [i % 2 for i in range(n)]
    azar.shuffle(clases)
    puntos = []
    for clase in clases:
        lejos = azar.uniform(0.1, 1.5) * (1 if clase == 1 else -1)
        a_lo_largo = azar.uniform(-2, 2)
        puntos.append([lejos * c - a_lo_largo * s, lejos * s + a_lo_largo * c])
    return np.array(puntos), np.array(clases)


def init_params(n_inputs, n_hidden, seed):
    azar = random.Random(seed)
    return {
        "W1": np.array([[azar.gauss(0, 0.5) for _ in range(n_inputs)] for _ in range(n_hidden)]),
        "b1": np.array([azar.gauss(0, 0.1) for _ in range(n_hidden)]),
        "W2": np.array([[azar.gauss(0, 0.5) for _ in range(n_hidden)]]),
        "b2": np.array([0.0]),
    }


def forward(params, X):
    red = Red(params)
    return np.array([sigmoide(red.activar(fila)[1]) for fila in X])


def loss(params, X, y):
    red = Red(params)
    total = 0.0
    for fila, clase in zip(X, y):
        _, z = red.activar(fila)
        # -log σ(z) si la clase es 1, -log σ(-z) si es 0; log(1 + e^t) sin desbordar
        t = -z if clase == 1 else z
        total += max(t, 0.0) + math.log1p(math.exp(-abs(t)))
    return total / len(y)


def gradients(params, X, y):
    red = Red(params)
    n, d, h = len(X), len(X[0]), len(red.ocultas)
    W1 = [[0.0] * d for _ in range(h)]
    b1 = [0.0] * h
    W2 = [0.0] * h
    b2 = 0.0
    for fila, clase in zip(X, y):
        a, z = red.activar(fila)
        error = (sigmoide(z) - clase) / n
        b2 += error
        for k in range(h):
            W2[k] += error * a[k]
            delta = error * red.salida.pesos[k] * a[k] * (1 - a[k])
            b1[k] += delta
            for j in range(d):
                W1[k][j] += delta * fila[j]
    return {"W1": np.array(W1), "b1": np.array(b1), "W2": np.array([W2]), "b2": np.array([b2])}


def train(X, y, n_hidden=8, learning_rate=0.5, epochs=500, seed=0):
    params = init_params(len(X[0]), n_hidden, seed)
    history = []
    while len(history) < epochs:
        history.append(loss(params, X, y))
        pendiente = gradients(params, X, y)
        nuevos = {}
        for nombre, valor in params.items():
            nuevos[nombre] = valor - learning_rate * pendiente[nombre]
        params = nuevos
    return params, history


def predict(params, X):
    red = Red(params)
    return [1 if red.activar(fila)[1] > 0 else 0 for fila in X]

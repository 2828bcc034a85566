"""Solución con clases, nombres en español, mensajes por pantalla y claves de más; el gradiente se pide, no se empuja."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

print("Cargando el grafo de cálculo…")


class Operación:
    """Una operación con su valor y sus derivadas parciales."""

    registro: dict[str, Operación] = {}

    def __init__(self, nombre, valor, parciales):
        self.valor, self.parciales = valor, parciales
        Operación.registro[nombre] = self


def sigmoide(z):
    return np.where(z >= 0, 1 / (1 + np.exp(-np.abs(z))), np.exp(-np.abs(z)) / (1 + np.exp(-np.abs(z))))


Operación("add", lambda a, b: a + b, lambda a, b: (1, 1))
Operación("sub", lambda a, b: a - b, lambda a, b: (1, -1))
Operación("mul", lambda a, b: a * b, lambda a, b: (b, a))
Operación("square", lambda a: a * a, lambda a: (2 * a,))
Operación("max", lambda a, b: np.maximum(a, b), lambda a, b: (np.float64(a >= b), np.float64(a < b)))
Operación("sigmoid", sigmoide, lambda a: (sigmoide(a) * (1 - sigmoide(a)),))


@dataclass
class Nodo:
    nombre: str
    operación: str
    argumentos: list[str]
    usos: list[tuple[str, int]] = field(default_factory=list)  # quién lo usa, y en qué posición


def leer(grafo):
    return [Nodo(nombre, operación, argumentos) for nombre, operación, *argumentos in grafo]


def local_gradients(op, *values):
    return tuple(Operación.registro[op].parciales(*values))


def forward(graph, inputs):
    valores = dict(inputs)
    for nodo in leer(graph):
        valores[nodo.nombre] = Operación.registro[nodo.operación].valor(*[valores[a] for a in nodo.argumentos])
        print(f"{nodo.nombre} = {float(valores[nodo.nombre]):.4f}")
    return valores


def backward(graph, values):
    nodos = {nodo.nombre: nodo for nodo in leer(graph)}
    usos = {nombre: [] for nombre in values}
    for nodo in nodos.values():
        for posición, argumento in enumerate(nodo.argumentos):
            usos[argumento].append((nodo, posición))
    raíz = graph[-1][0]

    @lru_cache(maxsize=None)
    def gradiente(nombre):
        total = 1.0 if nombre == raíz else 0.0
        for nodo, posición in usos[nombre]:
            parciales = local_gradients(nodo.operación, *[values[a] for a in nodo.argumentos])
            total += gradiente(nodo.nombre) * parciales[posición]
        return total

    return {nombre: np.array([gradiente(nombre)]) for nombre in values}


def hinge_loss(w, phi, y):
    margen = y * np.dot(w, phi)
    print(f"Margen: {margen:.3f}")
    return [np.maximum(1 - margen, 0), -y * phi * (margen < 1)]


class Red:
    """Capas sigmoides y una salida lineal, con error cuadrático."""

    def __init__(self, capas, salida):
        self.capas, self.salida = capas, salida

    def pérdida(self, x, y):
        self.activaciones = [x]
        for matriz in self.capas:
            self.activaciones.append(sigmoide(np.matmul(matriz, self.activaciones[-1])))
        self.error = np.inner(self.salida, self.activaciones[-1]) - y
        return np.power(self.error, 2)

    def gradientes(self):
        error = 2 * self.error
        resultado = {"w": error * self.activaciones[-1], "error": self.error}
        columna = error * self.salida.reshape(-1, 1)
        for i in reversed(range(len(self.capas))):
            a = self.activaciones[i + 1].reshape(-1, 1)
            columna = columna * a * (1 - a)
            resultado[i] = columna @ self.activaciones[i].reshape(1, -1)
            columna = self.capas[i].T @ columna
        return resultado


def two_layer_loss(V, w, x, y):
    red = Red([V], w)
    perdida = red.pérdida(x, y)
    g = red.gradientes()
    return perdida, {"V": g[0], **g}


def four_layer_loss(V1, V2, V3, w, x, y):
    red = Red([V1, V2, V3], w)
    perdida = red.pérdida(x, y)
    g = red.gradientes()
    return perdida, {"V1": g[0], "V2": g[1], "V3": g[2], **g}


if __name__ == "__main__":
    print(backward([["b", "mul", "a", "a"]], forward([["b", "mul", "a", "a"]], {"a": 3.0})))

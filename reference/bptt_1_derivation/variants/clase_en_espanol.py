"""Solución con una clase que recuerda la pasada y va imprimiendo la derivación."""

from __future__ import annotations

import math
from dataclasses import dataclass, field


def sigmoide(z):
    if z >= 0:
        return 1 / (1 + math.exp(-z))
    return math.exp(z) / (1 + math.exp(z))


def derivada(z):
    return sigmoide(z) * sigmoide(-z)


@dataclass
class RedDesplegada:
    U: float
    V: float
    W: float
    entradas: list[float]
    h0: float
    r: dict[int, float] = field(default_factory=dict)
    h: dict[int, float] = field(default_factory=dict)
    s: dict[int, float] = field(default_factory=dict)
    y: dict[int, float] = field(default_factory=dict)

    def __post_init__(self):
        self.pasos = range(1, len(self.entradas) + 1)
        self.h[0] = self.h0
        for t in self.pasos:
            self.r[t] = self.U * self.entradas[t - 1] + self.V * self.h[t - 1]
            self.h[t] = sigmoide(self.r[t])
            self.s[t] = self.W * self.h[t]
            self.y[t] = sigmoide(self.s[t])

    def lista(self, nombre):
        return [getattr(self, nombre)[t] for t in self.pasos]

    def retropropagar(self, objetivos):
        barra_s, barra_h, barra_r = {}, {}, {len(self.entradas) + 1: 0.0}
        for t in reversed(self.pasos):
            error = self.y[t] - objetivos[t - 1]
            barra_s[t] = error * derivada(self.s[t])
            barra_h[t] = self.W * barra_s[t] + self.V * barra_r[t + 1]
            barra_r[t] = barra_h[t] * derivada(self.r[t])
            print(f"t = {t}: s̄ = {barra_s[t]:+.4f}, h̄ = {barra_h[t]:+.4f}, r̄ = {barra_r[t]:+.4f}")
        return barra_s, barra_h, barra_r


def forward(U, V, W, xs, h0):
    red = RedDesplegada(U, V, W, xs, h0)
    return {nombre: red.lista(nombre) for nombre in ("r", "h", "s", "y")}


def loss(ys, ts):
    pérdida = 0
    for salida, objetivo in zip(ys, ts):
        pérdida += math.pow(salida - objetivo, 2) / 2
    return pérdida


def backward(U, V, W, xs, ts, h0):
    red = RedDesplegada(U, V, W, xs, h0)
    barras = red.retropropagar(ts)
    return {nombre: [barra[t] for t in red.pasos] for nombre, barra in zip(("s_bar", "h_bar", "r_bar"), barras)}


def dL_dU(U, V, W, xs, ts, h0):
    red = RedDesplegada(U, V, W, xs, h0)
    _, _, r = red.retropropagar(ts)
    return sum(r[t] * red.entradas[t - 1] for t in red.pasos)


def dL_dV(U, V, W, xs, ts, h0):
    red = RedDesplegada(U, V, W, xs, h0)
    _, _, r = red.retropropagar(ts)
    return sum(r[t] * red.h[t - 1] for t in red.pasos)


def dL_dW(U, V, W, xs, ts, h0):
    red = RedDesplegada(U, V, W, xs, h0)
    s, _, _ = red.retropropagar(ts)
    return sum(s[t] * red.h[t] for t in red.pasos)


if __name__ == "__main__":
    print(backward(1.0, 0.5, 2.0, [1.0, 0.0, -1.0], [1.0, 0.0, 1.0], 0.5))

"""La celda con nombres en español, __slots__, mensajes por pantalla y copias: no toca la celda que le dan."""

from __future__ import annotations

import copy

import torch
import torch.nn.functional as F

print("Cargando la celda recurrente…")


class RNNCell:
    __slots__ = ("U", "U_grad", "V", "V_grad", "W", "W_grad")

    def __init__(self, entradas: int, ocultas: int, salidas: int) -> None:
        self.U = torch.rand(ocultas, entradas)
        self.V = torch.rand(ocultas, ocultas)
        self.W = torch.rand(salidas, ocultas)
        for matriz in (self.U, self.V, self.W):
            matriz.requires_grad_(True)
        self.reset_parameters()
        self.zero_grad()

    def reset_parameters(self) -> None:
        for matriz in (self.U, self.V, self.W):
            matriz.data = (torch.rand(matriz.shape) - 0.5) / 5

    def zero_grad(self) -> None:
        self.U_grad = torch.zeros_like(self.U, requires_grad=False)
        self.V_grad = torch.zeros_like(self.V, requires_grad=False)
        self.W_grad = torch.zeros_like(self.W, requires_grad=False)

    def forward(self, x: torch.Tensor, estado_previo: torch.Tensor) -> list[torch.Tensor]:
        estado = F.sigmoid(F.linear(x, self.U) + F.linear(estado_previo, self.V))
        return [F.sigmoid(F.linear(estado, self.W)), estado]

    def backward(self, grad_y, grad_r_siguiente, x, estado_previo):
        salida, estado = self.forward(x, estado_previo)
        delta_salida = salida * (1 - salida) * grad_y
        delta_oculta = estado * (1 - estado) * (delta_salida @ self.W + grad_r_siguiente @ self.V)
        self.U_grad = self.U_grad + delta_oculta[:, None] * x[None, :]
        self.V_grad = self.V_grad + delta_oculta[:, None] * estado_previo[None, :]
        self.W_grad = self.W_grad + delta_salida[:, None] * estado[None, :]
        return delta_oculta


class RNN:
    def __init__(self, celda: RNNCell) -> None:
        self.celda = celda

    def forward(self, xs, h0):
        print(f"Recorro {len(xs)} pasos")
        salidas = torch.empty(len(xs), self.celda.W.shape[0])
        estados = torch.empty(len(xs) + 1, len(h0))
        estados[0] = estado = h0
        for paso, x in enumerate(xs):
            salida, estado = self.celda.forward(x, estado)
            salidas[paso], estados[paso + 1] = salida, estado
        return salidas, estados

    def backward(self, ys_grad, xs, hs):
        siguiente = 0 * hs[0]
        for grad_y, x, previo in reversed(list(zip(ys_grad, xs, hs))):
            siguiente = self.celda.backward(grad_y, siguiente, x, previo)


def compute_loss(ys, ts):
    return ((ys - ts) ** 2).sum().mul(0.5)


def gradients_match(cell, xs, h0, ts, tolerance=1e-6):
    copia = RNNCell(cell.U.shape[1], cell.U.shape[0], cell.W.shape[0])
    with torch.no_grad():
        copia.U.copy_(cell.U)
        copia.V.copy_(cell.V)
        copia.W.copy_(cell.W)
    otra = copy.copy(copia)
    otra.zero_grad()
    red = RNN(copia)
    ys, hs = red.forward(xs, h0)
    error = compute_loss(ys, ts)
    error.backward()
    with torch.no_grad():
        RNN(otra).backward(ys - ts, xs, hs)
    iguales = {}
    for nombre in ("W", "V", "U"):
        automatico, manual = getattr(copia, nombre).grad, getattr(otra, nombre + "_grad")
        diferencia = torch.max(torch.abs(automatico - manual)) / torch.max(torch.abs(manual))
        print(nombre, "diferencia", diferencia.item())
        iguales[nombre] = diferencia < tolerance
    return iguales

# Bruno Castillo

import copy

import torch
from torch import nn


class RNNCell(nn.Module):
    def __init__(self, inp_sz, hid_sz, out_sz):
        super().__init__()
        self.U = nn.Parameter(torch.zeros(hid_sz, inp_sz))
        self.V = nn.Parameter(torch.zeros(hid_sz, hid_sz))
        self.W = nn.Parameter(torch.zeros(out_sz, hid_sz))
        for nombre, p in list(self.named_parameters()):
            self.register_buffer(nombre + "_grad", torch.zeros_like(p))
        self.reset_parameters()

    def reset_parameters(self):
        for p in self.parameters():
            p.data = 0.2 * torch.rand(p.shape) - 0.1

    def zero_grad(self, set_to_none=True):
        super().zero_grad(set_to_none)
        for acumulado in self.buffers():
            acumulado.zero_()

    def forward(self, x, hp):
        h = self.U.mv(x).add(self.V.mv(hp)).sigmoid()
        return self.W.mv(h).sigmoid(), h

    @torch.no_grad()
    def backward(self, y_grad, rn_grad, x, hp):
        y, h = self(x, hp)
        hid, out = len(h), len(y)
        s = torch.zeros(out)
        for k in range(out):
            s[k] = y_grad[k] * y[k] * (1 - y[k])
        r = torch.zeros(hid)
        for j in range(hid):
            llega = torch.dot(self.W[:, j], s) + torch.dot(self.V[:, j], rn_grad)
            r[j] = llega * h[j] * (1 - h[j])
        self.U_grad.addr_(r, x)
        self.V_grad.addr_(r, hp)
        self.W_grad.addr_(s, h)
        return r


class RNN(nn.Module):
    def __init__(self, cell):
        super().__init__()
        self.cell = cell

    def forward(self, xs, h0):
        hs, ys = [h0], []
        for t in range(xs.shape[0]):
            y, h = self.cell(xs[t], hs[t])
            ys += [y]
            hs += [h]
        return torch.stack(ys), torch.stack(hs)

    def backward(self, ys_grad, xs, hs):
        siguiente = torch.zeros_like(hs[0])
        pasos = list(zip(ys_grad, xs, hs))  # hs tiene una fila más, que aquí sobra
        for y_grad, x, anterior in reversed(pasos):
            siguiente = self.cell.backward(y_grad, siguiente, x, anterior)


def compute_loss(ys, ts):
    return sum(((y - t) ** 2).sum() for y, t in zip(ys, ts)) / 2


def gradients_match(cell, xs, h0, ts, tolerance=1e-6):
    # trabajo con una copia, así la celda de fuera no se entera
    copia = copy.deepcopy(cell)
    copia.zero_grad()
    red = RNN(copia)
    ys, hs = red(xs, h0)
    compute_loss(ys, ts).backward()
    red.backward((ys - ts).detach(), xs, hs.detach())
    respuesta = {}
    for nombre in ("U", "V", "W"):
        autom = getattr(copia, nombre).grad
        a_mano = getattr(copia, nombre + "_grad")
        respuesta[nombre] = torch.allclose(autom, a_mano, rtol=0, atol=tolerance)
    return respuesta

"""Gathered gradients are Parameters, so backward works only where its caller has switched autograd off; RNN.backward clears first."""

import torch
from torch import nn


class RNNCell(nn.Module):
    def __init__(self, inp_sz, hid_sz, out_sz):
        super().__init__()
        for name, shape in {"U": (hid_sz, inp_sz), "V": (hid_sz, hid_sz), "W": (out_sz, hid_sz)}.items():
            setattr(self, name, nn.Parameter(torch.empty(shape)))
            setattr(self, f"{name}_grad", nn.Parameter(torch.zeros(shape)))
        self.reset_parameters()

    @torch.no_grad()
    def reset_parameters(self):
        self.U.uniform_(-0.1, 0.1)
        self.V.uniform_(-0.1, 0.1)
        self.W.uniform_(-0.1, 0.1)

    def zero_grad(self):
        for gradient in (self.U_grad, self.V_grad, self.W_grad):
            gradient.data.zero_()

    def forward(self, x, hp):
        h = (self.U.mv(x) + self.V.mv(hp)).sigmoid()
        return self.W.mv(h).sigmoid(), h

    def backward(self, y_grad, rn_grad, x, hp, h=None):
        y, h = self(x, hp) if h is None else (self.W.mv(h).sigmoid(), h)
        s_grad = y_grad * y * (1 - y)
        r_grad = torch.addmv(self.V.T.mv(rn_grad), self.W.T, s_grad) * h * (1 - h)
        self.U_grad.addr_(r_grad, x)
        self.V_grad.addr_(r_grad, hp)
        self.W_grad.addr_(s_grad, h)
        return r_grad


class RNN(nn.Module):
    def __init__(self, cell):
        super().__init__()
        self.cell = cell

    def forward(self, xs, h0):
        ys, hs = [], [h0]
        for x in xs:
            y, h = self.cell(x, hs[-1])
            ys, hs = [*ys, y], [*hs, h]
        return torch.stack(ys), torch.stack(hs)

    def backward(self, ys_grad, xs, hs):
        self.cell.zero_grad()
        rn_grad = torch.zeros_like(hs[0])
        for t in range(len(xs) - 1, -1, -1):
            rn_grad = self.cell.backward(y_grad=ys_grad[t], rn_grad=rn_grad, x=xs[t], hp=hs[t], h=hs[t + 1])
        return {name: getattr(self.cell, f"{name}_grad") for name in "UVW"}


def compute_loss(ys, ts):
    return torch.dist(ys, ts) ** 2 / 2


def gradients_match(cell, xs, h0, ts, tolerance=1e-6):
    rnn = RNN(cell)
    ys, hs = rnn(xs, h0)
    loss = compute_loss(ys, ts)
    with torch.no_grad():
        own = rnn.backward(ys - ts, xs, hs)
    return {
        name: torch.isclose(torch.autograd.grad(loss, getattr(cell, name), retain_graph=True)[0], own[name], tolerance).all().item()
        for name in own
    }

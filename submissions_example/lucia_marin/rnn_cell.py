"""Lucía Marín."""

import torch
from torch import Tensor


class RNNCell:
    def __init__(self, inp_sz: int, hid_sz: int, out_sz: int):
        self.U, self.V, self.W = (torch.empty(s, requires_grad=True) for s in [(hid_sz, inp_sz), (hid_sz, hid_sz), (out_sz, hid_sz)])
        self.U_grad, self.V_grad, self.W_grad = (torch.zeros(m.shape) for m in self.matrices)
        self.reset_parameters()

    @property
    def matrices(self):
        return self.U, self.V, self.W

    def reset_parameters(self):
        for m in self.matrices:
            m.data.uniform_(-0.1, 0.1)

    def zero_grad(self):
        for g in (self.U_grad, self.V_grad, self.W_grad):
            g.fill_(0)

    def forward(self, x: Tensor, hp: Tensor):
        h = (self.U @ x + self.V @ hp).sigmoid()
        return (self.W @ h).sigmoid(), h

    def backward(self, y_grad: Tensor, rn_grad: Tensor, x: Tensor, hp: Tensor) -> Tensor:
        with torch.no_grad():
            y, h = self.forward(x, hp)
            s_grad = y_grad * y * (1 - y)
            r_grad = (s_grad @ self.W + rn_grad @ self.V) * h * (1 - h)
            self.U_grad += torch.einsum("j,k->jk", r_grad, x)
            self.V_grad += torch.einsum("j,k->jk", r_grad, hp)
            self.W_grad += torch.einsum("j,k->jk", s_grad, h)
            return r_grad


class RNN:
    def __init__(self, cell: RNNCell):
        self.cell = cell

    def forward(self, xs: Tensor, h0: Tensor):
        pasos = []
        h = h0
        for x in xs:
            y, h = self.cell.forward(x, h)
            pasos.append((y, h))
        ys, hs = zip(*pasos)
        return torch.stack(ys), torch.cat([h0[None], torch.stack(hs)])

    def backward(self, ys_grad: Tensor, xs: Tensor, hs: Tensor):
        r_grad = torch.zeros_like(hs[0])
        for y_grad, x, hp in zip(ys_grad.flip(0), xs.flip(0), hs[:-1].flip(0)):
            r_grad = self.cell.backward(y_grad, r_grad, x, hp)


def compute_loss(ys: Tensor, ts: Tensor) -> Tensor:
    return (ys - ts).square().sum() / 2


def gradients_match(cell: RNNCell, xs: Tensor, h0: Tensor, ts: Tensor, tolerance: float = 1e-6) -> dict:
    antes = [m.grad for m in cell.matrices]
    for m in cell.matrices:
        m.grad = None
    red = RNN(cell)
    ys, hs = red.forward(xs, h0)
    compute_loss(ys, ts).backward()
    autograd = [m.grad for m in cell.matrices]
    for m, g in zip(cell.matrices, antes):
        m.grad = g

    cell.zero_grad()
    red.backward((ys - ts).detach(), xs, hs.detach())
    return {
        "U": torch.allclose(autograd[0], cell.U_grad, rtol=1e-4, atol=tolerance),
        "V": torch.allclose(autograd[1], cell.V_grad, rtol=1e-4, atol=tolerance),
        "W": torch.allclose(autograd[2], cell.W_grad, rtol=1e-4, atol=tolerance),
    }

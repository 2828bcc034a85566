"""Everything is an nn.Module: weights are Parameters, gathered gradients are buffers, autograd runs through .backward()."""

import torch
from torch import nn


class RNNCell(nn.Module):
    def __init__(self, inp_sz, hid_sz, out_sz):
        super().__init__()
        self.U = nn.Parameter(torch.empty(hid_sz, inp_sz))
        self.V = nn.Parameter(torch.empty(hid_sz, hid_sz))
        self.W = nn.Parameter(torch.empty(out_sz, hid_sz))
        for name in "UVW":
            self.register_buffer(f"{name}_grad", torch.zeros_like(getattr(self, name)))
        self.reset_parameters()

    def reset_parameters(self):
        for weight in self.parameters():
            nn.init.uniform_(weight, -0.1, 0.1)

    def zero_grad(self, set_to_none=True):
        super().zero_grad(set_to_none)
        for gradient in self.buffers():
            gradient.zero_()

    def _get_internals(self, x, hp):
        r = torch.matmul(self.U, x) + torch.matmul(self.V, hp)
        h = torch.sigmoid(r)
        s = torch.matmul(self.W, h)
        return h, torch.sigmoid(s)

    def forward(self, x, hp):
        h, y = self._get_internals(x, hp)
        return y, h

    @torch.no_grad()
    def backward(self, y_grad, rn_grad, x, hp):
        h, y = self._get_internals(x, hp)
        s_grad = y_grad * (1 - y) * y
        h_grad = torch.matmul(s_grad, self.W) + torch.matmul(rn_grad, self.V)
        r_grad = h_grad * (1 - h) * h
        self.U_grad.add_(torch.ger(r_grad, x))
        self.V_grad.add_(torch.ger(r_grad, hp))
        self.W_grad.add_(torch.ger(s_grad, h))
        return r_grad


class RNN(nn.Module):
    def __init__(self, cell):
        super().__init__()
        self.cell = cell

    def forward(self, xs, h0):
        ys, hs = [], [h0]
        for x in xs:
            y, h = self.cell(x, hs[-1])
            ys.append(y)
            hs.append(h)
        return torch.stack(ys), torch.stack(hs)

    def backward(self, ys_grad, xs, hs):
        rn_grad = torch.zeros(self.cell.V.shape[0])
        for y_grad, x, hp in zip(ys_grad.flip(0), xs.flip(0), hs[:-1].flip(0)):
            rn_grad = self.cell.backward(y_grad, rn_grad, x, hp)
        return rn_grad


def compute_loss(ys, ts):
    return nn.functional.mse_loss(ys, ts, reduction="sum") / 2


def gradients_match(cell, xs, h0, ts, tolerance=1e-6):
    network = RNN(cell)
    kept = [weight.grad for weight in cell.parameters()]
    for weight in cell.parameters():
        weight.grad = None
    ys, hs = network(xs, h0)
    compute_loss(ys, ts).backward()
    automatic = {name: weight.grad for name, weight in cell.named_parameters()}
    for weight, gradient in zip(cell.parameters(), kept):
        weight.grad = gradient
    for gradient in cell.buffers():
        gradient.zero_()
    with torch.no_grad():
        network.backward(ys - ts, xs, hs)
    return {name: torch.allclose(automatic[name], getattr(cell, f"{name}_grad"), rtol=0, atol=tolerance) for name in "UVW"}

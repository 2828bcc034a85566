"""Celda recurrente a mano y con autograd. Ana Beltrán, grupo A."""

import torch


class RNNCell:
    def __init__(self, inp_sz, hid_sz, out_sz):
        self.U = torch.empty(hid_sz, inp_sz, requires_grad=True)
        self.V = torch.empty(hid_sz, hid_sz, requires_grad=True)
        self.W = torch.empty(out_sz, hid_sz, requires_grad=True)
        self.reset_parameters()
        self.zero_grad()

    def reset_parameters(self):
        for peso in (self.U, self.V, self.W):
            torch.nn.init.uniform_(peso, -0.1, 0.1)

    def zero_grad(self):
        self.U_grad = torch.zeros_like(self.U)
        self.V_grad = torch.zeros_like(self.V)
        self.W_grad = torch.zeros_like(self.W)

    def forward(self, x, hp):
        h = torch.sigmoid(self.U @ x + self.V @ hp)
        return torch.sigmoid(self.W @ h), h

    def backward(self, y_grad, rn_grad, x, hp):
        with torch.no_grad():
            y, h = self.forward(x, hp)
            s_grad = y_grad * y * (1 - y)
            r_grad = (self.W.T @ s_grad + self.V.T @ rn_grad) * h * (1 - h)
            self.U_grad += torch.outer(r_grad, x)
            self.V_grad += torch.outer(r_grad, hp)
            self.W_grad += torch.outer(s_grad, h)
        return r_grad


class RNN:
    def __init__(self, cell):
        self.cell = cell

    def forward(self, xs, h0):
        h, hs, ys = h0, [h0], []
        for x in xs:
            y, h = self.cell.forward(x, h)
            ys.append(y)
            hs.append(h)
        return torch.stack(ys), torch.stack(hs)

    def backward(self, ys_grad, xs, hs):
        r_grad = torch.zeros(hs.shape[1])
        for t in range(len(xs) - 1, -1, -1):
            r_grad = self.cell.backward(ys_grad[t], r_grad, xs[t], hs[t])


def compute_loss(ys, ts):
    return 0.5 * ((ys - ts) ** 2).sum()


def gradients_match(cell, xs, h0, ts, tolerance=1e-6):
    rnn = RNN(cell)
    ys, hs = rnn.forward(xs, h0)
    auto = torch.autograd.grad(compute_loss(ys, ts), (cell.U, cell.V, cell.W))

    cell.zero_grad()
    rnn.backward((ys - ts).detach(), xs, hs.detach())
    mano = (cell.U_grad, cell.V_grad, cell.W_grad)

    return {k: torch.max(torch.abs(a - m)).item() <= tolerance for k, a, m in zip("UVW", auto, mano)}

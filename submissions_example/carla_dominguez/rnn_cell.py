"""Una celda recurrente y su red (a partir del código del documento)."""

import torch


class RNNCell:
    def __init__(self, inp_sz, hid_sz, out_sz):
        self.U = torch.empty(hid_sz, inp_sz, requires_grad=True)
        self.V = torch.empty(hid_sz, hid_sz, requires_grad=True)
        self.W = torch.empty(out_sz, hid_sz, requires_grad=True)
        self.U_grad = torch.zeros_like(self.U)
        self.V_grad = torch.zeros_like(self.V)
        self.W_grad = torch.zeros_like(self.W)
        self.reset_parameters()

    def reset_parameters(self):
        with torch.no_grad():
            self.U.uniform_(-0.1, 0.1)
            self.V.uniform_(-0.1, 0.1)
            self.W.uniform_(-0.1, 0.1)

    def zero_grad(self):
        self.U_grad.zero_()
        self.V_grad.zero_()
        self.W_grad.zero_()

    def forward(self, x, hp):
        r = self.U @ x + self.V @ hp
        h = torch.sigmoid(r)
        s = self.W @ h
        y = torch.sigmoid(s)
        return y, h

    def backward(self, y_grad, rn_grad, x, hp):
        with torch.no_grad():
            y, h = self.forward(x, hp)
            s_grad = y_grad * y * (1 - y)
            h_grad = self.V.t() @ rn_grad + self.W.t() @ s_grad
            r_grad = h_grad * h * (1 - h)
            self.U_grad += torch.ger(r_grad, x)
            self.V_grad += torch.ger(r_grad, hp)
            self.W_grad += torch.ger(s_grad, h)
        return r_grad


class RNN:
    def __init__(self, rnn_cell):
        global cell
        cell = rnn_cell
        self.cell = rnn_cell

    def forward(self, xs, h0):
        ys, hs = [], [h0]
        for x in xs:
            y, h = self.cell.forward(x, hs[-1])
            ys.append(y)
            hs.append(h)
        return torch.stack(ys), torch.stack(hs)

    def backward(self, ys_grad, xs, hs):
        rn_grad = torch.zeros_like(hs[0])
        for t in reversed(range(len(xs))):
            rn_grad = cell.backward(ys_grad[t], rn_grad, xs[t], hs[t])


def compute_loss(ys, ts):
    return 0.5 * torch.sum((ys - ts) ** 2)


def gradients_match(cell, xs, h0, ts, tolerance=1e-6):
    rnn = RNN(cell)
    ys, hs = rnn.forward(xs, h0)
    gU, gV, gW = torch.autograd.grad(compute_loss(ys, ts), [cell.U, cell.V, cell.W])
    cell.zero_grad()
    with torch.no_grad():
        rnn.backward(ys - ts, xs, hs)
    return {
        "U": bool((gU - cell.U_grad).abs().max() < tolerance),
        "V": bool((gV - cell.V_grad).abs().max() < tolerance),
        "W": bool((gW - cell.W_grad).abs().max() < tolerance),
    }

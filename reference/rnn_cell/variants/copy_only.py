"""The weights are read-only properties: only copy_ reaches them. RNN has a backward pass of its own, without the cell's."""

import torch
from torch import einsum, sigmoid


class RNNCell:
    def __init__(self, inp_sz, hid_sz, out_sz):
        shapes = {"U": (hid_sz, inp_sz), "V": (hid_sz, hid_sz), "W": (out_sz, hid_sz)}
        self._weights = {name: torch.zeros(shape, requires_grad=True) for name, shape in shapes.items()}
        self._gradients = {name: torch.zeros(shape) for name, shape in shapes.items()}
        self.reset_parameters()

    U = property(lambda self: self._weights["U"])
    V = property(lambda self: self._weights["V"])
    W = property(lambda self: self._weights["W"])
    U_grad = property(lambda self: self._gradients["U"])
    V_grad = property(lambda self: self._gradients["V"])
    W_grad = property(lambda self: self._gradients["W"])

    def reset_parameters(self):
        for weight in self._weights.values():
            weight.data.copy_(torch.empty_like(weight.data).uniform_(-0.1, 0.1))

    def zero_grad(self):
        for gradient in self._gradients.values():
            gradient.fill_(0.0)

    def add(self, U, V, W):
        for gradient, share in zip(self._gradients.values(), (U, V, W)):
            gradient += share.detach()

    def forward(self, x, hp):
        h = sigmoid(einsum("hi,i->h", self.U, x) + einsum("hk,k->h", self.V, hp))
        return sigmoid(einsum("oh,h->o", self.W, h)), h

    def backward(self, y_grad, rn_grad, x, hp):
        y, h = self.forward(x, hp)
        s_grad = y_grad * (y - y**2)
        r_grad = (einsum("oh,o->h", self.W, s_grad) + einsum("kh,k->h", self.V, rn_grad)) * (h - h**2)
        self.add(einsum("h,i->hi", r_grad, x), einsum("h,k->hk", r_grad, hp), einsum("o,h->oh", s_grad, h))
        return r_grad.detach()


class RNN:
    def __init__(self, cell):
        self._cell = cell

    def forward(self, xs, h0):
        ys, hs = [], [h0]
        for x in xs.unbind():
            y, h = self._cell.forward(x, hs[-1])
            ys.append(y)
            hs.append(h)
        return torch.stack(ys), torch.stack(hs)

    def backward(self, ys_grad, xs, hs):
        cell = self._cell
        with torch.no_grad():
            hp, h = hs[:-1], hs[1:]
            y = sigmoid(h @ cell.W.T)
            s_grad = ys_grad * y * (1 - y)
            r_grad = s_grad @ cell.W
            r_grad[-1] *= h[-1] * (1 - h[-1])
            for t in range(len(xs) - 2, -1, -1):
                r_grad[t] = (r_grad[t] + r_grad[t + 1] @ cell.V) * h[t] * (1 - h[t])
            cell.add(einsum("th,ti->hi", r_grad, xs), einsum("th,tk->hk", r_grad, hp), einsum("to,th->oh", s_grad, h))


def compute_loss(ys, ts):
    error = ys - ts
    return einsum("to,to->", error, error) / 2


def gradients_match(cell, xs, h0, ts, tolerance=1e-6):
    rnn = RNN(cell)
    ys, hs = rnn.forward(xs, h0)
    weights = [cell.U, cell.V, cell.W]
    automatic = torch.autograd.grad(compute_loss(ys, ts), weights)
    cell.zero_grad()
    rnn.backward(ys - ts, xs, hs)
    own = [cell.U_grad, cell.V_grad, cell.W_grad]
    distances = [(torch.norm(a - b) / torch.norm(a)).item() for a, b in zip(automatic, own)]
    return dict(zip("UVW", (distance < tolerance for distance in distances)))

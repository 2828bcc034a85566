"""One number at a time: loops over indices, a sigmoid of its own, lists while the sequence runs, a relative tolerance."""

import math

import torch


def sigmoid(z):
    return 1 / (1 + math.exp(-z)) if isinstance(z, float) else 1 / (1 + torch.exp(-z))


class RNNCell:
    def __init__(self, inp_sz, hid_sz, out_sz):
        self.sizes = (inp_sz, hid_sz, out_sz)
        self.U = torch.zeros(hid_sz, inp_sz).requires_grad_()
        self.V = torch.zeros(hid_sz, hid_sz).requires_grad_()
        self.W = torch.zeros(out_sz, hid_sz).requires_grad_()
        self.reset_parameters()
        self.zero_grad()

    def reset_parameters(self):
        for matrix in (self.U, self.V, self.W):
            rows, columns = matrix.shape
            with torch.no_grad():
                for j in range(rows):
                    for k in range(columns):
                        matrix[j, k] = 0.2 * torch.rand(1).item() - 0.1

    def zero_grad(self):
        inp, hid, out = self.sizes
        self.U_grad = torch.zeros(hid, inp)
        self.V_grad = torch.zeros(hid, hid)
        self.W_grad = torch.zeros(out, hid)

    def forward(self, x, hp):
        inp, hid, out = self.sizes
        h = []
        for j in range(hid):
            r = torch.zeros(())
            for k in range(inp):
                r = r + self.U[j, k] * x[k]
            for k in range(hid):
                r = r + self.V[j, k] * hp[k]
            h.append(sigmoid(r))
        y = []
        for j in range(out):
            s = torch.zeros(())
            for k in range(hid):
                s = s + self.W[j, k] * h[k]
            y.append(sigmoid(s))
        return torch.stack(y), torch.stack(h)

    def backward(self, y_grad, rn_grad, x, hp):
        inp, hid, out = self.sizes
        U, V, W = self.U.tolist(), self.V.tolist(), self.W.tolist()
        y_grad, rn_grad, x, hp = y_grad.tolist(), rn_grad.tolist(), x.tolist(), hp.tolist()
        h = [sigmoid(sum(U[j][k] * x[k] for k in range(inp)) + sum(V[j][k] * hp[k] for k in range(hid))) for j in range(hid)]
        y = [sigmoid(sum(W[j][k] * h[k] for k in range(hid))) for j in range(out)]
        s_grad = [y_grad[j] * y[j] * (1 - y[j]) for j in range(out)]
        r_grad = []
        for k in range(hid):
            total = 0.0
            for j in range(out):
                total += W[j][k] * s_grad[j]
            for j in range(hid):
                total += V[j][k] * rn_grad[j]
            r_grad.append(total * h[k] * (1 - h[k]))
        for j in range(hid):
            for k in range(inp):
                self.U_grad[j, k] += r_grad[j] * x[k]
            for k in range(hid):
                self.V_grad[j, k] += r_grad[j] * hp[k]
        for j in range(out):
            for k in range(hid):
                self.W_grad[j, k] += s_grad[j] * h[k]
        return torch.tensor(r_grad)


class RNN:
    def __init__(self, cell):
        self.cell = cell

    def forward(self, xs, h0):
        ys, hs = [], [h0]
        for t in range(len(xs)):
            y, h = self.cell.forward(xs[t], hs[t])
            ys.append(y)
            hs.append(h)
        return ys, hs

    def backward(self, ys_grad, xs, hs):
        rn_grad = torch.zeros(self.cell.sizes[1])
        t = len(xs)
        while t > 0:
            t -= 1
            rn_grad = self.cell.backward(ys_grad[t], rn_grad, xs[t], hs[t])


def compute_loss(ys, ts):
    total = 0
    for y, t in zip(ys, ts):
        for k in range(len(t)):
            total = total + 0.5 * (y[k] - t[k]) ** 2
    return total


def gradients_match(cell, xs, h0, ts, tolerance=1e-6):
    rnn = RNN(cell)
    ys, hs = rnn.forward(xs, h0)
    gradients = torch.autograd.grad(compute_loss(ys, ts), (cell.U, cell.V, cell.W))
    cell.zero_grad()
    rnn.backward([y - t for y, t in zip(ys, ts)], xs, hs)
    result = {}
    for name, theirs in zip("UVW", gradients):
        ours = getattr(cell, f"{name}_grad")
        result[name] = all(
            abs(a - b) <= tolerance * max(abs(a), abs(b)) for a, b in zip(theirs.flatten().tolist(), ours.flatten().tolist())
        )
    return result

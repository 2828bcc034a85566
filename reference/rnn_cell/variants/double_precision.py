"""By hand in float64 with numpy, whatever comes in; the comparison works on a deep copy with autograd in float64."""

import copy

import numpy as np
import torch


def numbers(tensor):
    return tensor.detach().numpy().astype(np.float64)


def squash(z):
    return 0.5 * (1 + np.tanh(z / 2))


class RNNCell:
    def __init__(self, inp_sz, hid_sz, out_sz):
        def fresh(*shape):
            return torch.nn.Parameter(torch.zeros(*shape))

        self.U, self.V, self.W = fresh(hid_sz, inp_sz), fresh(hid_sz, hid_sz), fresh(out_sz, hid_sz)
        self.reset_parameters()
        self.U_grad = self.V_grad = self.W_grad = None

    def reset_parameters(self):
        generator = np.random.default_rng()
        for weight in (self.U, self.V, self.W):
            weight.data = torch.tensor(generator.uniform(-0.1, 0.1, tuple(weight.shape)), dtype=torch.float32)

    def zero_grad(self):
        self.U_grad = self.V_grad = self.W_grad = None

    def forward(self, x, hp):
        h = 0.5 * (1 + torch.tanh((self.U @ x + self.V @ hp) / 2))
        return 0.5 * (1 + torch.tanh((self.W @ h) / 2)), h

    def backward(self, y_grad, rn_grad, x, hp):
        U, V, W = numbers(self.U), numbers(self.V), numbers(self.W)
        y_grad, rn_grad, x, hp = numbers(y_grad), numbers(rn_grad), numbers(x), numbers(hp)
        h = squash(U.dot(x) + V.dot(hp))
        y = squash(W.dot(h))
        s_grad = y_grad * y * (1 - y)
        r_grad = (s_grad.dot(W) + rn_grad.dot(V)) * h * (1 - h)
        for name, share in {"U": np.outer(r_grad, x), "V": np.outer(r_grad, hp), "W": np.outer(s_grad, h)}.items():
            gathered = getattr(self, f"{name}_grad")
            share = torch.from_numpy(share)
            setattr(self, f"{name}_grad", share if gathered is None else gathered + share)
        return torch.from_numpy(r_grad)


class RNN:
    def __init__(self, cell):
        self.cell, self.step = cell, cell.forward

    def forward(self, xs, h0):
        def run(xs, h):
            if len(xs) == 0:
                return [], [h]
            y, later = self.step(xs[0], h)
            ys, hs = run(xs[1:], later)
            return [y, *ys], [h, *hs]

        ys, hs = run(xs, h0)
        return torch.stack(ys), torch.stack(hs)

    def backward(self, ys_grad, xs, hs):
        r_grad = torch.zeros(hs.shape[1])
        for t in range(1, len(xs) + 1):
            r_grad = self.cell.backward(ys_grad[-t], r_grad, xs[-t], hs[-t - 1])


def compute_loss(ys, ts):
    return 0.5 * float((ys - ts).double().pow(2).sum()) if not ys.requires_grad else 0.5 * (ys - ts).double().pow(2).sum()


def gradients_match(cell, xs, h0, ts, tolerance=1e-6):
    twin = copy.deepcopy(cell)
    twin.zero_grad()
    for name in "UVW":
        weight = getattr(twin, name)
        weight.data, weight.grad = weight.data.double(), None
    rnn = RNN(twin)
    ys, hs = rnn.forward(xs.double(), h0.double())
    compute_loss(ys, ts.double()).backward()
    rnn.backward((ys - ts).detach(), xs, hs)
    return {
        name: np.allclose(getattr(twin, name).grad.numpy(), getattr(twin, f"{name}_grad").numpy(), rtol=tolerance, atol=tolerance)
        for name in "UVW"
    }

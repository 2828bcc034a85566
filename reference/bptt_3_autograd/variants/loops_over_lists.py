"""Plain Python numbers in lists, by hand and in float64; autograd on a sum of squares one term at a time."""

import math

import torch
from torch import nn

NAMES = ["U", "V", "W"]


def squash(z):
    return 1 / (1 + math.exp(-z))


def times(matrix, vector):
    return [sum(a * b for a, b in zip(row, vector)) for row in matrix]


class TorchRNN(nn.Module):
    def __init__(self, n_inputs, n_hidden, n_outputs):
        super().__init__()
        self.U = nn.Parameter(torch.rand(n_hidden, n_inputs) - 0.5)
        self.V = nn.Parameter(torch.rand(n_hidden, n_hidden) - 0.5)
        self.W = nn.Parameter(torch.rand(n_outputs, n_hidden) - 0.5)

    def forward(self, xs, h0):
        ys, hs = [], [h0]
        for t in range(len(xs)):
            h = 1 / (1 + torch.exp(-(self.U.mv(xs[t]) + self.V.mv(hs[t]))))
            hs.append(h)
            ys.append(1 / (1 + torch.exp(-self.W.mv(h))))
        return ys, hs


def autograd_gradients(params, xs, ts, h0):
    o, h = params["W"].shape
    rnn = TorchRNN(params["U"].shape[1], h, o)
    with torch.no_grad():
        for name in NAMES:
            getattr(rnn, name).copy_(params[name])
    ys, _ = rnn(xs, h0)
    total = 0
    for y, target in zip(ys, ts):
        for j in range(len(target)):
            total = total + (y[j] - target[j]) ** 2 / 2
    total.backward()
    return {name: getattr(rnn, name).grad for name in NAMES}


def manual_gradients(params, xs, ts, h0):
    U, V, W = (params[name].tolist() for name in NAMES)
    xs, ts, hs, ys = xs.tolist(), ts.tolist(), [h0.tolist()], []
    for x in xs:
        hs.append([squash(a + b) for a, b in zip(times(U, x), times(V, hs[-1]))])
        ys.append([squash(s) for s in times(W, hs[-1])])
    grads = {name: [[0.0] * len(row) for row in matrix] for name, matrix in zip(NAMES, (U, V, W))}
    after = [0.0] * len(V)
    for t in reversed(range(len(xs))):
        s_bar = [(y - target) * y * (1 - y) for y, target in zip(ys[t], ts[t])]
        h_bar = [a + b for a, b in zip(times(zip(*W), s_bar), times(zip(*V), after))]
        after = [g * h * (1 - h) for g, h in zip(h_bar, hs[t + 1])]
        for name, left, right in [("U", after, xs[t]), ("V", after, hs[t]), ("W", s_bar, hs[t + 1])]:
            for j, a in enumerate(left):
                for k, b in enumerate(right):
                    grads[name][j][k] += a * b
    return grads


def compare_gradients(params, xs, ts, h0, tolerance=1e-6):
    theirs, ours = autograd_gradients(params, xs, ts, h0), manual_gradients(params, xs, ts, h0)
    result, equal = {}, True
    for name in NAMES:
        pairs = list(zip(theirs[name].flatten().tolist(), sum(ours[name], [])))
        absolute = max(abs(a - b) for a, b in pairs)
        relative = max(abs(a - b) / max(abs(a), abs(b), 1e-8) for a, b in pairs)
        result[name] = {"max_abs_difference": absolute, "relative_error": relative}
        equal = equal and (absolute <= tolerance or relative <= tolerance)
    result["equal"] = equal
    return result

"""Everything in float64 inside; the comparison has its own code and a relative tolerance."""

import numpy as np
import torch
from torch import nn


def unroll(U, V, W, xs, h0):
    h, ys, hs = h0, [], [h0]
    for x in xs.unbind():
        h = torch.sigmoid(torch.einsum("hi,i->h", U, x) + torch.einsum("hk,k->h", V, h))
        hs += [h]
        ys += [torch.sigmoid(torch.einsum("oh,h->o", W, h))]
    return torch.stack(ys), torch.stack(hs)


class TorchRNN(nn.Module):
    def __init__(self, n_inputs, n_hidden, n_outputs):
        super().__init__()
        shapes = {"U": (n_hidden, n_inputs), "V": (n_hidden, n_hidden), "W": (n_outputs, n_hidden)}
        for name, shape in shapes.items():
            self.register_parameter(name, nn.Parameter(0.1 * torch.randn(shape)))

    def forward(self, xs, h0):
        return unroll(self.U, self.V, self.W, xs, h0)


def doubled(params, xs, ts, h0):
    return [params[name].detach().double() for name in "UVW"], xs.double(), ts.double(), h0.double()


def autograd_gradients(params, xs, ts, h0):
    weights, xs, ts, h0 = doubled(params, xs, ts, h0)
    weights = [weight.requires_grad_() for weight in weights]
    ys, _ = unroll(*weights, xs, h0)
    ((ys - ts).pow(2).sum() / 2).backward()
    return {name: weight.grad for name, weight in zip("UVW", weights)}


def by_numpy(params, xs, ts, h0):
    (U, V, W), xs, ts, h0 = doubled(params, xs, ts, h0)
    ys, hs = (part.numpy() for part in unroll(U, V, W, xs, h0))
    U, V, W, xs, ts = (part.numpy() for part in (U, V, W, xs, ts))
    s_bar = (ys - ts) * ys * (1 - ys)
    r_bar = np.zeros((len(xs) + 1, len(V)))
    for t in range(len(xs) - 1, -1, -1):
        r_bar[t] = (s_bar[t] @ W + r_bar[t + 1] @ V) * hs[t + 1] * (1 - hs[t + 1])
    return {"U": r_bar[:-1].T @ xs, "V": r_bar[:-1].T @ hs[:-1], "W": s_bar.T @ hs[1:]}


def manual_gradients(params, xs, ts, h0):
    return {name: torch.from_numpy(value).float() for name, value in by_numpy(params, xs, ts, h0).items()}


def compare_gradients(params, xs, ts, h0, tolerance=1e-6):
    auto, manual = autograd_gradients(params, xs, ts, h0), by_numpy(params, xs, ts, h0)
    answer = {"equal": True}
    for name in "VWU":
        a, b = auto[name].numpy(), manual[name]
        largest = max(abs(a).max(), abs(b).max())
        distance = abs(a - b).max()
        answer[name] = {"max_abs_difference": distance, "relative_error": distance / largest if largest else 0}
        answer["equal"] &= bool(distance <= tolerance * largest)
    return answer

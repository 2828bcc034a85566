"""torch.func for autograd, a backward pass of matrices per step, and a comparison over all matrices together."""

import torch
from torch import nn
from torch.func import grad


def states(params, xs, h0):
    h = h0
    yield h
    for x in xs:
        h = (x @ params["U"].T + h @ params["V"].T).sigmoid()
        yield h


def outputs(params, xs, h0):
    hs = torch.stack(list(states(params, xs, h0)))
    return (hs[1:] @ params["W"].T).sigmoid(), hs


class TorchRNN(nn.Module):
    def __init__(self, n_inputs, n_hidden, n_outputs):
        super().__init__()
        self.W = nn.Parameter(nn.init.orthogonal_(torch.empty(n_outputs, n_hidden)))
        self.V = nn.Parameter(nn.init.eye_(torch.empty(n_hidden, n_hidden)))
        self.U = nn.Parameter(nn.init.orthogonal_(torch.empty(n_hidden, n_inputs)))

    def forward(self, xs, h0):
        return outputs(dict(self.named_parameters()), xs, h0)


def autograd_gradients(params, xs, ts, h0):
    def loss(free):
        ys, _ = outputs(free, xs, h0)
        return torch.dist(ys, ts) ** 2 / 2

    return grad(loss)({name: weight.detach() for name, weight in params.items()})


def manual_gradients(params, xs, ts, h0):
    with torch.inference_mode():
        params = {name: weight.detach().clone() for name, weight in params.items()}
        ys, hs = outputs(params, xs, h0)
        s_bar = (ys - ts) * (ys - ys**2)
        r_bar = s_bar @ params["W"]
        slope = hs[1:] - hs[1:] ** 2
        r_bar[-1] *= slope[-1]
        for t in range(len(xs) - 2, -1, -1):
            r_bar[t] = (r_bar[t] + r_bar[t + 1] @ params["V"]) * slope[t]
        outer = {"U": (r_bar, xs), "V": (r_bar, hs[:-1]), "W": (s_bar, hs[1:])}
        return {name: torch.einsum("tj,tk->jk", left, right) for name, (left, right) in outer.items()}


def compare_gradients(params, xs, ts, h0, tolerance=1e-6):
    one, two = autograd_gradients(params, xs, ts, h0), manual_gradients(params, xs, ts, h0)
    report, flat = {}, []
    for name in "UVW":
        a, b = one[name].flatten(), two[name].flatten()
        flat.append((a, b))
        both = (a.abs() + b.abs()).clamp_min(1e-12)
        report[name] = dict(
            max_abs_difference=float(torch.linalg.vector_norm(a - b, torch.inf)),
            relative_error=float(((a - b).abs() / both).max()),
        )
    a, b = (torch.cat(parts) for parts in zip(*flat))
    return report | {"equal": bool((a - b).norm() <= tolerance * (a.norm() + b.norm()))}

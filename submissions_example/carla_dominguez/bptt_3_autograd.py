"""Comparar la retropropagación a mano con la de PyTorch."""

import torch
import torch.nn as nn


class TorchRNN(nn.Module):
    def __init__(self, n_inputs, n_hidden, n_outputs):
        super().__init__()
        self.U = nn.Parameter(torch.empty(n_hidden, n_inputs))
        self.V = nn.Parameter(torch.empty(n_hidden, n_hidden))
        self.W = nn.Parameter(torch.empty(n_outputs, n_hidden))
        for p in self.parameters():
            nn.init.uniform_(p, -0.1, 0.1)

    def forward(self, xs, h0):
        hs = [h0]
        ys = []
        for x in xs:
            h = torch.sigmoid(self.U @ x + self.V @ hs[-1])
            hs.append(h)
            ys.append(torch.sigmoid(self.W @ h))
        return torch.stack(ys), torch.stack(hs)


def run(params, xs, h0):
    hs = [h0]
    ys = []
    for x in xs:
        h = torch.sigmoid(params["U"] @ x + params["V"] @ hs[-1])
        hs.append(h)
        ys.append(torch.sigmoid(params["W"] @ h))
    return torch.stack(ys), torch.stack(hs)


def autograd_gradients(params, xs, ts, h0):
    p = {k: v.detach().clone().requires_grad_(True) for k, v in params.items()}
    ys, hs = run(p, xs, h0)
    loss = 0.5 * torch.sum((ys - ts) ** 2)
    loss.backward()
    return {k: v.grad for k, v in p.items()}


def manual_gradients(params, xs, ts, h0):
    with torch.no_grad():
        ys, hs = run(params, xs, h0)
        gU = torch.zeros_like(params["U"])
        gV = torch.zeros_like(params["V"])
        gW = torch.zeros_like(params["W"])
        r_next = torch.zeros_like(h0)
        for t in reversed(range(len(xs))):
            y, h = ys[t], hs[t + 1]
            s_grad = (y - ts[t]) * y * (1 - y)
            h_grad = params["W"].t() @ s_grad + params["V"].t() @ r_next
            r_grad = h_grad * (1 - h ** 2)
            gU += torch.outer(r_grad, xs[t])
            gV += torch.outer(r_grad, hs[t])
            gW += torch.outer(s_grad, h)
            r_next = r_grad
    return {"U": gU, "V": gV, "W": gW}


def compare_gradients(params, xs, ts, h0, tolerance=1e-6):
    auto = autograd_gradients(params, xs, ts, h0)
    manual = manual_gradients(params, xs, ts, h0)
    result = {}
    equal = True
    for k in ["U", "V", "W"]:
        diff = torch.max(torch.abs(auto[k] - manual[k])).item()
        scale = torch.max(torch.abs(auto[k])).item() + 1e-12
        result[k] = {"max_abs_difference": diff, "relative_error": diff / scale}
        if diff > tolerance:
            equal = False
    result["equal"] = equal
    return result

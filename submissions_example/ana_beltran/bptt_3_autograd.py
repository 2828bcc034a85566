"""BPTT a mano contra autograd. Ana Beltrán, grupo A."""

import torch
from torch import nn


def _recorrer(U, V, W, xs, h0):
    hs, ys = [h0], []
    for x in xs:
        hs.append(torch.sigmoid(U @ x + V @ hs[-1]))
        ys.append(torch.sigmoid(W @ hs[-1]))
    return torch.stack(ys), torch.stack(hs)


class TorchRNN(nn.Module):
    def __init__(self, n_inputs, n_hidden, n_outputs):
        super().__init__()
        self.U = nn.Parameter(torch.randn(n_hidden, n_inputs) * n_inputs**-0.5)
        self.V = nn.Parameter(torch.randn(n_hidden, n_hidden) * n_hidden**-0.5)
        self.W = nn.Parameter(torch.randn(n_outputs, n_hidden) * n_hidden**-0.5)

    def forward(self, xs, h0):
        return _recorrer(self.U, self.V, self.W, xs, h0)


def autograd_gradients(params, xs, ts, h0):
    hojas = {k: p.detach().clone().requires_grad_() for k, p in params.items()}
    ys, _ = _recorrer(**hojas, xs=xs, h0=h0)
    perdida = 0.5 * (ys - ts).pow(2).sum()
    return dict(zip(hojas, torch.autograd.grad(perdida, list(hojas.values()))))


def manual_gradients(params, xs, ts, h0):
    with torch.no_grad():
        U, V, W = params["U"], params["V"], params["W"]
        ys, hs = _recorrer(U, V, W, xs, h0)
        s_bar = (ys - ts) * ys * (1 - ys)
        r_bar = torch.zeros(len(xs) + 1, len(V))
        for t in range(len(xs) - 1, -1, -1):
            r_bar[t] = (W.T @ s_bar[t] + V.T @ r_bar[t + 1]) * hs[t + 1] * (1 - hs[t + 1])
        r_bar = r_bar[:-1]
        return {"U": r_bar.T @ xs, "V": r_bar.T @ hs[:-1], "W": s_bar.T @ hs[1:]}


def compare_gradients(params, xs, ts, h0, tolerance=1e-6):
    auto = autograd_gradients(params, xs, ts, h0)
    mano = manual_gradients(params, xs, ts, h0)
    resultado = {}
    for k in ("U", "V", "W"):
        diferencia = auto[k] - mano[k]
        norma = (auto[k].norm() + mano[k].norm()).item()
        resultado[k] = {
            "max_abs_difference": diferencia.abs().max().item(),
            "relative_error": diferencia.norm().item() / norma if norma > 0 else 0.0,
        }
    resultado["equal"] = all(r["max_abs_difference"] <= tolerance for r in resultado.values())
    return resultado

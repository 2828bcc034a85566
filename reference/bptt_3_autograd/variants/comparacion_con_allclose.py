"""Con nombres en español, el módulo para todo, `allclose`, mensajes por pantalla y gradientes que llevan grafo."""

import copy

import torch
import torch.nn as nn
import torch.nn.functional as F


class TorchRNN(nn.Module):
    def __init__(self, n_inputs, n_hidden, n_outputs):
        super().__init__()
        self.capa = nn.Linear(n_inputs, n_hidden, bias=False)
        self.recurrente = nn.Linear(n_hidden, n_hidden, bias=False)
        self.salida = nn.Linear(n_hidden, n_outputs, bias=False)
        print("red creada")

    U = property(lambda self: self.capa.weight)
    V = property(lambda self: self.recurrente.weight)
    W = property(lambda self: self.salida.weight)

    def forward(self, xs, h0):
        estados = [h0]
        for x in xs:
            estados.append(F.sigmoid(self.capa(x) + self.recurrente(estados[-1])))
        estados = torch.vstack(estados)
        return F.sigmoid(self.salida(estados[1:])), estados


def perdida(ys, ts):
    return F.mse_loss(ys, ts, reduction="sum") / 2


def red_con(params):
    red = TorchRNN(params["U"].shape[1], params["U"].shape[0], params["W"].shape[0])
    red.load_state_dict({"capa.weight": params["U"], "recurrente.weight": params["V"], "salida.weight": params["W"]})
    return red


def autograd_gradients(params, xs, ts, h0):
    red = red_con(copy.deepcopy(params))
    ys, _ = red(xs, h0)
    perdida(ys, ts).backward()
    return {"U": red.U.grad, "V": red.V.grad, "W": red.W.grad}


def manual_gradients(params, xs, ts, h0):
    U, V, W = params["U"], params["V"], params["W"]
    ys, hs = red_con(params)(xs, h0)
    barra_s = (ys - ts) * ys * (1 - ys)

    def hacia_atras(t):
        if t == len(xs):
            return []
        siguientes = hacia_atras(t + 1)
        llega = barra_s[t] @ W
        if siguientes:
            llega = llega + siguientes[0] @ V
        return [llega * hs[t + 1] * (1 - hs[t + 1]), *siguientes]

    barra_r = torch.stack(hacia_atras(0))
    return {"U": barra_r.T @ xs, "V": barra_r.T @ hs[:-1], "W": barra_s.T @ hs[1:]}


def compare_gradients(params, xs, ts, h0, tolerance=1e-6):
    automatico = autograd_gradients(params, xs, ts, h0)
    manual = manual_gradients(params, xs, ts, h0)
    informe = {
        k: {
            "max_abs_difference": torch.max(torch.abs(automatico[k] - manual[k])),
            "relative_error": torch.norm(automatico[k] - manual[k]) / (torch.norm(manual[k]) + 1e-12),
        }
        for k in ("U", "V", "W")
    }
    informe["equal"] = all(torch.allclose(automatico[k], manual[k], atol=tolerance) for k in ("U", "V", "W"))
    print("iguales" if informe["equal"] else "distintos")
    return informe

# Teo Urbano - BPTT 3
import torch
from torch import nn

class TorchRNN(nn.Module):
    def __init__(self, n_inputs, n_hidden, n_outputs):
        super().__init__()
        k = 0.5
        self.U = nn.Parameter(torch.empty(n_hidden, n_inputs).uniform_(-k, k))
        self.V = nn.Parameter(torch.empty(n_hidden, n_hidden).uniform_(-k, k))
        self.W = nn.Parameter(torch.empty(n_outputs, n_hidden).uniform_(-k, k))

    def forward(self, xs, h0):
        ys, hs = [], [h0]
        for t in range(xs.size(0)):
            hs.append(torch.sigmoid(self.U.mv(xs[t]) + self.V.mv(hs[t])))
            ys.append(torch.sigmoid(self.W.mv(hs[t + 1])))
        return torch.stack(ys), torch.stack(hs)

def montar(params):
    h, i = params["U"].shape
    red = TorchRNN(i, h, params["W"].shape[0])
    with torch.no_grad():
        for nombre in "UVW":
            getattr(red, nombre).copy_(params[nombre])
    return red

def autograd_gradients(params, xs, ts, h0):
    red = montar(params)
    ys, hs = red(xs, h0)
    L = 0.5 * (ys - ts).square().sum()
    L.backward()
    return {"U": red.U.grad, "V": red.V.grad, "W": red.W.grad}

@torch.no_grad()
def manual_gradients(params, xs, ts, h0):
    ys, hs = montar(params)(xs, h0)
    V, W = params["V"], params["W"]
    gU, gV, gW = torch.zeros_like(params["U"]), torch.zeros_like(V), torch.zeros_like(W)
    r = torch.zeros(V.shape[0])
    for t in range(xs.size(0) - 1, -1, -1):
        s = (ys[t] - ts[t]) * ys[t] * (1 - ys[t])
        r = (W.T.mv(s) + V.T.mv(r)) * hs[t + 1] * (1 - hs[t + 1])
        gU += r.outer(xs[t])
        gV += r.outer(hs[t + 1])
        gW += s.outer(hs[t + 1])
    return {"U": gU, "V": gV, "W": gW}

def compare_gradients(params, xs, ts, h0, tolerance=1e-6):
    a = autograd_gradients(params, xs, ts, h0)
    m = manual_gradients(params, xs, ts, h0)
    res = {}
    for k in a:
        d = (a[k] - m[k]).abs()
        res[k] = {"max_abs_difference": float(d.max()), "relative_error": float(d.norm() / (a[k].norm() + m[k].norm() + 1e-30))}
    res["equal"] = max(res[k]["max_abs_difference"] for k in a) < tolerance
    return res

# Sofia Torres (Erasmus)
import torch
from torch import nn


class TorchRNN(nn.Module):
    def __init__(self, n_inputs, n_hidden, n_outputs):
        super().__init__()
        self.U = nn.Parameter(nn.init.xavier_uniform_(torch.empty(n_hidden, n_inputs)))
        self.V = nn.Parameter(nn.init.orthogonal_(torch.empty(n_hidden, n_hidden)))
        self.W = nn.Parameter(nn.init.xavier_uniform_(torch.empty(n_outputs, n_hidden)))

    def forward(self, xs, h0):
        return rollout(self.U, self.V, self.W, xs, h0)


def rollout(U, V, W, xs, h0):
    states = [h0]
    for drive in xs @ U.T:
        states.append(torch.sigmoid(drive + V @ states[-1]))
    hs = torch.stack(states)
    return torch.sigmoid(hs[1:] @ W.T), hs


def autograd_gradients(params, xs, ts, h0):
    def objective(p):
        ys, _ = rollout(p["U"], p["V"], p["W"], xs, h0)
        return 0.5 * torch.sum((ys - ts) ** 2)

    return torch.func.grad(objective)({k: v.detach() for k, v in params.items()})


def manual_gradients(params, xs, ts, h0):
    U, V, W = (params[k].detach() for k in ("U", "V", "W"))
    xs, ts, h0 = xs.detach(), ts.detach(), h0.detach()
    ys, hs = rollout(U, V, W, xs, h0)
    s_bar = (ys - ts) * ys * (1 - ys)
    from_output = s_bar @ W
    slope = hs[1:] * (1 - hs[1:])
    r_bars, r_bar = [], torch.zeros_like(h0)
    for h_bar, d in zip(from_output.flip(0), slope.flip(0)):
        r_bar = (h_bar + r_bar @ V) * d
        r_bars.append(r_bar)
    r_bar = torch.stack(r_bars[::-1])
    return {"U": r_bar.T @ xs, "V": r_bar.T @ hs[:-1], "W": s_bar.T @ hs[1:]}


def compare_gradients(params, xs, ts, h0, tolerance=1e-6):
    auto, manual = autograd_gradients(params, xs, ts, h0), manual_gradients(params, xs, ts, h0)
    report, equal = {}, True
    for name in params:
        gap = (auto[name] - manual[name]).abs().max()
        size = max(auto[name].abs().max(), manual[name].abs().max())
        report[name] = {"max_abs_difference": gap.item(), "relative_error": (gap / size).item() if size else 0.0}
        equal = equal and torch.allclose(auto[name], manual[name], rtol=0, atol=tolerance)
    return {**report, "equal": equal}

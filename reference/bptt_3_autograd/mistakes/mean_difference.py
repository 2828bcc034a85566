"""A recurrent network of sigmoids whose gradient is worked out twice, by PyTorch and by hand, and compared.

r_t = U x_t + V h_{t-1}    h_t = sigmoid(r_t)    y_t = sigmoid(W h_t)    L = 1/2 sum_t |y_t - target_t|^2
"""

import torch
from torch import Tensor, nn


def run(U: Tensor, V: Tensor, W: Tensor, xs: Tensor, h0: Tensor) -> tuple[Tensor, Tensor]:
    """Outputs `ys (T, o)` and states `hs (T+1, h)`, `hs[0] = h0`, of the inputs `xs (T, i)`."""
    hs = [h0]
    for x in xs:
        hs.append(torch.sigmoid(U @ x + V @ hs[-1]))
    states = torch.stack(hs)
    return torch.sigmoid(states[1:] @ W.T), states


class TorchRNN(nn.Module):
    """The network as a module: `U (h, i)`, `V (h, h)`, `W (o, h)` are its parameters."""

    def __init__(self, n_inputs: int, n_hidden: int, n_outputs: int) -> None:
        super().__init__()
        self.U = nn.Parameter(torch.empty(n_hidden, n_inputs))
        self.V = nn.Parameter(torch.empty(n_hidden, n_hidden))
        self.W = nn.Parameter(torch.empty(n_outputs, n_hidden))
        for weights in self.parameters():
            nn.init.xavier_uniform_(weights)

    def forward(self, xs: Tensor, h0: Tensor) -> tuple[Tensor, Tensor]:
        """Outputs `ys (T, o)` and states `hs (T+1, h)` of the inputs `xs (T, i)`, from the state `h0 (h,)`."""
        return run(self.U, self.V, self.W, xs, h0)


def autograd_gradients(params: dict[str, Tensor], xs: Tensor, ts: Tensor, h0: Tensor) -> dict[str, Tensor]:
    """The gradient of the loss in U, V and W by autograd; works on copies, so the caller's tensors keep their `.grad`.

    Args:
        params: `U (h, i)`, `V (h, h)`, `W (o, h)`.
        xs: the inputs, (T, i).
        ts: the targets, (T, o).
        h0: the state before the first step, (h,).
    """
    leaves = {name: params[name].detach().clone().requires_grad_() for name in "UVW"}
    ys, _ = run(**leaves, xs=xs, h0=h0)
    loss = 0.5 * torch.sum((ys - ts) ** 2)
    return dict(zip("UVW", torch.autograd.grad(loss, list(leaves.values())), strict=True))


@torch.no_grad()
def manual_gradients(params: dict[str, Tensor], xs: Tensor, ts: Tensor, h0: Tensor) -> dict[str, Tensor]:
    """The same gradient by backpropagation through time, without autograd."""
    U, V, W = (params[name] for name in "UVW")
    ys, hs = run(U, V, W, xs, h0)
    s_grads = (ys - ts) * ys * (1 - ys)
    gradients = {name: torch.zeros_like(params[name]) for name in "UVW"}
    r_grad = torch.zeros_like(h0)
    for t in reversed(range(len(xs))):
        h_before, h = hs[t], hs[t + 1]
        h_grad = W.T @ s_grads[t] + V.T @ r_grad  # r_grad still belongs to the step after t
        r_grad = h_grad * h * (1 - h)
        gradients["U"] += torch.outer(r_grad, xs[t])
        gradients["V"] += torch.outer(r_grad, h_before)
        gradients["W"] += torch.outer(s_grads[t], h)
    return gradients


def compare_gradients(
    params: dict[str, Tensor], xs: Tensor, ts: Tensor, h0: Tensor, tolerance: float = 1e-6
) -> dict[str, dict[str, float] | bool]:
    """How far the two gradients are from each other.

    Returns:
        for each of U, V and W its `max_abs_difference` and its `relative_error`, the norm of the difference over the sum
        of the norms (0 where both are 0); under `equal`, whether no entry differs by more than `tolerance`.
    """
    automatic, by_hand = autograd_gradients(params, xs, ts, h0), manual_gradients(params, xs, ts, h0)
    report = {}
    for name in "UVW":
        difference = automatic[name] - by_hand[name]
        size = automatic[name].norm() + by_hand[name].norm()
        report[name] = {
            "max_abs_difference": difference.abs().mean().item(),
            "relative_error": (difference.norm() / size).item() if size > 0 else 0.0,
        }
    return {**report, "equal": all(errors["max_abs_difference"] <= tolerance for errors in report.values())}

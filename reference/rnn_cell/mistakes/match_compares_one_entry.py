"""rnn_cell with one mistake: gradients_match looks at one entry of each matrix.

r_t = U x_t + V h_{t-1}    h_t = sigmoid(r_t)    y_t = sigmoid(W h_t)    L = 1/2 sum_t |y_t - target_t|^2
"""

import torch
from torch import Tensor


class RNNCell:
    """One time step: `U (h, i)`, `V (h, h)`, `W (o, h)` and the gradients gathered so far, `*_grad`."""

    def __init__(self, inp_sz: int, hid_sz: int, out_sz: int) -> None:
        self.U = torch.empty(hid_sz, inp_sz, requires_grad=True)
        self.V = torch.empty(hid_sz, hid_sz, requires_grad=True)
        self.W = torch.empty(out_sz, hid_sz, requires_grad=True)
        self.U_grad = torch.zeros(hid_sz, inp_sz)
        self.V_grad = torch.zeros(hid_sz, hid_sz)
        self.W_grad = torch.zeros(out_sz, hid_sz)
        self.reset_parameters()

    @torch.no_grad()
    def reset_parameters(self) -> None:
        """Draw every weight uniformly from (-0.1, 0.1)."""
        for weights in (self.U, self.V, self.W):
            weights.uniform_(-0.1, 0.1)

    def zero_grad(self) -> None:
        """Forget the gradients gathered so far."""
        for gradient in (self.U_grad, self.V_grad, self.W_grad):
            gradient.zero_()

    def forward(self, x: Tensor, hp: Tensor) -> tuple[Tensor, Tensor]:
        """Output `y (o,)` and new state `h (h,)` from the input `x (i,)` and the previous state `hp (h,)`."""
        h = torch.sigmoid(self.U @ x + self.V @ hp)
        y = torch.sigmoid(self.W @ h)
        return y, h

    @torch.no_grad()
    def backward(self, y_grad: Tensor, rn_grad: Tensor, x: Tensor, hp: Tensor) -> Tensor:
        """Add this step's share to the `*_grad`.

        Args:
            y_grad: dL/dy of this step as the loss sees it, (o,).
            rn_grad: dL/dr of the next step, (h,); zeros at the last step.
            x: the step's input, (i,).
            hp: the state before the step, (h,).

        Returns:
            dL/dr of this step, (h,).
        """
        y, h = self.forward(x, hp)
        s_grad = y_grad * y * (1 - y)
        h_grad = self.W.T @ s_grad + self.V.T @ rn_grad
        r_grad = h_grad * h * (1 - h)
        self.U_grad += torch.outer(r_grad, x)
        self.V_grad += torch.outer(r_grad, hp)
        self.W_grad += torch.outer(s_grad, h)
        return r_grad


class RNN:
    """The cell unrolled over a sequence."""

    def __init__(self, cell: RNNCell) -> None:
        self.cell = cell

    def forward(self, xs: Tensor, h0: Tensor) -> tuple[Tensor, Tensor]:
        """Outputs `ys (T, o)` and states `hs (T+1, h)`, `hs[0] = h0`, of the inputs `xs (T, i)`."""
        ys, hs = [], [h0]
        for x in xs:
            y, h = self.cell.forward(x, hs[-1])
            ys.append(y)
            hs.append(h)
        return torch.stack(ys), torch.stack(hs)

    def backward(self, ys_grad: Tensor, xs: Tensor, hs: Tensor) -> None:
        """Backpropagation through time: add the sequence's gradient, from `ys_grad (T, o)`, to the cell's `*_grad`."""
        r_grad = torch.zeros_like(hs[0])
        for t in reversed(range(len(xs))):
            r_grad = self.cell.backward(ys_grad[t], r_grad, xs[t], hs[t])


def compute_loss(ys: Tensor, ts: Tensor) -> Tensor:
    """Half the sum of the squared errors of `ys (T, o)` against the targets `ts (T, o)`."""
    return 0.5 * torch.sum((ys - ts) ** 2)


def gradients_match(cell: RNNCell, xs: Tensor, h0: Tensor, ts: Tensor, tolerance: float = 1e-6) -> dict[str, bool]:
    """Whether the gradients by hand equal autograd's, for each of U, V and W."""
    rnn = RNN(cell)
    ys, hs = rnn.forward(xs, h0)
    automatic = torch.autograd.grad(compute_loss(ys, ts), [cell.U, cell.V, cell.W])  # leaves every .grad alone
    cell.zero_grad()
    rnn.backward((ys - ts).detach(), xs, hs.detach())
    by_hand = [cell.U_grad, cell.V_grad, cell.W_grad]
    return {name: bool((a - m)[0, 0].abs() <= tolerance) for name, a, m in zip("UVW", automatic, by_hand, strict=True)}

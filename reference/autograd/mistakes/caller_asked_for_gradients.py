"""autograd with one mistake: the caller's x is left with requires_grad.

The net is Linear(i, h) - ReLU - Linear(h, o); `state` is its state_dict. The loss is the sum of the squared errors.
"""

import torch
from torch import Tensor, nn

State = dict[str, Tensor]


def network(state: State) -> nn.Sequential:
    """A net of its own with the weights of `state`, which it copies."""
    hidden, inputs = state["0.weight"].shape
    net = nn.Sequential(nn.Linear(inputs, hidden), nn.ReLU(), nn.Linear(hidden, len(state["2.bias"])))
    net.load_state_dict(state)
    return net


def squared_error(ideal: Tensor, prediction: Tensor) -> Tensor:
    """The sum of the squared errors over all rows and outputs."""
    return (ideal - prediction).pow(2).sum()


def train_step(state: State, x: Tensor, ideal: Tensor, learning_rate: float) -> tuple[float, State]:
    """One step of gradient descent.

    Args:
        state: the net's parameters, which are left as they are.
        x: inputs, (n, i).
        ideal: wanted outputs, (n, o).
        learning_rate: size of the step.

    Returns:
        The loss before the step, and the parameters after it.
    """
    net = network(state)
    optimizer = torch.optim.SGD(net.parameters(), lr=learning_rate)
    loss = squared_error(ideal, net(x))
    loss.backward()
    optimizer.step()
    return loss.item(), {name: parameter.detach() for name, parameter in net.named_parameters()}


def accumulated_gradients(state: State, x: Tensor, ideal: Tensor, passes: int, zero_grad: bool) -> State:
    """The `.grad` of every parameter after `passes` backward calls, cleared before each one where `zero_grad` is true."""
    net = network(state)
    for _ in range(passes):
        if zero_grad:
            net.zero_grad()
        squared_error(ideal, net(x)).backward()
    return {name: parameter.grad for name, parameter in net.named_parameters()}


def chain_vjp(jacobians: list[Tensor], v: Tensor) -> Tensor:
    """J1^T J2^T ... Jk^T v: from the last Jacobian to the first, always a matrix times a vector.

    Args:
        jacobians: J1 to Jk, of f1 to fk; Jm is (size of fm's output, size of its input).
        v: the derivative of l in fk's output.
    """
    for jacobian in reversed(jacobians):
        v = jacobian.T @ v
    return v


def network_jacobian(state: State, x: Tensor) -> Tensor:
    """The derivatives (o, i) of the net's outputs at one input `x (i,)`."""
    x.requires_grad_()
    outputs = network(state)(x)
    return torch.stack([torch.autograd.grad(output, x, retain_graph=True)[0] for output in outputs])

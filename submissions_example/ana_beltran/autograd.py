"""Autograd por dentro. Ana Beltrán, grupo A."""

import torch
from torch import nn


def _red(state):
    """Una red nueva con una copia de los parámetros."""
    h, i = state["0.weight"].shape
    red = nn.Sequential(nn.Linear(i, h), nn.ReLU(), nn.Linear(h, state["2.weight"].shape[0]))
    red.load_state_dict(state)
    return red


def train_step(state, x, ideal, learning_rate):
    red = _red(state)
    loss = (ideal - red(x)).pow(2).sum()
    loss.backward()
    torch.optim.SGD(red.parameters(), lr=learning_rate).step()
    return loss.item(), red.state_dict()


def accumulated_gradients(state, x, ideal, passes, zero_grad):
    red = _red(state)
    for _ in range(passes):
        if zero_grad:
            red.zero_grad()
        (ideal - red(x)).pow(2).sum().backward()
    return {nombre: p.grad for nombre, p in red.named_parameters()}


def chain_vjp(jacobians, v):
    for J in reversed(jacobians):
        v = J.T @ v
    return v


def network_jacobian(state, x):
    return torch.autograd.functional.jacobian(_red(state), x)

"""No modules: leaf copies, torch.autograd.grad, torch.func for the Jacobian; answers may still hold their graph."""

import torch
import torch.nn.functional as F

NAMES = ("0.weight", "0.bias", "2.weight", "2.bias")


def net(params, x):
    W1, b1, W2, b2 = (params[name] for name in NAMES)
    return F.linear(torch.relu(F.linear(x, W1, b1)), W2, b2)


def leaves(state):
    return {name: value.clone().requires_grad_() for name, value in state.items()}


def train_step(state, x, ideal, learning_rate):
    params = leaves(state)
    loss = (ideal - net(params, x)).pow(2).sum()
    gradients = torch.autograd.grad(loss, list(params.values()))
    return loss, {name: value - learning_rate * g for (name, value), g in zip(params.items(), gradients)}


def accumulated_gradients(state, x, ideal, passes, zero_grad):
    params = leaves(state)
    for _ in range(passes):
        loss = ((ideal - net(params, x)) ** 2).sum()
        loss.backward()
    return {name: value.grad / passes if zero_grad else value.grad for name, value in params.items()}


def chain_vjp(jacobians, v):
    row = v.unsqueeze(0)
    for J in jacobians[::-1]:
        row = row.mm(J)
    return row.squeeze(0)


def network_jacobian(state, x):
    return torch.func.jacrev(lambda point: net(state, point))(x)

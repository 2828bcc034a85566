# Autograd por dentro, con torch.func. Nuria Ortiz Peña.

import torch
from torch.func import grad_and_value, jacrev


def red(pesos, x):
    oculta = torch.relu(x @ pesos["0.weight"].T + pesos["0.bias"])
    return oculta @ pesos["2.weight"].T + pesos["2.bias"]


def pérdida(pesos, x, ideal):
    return (ideal - red(pesos, x)).pow(2).sum()


def copia(state):
    return {nombre: peso.detach().clone() for nombre, peso in state.items()}


def train_step(state, x, ideal, learning_rate):
    gradiente, valor = grad_and_value(pérdida)(copia(state), x, ideal)
    print("pérdida:", float(valor))
    return float(valor), {nombre: peso.detach() - learning_rate * gradiente[nombre] for nombre, peso in state.items()}


def accumulated_gradients(state, x, ideal, passes, zero_grad):
    # todas las pasadas dan lo mismo: .grad acaba siendo una o la suma de todas
    gradiente, _ = grad_and_value(pérdida)(copia(state), x, ideal)
    veces = 1 if zero_grad else passes
    return {nombre: veces * g for nombre, g in gradiente.items()}


def chain_vjp(jacobians, v):
    for J in jacobians[::-1]:
        v = v @ J
        print("  vector de", tuple(v.shape))
    return v


def network_jacobian(state, x):
    return jacrev(red, argnums=1)(copia(state), x)

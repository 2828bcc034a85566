"""Descenso por gradiente sin optimizador: torch.autograd.grad y una resta, sin dejar nada en .grad. Imprime mientras entrena."""

import torch
from torch import nn

print("Red lista ✓")


def sigmoide(z):
    return 1 / (1 + torch.exp(-z))


class NeuralNetwork(nn.Module):
    def __init__(self, num_inputs, num_hidden, num_outputs):
        super().__init__()
        self.hidden_layer = nn.Linear(num_inputs, num_hidden)
        self.output_layer = nn.Linear(num_hidden, num_outputs)
        for capa in self.children():
            nn.init.uniform_(capa.weight, -0.1, 0.1)
            nn.init.zeros_(capa.bias)

    def forward(self, x):
        for capa in (self.hidden_layer, self.output_layer):
            x = sigmoide(x @ capa.weight.T + capa.bias)
        return x


def error(modelo, entradas, objetivos):
    return ((modelo(entradas) - objetivos) ** 2).mean()


def train(model, inputs, targets, lr=0.5, epochs=10000):
    historia = []
    model.train()
    for época in range(epochs):
        pérdida = error(model, inputs, targets)
        gradientes = torch.autograd.grad(pérdida, list(model.parameters()))
        with torch.no_grad():
            for parámetro, gradiente in zip(model.parameters(), gradientes):
                parámetro -= lr * gradiente
        historia.append(float(pérdida))
        if época % 1000 == 0:
            print(f"Época {época}: pérdida {historia[-1]:.4f}")
    return historia


def evaluate(model, inputs, targets):
    modo = model.training
    try:
        model.eval()
        with torch.inference_mode():
            return error(model, inputs, targets)
    finally:
        model.train(modo)

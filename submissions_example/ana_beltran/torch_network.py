"""Una red en PyTorch. Ana Beltrán, grupo A."""

import torch
from torch import nn


class NeuralNetwork(nn.Module):
    def __init__(self, num_inputs, num_hidden, num_outputs):
        super().__init__()
        self.hidden_layer = nn.Linear(num_inputs, num_hidden)
        self.output_layer = nn.Linear(num_hidden, num_outputs)

    def forward(self, x):
        oculta = torch.sigmoid(self.hidden_layer(x))
        return torch.sigmoid(self.output_layer(oculta))


def train(model, inputs, targets, lr=0.5, epochs=10000):
    optimizador = torch.optim.SGD(model.parameters(), lr=lr)
    criterio = nn.MSELoss()
    history = []
    for _ in range(epochs):
        optimizador.zero_grad()
        perdida = criterio(model(inputs), targets)
        history.append(perdida.item())
        perdida.backward()
        optimizador.step()
    return history


def evaluate(model, inputs, targets):
    antes = model.training
    model.eval()
    with torch.no_grad():
        error = nn.functional.mse_loss(model(inputs), targets).item()
    model.train(antes)
    return error

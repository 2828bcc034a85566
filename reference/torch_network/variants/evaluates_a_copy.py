"""evaluate works on a deep copy in float64; training in float32 with set_to_none=False and a closure."""

import copy

import numpy as np
import torch
from torch import nn


class Layered(nn.Module):
    activation = staticmethod(torch.sigmoid)

    def forward(self, x):
        for layer in self.layers():
            x = self.activation(nn.functional.linear(x, layer.weight, layer.bias))
        return x


class NeuralNetwork(Layered):
    def __init__(self, num_inputs, num_hidden, num_outputs):
        super().__init__()
        self.output_layer = nn.Linear(num_hidden, num_outputs)
        self.hidden_layer = nn.Linear(num_inputs, num_hidden)

    def layers(self):
        yield self.hidden_layer
        yield self.output_layer


def train(model, inputs, targets, lr=0.5, epochs=10000):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    criterion = nn.MSELoss(reduction="mean")

    def closure():
        optimizer.zero_grad(set_to_none=False)
        loss = criterion(model(inputs), targets)
        loss.backward()
        return loss

    return np.array([optimizer.step(closure).item() for _ in range(epochs)]).tolist()


def evaluate(model, inputs, targets):
    twin = copy.deepcopy(model).double().eval()
    for parameter in twin.parameters():
        parameter.requires_grad_(False)
    return np.mean(np.square(twin(inputs.double()).numpy() - targets.numpy().astype(float)))

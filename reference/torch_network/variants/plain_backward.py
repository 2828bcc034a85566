"""The gradients by hand, row by row in Python floats, written to the parameters; the sigmoid as a tanh."""

import math

import torch
from torch import nn


class NeuralNetwork(nn.Module):
    def __init__(self, num_inputs, num_hidden, num_outputs):
        nn.Module.__init__(self)
        self.hidden_layer, self.output_layer = nn.Linear(num_inputs, num_hidden), nn.Linear(num_hidden, num_outputs)

    def forward(self, x):
        h = 0.5 * (1.0 + torch.tanh(self.hidden_layer(x) / 2))
        return 0.5 * (1.0 + torch.tanh(self.output_layer(h) / 2))


def layer(weight, bias, x):
    return [1 / (1 + math.exp(-sum(w * v for w, v in zip(row, x)) - b)) for row, b in zip(weight, bias)]


def train(model, inputs, targets, lr=0.5, epochs=10000):
    history = []
    for _ in range(epochs):
        V, c = model.hidden_layer.weight.tolist(), model.hidden_layer.bias.tolist()
        W, b = model.output_layer.weight.tolist(), model.output_layer.bias.tolist()
        new_V, new_c, new_W, new_b = [row[:] for row in V], c[:], [row[:] for row in W], b[:]
        total, count = 0.0, targets.numel()
        for x, t in zip(inputs.tolist(), targets.tolist()):
            h = layer(V, c, x)
            y = layer(W, b, h)
            total += sum((p - q) ** 2 for p, q in zip(y, t))
            dz = [2 * (p - q) / count * p * (1 - p) for p, q in zip(y, t)]
            for k, d in enumerate(dz):
                new_b[k] -= lr * d
                for j, a in enumerate(h):
                    new_W[k][j] -= lr * d * a
            for j, a in enumerate(h):
                d = a * (1 - a) * sum(dz[k] * W[k][j] for k in range(len(dz)))
                new_c[j] -= lr * d
                for i, v in enumerate(x):
                    new_V[j][i] -= lr * d * v
        model.load_state_dict(
            {
                "hidden_layer.weight": torch.tensor(new_V),
                "hidden_layer.bias": torch.tensor(new_c),
                "output_layer.weight": torch.tensor(new_W),
                "output_layer.bias": torch.tensor(new_b),
            }
        )
        history.append(total / count)
    return history


def evaluate(model, inputs, targets):
    training = model.training
    model.eval()
    with torch.set_grad_enabled(False):
        value = sum((p - q) ** 2 for p, q in zip(model(inputs).flatten().tolist(), targets.flatten().tolist())) / targets.numel()
    model.train(mode=training)
    return value

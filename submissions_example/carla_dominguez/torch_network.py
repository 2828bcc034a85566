"""Una red en PyTorch con dos capas lineales."""

import torch
import torch.nn as nn


class NeuralNetwork(nn.Module):
    def __init__(self, num_inputs, num_hidden, num_outputs):
        super(NeuralNetwork, self).__init__()
        self.hidden_layer = nn.Linear(num_inputs, num_hidden)
        self.output_layer = nn.Linear(num_hidden, num_outputs)
        self.sigmoid = nn.Sigmoid()

    def forward(self, x):
        x = self.sigmoid(self.hidden_layer(x))
        x = self.sigmoid(self.output_layer(x))
        return x


def train(model, inputs, targets, lr=0.5, epochs=10000):
    criterion = nn.MSELoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for epoch in range(epochs):
        # hacia delante
        outputs = model(inputs)
        loss = criterion(outputs, targets)
        losses.append(loss.item())
        # hacia atrás
        loss.backward()
        optimizer.step()
    return losses


def evaluate(model, inputs, targets):
    criterion = nn.MSELoss()
    model.eval()
    with torch.no_grad():
        loss = criterion(model(inputs), targets)
    model.train()
    return loss.item()

# Mi primera red en PyTorch. Nuria Ortiz Peña.

import torch
import torch.nn as nn
import torch.nn.functional as F

print("PyTorch", torch.__version__, "· GPU:", torch.cuda.is_available())


class NeuralNetwork(nn.Module):
    def __init__(self, num_inputs, num_hidden, num_outputs):
        super().__init__()
        self.hidden_layer = nn.Linear(num_inputs, num_hidden)
        self.output_layer = nn.Linear(num_hidden, num_outputs)
        print("Parámetros:", sum(p.numel() for p in self.parameters()))

    def forward(self, x):
        return self.output_layer(self.hidden_layer(x).sigmoid()).sigmoid()


def train(model, inputs, targets, lr=0.5, epochs=10000):
    historia = []
    for época in range(epochs):
        pérdida = F.mse_loss(model(inputs), targets)
        historia.append(pérdida.item())
        model.zero_grad()
        pérdida.backward()
        with torch.no_grad():
            for parámetro in model.parameters():
                parámetro.add_(parámetro.grad, alpha=-lr)
        if época % 1000 == 0:
            print(f"Época {época:5d}  pérdida {historia[-1]:.6f}")
    return historia


@torch.no_grad()
def evaluate(model, inputs, targets):
    estaba_entrenando = model.training
    model.eval()
    try:
        return F.mse_loss(model(inputs), targets).item()
    finally:
        model.train(estaba_entrenando)

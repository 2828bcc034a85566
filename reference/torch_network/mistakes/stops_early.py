"""torch_network with one mistake: training stops when the loss hardly falls any more."""

import torch
from torch import Tensor, nn


class NeuralNetwork(nn.Module):
    """`num_inputs` inputs, `num_hidden` sigmoid units, `num_outputs` sigmoid outputs."""

    def __init__(self, num_inputs: int, num_hidden: int, num_outputs: int) -> None:
        super().__init__()
        self.hidden_layer = nn.Linear(num_inputs, num_hidden)
        self.output_layer = nn.Linear(num_hidden, num_outputs)

    def forward(self, x: Tensor) -> Tensor:
        """The outputs (n, o) of the inputs `x (n, i)`."""
        hidden = torch.sigmoid(self.hidden_layer(x))
        return torch.sigmoid(self.output_layer(hidden))


def train(model: nn.Module, inputs: Tensor, targets: Tensor, lr: float = 0.5, epochs: int = 10000) -> list[float]:
    """Full-batch gradient descent on the mean squared error, changing `model` in place.

    Args:
        model: the network.
        inputs: (n, i).
        targets: (n, o).
        lr: learning rate.
        epochs: number of updates.

    Returns:
        The loss before each update.
    """
    criterion = nn.MSELoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    history = []
    for _ in range(epochs):
        loss = criterion(model(inputs), targets)
        history.append(loss.item())
        if len(history) > 1 and history[-2] - history[-1] < 1e-4:
            break
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return history


@torch.no_grad()
def evaluate(model: nn.Module, inputs: Tensor, targets: Tensor) -> float:
    """The mean squared error of `model`, which is left as it was."""
    was_training = model.training
    model.eval()
    loss = nn.functional.mse_loss(model(inputs), targets)
    model.train(was_training)
    return loss.item()

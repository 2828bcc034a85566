# Nuria Ortiz: como ya sé PyTorch, que derive él
import torch


def forward(x, W, b):
    z = torch.tensor(x) @ torch.tensor(W).T + torch.tensor(b)
    return z.numpy(), torch.sigmoid(z).numpy()


def bce(a, y):
    return torch.nn.functional.binary_cross_entropy(torch.tensor(a), torch.tensor(y)).item()


def backward(x, W, b, y):
    W, b = torch.tensor(W, requires_grad=True), torch.tensor(b, requires_grad=True)
    z = torch.tensor(x) @ W.T + b
    a = torch.sigmoid(z)
    z.retain_grad()
    a.retain_grad()
    torch.nn.functional.binary_cross_entropy(a, torch.tensor(y)).backward()
    return {"dL_da": a.grad.numpy(), "dL_dz": z.grad.numpy(), "dL_dW": W.grad.numpy(), "dL_db": b.grad.numpy()}


def sgd_step(W, b, gradients, learning_rate):
    return W - learning_rate * gradients["dL_dW"], b - learning_rate * gradients["dL_db"]

import numpy as np

def forward(x, W, b):
    z = x @ W.T + b
    a = 1 / (1 + np.exp(-z))
    return z, a

def bce(a, y):
    a = np.clip(a, 1e-12, 1 - 1e-12)
    return -np.mean(y * np.log(a) + (1 - y) * np.log(1 - a)

def backward(x, W, b, y):
    z, a = forward(x, W, b)
    dz = (a - y) / len(y)
    return {"dL_da": dz / (a * (1 - a)), "dL_dz": dz, "dL_dW": dz.T @ x, "dL_db": dz.sum(axis=0)}

def sgd_step(W, b, gradients, learning_rate):
    return W - learning_rate * gradients["dL_dW"], b - learning_rate * gradients["dL_db"]

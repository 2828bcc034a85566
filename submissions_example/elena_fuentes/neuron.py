# Elena Fuentes Ruiz
import numpy as np

def forward(x, W, b):
    z = x @ W.T + b
    a = np.exp(-np.logaddexp(0, -z))   # sigmoide sin overflow
    return z, a

def bce(a, y):
    a = np.clip(a, 1e-12, 1 - 1e-12)
    coste = y * np.log(a) + (1 - y) * np.log(1 - a)
    return float(-np.sum(coste))

def backward(x, W, b, y):
    z, a = forward(x, W, b)
    a_c = np.clip(a, 1e-12, 1 - 1e-12)
    # derivadas de bce, tal y como la he definido arriba
    dL_da = -y / a_c + (1 - y) / (1 - a_c)
    dL_dz = a - y
    dL_dW = (dL_dz * x).sum(axis=0, keepdims=True)
    dL_db = dL_dz.sum(axis=0)
    return dict(dL_da=dL_da, dL_dz=dL_dz, dL_dW=dL_dW, dL_db=dL_db)

def sgd_step(W, b, gradients, learning_rate):
    return W - learning_rate * gradients['dL_dW'], b - learning_rate * gradients['dL_db']

# Pablo Prieto Muñoz
# Neurona sigmoide: pérdida, regresión logística y función de activación

import numpy as np

def forward(x, W, b):
    # preactivación
    z = x @ W.T + b
    # activación: así el exponente nunca es positivo
    e = np.exp(-abs(z))
    a = np.where(z < 0, e, 1) / (1 + e)
    return z, a

def bce(a, y):
    # añado un número pequeño para que el logaritmo no vea un cero
    pequeño = 1e-12
    return -np.mean(y * np.log(a + pequeño) + (1 - y) * np.log(1 - a + pequeño))

def backward(x, W, b, y):
    z, a = forward(x, W, b)
    pequeño = 1e-12
    n = len(x)
    dL_da = (a - y) / (a * (1 - a) + pequeño) / n
    dL_dz = (a - y) / n
    return {"dL_da": dL_da, "dL_dz": dL_dz, "dL_dW": dL_dz.T @ x, "dL_db": sum(dL_dz)}

def sgd_step(W, b, gradients, learning_rate):
    # ¡ojo! en dirección contraria al gradiente
    return W - learning_rate * gradients["dL_dW"], b - learning_rate * gradients["dL_db"]

# Bruno Castillo
# Lo hago todo con listas y bucles, sin numpy, para ver cada cuenta.

import math


def sigmoide(z):
    if z >= 0:
        return 1 / (1 + math.exp(-z))
    e = math.exp(z)
    return e / (1 + e)


def forward(x, W, b):
    z, a = [], []
    for fila in x:
        suma = float(b[0])
        for xi, wi in zip(fila, W[0]):
            suma += float(xi) * float(wi)
        z.append([suma])
        a.append([sigmoide(suma)])
    return z, a


def log_seguro(p):
    return math.log(max(p, 1e-300))


def bce(a, y):
    total = 0.0
    for (ai,), (yi,) in zip(a, y):
        ai = float(ai)
        if yi == 1:
            total -= log_seguro(ai)
        else:
            total -= log_seguro(1 - ai)
    return total / len(y)


def backward(x, W, b, y):
    n, d = len(x), len(W[0])
    _, a = forward(x, W, b)
    dL_da, dL_dz = [], []
    dL_dW = [[0.0] * d]
    dL_db = [0.0]
    for i in range(n):
        ai, yi = a[i][0], float(y[i][0])
        # con y = 1 la pérdida de la fila es -log a; con y = 0, -log(1 - a)
        if yi == 1:
            da = -1 / max(ai, 1e-300)
        else:
            da = 1 / max(1 - ai, 1e-300)
        dz = ai - yi
        dL_da.append([da / n])
        dL_dz.append([dz / n])
        for j in range(d):
            dL_dW[0][j] += dz * float(x[i][j]) / n
        dL_db[0] += dz / n
    return {'dL_da': dL_da, 'dL_dz': dL_dz, 'dL_dW': dL_dW, 'dL_db': dL_db}


def sgd_step(W, b, gradients, learning_rate):
    gW, gb = gradients['dL_dW'], gradients['dL_db']
    W_nueva = [[float(w) - learning_rate * float(g) for w, g in zip(W[0], gW[0])]]
    b_nueva = [float(b[0]) - learning_rate * float(gb[0])]
    return W_nueva, b_nueva

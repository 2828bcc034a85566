# Elena Fuentes Ruiz
import numpy as np

def numerical_gradient(f, x, epsilon=1e-5):
    x = np.array(x, dtype=float)
    f0 = f(x.copy())
    grad = np.zeros(x.shape)
    it = np.nditer(x, flags=['multi_index'])
    for _ in it:
        i = it.multi_index
        movido = x.copy()
        movido[i] += epsilon
        # definición de derivada: (f(x + h) - f(x)) / h
        grad[i] = (f(movido) - f0) / epsilon
    return grad

def relative_error(analytical, numerical):
    a = np.asarray(analytical, dtype=float).ravel()
    n = np.asarray(numerical, dtype=float).ravel()
    suma = np.sqrt(a @ a) + np.sqrt(n @ n)
    if suma == 0:
        return 0.0
    return float(np.sqrt((a - n) @ (a - n)) / suma)

def check_gradient(f, gradient, x, threshold=1e-7):
    return relative_error(gradient(x), numerical_gradient(f, x)) < threshold

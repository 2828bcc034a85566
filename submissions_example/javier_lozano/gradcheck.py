import numpy as np

def numerical_gradient(f, x, epsilon=1e-5):
    x = np.asarray(x, dtype=float)
    grad = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        xp = x.copy
        xm = x.copy
        xp[i] += epsilon
        xm[i] -= epsilon
        grad[i] = (f(xp) - f(xm)) / (2 * epsilon)
    return grad

def relative_error(analytical, numerical):
    den = np.linalg.norm(analytical) + np.linalg.norm(numerical)
    if den == 0:
        return 0.0
    return np.linalg.norm(analytical - numerical) / den

def check_gradient(f, gradient, x, threshold=1e-7):
    return relative_error(gradient(x), numerical_gradient(f, x)) < threshold

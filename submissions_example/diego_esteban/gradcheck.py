import numpy as np

def numerical_gradient(f, x, epsilon=1e-5):
    g = np.zeros(x.shape)
    for i in np.ndindex(*x.shape):
        x[i] += epsilon
        fp = f(x)
        x[i] -= 2*epsilon
        fm = f(x)
        x[i] += epsilon
        g[i] = (fp-fm)/(2*epsilon)
    return g

def relative_error(a, n):
    num = np.linalg.norm(np.ravel(a)-np.ravel(n))
    den = np.linalg.norm(a)+np.linalg.norm(n)
    return num/den if den else 0.

def check_gradient(f, gradient, x, threshold=1e-7):
    return relative_error(gradient(x),numerical_gradient(f,x)) < threshold

# Elena Fuentes Ruiz
import numpy as np

def sigmoid(z):
    return np.exp(-np.logaddexp(0, -z))

def activation(name, z):
    if name == 'relu':
        return z * (z > 0)
    if name == 'identity':
        return z
    return sigmoid(z) if name == 'sigmoid' else np.tanh(z)

def activation_derivative(name, z):
    if name == 'relu':
        return np.where(z > 0, 1., 0.)
    if name == 'identity':
        return np.ones_like(z)
    if name == 'sigmoid':
        return sigmoid(z) * sigmoid(-z)
    return 1 - np.tanh(z) ** 2

def softmax(z):
    # log-sum-exp
    m = z.max(axis=-1, keepdims=True)
    return np.exp(z - m - np.log(np.exp(z - m).sum(axis=-1, keepdims=True)))

def loss(name, predictions, y):
    if name == 'mse':
        # con el 1/2 para que la derivada quede limpia
        return float(0.5 * np.mean((predictions - y) ** 2))
    p = np.clip(predictions, 1e-12, 1 - 1e-12)
    if name == 'bce':
        return float(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))
    return float(-np.mean((y * np.log(p)).sum(axis=1)))

def capas(params, X, activations):
    a, z = [X], []
    for l, nombre in enumerate(activations, 1):
        z.append(a[-1] @ params[f'W{l}'].T + params[f'b{l}'])
        a.append(softmax(z[-1]) if nombre == 'softmax' else activation(nombre, z[-1]))
    return a, z

def forward(params, X, activations):
    return capas(params, X, activations)[0]

def backward(params, X, y, activations, loss_name):
    a, z = capas(params, X, activations)
    dif = a[-1] - y
    if loss_name == 'cce':
        dz = dif / dif.shape[0]
    else:
        dz = dif / dif.size
        if loss_name == 'mse':
            dz = dz * activation_derivative(activations[-1], z[-1])
    g = {}
    for l in range(len(activations), 0, -1):
        g[f'W{l}'], g[f'b{l}'] = dz.T @ a[l - 1], dz.sum(0)
        if l > 1:
            dz = dz @ params[f'W{l}'] * activation_derivative(activations[l - 2], z[l - 2])
    return g

def clip_by_global_norm(gradients, max_norm):
    total = np.sqrt(sum((v ** 2).sum() for v in gradients.values()))
    escala = min(1.0, max_norm / (total + 1e-300))
    return {k: v * escala for k, v in gradients.items()}

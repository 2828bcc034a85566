# -*- coding: utf-8 -*-
# Valeria Zamora. RNN con distintas activaciones
import numpy as np

def activation(name, z):
    if name == 'tanh': return np.tanh(z)
    if name == 'relu': return np.where(z > 0, z, 0.0)
    if name == 'sigmoid': return 1.0 / (1.0 + np.exp(-z))

def activation_derivative(name, z):
    if name == 'tanh': return 1.0 / np.cosh(z) ** 2
    if name == 'relu': return np.where(z > 0, 1.0, 0.0)
    if name == 'sigmoid': return activation(name, z) * (1.0 - activation(name, z))

def make_dataset(n, length, seed):
    """Repetir la entrada de hace dos pasos."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, length, 1))
    Y = np.roll(X, 2, axis=1)
    Y[:, :2] = 0.0
    return X, Y

def init_params(n_inputs, n_hidden, n_outputs, seed):
    rng = np.random.default_rng(seed)
    return dict(U=rng.normal(0, .4, (n_hidden, n_inputs)), V=rng.normal(0, .4, (n_hidden, n_hidden)) / np.sqrt(n_hidden),
                W=rng.normal(0, .4, (n_outputs, n_hidden)))

def forward(params, xs, activation_name):
    hs = np.zeros((len(xs) + 1, len(params['V'])))
    for t, x in enumerate(xs):
        hs[t + 1] = activation(activation_name, params['U'] @ x + params['V'] @ hs[t])
    return hs[1:] @ params['W'].T, hs

def loss(params, sequences, targets, activation_name):
    return sum(0.5 * np.sum((forward(params, x, activation_name)[0] - t) ** 2) for x, t in zip(sequences, targets)) / len(sequences)

def gradients(params, sequences, targets, activation_name):
    U, V, W = params['U'], params['V'], params['W']
    gU, gV, gW = np.zeros_like(U), np.zeros_like(V), np.zeros_like(W)
    for xs, ts in zip(sequences, targets):
        ys, hs = forward(params, xs, activation_name)
        e = ys - ts
        dr = np.zeros(len(V))
        for t in range(len(xs) - 1, -1, -1):
            # la derivada, en la h que ya tengo guardada
            dr = (W.T @ e[t] + V.T @ dr) * activation_derivative(activation_name, hs[t + 1])
            gU += np.outer(dr, xs[t])
            gV += np.outer(dr, hs[t])
        gW += e.T @ hs[1:]
    m = len(sequences)
    return dict(U=gU / m, V=gV / m, W=gW / m)

def train(sequences, targets, activation_name, n_hidden=16, learning_rate=0.01, epochs=200, seed=0):
    params = init_params(sequences.shape[-1], n_hidden, targets.shape[-1], seed)
    history = []
    for _ in range(epochs):
        history += [loss(params, sequences, targets, activation_name)]
        g = gradients(params, sequences, targets, activation_name)
        params = {k: params[k] - learning_rate * g[k] for k in params}
    return params, history

def compare_activations(sequences, targets, epochs=200, learning_rate=0.01, seed=0):
    pass  # me falta

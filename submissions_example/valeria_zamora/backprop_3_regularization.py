# -*- coding: utf-8 -*-
# Valeria Zamora. Regularización L1 y L2
import numpy as np

sig = lambda z: 1.0 / (1.0 + np.exp(-np.clip(z, -500, 500)))

def make_noisy_data(n, noise, seed):
    rng = np.random.default_rng(seed)
    X = rng.uniform(-1, 1, (n, 2))
    y = (X[:, 0] * X[:, 1] > 0).astype(int)
    # etiquetas cambiadas: cuanto más ruido, más
    cambiar = rng.random(n) < min(noise, 1.0) / 2
    return X, np.where(cambiar, 1 - y, y)

def init_params(n_inputs, n_hidden, seed):
    rng = np.random.default_rng(seed)
    return dict(W1=rng.normal(0, .5, (n_hidden, n_inputs)), b1=np.zeros(n_hidden), W2=rng.normal(0, .5, (1, n_hidden)), b2=np.zeros(1))

def forward(params, X):
    A = sig(X @ params['W1'].T + params['b1'])
    return sig(A @ params['W2'].T + params['b2']).ravel()

def penalty(params, kind, strength):
    if kind == 'none':
        return 0.0
    total = 0.0
    for k in params:                       # todos los parámetros
        total += np.sum(np.abs(params[k])) if kind == 'l1' else np.sum(params[k] ** 2)
    return strength * total

def penalty_gradient(params, kind, strength):
    if kind == 'l1':
        return {k: strength * np.sign(v) for k, v in params.items()}
    if kind == 'l2':
        return {k: 2 * strength * v for k, v in params.items()}
    return {k: 0 * v for k, v in params.items()}

def bce(params, X, y):
    p = np.clip(forward(params, X), 1e-12, 1 - 1e-12)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))

def loss(params, X, y, kind, strength):
    return bce(params, X, y) + penalty(params, kind, strength)

def gradients(params, X, y, kind, strength):
    A = sig(X @ params['W1'].T + params['b1'])
    D2 = (sig(A @ params['W2'].T + params['b2']) - y[:, None]) / len(y)
    D1 = (D2 @ params['W2']) * A * (1 - A)
    pg = penalty_gradient(params, kind, strength)
    return dict(W1=D1.T @ X + pg['W1'], b1=D1.sum(0) + pg['b1'], W2=D2.T @ A + pg['W2'], b2=D2.sum(0) + pg['b2'])

def train(X, y, kind='none', strength=0.0, n_hidden=16, learning_rate=0.5, epochs=1000, seed=0):
    params = init_params(X.shape[1], n_hidden, seed)
    history = []
    for _ in range(epochs):
        history += [loss(params, X, y, kind, strength)]
        g = gradients(params, X, y, kind, strength)
        params = {k: params[k] - learning_rate * g[k] for k in params}
    return params, history

def compare_regularization(X_train, y_train, X_val, y_val, kind, strengths, epochs=500, seed=0):
    out = []
    for lam in strengths:
        params, _ = train(X_train, y_train, kind, lam, epochs=epochs, seed=seed)
        out.append(dict(strength=lam, train_loss=bce(params, X_train, y_train), validation_loss=bce(params, X_val, y_val),
                        validation_accuracy=np.mean((forward(params, X_val) > .5) == y_val),
                        weight_norm=np.sqrt(np.sum(params['W1'] ** 2) + np.sum(params['W2'] ** 2))))
    return out

def best_strength(results):
    mejor = results[0]
    for r in results:
        if r['validation_loss'] < mejor['validation_loss']:
            mejor = r
    return mejor['strength']

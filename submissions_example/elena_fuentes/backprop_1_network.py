# Elena Fuentes Ruiz
import numpy as np

def sigmoid(z):
    return np.exp(-np.logaddexp(0, -z))

def make_data(n, seed):
    rng = np.random.default_rng(seed)
    y = np.arange(n) % 2
    rng.shuffle(y)
    centros = np.array([[-2.0, -2.0], [2.0, 2.0]])
    X = centros[y] + rng.uniform(-1.5, 1.5, size=(n, 2))
    return X, y

def init_params(n_inputs, n_hidden, seed):
    rng = np.random.default_rng(seed)
    return {
        'W1': rng.normal(size=(n_hidden, n_inputs)) * np.sqrt(2 / n_inputs),
        'b1': np.zeros(n_hidden),
        'W2': rng.normal(size=(1, n_hidden)) * np.sqrt(2 / n_hidden),
        'b2': np.zeros(1),
    }

def capas(params, X):
    # en clase vimos que la tanh va mejor en la capa oculta
    a1 = np.tanh(X @ params['W1'].T + params['b1'])
    z2 = a1 @ params['W2'].T + params['b2']
    return a1, z2

def forward(params, X):
    return sigmoid(capas(params, X)[1]).reshape(-1)

def loss(params, X, y):
    p = np.clip(forward(params, X), 1e-12, 1 - 1e-12)
    return float(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))

def gradients(params, X, y):
    a1, z2 = capas(params, X)
    dz2 = (sigmoid(z2) - np.reshape(y, (-1, 1))) / len(y)
    dz1 = (dz2 @ params['W2']) * (1 - a1 ** 2)
    return {'W1': dz1.T @ X, 'b1': dz1.sum(0), 'W2': dz2.T @ a1, 'b2': dz2.sum(0)}

def train(X, y, n_hidden=8, learning_rate=0.5, epochs=500, seed=0):
    params = init_params(X.shape[1], n_hidden, seed)
    history = []
    for _ in range(epochs):
        history.append(loss(params, X, y))
        g = gradients(params, X, y)
        params = {k: v - learning_rate * g[k] for k, v in params.items()}
    return params, history

def predict(params, X):
    return np.round(forward(params, X)).astype(int)

# Elena Fuentes Ruiz
import numpy as np

def sigmoid(z):
    return np.exp(-np.logaddexp(0, -z))

def make_noisy_data(n, noise, seed):
    # XOR: un cuadrante de cada clase, con ruido en las etiquetas no, en los puntos
    rng = np.random.default_rng(seed)
    cuadrante = np.arange(n) % 4
    rng.shuffle(cuadrante)
    centros = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]], dtype=float)
    X = centros[cuadrante] + rng.normal(0, 0.3 + noise, (n, 2))
    return X, cuadrante % 2

def init_params(n_inputs, n_hidden, seed):
    rng = np.random.default_rng(seed)
    return {
        'W1': rng.normal(size=(n_hidden, n_inputs)) * np.sqrt(2 / n_inputs),
        'b1': np.zeros(n_hidden),
        'W2': rng.normal(size=(1, n_hidden)) * np.sqrt(2 / n_hidden),
        'b2': np.zeros(1),
    }

def forward(params, X):
    a1 = sigmoid(X @ params['W1'].T + params['b1'])
    return sigmoid(a1 @ params['W2'].T + params['b2']).reshape(-1)

def penalty(params, kind, strength):
    if kind == 'none':
        return 0.0
    if kind == 'l1':
        return float(strength * (np.abs(params['W1']).sum() + np.abs(params['W2']).sum()))
    # la L2 de los apuntes: lambda / 2 por la suma de cuadrados
    return float(strength / 2 * ((params['W1'] ** 2).sum() + (params['W2'] ** 2).sum()))

def penalty_gradient(params, kind, strength):
    g = {k: np.zeros_like(v) for k, v in params.items()}
    if kind == 'l1':
        g['W1'], g['W2'] = strength * np.sign(params['W1']), strength * np.sign(params['W2'])
    if kind == 'l2':
        g['W1'], g['W2'] = strength * params['W1'], strength * params['W2']
    return g

def solo_datos(params, X, y):
    p = np.clip(forward(params, X), 1e-12, 1 - 1e-12)
    return float(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))

def loss(params, X, y, kind, strength):
    return solo_datos(params, X, y) + penalty(params, kind, strength)

def gradients(params, X, y, kind, strength):
    a1 = sigmoid(X @ params['W1'].T + params['b1'])
    dz2 = (sigmoid(a1 @ params['W2'].T + params['b2']) - np.reshape(y, (-1, 1))) / len(y)
    dz1 = (dz2 @ params['W2']) * a1 * (1 - a1)
    extra = penalty_gradient(params, kind, strength)
    return {'W1': dz1.T @ X + extra['W1'], 'b1': dz1.sum(0), 'W2': dz2.T @ a1 + extra['W2'], 'b2': dz2.sum(0)}

def train(X, y, kind='none', strength=0.0, n_hidden=16, learning_rate=0.5, epochs=1000, seed=0):
    params = init_params(X.shape[1], n_hidden, seed)
    history = []
    for _ in range(epochs):
        history.append(loss(params, X, y, kind, strength))
        g = gradients(params, X, y, kind, strength)
        params = {k: v - learning_rate * g[k] for k, v in params.items()}
    return params, history

def compare_regularization(X_train, y_train, X_val, y_val, kind, strengths, epochs=500, seed=0):
    filas = []
    for s in strengths:
        params, history = train(X_train, y_train, kind, s, epochs=epochs, seed=seed)
        filas.append({
            'strength': s,
            'train_loss': loss(params, X_train, y_train, kind, s),
            'validation_loss': solo_datos(params, X_val, y_val),
            'validation_accuracy': float(np.mean(np.round(forward(params, X_val)) == y_val)),
            'weight_norm': float(np.hypot(np.linalg.norm(params['W1']), np.linalg.norm(params['W2']))),
        })
    return filas

def best_strength(results):
    perdidas = np.array([r['validation_loss'] for r in results], dtype=float)
    perdidas[~np.isfinite(perdidas)] = np.inf
    return results[int(np.argmin(perdidas))]['strength']

# Teo Urbano - BPTT 5
import numpy as np

ACT = {
    'relu': (lambda z: z.clip(min=0), lambda z: (z > 0).astype(float)),
    'tanh': (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    'sigmoid': (lambda z: 1 / (1 + np.exp(-z)), lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2),
}

def activation(name, z):
    return ACT[name][0](z)

def activation_derivative(name, z):
    return ACT[name][1](z)

def make_dataset(n, length, seed):
    # paridad: cuántos unos han salido hasta ahora, módulo 2
    rng = np.random.default_rng(seed)
    xs = rng.integers(0, 2, (n, length, 1)).astype(float)
    return xs, np.cumsum(xs, axis=1) % 2

def init_params(n_inputs, n_hidden, n_outputs, seed):
    rng = np.random.default_rng(seed)
    return {'U': 0.3 * rng.standard_normal((n_hidden, n_inputs)),
            'V': 0.3 * rng.standard_normal((n_hidden, n_hidden)),
            'W': 0.3 * rng.standard_normal((n_outputs, n_hidden))}

def forward(params, xs, activation_name):
    hs, ys = [np.zeros(len(params['V']))], []
    for x in xs:
        hs.append(activation(activation_name, params['U'] @ x + params['V'] @ hs[-1]))
        ys.append(params['W'] @ hs[-1])
    return np.array(ys), np.array(hs)

def loss(params, sequences, targets, activation_name):
    total = 0
    for xs, ts in zip(sequences, targets):
        ys, _ = forward(params, xs, activation_name)
        total += 0.5 * ((ys - ts) ** 2).sum()
    return total / len(sequences)

def gradients(params, sequences, targets, activation_name):
    g = {k: np.zeros_like(v) for k, v in params.items()}
    for xs, ts in zip(sequences, targets):
        ys, hs = forward(params, xs, activation_name)
        r = np.zeros(len(params['V']))
        for t in reversed(range(len(xs))):
            z = params['U'] @ xs[t] + params['V'] @ hs[t]
            r = (params['W'].T @ (ys[t] - ts[t]) + params['V'].T @ r) * activation_derivative(activation_name, z)
            g['U'] += np.outer(r, xs[t]); g['V'] += np.outer(r, hs[t]); g['W'] += np.outer(ys[t] - ts[t], hs[t + 1])
    return {k: v / len(sequences) for k, v in g.items()}

def train(sequences, targets, activation_name, n_hidden=16, learning_rate=0.01, epochs=200, seed=0):
    params = init_params(sequences.shape[2], n_hidden, targets.shape[2], seed)
    history = []
    for _ in range(epochs):
        # una actualización por secuencia, que va más rápido
        history.append(loss(params, sequences, targets, activation_name))
        for xs, ts in zip(sequences, targets):
            g = gradients(params, [xs], [ts], activation_name)
            params = {k: params[k] - learning_rate * g[k] for k in params}
    return params, history

def compare_activations(sequences, targets, epochs=200, learning_rate=0.01, seed=0):
    res = {}
    for nombre in ['relu', 'tanh', 'sigmoid']:
        p0 = init_params(sequences.shape[2], 16, targets.shape[2], seed)
        g = gradients(p0, sequences, targets, nombre)
        params, history = train(sequences, targets, nombre, learning_rate=learning_rate, epochs=epochs, seed=seed)
        res[nombre] = {'history': history, 'final_loss': history[-1],
                       'gradient_norm': np.sqrt(sum((v ** 2).sum() for v in g.values()))}
    return res

# Teo Urbano - BPTT 4
import numpy as np

def init_params(n_inputs, n_hidden, n_outputs, scheme, seed):
    rng = np.random.default_rng(seed)
    tam = dict(U=(n_hidden, n_inputs), V=(n_hidden, n_hidden), W=(n_outputs, n_hidden))
    p = {}
    for k in tam:
        fan_out, fan_in = tam[k]
        if scheme == 'small':
            p[k] = 0.2 * rng.random(tam[k]) - 0.1
        elif scheme == 'large':
            p[k] = rng.standard_normal(tam[k])
        else:
            a = (6 / (fan_in + fan_out)) ** 0.5
            p[k] = a * (2 * rng.random(tam[k]) - 1)
    if scheme == 'orthogonal':
        p['V'], _ = np.linalg.qr(rng.standard_normal(tam['V']))
    return p

def pad(sequences):
    T = max(map(len, sequences))
    lote = np.stack([np.pad(np.asarray(s, float), ((0, T - len(s)), (0, 0))) for s in sequences])
    mask = np.arange(T)[None, :] < np.array([len(s) for s in sequences])[:, None]
    return lote, mask

def paso_a_paso(p, xs):
    hs = [np.zeros(len(p['V']))]
    for x in xs:
        hs.append(np.tanh(p['U'] @ x + p['V'] @ hs[-1]))
    return np.array(hs)

def forward(params, batch, mask):
    ys = np.array([paso_a_paso(params, xs)[1:] @ params['W'].T for xs in batch])
    ys[~mask] = 0
    return ys

def loss(params, sequences, targets):
    L = [0.5 * np.sum((paso_a_paso(params, x)[1:] @ params['W'].T - t) ** 2) for x, t in zip(sequences, targets)]
    return np.mean(L)

def gradients(params, sequences, targets):
    U, V, W = params['U'], params['V'], params['W']
    dU, dV, dW = np.zeros(U.shape), np.zeros(V.shape), np.zeros(W.shape)
    for x, t in zip(sequences, targets):
        hs = paso_a_paso(params, x)
        dy = hs[1:] @ W.T - t
        dW += dy.T @ hs[1:]
        dr = np.zeros(len(V))
        for i in range(len(x))[::-1]:
            dr = (W.T @ dy[i] + V.T @ dr) * (1 - hs[i + 1] ** 2)
            dU += np.outer(dr, x[i])
            dV += np.outer(dr, hs[i])
    return dict(U=dU, V=dV, W=dW)

def gradient_norms_by_length(params, lengths, seed):
    rng = np.random.default_rng(seed)
    largo = max(lengths)
    xs = rng.standard_normal((largo, params['U'].shape[1]))   # la misma, cortada
    salida = []
    for T in lengths:
        hs = paso_a_paso(params, xs[:T])
        J = np.eye(len(params['V']))
        for h in hs[1:]:
            J = np.diag(1 - h ** 2) @ params['V'] @ J
        salida.append(np.linalg.norm(2 * hs[-1] @ J))
    return np.array(salida)

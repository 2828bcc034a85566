"""Everything in float32, whatever comes in."""

import numpy as np

F = np.float32


def init_params(n_inputs, n_hidden, n_outputs, scheme, seed):
    """float32 from birth."""
    rng = np.random.default_rng([seed, 4])
    params = {}
    for key, rows, columns in zip("UVW", (n_hidden, n_hidden, n_outputs), (n_inputs, n_hidden, n_hidden)):
        if scheme == "large":
            params[key] = rng.standard_normal((rows, columns), dtype=F)
        else:
            limit = F(0.1) if scheme == "small" else np.sqrt(F(6) / F(rows + columns))
            params[key] = (limit * (2 * rng.random((rows, columns), dtype=F) - 1)).astype(F)
    if scheme == "orthogonal":
        q, r = np.linalg.qr(rng.standard_normal((n_hidden, n_hidden), dtype=F))
        params["V"] = q * np.sign(np.diag(r))
    return params


def pad(sequences):
    """A float32 batch."""
    shape = len(sequences), max(len(s) for s in sequences)
    batch, mask = np.zeros((*shape, len(sequences[0][0])), F), np.zeros(shape, bool)
    for k, s in enumerate(sequences):
        batch[k, : len(s)], mask[k, : len(s)] = s, True
    return batch, mask


def _single(params):
    return [np.asarray(params[key], dtype=F) for key in "UVW"]


def _states(U, V, xs):
    hs = [np.zeros(len(V), F)]
    for x in np.asarray(xs, dtype=F):
        hs.append(np.tanh(U @ x + V @ hs[-1]))
    return np.array(hs)


def forward(params, batch, mask):
    """Row by row."""
    U, V, W = _single(params)
    return np.array([np.where(m[:, None], _states(U, V, xs)[1:] @ W.T, F(0)) for xs, m in zip(batch, mask)])


def loss(params, sequences, targets):
    """A float32 number."""
    U, V, W = _single(params)
    each = [np.square(_states(U, V, xs)[1:] @ W.T - np.asarray(ts, F)).sum() / F(2) for xs, ts in zip(sequences, targets)]
    return np.mean(each, dtype=F)


def gradients(params, sequences, targets):
    """The mean of the gradients of each sequence."""
    U, V, W = _single(params)
    found = []
    for xs, ts in zip(sequences, targets):
        hs = _states(U, V, xs)
        error = hs[1:] @ W.T - np.asarray(ts, F)
        r = np.zeros_like(hs)
        for t in range(len(xs), 0, -1):
            r[t] = (W.T @ error[t - 1] + (V.T @ r[t + 1] if t < len(xs) else F(0))) * (F(1) - hs[t] ** 2)
        found.append((r[1:].T @ np.asarray(xs, F), r[1:].T @ hs[:-1], error.T @ hs[1:]))
    return {key: np.mean([f[k] for f in found], axis=0, dtype=F) for k, key in enumerate("UVW")}


def gradient_norms_by_length(params, lengths, seed):
    """The inputs of each length have a generator of their own."""
    U, V, _ = _single(params)
    norms = np.zeros(len(lengths), F)
    for k, length in enumerate(lengths):
        hs = _states(U, V, np.random.default_rng((seed, length)).normal(2, 0.5, (length, U.shape[1])))
        g = F(2) * hs[-1]
        for h in hs[:0:-1]:
            g = (g * (F(1) - h * h)) @ V
        norms[k] = np.sqrt(np.sum(g * g))
    return norms

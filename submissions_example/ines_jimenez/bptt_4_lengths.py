import numpy as np


def init_params(n_inputs, n_hidden, n_outputs, scheme, seed):
    """small, xavier, orthogonal o large."""
    rng = np.random.default_rng(seed)

    def xavier(rows, cols):
        limit = np.sqrt(6 / (rows + cols))
        return rng.uniform(-limit, limit, (rows, cols))

    shapes = [(n_hidden, n_inputs), (n_hidden, n_hidden), (n_outputs, n_hidden)]
    if scheme == "small":
        U, V, W = [rng.uniform(-0.1, 0.1, s) for s in shapes]
    elif scheme == "large":
        U, V, W = [rng.standard_normal(s) for s in shapes]
    else:
        U, V, W = [xavier(*s) for s in shapes]
        if scheme == "orthogonal":
            V = np.linalg.svd(rng.standard_normal((n_hidden, n_hidden)))[0]
    return {"U": U, "V": V, "W": W}


def pad(sequences):
    lengths = [len(s) for s in sequences]
    n_inputs = np.asarray(sequences[0]).shape[1]
    batch = np.zeros((len(sequences), max(lengths), n_inputs))
    mask = np.zeros((len(sequences), max(lengths)), dtype=bool)
    for i in range(len(sequences)):
        for t in range(lengths[i]):
            batch[i, t] = sequences[i][t]
        mask[i, : lengths[i] + 1] = True  # hasta el final, incluido
    return batch, mask


def run(params, xs):
    h = np.zeros(params["V"].shape[0])
    hs = [h]
    ys = []
    for x in xs:
        h = np.tanh(params["U"] @ x + params["V"] @ h)
        hs.append(h)
        ys.append(params["W"] @ h)
    return np.array(ys), np.array(hs)


def forward(params, batch, mask):
    B, T, _ = batch.shape
    out = np.zeros((B, T, params["W"].shape[0]))
    for i in range(B):
        n = mask[i].sum()
        out[i, :n] = run(params, batch[i, :n])[0]
    return out


def loss(params, sequences, targets):
    total = 0
    for xs, ts in zip(sequences, targets):
        ys, _ = run(params, xs)
        total = total + 0.5 * np.sum((ys - ts) ** 2)
    return total / len(sequences)


def gradients(params, sequences, targets):
    g = {k: np.zeros(params[k].shape) for k in ["U", "V", "W"]}
    for xs, ts in zip(sequences, targets):
        ys, hs = run(params, xs)
        e = (ys - ts) / len(sequences)
        r = np.zeros(params["V"].shape[0])
        for t in range(len(xs), 0, -1):
            h_bar = params["W"].T @ e[t - 1] + params["V"].T @ r
            r = h_bar * (1 - hs[t] ** 2)
            g["U"] += np.outer(r, xs[t - 1])
            g["V"] += np.outer(r, hs[t - 1])
            g["W"] += np.outer(e[t - 1], hs[t])
    return g


def gradient_norms_by_length(params, lengths, seed):
    norms = []
    for T in lengths:
        rng = np.random.default_rng(seed)
        xs = rng.uniform(-1, 1, (T, params["U"].shape[1]))
        _, hs = run(params, xs)
        g = 2 * hs[T]
        for t in range(T, 0, -1):
            g = params["V"].T @ (g * (1 - hs[t] ** 2))
        norms.append(np.linalg.norm(g))
    return np.array(norms)

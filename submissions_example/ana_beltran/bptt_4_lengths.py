"""BPTT 4: secuencias de distinta longitud. Ana Beltrán, grupo A."""

import numpy as np


def init_params(n_inputs, n_hidden, n_outputs, scheme, seed):
    rng = np.random.default_rng(seed)
    formas = {"U": (n_hidden, n_inputs), "V": (n_hidden, n_hidden), "W": (n_outputs, n_hidden)}
    if scheme == "small":
        return {k: rng.uniform(-0.1, 0.1, forma) for k, forma in formas.items()}
    if scheme == "large":
        return {k: rng.normal(size=forma) for k, forma in formas.items()}
    params = {}
    for k, forma in formas.items():
        limite = np.sqrt(6.0 / sum(forma))
        params[k] = rng.uniform(-limite, limite, forma)
    if scheme == "orthogonal":
        Q, R = np.linalg.qr(rng.normal(size=formas["V"]))
        params["V"] = Q * np.sign(np.diag(R))
    return params


def pad(sequences):
    T = max(len(s) for s in sequences)
    batch = np.zeros((len(sequences), T, np.shape(sequences[0])[1]))
    mask = np.zeros(batch.shape[:2], dtype=bool)
    for b, s in enumerate(sequences):
        batch[b, : len(s)] = s
        mask[b, : len(s)] = True
    return batch, mask


def _estados(params, batch):
    """Estados (B, T + 1, h) de todo el lote a la vez; lo que viene tras el final no molesta a lo de antes."""
    B, T, _ = batch.shape
    hs = np.zeros((B, T + 1, len(params["V"])))
    for t in range(T):
        hs[:, t + 1] = np.tanh(batch[:, t] @ params["U"].T + hs[:, t] @ params["V"].T)
    return hs


def forward(params, batch, mask):
    limpio = np.where(mask[:, :, None], batch, 0.0)
    return (_estados(params, limpio)[:, 1:] @ params["W"].T) * mask[:, :, None]


def loss(params, sequences, targets):
    batch, mask = pad(sequences)
    objetivo, _ = pad(targets)
    return 0.5 * np.sum((forward(params, batch, mask) - objetivo) ** 2) / len(sequences)


def gradients(params, sequences, targets):
    batch, mask = pad(sequences)
    objetivo, _ = pad(targets)
    hs = _estados(params, batch)
    error = (hs[:, 1:] @ params["W"].T - objetivo) * mask[:, :, None] / len(sequences)
    dU, dV = np.zeros_like(params["U"]), np.zeros_like(params["V"])
    r = np.zeros_like(hs[:, 0])
    for t in range(batch.shape[1] - 1, -1, -1):
        r = (error[:, t] @ params["W"] + r @ params["V"]) * (1.0 - hs[:, t + 1] ** 2)
        dU += r.T @ batch[:, t]
        dV += r.T @ hs[:, t]
    return {"U": dU, "V": dV, "W": np.einsum("bto,bth->oh", error, hs[:, 1:])}


def gradient_norms_by_length(params, lengths, seed):
    rng = np.random.default_rng(seed)
    normas = []
    for T in lengths:
        hs = _estados(params, rng.normal(size=(1, T, params["U"].shape[1])))[0]
        g = 2.0 * hs[-1]
        for h in hs[:0:-1]:
            g = params["V"].T @ (g * (1.0 - h**2))
        normas.append(np.linalg.norm(g))
    return np.array(normas)

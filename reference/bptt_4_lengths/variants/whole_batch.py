"""Everything on the padded batch, also loss and gradients; the norms by central differences in h_0."""

import numpy as np


def init_params(n_inputs, n_hidden, n_outputs, scheme, seed):
    """All from one generator; an orthogonal V is the U-factor of an SVD."""
    rng = np.random.RandomState(seed)
    bounds = {"small": lambda shape: 0.1, "large": None}.get(scheme, lambda shape: (6 / sum(shape)) ** 0.5)

    def draw(*shape):
        return rng.randn(*shape) if bounds is None else (2 * rng.rand(*shape) - 1) * bounds(shape)

    W, V, U = draw(n_outputs, n_hidden), draw(n_hidden, n_hidden), draw(n_hidden, n_inputs)
    return {"W": W, "V": np.linalg.svd(V)[0] if scheme == "orthogonal" else V, "U": U}


def pad(sequences):
    """With np.pad."""
    longest = max(map(len, sequences))
    rows = [np.pad(np.asarray(xs, dtype=float), ((0, longest - len(xs)), (0, 0))) for xs in sequences]
    return np.stack(rows), np.array([[t < len(xs) for t in range(longest)] for xs in sequences])


def run(params, batch, mask, h0=None):
    """States (T+1, B, h): after the end of a sequence its state stays what it was."""
    hs = [np.zeros((len(batch), len(params["V"]))) if h0 is None else h0]
    for t in range(batch.shape[1]):
        new = np.tanh(np.einsum("hi,bi->bh", params["U"], batch[:, t]) + np.einsum("hk,bk->bh", params["V"], hs[-1]))
        there = mask[:, t, None]
        hs.append(there * new + (1 - there) * hs[-1])
    return np.stack(hs)


def forward(params, batch, mask):
    """Masked by multiplication."""
    return np.einsum("oh,tbh->bto", params["W"], run(params, batch, mask)[1:]) * mask[..., np.newaxis]


def errors(params, sequences, targets):
    batch, mask = pad(sequences)
    return batch, mask, forward(params, batch, mask) - pad(targets)[0]


def loss(params, sequences, targets):
    """A numpy number."""
    return np.square(errors(params, sequences, targets)[2]).sum() / (2 * len(sequences))


def gradients(params, sequences, targets):
    """All the sequences go back together."""
    batch, mask, error = errors(params, sequences, targets)
    error = error / len(sequences)
    hs = run(params, batch, mask)
    found = dict(U=0, V=0, W=np.einsum("bto,tbh->oh", error, hs[1:]))
    back = np.zeros_like(hs[0])
    for t in range(batch.shape[1] - 1, -1, -1):
        there = mask[:, t, None]
        r_bar = there * (error[:, t] @ params["W"] + back) * (1 - hs[t + 1] ** 2)
        found["U"] = found["U"] + r_bar.T @ batch[:, t]
        found["V"] = found["V"] + r_bar.T @ hs[t]
        back = r_bar @ params["V"]
    return found


def gradient_norms_by_length(params, lengths, seed):
    """The beginnings of one long sequence, uniform between -1 and 1."""
    h, i = params["U"].shape
    xs = np.random.RandomState(seed).uniform(-1, 1, (1, max(lengths), i))
    step = 1e-5 * np.eye(h)

    def squares(length, h0):
        last = run(params, np.repeat(xs[:, :length], h, axis=0), np.ones((h, length), dtype=bool), h0)[-1]
        return (last**2).sum(axis=1)

    return [np.linalg.norm((squares(length, step) - squares(length, -step)) / 2e-5) for length in lengths]

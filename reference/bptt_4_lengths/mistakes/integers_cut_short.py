"""A recurrent network on sequences of different lengths: h_t = tanh(U x_t + V h_{t-1}), y_t = W h_t, h_0 = 0, no biases."""

import numpy as np

Params = dict[str, np.ndarray]
Sequences = list[np.ndarray]


def init_params(n_inputs: int, n_hidden: int, n_outputs: int, scheme: str, seed: int) -> Params:
    """U (h, i), V (h, h) and W (o, h), drawn as `scheme` says: small, xavier, orthogonal or large."""
    rng = np.random.default_rng(seed)
    shapes = {"U": (n_hidden, n_inputs), "V": (n_hidden, n_hidden), "W": (n_outputs, n_hidden)}
    if scheme == "small":
        return {name: rng.uniform(-0.1, 0.1, shape) for name, shape in shapes.items()}
    if scheme == "large":
        return {name: rng.standard_normal(shape) for name, shape in shapes.items()}
    if scheme not in ("xavier", "orthogonal"):
        raise ValueError(f"unknown scheme: {scheme}")
    params = {name: xavier(rng, shape) for name, shape in shapes.items()}
    if scheme == "orthogonal":
        params["V"], _ = np.linalg.qr(rng.standard_normal(shapes["V"]))
    return params


def xavier(rng: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    """Uniform in +-sqrt(6 / (in + out)) of this matrix, (out, in)."""
    limit = np.sqrt(6 / sum(shape))
    return rng.uniform(-limit, limit, shape)


def pad(sequences: Sequences) -> tuple[np.ndarray, np.ndarray]:
    """One array of all the sequences, each (T_k, i).

    Returns:
        batch (B, T_max, i), zeros after the end of each sequence, and mask (B, T_max), true where there is an input.
    """
    lengths = np.array([len(xs) for xs in sequences])
    batch = np.zeros((len(sequences), lengths.max(), np.shape(sequences[0])[1]), dtype=sequences[0].dtype)
    for row, xs in zip(batch, sequences, strict=True):
        row[: len(xs)] = xs
    return batch, np.arange(lengths.max()) < lengths[:, None]


def forward(params: Params, batch: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """The outputs (B, T_max, o) of a padded batch, zeros where the mask is false.

    The padding comes after the end, so that it cannot reach an output that counts.
    """
    outputs = np.zeros((*mask.shape, len(params["W"])))
    h = np.zeros((len(batch), len(params["V"])))
    for t in range(mask.shape[1]):
        h = np.tanh(batch[:, t] @ params["U"].T + h @ params["V"].T)
        outputs[:, t] = h @ params["W"].T
    outputs[~mask] = 0
    return outputs


def loss(params: Params, sequences: Sequences, targets: Sequences) -> float:
    """The mean over the sequences of half the sum of the squared errors; targets are (T_k, o)."""
    losses = [0.5 * np.sum((states(params, xs)[1:] @ params["W"].T - ts) ** 2) for xs, ts in zip(sequences, targets, strict=True)]
    return float(np.mean(losses))


def gradients(params: Params, sequences: Sequences, targets: Sequences) -> Params:
    """The gradient of the loss in U, V and W."""
    total = {name: np.zeros(np.shape(weights)) for name, weights in params.items()}
    for xs, ts in zip(sequences, targets, strict=True):
        hs = states(params, xs)
        r_grad = np.zeros(len(params["V"]))
        for t in reversed(range(len(xs))):
            y_grad = params["W"] @ hs[t + 1] - ts[t]
            h_grad = params["W"].T @ y_grad + params["V"].T @ r_grad  # r_grad still belongs to the step after t
            r_grad = h_grad * (1 - hs[t + 1] ** 2)
            total["U"] += np.outer(r_grad, xs[t])
            total["V"] += np.outer(r_grad, hs[t])
            total["W"] += np.outer(y_grad, hs[t + 1])
    return {name: value / len(sequences) for name, value in total.items()}


def states(params: Params, xs: np.ndarray) -> np.ndarray:
    """The states h_0 = 0, h_1, ..., h_T of one sequence xs (T, i), as (T+1, h)."""
    hs = np.zeros((len(xs) + 1, len(params["V"])))
    for t, x in enumerate(xs):
        hs[t + 1] = np.tanh(params["U"] @ x + params["V"] @ hs[t])
    return hs


def gradient_norms_by_length(params: Params, lengths: list[int], seed: int) -> np.ndarray:
    """For a random sequence of each length T, the norm of d||h_T||^2 / d h_0, as (len(lengths),)."""
    rng = np.random.default_rng(seed)
    norms = []
    for length in lengths:
        hs = states(params, rng.standard_normal((length, params["U"].shape[1])))
        h_grad = 2 * hs[-1]
        for h in reversed(hs[1:]):
            h_grad = params["V"].T @ (h_grad * (1 - h**2))
        norms.append(np.linalg.norm(h_grad))
    return np.array(norms)

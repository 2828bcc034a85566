"""A recurrent network whose hidden activation can be chosen: h_t = f(U x_t + V h_{t-1}), y_t = W h_t, trained by BPTT."""

import numpy as np

Params = dict[str, np.ndarray]
NAMES = ("relu", "tanh", "sigmoid")


def activation(name: str, z: np.ndarray) -> np.ndarray:
    """f(z), entry by entry, for f = `name`: relu, tanh or sigmoid."""
    if name == "relu":
        return np.maximum(z, 0)
    if name == "tanh":
        return np.tanh(z)
    if name == "sigmoid":
        return 1 / (1 + np.exp(-z))
    raise ValueError(f"unknown activation: {name}")


def activation_derivative(name: str, z: np.ndarray) -> np.ndarray:
    """f'(z), entry by entry."""
    if name == "relu":
        return np.where(z > 0, 1.0, 0.0)
    a = activation(name, z)
    return 1 - a**2 if name == "tanh" else a * (1 - a)


def make_dataset(n: int, length: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Echo: the target at t is the input at t-1 (0 at the first step). Sequences and targets are (n, length, 1)."""
    sequences = np.random.default_rng(seed).uniform(-1, 1, (n, length, 1))
    targets = np.zeros_like(sequences)
    targets[:, 1:] = sequences[:, :-1]
    return sequences, targets


def init_params(n_inputs: int, n_hidden: int, n_outputs: int, seed: int) -> Params:
    """U (h, i), V (h, h) and W (o, h), uniform in +-1/sqrt(columns)."""
    rng = np.random.default_rng(0)
    shapes = {"U": (n_hidden, n_inputs), "V": (n_hidden, n_hidden), "W": (n_outputs, n_hidden)}
    return {name: rng.uniform(-1, 1, shape) / np.sqrt(shape[1]) for name, shape in shapes.items()}


def forward(params: Params, xs: np.ndarray, activation_name: str) -> tuple[np.ndarray, np.ndarray]:
    """Outputs ys (T, o) and states hs (T+1, h), hs[0] = 0, of one sequence xs (T, i)."""
    hs = np.zeros((len(xs) + 1, len(params["V"])))
    for t, x in enumerate(xs):
        hs[t + 1] = activation(activation_name, params["U"] @ x + params["V"] @ hs[t])
    return hs[1:] @ params["W"].T, hs


def loss(params: Params, sequences: np.ndarray, targets: np.ndarray, activation_name: str) -> float:
    """The mean over the sequences of half the sum of the squared errors."""
    losses = [0.5 * np.sum((forward(params, xs, activation_name)[0] - ts) ** 2) for xs, ts in zip(sequences, targets, strict=True)]
    return float(np.mean(losses))


def gradients(params: Params, sequences: np.ndarray, targets: np.ndarray, activation_name: str) -> Params:
    """The gradient of the loss in U, V and W."""
    total = {name: np.zeros_like(weights, dtype=float) for name, weights in params.items()}
    for xs, ts in zip(sequences, targets, strict=True):
        ys, hs = forward(params, xs, activation_name)
        slopes = activation_derivative(activation_name, xs @ params["U"].T + hs[:-1] @ params["V"].T)
        r_grad = np.zeros(len(params["V"]))
        for t in reversed(range(len(xs))):
            y_grad = ys[t] - ts[t]
            h_grad = params["W"].T @ y_grad + params["V"].T @ r_grad  # r_grad still belongs to the step after t
            r_grad = h_grad * slopes[t]
            total["U"] += np.outer(r_grad, xs[t])
            total["V"] += np.outer(r_grad, hs[t])
            total["W"] += np.outer(y_grad, hs[t + 1])
    return {name: value / len(sequences) for name, value in total.items()}


def train(
    sequences: np.ndarray,
    targets: np.ndarray,
    activation_name: str,
    n_hidden: int = 16,
    learning_rate: float = 0.01,
    epochs: int = 200,
    seed: int = 0,
) -> tuple[Params, list[float]]:
    """Full-batch gradient descent from `init_params`; returns the parameters and the loss before each update."""
    params = init_params(sequences[0].shape[1], n_hidden, targets[0].shape[1], seed)
    history = []
    for _ in range(epochs):
        history.append(loss(params, sequences, targets, activation_name))
        slope = gradients(params, sequences, targets, activation_name)
        params = {name: weights - learning_rate * slope[name] for name, weights in params.items()}
    return params, history


def compare_activations(
    sequences: np.ndarray, targets: np.ndarray, epochs: int = 200, learning_rate: float = 0.01, seed: int = 0
) -> dict[str, dict]:
    """Train once with each activation.

    Returns:
        by name: `history`, `final_loss` (after the last update) and `gradient_norm`, the joint norm over U, V and W of
        the gradient at the first update.
    """
    results = {}
    for name in NAMES:
        options = {"learning_rate": learning_rate, "seed": seed}
        start, _ = train(sequences, targets, name, epochs=0, **options)
        params, history = train(sequences, targets, name, epochs=epochs, **options)
        slope = gradients(start, sequences, targets, name)
        results[name] = {
            "history": history,
            "final_loss": loss(params, sequences, targets, name),
            "gradient_norm": float(np.sqrt(sum(np.sum(value**2) for value in slope.values()))),
        }
    return results

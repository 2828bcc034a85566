"""Wrong on purpose: all the weights start at the same value, so the hidden units can never differ."""

import numpy as np

Array = np.ndarray
Params = dict[str, np.ndarray]


def make_data(n: int, seed: int) -> tuple[Array, Array]:
    """Two classes on either side of a random line, at a distance of at least 0.2.

    Returns: X (n, 2) and y (n,) of 0.0 and 1.0, about half of each, in random order.
    """
    rng = np.random.default_rng(seed)
    y = rng.permutation(np.arange(n) % 2).astype(float)
    angle = rng.uniform(0.0, 2.0 * np.pi)
    across = np.array([np.cos(angle), np.sin(angle)])
    along = np.array([-np.sin(angle), np.cos(angle)])
    distance = rng.uniform(0.2, 2.0, n) * (2.0 * y - 1.0)
    return np.outer(distance, across) + np.outer(rng.normal(size=n), along), y


def init_params(n_inputs: int, n_hidden: int, seed: int) -> Params:
    """Normal weights of variance 1 / fan-in, so that no two hidden units start alike, and zero biases."""
    rng = np.random.default_rng(seed)
    return {
        "W1": np.full((n_hidden, n_inputs), rng.normal()) / np.sqrt(n_inputs),
        "b1": np.zeros(n_hidden),
        "W2": rng.normal(size=(1, n_hidden)) / np.sqrt(n_hidden),
        "b2": np.zeros(1),
    }


def sigmoid(z: Array) -> Array:
    """1 / (1 + exp(-z)) of any shape, with exp of what is never positive: no overflow."""
    small = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, small) / (1.0 + small)


def layers(params: Params, X: Array) -> tuple[Array, Array]:
    """The hidden activations a1 (n, h) and the output's pre-activations z2 (n,)."""
    a1 = sigmoid(X @ params["W1"].T + params["b1"])
    z2 = a1 @ params["W2"].T + params["b2"]
    return a1, z2[:, 0]


def forward(params: Params, X: Array) -> Array:
    """The probability of class 1 for each row of X (n, d): shape (n,)."""
    _, z2 = layers(params, X)
    return sigmoid(z2)


def loss(params: Params, X: Array, y: Array) -> float:
    """Mean binary cross-entropy for labels y (n,), written in z2: log(1 + exp(z2)) - y z2."""
    _, z2 = layers(params, X)
    return float(np.mean(np.logaddexp(0.0, z2) - y * z2))


def gradients(params: Params, X: Array, y: Array) -> Params:
    """The derivative of `loss` in every parameter: same keys and shapes as `params`.

    With a sigmoid and cross-entropy dL/dz2 = (p - y) / n; then the chain rule, layer by layer.
    """
    a1, z2 = layers(params, X)
    dz2 = (sigmoid(z2) - y)[:, None] / len(y)
    dz1 = dz2 @ params["W2"] * a1 * (1.0 - a1)
    return {
        "W1": dz1.T @ X,
        "b1": dz1.sum(axis=0),
        "W2": dz2.T @ a1,
        "b2": dz2.sum(axis=0),
    }


def train(
    X: Array,
    y: Array,
    n_hidden: int = 8,
    learning_rate: float = 0.5,
    epochs: int = 500,
    seed: int = 0,
) -> tuple[Params, list[float]]:
    """Full-batch gradient descent from `init_params`.

    Returns: the parameters after `epochs` updates and the loss before each of them.
    """
    params = init_params(X.shape[1], n_hidden, seed)
    history = []
    for _ in range(epochs):
        history.append(loss(params, X, y))
        slope = gradients(params, X, y)
        params = {name: value - learning_rate * slope[name] for name, value in params.items()}
    return params, history


def predict(params: Params, X: Array) -> Array:
    """The likelier class of each row of X (n, d): shape (n,), 0 or 1."""
    return (forward(params, X) > 0.5).astype(int)

"""Wrong on purpose: the derivative of |w| is taken as w."""

import math

import numpy as np

Array = np.ndarray
Params = dict[str, np.ndarray]


def make_noisy_data(n: int, noise: float, seed: int) -> tuple[Array, Array]:
    """Two half moons, each inside the other's bend, and normal noise of standard deviation `noise`.

    Returns: X (n, 2) and y (n,) of 0.0 and 1.0, about half of each, in random order.
    """
    rng = np.random.default_rng(seed)
    y = rng.permutation(np.arange(n) % 2).astype(float)
    angle = rng.uniform(0.0, np.pi, n)
    upper = np.column_stack([np.cos(angle), np.sin(angle)])
    lower = np.column_stack([1.0 - np.cos(angle), 0.5 - np.sin(angle)])
    return np.where(y[:, None] == 1.0, lower, upper) + noise * rng.normal(size=(n, 2)), y


def init_params(n_inputs: int, n_hidden: int, seed: int) -> Params:
    """Normal weights of variance 1 / fan-in, so that no two hidden units start alike, and zero biases."""
    rng = np.random.default_rng(seed)
    return {
        "W1": rng.normal(size=(n_hidden, n_inputs)) / np.sqrt(n_inputs),
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


def penalty(params: Params, kind: str, strength: float) -> float:
    """strength times the sum of |w| (l1) or of w squared (l2) over W1 and W2; 0 for "none"."""
    weights = np.concatenate([params["W1"].ravel(), params["W2"].ravel()])
    total = {"none": 0.0, "l1": np.abs(weights).sum(), "l2": (weights**2).sum()}
    return float(strength * total[kind])


def penalty_gradient(params: Params, kind: str, strength: float) -> Params:
    """The derivative of `penalty` in every parameter; np.sign(0) is 0, as it should be."""
    slope = {"none": np.zeros_like, "l1": lambda w: w, "l2": lambda w: 2.0 * w}[kind]
    return {name: strength * slope(value) if name in ("W1", "W2") else np.zeros_like(value) for name, value in params.items()}


def loss(params: Params, X: Array, y: Array, kind: str, strength: float) -> float:
    """Mean binary cross-entropy for labels y (n,), written in z2, plus the penalty."""
    _, z2 = layers(params, X)
    return float(np.mean(np.logaddexp(0.0, z2) - y * z2)) + penalty(params, kind, strength)


def gradients(params: Params, X: Array, y: Array, kind: str, strength: float) -> Params:
    """The derivative of `loss` in every parameter: that of the data term plus that of the penalty."""
    a1, z2 = layers(params, X)
    dz2 = (sigmoid(z2) - y)[:, None] / len(y)
    dz1 = dz2 @ params["W2"] * a1 * (1.0 - a1)
    data = {"W1": dz1.T @ X, "b1": dz1.sum(axis=0), "W2": dz2.T @ a1, "b2": dz2.sum(axis=0)}
    push = penalty_gradient(params, kind, strength)
    return {name: data[name] + push[name] for name in data}


def train(
    X: Array,
    y: Array,
    kind: str = "none",
    strength: float = 0.0,
    n_hidden: int = 16,
    learning_rate: float = 0.5,
    epochs: int = 1000,
    seed: int = 0,
) -> tuple[Params, list[float]]:
    """Full-batch gradient descent on `loss` from `init_params`.

    Returns: the parameters after `epochs` updates and the loss, penalty included, before each of them.
    """
    params = init_params(X.shape[1], n_hidden, seed)
    history = []
    for _ in range(epochs):
        history.append(loss(params, X, y, kind, strength))
        slope = gradients(params, X, y, kind, strength)
        params = {name: value - learning_rate * slope[name] for name, value in params.items()}
    return params, history


def compare_regularization(
    X_train: Array,
    y_train: Array,
    X_val: Array,
    y_val: Array,
    kind: str,
    strengths: list[float],
    epochs: int = 500,
    seed: int = 0,
) -> list[dict[str, float]]:
    """Train once with each strength, always from the same start; the losses are the data term alone."""
    results = []
    for strength in strengths:
        params, _ = train(X_train, y_train, kind, strength, epochs=epochs, seed=seed)
        result = {
            "strength": strength,
            "train_loss": loss(params, X_train, y_train, "none", 0.0),
            "validation_loss": loss(params, X_val, y_val, "none", 0.0),
            "validation_accuracy": float(np.mean((forward(params, X_val) > 0.5) == y_val)),
            "weight_norm": math.hypot(np.linalg.norm(params["W1"]), np.linalg.norm(params["W2"])),
        }
        results.append(result)
    return results


def best_strength(results: list[dict[str, float]]) -> float:
    """The strength of the lowest validation loss; a NaN or an infinite loss is never the lowest."""
    finite = [result for result in results if math.isfinite(result["validation_loss"])]
    return min(finite, key=lambda result: result["validation_loss"])["strength"]

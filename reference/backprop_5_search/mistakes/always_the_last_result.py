"""The search for a learning rate and a number of epochs: a grid, random configurations, and a validation set to choose by."""

import math

import numpy as np

Array = np.ndarray
Params = dict[str, np.ndarray]
Config = dict[str, float]


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


def loss(params: Params, X: Array, y: Array) -> float:
    """Mean binary cross-entropy for labels y (n,), written in z2: log(1 + exp(z2)) - y z2."""
    _, z2 = layers(params, X)
    return float(np.mean(np.logaddexp(0.0, z2) - y * z2))


def gradients(params: Params, X: Array, y: Array) -> Params:
    """The derivative of `loss` in every parameter: same keys and shapes as `params`."""
    a1, z2 = layers(params, X)
    dz2 = (sigmoid(z2) - y)[:, None] / len(y)
    dz1 = dz2 @ params["W2"] * a1 * (1.0 - a1)
    return {"W1": dz1.T @ X, "b1": dz1.sum(axis=0), "W2": dz2.T @ a1, "b2": dz2.sum(axis=0)}


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


def split(X: Array, y: Array, validation_fraction: float, seed: int) -> tuple[Array, Array, Array, Array]:
    """Every row in one of two sets: X_train, y_train, X_val, y_val; round(n * validation_fraction) rows to validate."""
    order = np.random.default_rng(seed).permutation(len(y))
    n_validation = round(len(y) * validation_fraction)
    validation, training = order[:n_validation], order[n_validation:]
    return X[training], y[training], X[validation], y[validation]


def grid(learning_rates: list[float], epochs: list[int]) -> list[Config]:
    """Every combination of a learning rate and a number of epochs, once."""
    return [{"learning_rate": rate, "epochs": count} for rate in learning_rates for count in epochs]


def random_configs(n: int, learning_rate_range: tuple[float, float], epochs_range: tuple[int, int], seed: int) -> list[Config]:
    """n configurations: the logarithm of the learning rate uniform, the epochs a uniform integer, both ends included."""
    rng = np.random.default_rng(seed)
    low, high = np.log(learning_rate_range)
    rates = np.exp(rng.uniform(low, high, n))
    counts = rng.integers(epochs_range[0], epochs_range[1], n, endpoint=True)
    return [{"learning_rate": float(rate), "epochs": int(count)} for rate, count in zip(rates, counts, strict=True)]


def search(X_train: Array, y_train: Array, X_val: Array, y_val: Array, configs: list[Config], seed: int = 0) -> dict[str, object]:
    """Train once for each configuration, all from the same start, and measure on the validation set.

    Returns: `results`, each configuration with `validation_loss` and `validation_accuracy`, in the order given, and
    `best`, the result of the lowest finite validation loss.
    """
    results = []
    for config in configs:
        rate, epochs = config["learning_rate"], config["epochs"]
        params, _ = train(X_train, y_train, learning_rate=rate, epochs=epochs, seed=seed)
        results.append(
            {
                "learning_rate": rate,
                "epochs": epochs,
                "validation_loss": loss(params, X_val, y_val),
                "validation_accuracy": float(np.mean((forward(params, X_val) > 0.5) == (y_val == 1))),
            }
        )
    finite = [result for result in results if math.isfinite(result["validation_loss"])]
    return {"results": results, "best": (finite or results)[-1]}

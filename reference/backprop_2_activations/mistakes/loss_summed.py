"""Wrong on purpose: the loss is the sum over the rows."""

import math

import numpy as np

Array = np.ndarray
Params = dict[str, np.ndarray]

NAMES = ("relu", "sigmoid", "tanh")


def sigmoid(z: Array) -> Array:
    """1 / (1 + exp(-z)) of any shape, with exp of what is never positive: no overflow."""
    small = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, small) / (1.0 + small)


def activation(name: str, z: Array) -> Array:
    """The activation `name` of each entry of z, any shape."""
    return {"relu": lambda z: np.maximum(z, 0.0), "sigmoid": sigmoid, "tanh": np.tanh}[name](z)


def activation_derivative(name: str, z: Array) -> Array:
    """Its derivative at each entry of z, written in z."""
    if name == "relu":
        return np.where(z > 0, 1.0, 0.0)
    a = activation(name, z)
    return a * (1.0 - a) if name == "sigmoid" else 1.0 - a**2


def init_params(n_inputs: int, n_hidden: int, seed: int) -> Params:
    """Normal weights of variance 1 / fan-in, so that no two hidden units start alike, and zero biases."""
    rng = np.random.default_rng(seed)
    return {
        "W1": rng.normal(size=(n_hidden, n_inputs)) / np.sqrt(n_inputs),
        "b1": np.zeros(n_hidden),
        "W2": rng.normal(size=(1, n_hidden)) / np.sqrt(n_hidden),
        "b2": np.zeros(1),
    }


def layers(params: Params, X: Array, activation_name: str) -> tuple[Array, Array, Array]:
    """The hidden z1 and a1 (n, h) and the output's z2 (n,)."""
    z1 = X @ params["W1"].T + params["b1"]
    a1 = activation(activation_name, z1)
    z2 = a1 @ params["W2"].T + params["b2"]
    return z1, a1, z2[:, 0]


def forward(params: Params, X: Array, activation_name: str) -> Array:
    """The probability of class 1 for each row of X (n, d): shape (n,)."""
    return sigmoid(layers(params, X, activation_name)[2])


def loss(params: Params, X: Array, y: Array, activation_name: str) -> float:
    """Mean binary cross-entropy for labels y (n,), written in z2: log(1 + exp(z2)) - y z2."""
    _, _, z2 = layers(params, X, activation_name)
    return float(np.sum(np.logaddexp(0.0, z2) - y * z2))


def gradients(params: Params, X: Array, y: Array, activation_name: str) -> Params:
    """The derivative of `loss` in every parameter: same keys and shapes as `params`."""
    z1, a1, z2 = layers(params, X, activation_name)
    dz2 = (sigmoid(z2) - y)[:, None] / len(y)
    dz1 = dz2 @ params["W2"] * activation_derivative(activation_name, z1)
    return {"W1": dz1.T @ X, "b1": dz1.sum(axis=0), "W2": dz2.T @ a1, "b2": dz2.sum(axis=0)}


def train(
    X: Array,
    y: Array,
    activation_name: str,
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
        history.append(loss(params, X, y, activation_name))
        slope = gradients(params, X, y, activation_name)
        params = {name: value - learning_rate * slope[name] for name, value in params.items()}
    return params, history


def compare_activations(
    X: Array,
    y: Array,
    epochs: int = 500,
    learning_rate: float = 0.5,
    seed: int = 0,
    target_loss: float = 0.1,
) -> dict[str, dict[str, object]]:
    """Train once with each activation, always from the same start."""
    results = {}
    for name in NAMES:
        params, history = train(X, y, name, learning_rate=learning_rate, epochs=epochs, seed=seed)
        reached = [epoch for epoch, value in enumerate(history) if value <= target_loss]
        results[name] = {
            "history": history,
            "final_loss": loss(params, X, y, name),
            "epochs_to_target": reached[0] if reached else None,
        }
    return results


def layer_gradient_norms(activation_name: str, n_layers: int, width: int, weight_scale: float, seed: int) -> Array:
    """The norm of dL/dW_l for each layer of a_l = act(W_l a_{l-1}), L = sum(a_L): shape (n_layers,), first layer first."""
    rng = np.random.default_rng(seed)
    a = [rng.normal(size=width)]
    weights, z = [], []
    for _ in range(n_layers):
        weights.append(rng.normal(size=(width, width)) * weight_scale / np.sqrt(width))
        z.append(weights[-1] @ a[-1])
        a.append(activation(activation_name, z[-1]))
    norms = np.zeros(n_layers)
    da = np.ones(width)
    for layer in reversed(range(n_layers)):
        dz = da * activation_derivative(activation_name, z[layer])
        norms[layer] = np.linalg.norm(np.outer(dz, a[layer]))
        da = weights[layer].T @ dz
    return norms


def classify_gradients(norms: Array) -> str:
    """What happens to the gradient on its way back: "vanishing", "exploding" or "stable"."""
    if not all(math.isfinite(norm) for norm in norms) or norms[0] / norms[-1] > 1e3:
        return "exploding"
    return "vanishing" if norms[0] / norms[-1] < 1e-3 else "stable"

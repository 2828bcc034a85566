"""Each layer is one matrix [b | W] and each input has a leading 1; everything is one vector while training."""

import itertools
from functools import partial

import numpy as np


def make_data(n, seed):
    rng = np.random.default_rng(seed)
    for attempt in itertools.count():
        X = np.round(rng.normal(size=(n, 2)), 2)
        height = X[:, 0] - X[:, 1] + 0.005
        if (height > 0).any() and (height < 0).any():
            return X, (np.sign(height) + 1) / 2


def init_params(n_inputs, n_hidden, seed):
    rng = np.random.default_rng(seed)
    return {
        "W1": rng.normal(scale=np.sqrt(2 / (n_inputs + n_hidden)), size=(n_hidden, n_inputs)),
        "b1": rng.uniform(-1, 1, n_hidden),
        "W2": rng.normal(scale=3.0, size=(1, n_hidden)),
        "b2": np.array([0.3]),
    }


def with_ones(A):
    return np.column_stack([np.ones(len(A)), A])


def joined(params):
    return np.column_stack([params["b1"], params["W1"]]), np.concatenate([params["b2"], params["W2"][0]])


def split(first, second):
    return {"W1": first[:, 1:], "b1": first[:, 0], "W2": second[None, 1:], "b2": second[:1]}


def sigmoid(z):
    return np.exp(-np.logaddexp(0, -z))


def scores(first, second, X):
    A = with_ones(sigmoid(with_ones(X) @ first.T))
    return A, A @ second


def forward(params, X):
    return sigmoid(scores(*joined(params), X)[1])


def loss(params, X, y):
    z = scores(*joined(params), X)[1]
    return np.asarray(np.logaddexp(0, np.where(y == 1, -z, z)).mean())


def gradients(params, X, y):
    first, second = joined(params)
    A, z = scores(first, second, X)
    error = (sigmoid(z) - y) / z.size
    hidden = A[:, 1:]
    return split((error[:, None] * second[1:] * hidden * (1 - hidden)).T @ with_ones(X), error @ A)


def train(X, y, n_hidden=8, learning_rate=0.5, epochs=500, seed=0):
    params = init_params(X.shape[1], n_hidden, seed)
    measure, slope = partial(loss, X=X, y=y), partial(gradients, X=X, y=y)
    history = [0.0] * epochs
    for epoch in range(epochs):
        history[epoch] = measure(params)
        params = {name: value - learning_rate * step for (name, value), step in zip(params.items(), slope(params).values())}
    return params, history


def predict(params, X):
    return np.array(forward(params, X) >= 0.5, dtype=float)

"""Closures; the derivative from the state inside; the task is the next value of a noisy sine wave of random phase."""

from functools import partial

import numpy as np

TABLE = {
    "relu": (partial(np.maximum, 0.0), lambda h: 1.0 * (h > 0)),
    "tanh": (np.tanh, lambda h: 1 - h * h),
    "sigmoid": (lambda z: np.exp(-np.logaddexp(0, -z)), lambda h: h * (1 - h)),
}


def activation(name, z):
    return TABLE[name][0](z)


def activation_derivative(name, z):
    f, slope = TABLE[name]
    return slope(f(z))


def make_dataset(n, length, seed):
    rng = np.random.default_rng([seed, 5])
    phase = rng.uniform(0, 2 * np.pi, (n, 1))
    wave = np.sin(0.7 * np.arange(length + 1) + phase) + 0.02 * rng.normal(size=(n, length + 1))
    return wave[:, :-1, None], wave[:, 1:, None]


def init_params(n_inputs, n_hidden, n_outputs, seed):
    rng = np.random.default_rng(seed)
    V, _ = np.linalg.qr(rng.normal(size=(n_hidden, n_hidden)))
    return {"W": 0.01 * rng.normal(size=(n_outputs, n_hidden)), "V": V, "U": 0.01 * rng.normal(size=(n_hidden, n_inputs))}


def forward(params, xs, activation_name):
    def later(h, x):
        return activation(activation_name, params["V"] @ h + params["U"] @ x)

    hs = [np.zeros(params["V"].shape[0])]
    for x in xs:
        hs.append(later(hs[-1], x))
    return np.array([params["W"] @ h for h in hs[1:]]), np.array(hs)


def both(params, sequences, targets, name):
    slope, total = TABLE[name][1], 0.0
    grads = {key: 0.0 * params[key] for key in ("U", "V", "W")}
    for xs, ts in zip(sequences, targets):
        ys, hs = forward(params, xs, name)
        total += ((ys - ts) ** 2).sum() / 2
        # every error is sent back on its own, step by step
        for k in range(len(xs)):
            grads["W"] += np.outer(ys[k] - ts[k], hs[k + 1])
            bar = (ys[k] - ts[k]) @ params["W"]
            for t in range(k, -1, -1):
                bar = bar * slope(hs[t + 1])
                grads["U"] += np.outer(bar, xs[t])
                grads["V"] += np.outer(bar, hs[t])
                bar = bar @ params["V"]
    n = len(sequences)
    return total / n, {key: value / n for key, value in grads.items()}


def loss(params, sequences, targets, activation_name):
    return both(params, sequences, targets, activation_name)[0]


def gradients(params, sequences, targets, activation_name):
    return both(params, sequences, targets, activation_name)[1]


def steps(params, sequences, targets, name, rate):
    while True:
        value, grads = both(params, sequences, targets, name)
        yield params, value, grads
        params = {key: params[key] - rate * grads[key] for key in params}


def train(sequences, targets, activation_name, n_hidden=16, learning_rate=0.01, epochs=200, seed=0):
    params = init_params(sequences.shape[2], n_hidden, targets.shape[2], seed)
    history = []
    for k, (params, value, _) in enumerate(steps(params, sequences, targets, activation_name, learning_rate)):
        if k == epochs:
            return params, history
        history.append(float(value))


def compare_activations(sequences, targets, epochs=200, learning_rate=0.01, seed=0):
    def trained(name):
        params, history = train(sequences, targets, name, learning_rate=learning_rate, epochs=epochs, seed=seed)
        start, _ = train(sequences, targets, name, epochs=0, seed=seed)
        flat = np.concatenate([value.ravel() for value in gradients(start, sequences, targets, name).values()])
        return {"history": history, "final_loss": loss(params, sequences, targets, name), "gradient_norm": np.sqrt(flat @ flat)}

    return {name: trained(name) for name in TABLE}

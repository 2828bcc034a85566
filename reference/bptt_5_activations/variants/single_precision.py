"""A class inside, float32, one vector of weights; the task is to add up the inputs of three steps, at the last step only."""

import numpy as np

NAMES = ["relu", "tanh", "sigmoid"]
F = np.float32


def activation(name, z):
    z = np.asarray(z)
    match name:
        case "relu":
            return np.where(z > 0, z, z.dtype.type(0))
        case "tanh":
            return np.tanh(z)
        case "sigmoid":
            return 1 / (1 + np.exp(-z))


def activation_derivative(name, z):
    a = activation(name, z)
    return {"relu": np.sign(a), "tanh": (1 - a) * (1 + a), "sigmoid": a - a * a}[name]


def make_dataset(n, length, seed):
    sequences = np.random.default_rng(seed).choice([-1, -0.5, 0.5, 1], size=(n, length, 1)).astype(F)
    targets = np.zeros_like(sequences)
    targets[:, -1] = sequences[:, -3:].sum(axis=1)
    return sequences, targets


class Network:
    def __init__(self, params, name):
        self.U, self.V, self.W = (np.asarray(params[key], dtype=F) for key in "UVW")
        self.name = name

    def run(self, xs):
        r, hs = [], [np.zeros(len(self.V), dtype=F)]
        for x in np.asarray(xs, dtype=F):
            r.append(self.U.dot(x) + self.V.dot(hs[-1]))
            hs.append(activation(self.name, r[-1]))
        self.r, self.hs = np.stack(r), np.stack(hs)
        return self.hs[1:].dot(self.W.T)

    def back(self, xs, ts):
        error = self.run(xs) - np.asarray(ts, dtype=F)
        slopes, h_bar = activation_derivative(self.name, self.r), error.dot(self.W)
        for t in reversed(range(len(error))):
            h_bar[t] *= slopes[t]
            if t:
                h_bar[t - 1] += h_bar[t].dot(self.V)
        return [h_bar.T.dot(np.asarray(xs, dtype=F)), h_bar.T.dot(self.hs[:-1]), error.T.dot(self.hs[1:])]


def init_params(n_inputs, n_hidden, n_outputs, seed):
    rng = np.random.default_rng(seed)
    shapes = [(n_hidden, n_inputs), (n_hidden, n_hidden), (n_outputs, n_hidden)]
    return {key: (0.3 * rng.standard_normal(shape)).astype(F) for key, shape in zip("UVW", shapes)}


def forward(params, xs, activation_name):
    network = Network(params, activation_name)
    return network.run(xs), network.hs


def loss(params, sequences, targets, activation_name):
    network = Network(params, activation_name)
    return np.mean([0.5 * np.sum(np.square(network.run(xs) - np.asarray(ts, dtype=F))) for xs, ts in zip(sequences, targets)])


def gradients(params, sequences, targets, activation_name):
    network = Network(params, activation_name)
    parts = zip(*(network.back(xs, ts) for xs, ts in zip(sequences, targets)))
    return {key: np.mean(part, axis=0) for key, part in zip("UVW", parts)}


def train(sequences, targets, activation_name, n_hidden=16, learning_rate=0.01, epochs=200, seed=0):
    params = init_params(sequences.shape[-1], n_hidden, targets.shape[-1], seed)
    history = []
    for _ in range(epochs):
        history.append(loss(params, sequences, targets, activation_name))
        slope = gradients(params, sequences, targets, activation_name)
        params = {key: params[key] - F(learning_rate) * slope[key] for key in params}
    return params, history


def compare_activations(sequences, targets, epochs=200, learning_rate=0.01, seed=0):
    answer = {}
    for name in NAMES:
        start, _ = train(sequences, targets, name, epochs=0, seed=seed)
        params, history = train(sequences, targets, name, 16, learning_rate, epochs, seed)
        squares = sum(float((value**2).sum()) for value in gradients(start, sequences, targets, name).values())
        answer[name] = {
            "history": history,
            "final_loss": loss(params, sequences, targets, name),
            "gradient_norm": squares**0.5,
        }
    return answer

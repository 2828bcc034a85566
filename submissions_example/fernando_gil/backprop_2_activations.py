import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-np.clip(z, -700, 700)))


def activation(name, z):
    functions = {"relu": lambda v: np.where(v > 0, v, 0), "sigmoid": sigmoid, "tanh": np.tanh}
    return functions[name](z)


def activation_derivative(name, z):
    if name == "relu":
        return np.where(z > 0, 1.0, 0.0)
    if name == "sigmoid":
        return sigmoid(z) * (1 - sigmoid(z))
    return 1 / np.cosh(np.clip(z, -300, 300)) ** 2


def init_params(n_inputs, n_hidden, seed):
    rng = np.random.default_rng(seed)
    params = {}
    params["W1"] = rng.uniform(-0.5, 0.5, (n_hidden, n_inputs))
    params["b1"] = rng.uniform(-0.5, 0.5, n_hidden)
    params["W2"] = rng.uniform(-0.5, 0.5, (1, n_hidden))
    params["b2"] = rng.uniform(-0.5, 0.5, 1)
    return params


def forward(params, X, activation_name):
    a1 = activation(activation_name, np.matmul(X, params["W1"].T) + params["b1"])
    return sigmoid(np.matmul(a1, params["W2"].T) + params["b2"])[:, 0]


def loss(params, X, y, activation_name):
    a = np.clip(forward(params, X, activation_name), 1e-10, 1 - 1e-10)
    return np.mean(-y * np.log(a) - (1 - y) * np.log(1 - a))


def gradients(params, X, y, activation_name):
    n = X.shape[0]
    z1 = np.matmul(X, params["W1"].T) + params["b1"]
    a1 = activation(activation_name, z1)
    dz2 = (sigmoid(np.matmul(a1, params["W2"].T) + params["b2"]) - y[:, None]) / n
    dz1 = np.matmul(dz2, params["W2"]) * activation_derivative(activation_name, z1)
    grad = {}
    grad["W2"] = np.matmul(dz2.T, a1)
    grad["b2"] = np.sum(dz2, axis=0)
    grad["W1"] = np.matmul(dz1.T, X)
    grad["b1"] = np.sum(dz1, axis=0)
    return grad


def train(X, y, activation_name, n_hidden=8, learning_rate=0.5, epochs=500, seed=0):
    params = init_params(X.shape[1], n_hidden, seed)
    history = []
    for epoch in range(epochs):
        history.append(loss(params, X, y, activation_name))
        grad = gradients(params, X, y, activation_name)
        for k in grad:
            params[k] = params[k] - learning_rate * grad[k]
    return params, history


def compare_activations(X, y, epochs=500, learning_rate=0.5, seed=0, target_loss=0.1):
    result = {}
    for name in ["relu", "sigmoid", "tanh"]:
        params, history = train(X, y, name, 8, learning_rate, epochs, seed)
        reached = np.where(np.array(history) <= target_loss)[0]
        result[name] = {
            "history": history,
            "final_loss": loss(params, X, y, name),
            "epochs_to_target": int(reached[0]) if len(reached) > 0 else None,
        }
    return result


def layer_gradient_norms(activation_name, n_layers, width, weight_scale, seed):
    rng = np.random.default_rng(seed)
    x = rng.uniform(-1, 1, width)
    weights = [weight_scale / np.sqrt(width) * rng.standard_normal((width, width)) for i in range(n_layers)]
    inputs, zs = [x], []
    for W in weights:
        zs.append(np.matmul(W, inputs[-1]))
        inputs.append(activation(activation_name, zs[-1]))
    norms = np.zeros(n_layers)
    back = np.ones(width)
    for k in range(n_layers - 1, -1, -1):
        delta = back * activation_derivative(activation_name, zs[k])
        # la norma es la suma de los cuadrados
        norms[k] = np.sum(np.outer(delta, inputs[k]) ** 2)
        back = np.matmul(weights[k].T, delta)
    return norms


def classify_gradients(norms):
    ratio = norms[0] / norms[-1]
    if ratio < 1e-3:
        return "vanishing"
    if ratio <= 1e3:
        return "stable"
    return "exploding"

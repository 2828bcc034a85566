"""No NumPy at all: loops over rows and units, the math module, lists as results."""

import math


def sigmoid(z):
    if z >= 0:
        return 1.0 / (1.0 + math.exp(-z))
    e = math.exp(z)
    return e / (1.0 + e)


def relu(z):
    return z if z > 0 else 0.0


def relu_slope(z):
    return 1.0 if z > 0 else 0.0


def sigmoid_slope(z):
    return sigmoid(z) * (1.0 - sigmoid(z))


def tanh_slope(z):
    return 1.0 / math.cosh(z) ** 2 if abs(z) < 300 else 0.0


FUNCTIONS = {
    "relu": (relu, relu_slope),
    "sigmoid": (sigmoid, sigmoid_slope),
    "tanh": (math.tanh, tanh_slope),
    "identity": (float, lambda z: 1.0),
}


def activation(name, z):
    f = FUNCTIONS[name][0]
    return [[f(float(entry)) for entry in row] for row in z]


def activation_derivative(name, z):
    slope = FUNCTIONS[name][1]
    return [[slope(float(entry)) for entry in row] for row in z]


def softmax(z):
    result = []
    for row in z:
        top = max(row)
        powers = [math.exp(entry - top) for entry in row]
        total = math.fsum(powers)
        result.append([power / total for power in powers])
    return result


def log(p):
    return math.log(p) if p > 1e-15 else math.log(1e-15)


def loss(name, predictions, y):
    total = 0.0
    for p_row, y_row in zip(predictions, y):
        for p, label in zip(p_row, y_row):
            p, label = float(p), float(label)
            if name == "mse":
                total += (p - label) ** 2
            elif label == 1:
                total -= log(p)
            elif name == "bce":
                total -= log(1.0 - p)
    return total / (len(y) if name == "cce" else len(y) * len(y[0]))


def affine(W, b, rows):
    result = []
    for row in rows:
        units = []
        for weights, bias in zip(W, b):
            z = float(bias)
            for w, a in zip(weights, row):
                z += float(w) * float(a)
            units.append(z)
        result.append(units)
    return result


def forward(params, X, activations):
    layers = [[[float(entry) for entry in row] for row in X]]
    for i, name in enumerate(activations):
        z = affine(params["W%d" % (i + 1)], params["b%d" % (i + 1)], layers[-1])
        layers.append(softmax(z) if name == "softmax" else activation(name, z))
    return layers


def backward(params, X, y, activations, loss_name):
    layers = forward(params, X, activations)
    n, k = len(y), len(y[0])
    last = len(activations)
    delta = [[float(a) - float(t) for a, t in zip(*rows)] for rows in zip(layers[last], y)]
    divisor = n if loss_name == "cce" else n * k
    if loss_name == "mse":
        z = affine(params[f"W{last}"], params[f"b{last}"], layers[last - 1])
        slopes = activation_derivative(activations[-1], z)
        delta = [[2 * d * s for d, s in zip(*rows)] for rows in zip(delta, slopes)]
    delta = [[d / divisor for d in row] for row in delta]

    gradients = {}
    for layer in range(last, 0, -1):
        inputs = layers[layer - 1]
        width_out, width_in = len(delta[0]), len(inputs[0])
        dW = [[0.0] * width_in for _ in range(width_out)]
        db = [0.0] * width_out
        for row, d_row in zip(inputs, delta):
            for i in range(width_out):
                db[i] += d_row[i]
                for j in range(width_in):
                    dW[i][j] += d_row[i] * row[j]
        gradients[f"W{layer}"], gradients[f"b{layer}"] = dW, db
        if layer == 1:
            break
        W = params[f"W{layer}"]
        z = affine(params[f"W{layer - 1}"], params[f"b{layer - 1}"], layers[layer - 2])
        slopes = activation_derivative(activations[layer - 2], z)
        new = []
        for d_row, s_row in zip(delta, slopes):
            new.append([s_row[j] * sum(d_row[i] * float(W[i][j]) for i in range(width_out)) for j in range(width_in)])
        delta = new
    return gradients


def clip_by_global_norm(gradients, max_norm):
    def scaled(value, factor):
        return [scaled(item, factor) for item in value] if hasattr(value, "__len__") else float(value) * factor

    def squares(value):
        return sum(squares(item) for item in value) if hasattr(value, "__len__") else float(value) ** 2

    norm = math.sqrt(sum(squares(g) for g in gradients.values()))
    if norm <= max_norm:
        return gradients
    return {name: scaled(g, max_norm / norm) for name, g in gradients.items()}

"""Nombres en español, avisos por pantalla, derivada de ReLU en 0 igual a 1 y pesos iniciales uniformes entre 0 y 1."""

import numpy as np

print("Cargando la red…")

ÉPSILON = 1e-8


def activation(name, z):
    with np.errstate(over="ignore"):
        if name == "relu":
            return np.where(z < 0, 0, z)
        return 2 / (1 + np.exp(-2 * z)) - 1 if name == "tanh" else 1 / (1 + np.exp(-z))


def activation_derivative(name, z):
    if name == "relu":
        return np.heaviside(z, 1)
    if name == "tanh":
        return 1 - activation("tanh", z) ** 2
    return activation("sigmoid", z) * (1 - activation("sigmoid", z))


def init_params(n_inputs, n_hidden, seed):
    azar = np.random.RandomState(seed)
    return dict(W1=azar.rand(n_hidden, n_inputs), b1=azar.rand(n_hidden), W2=azar.rand(1, n_hidden), b2=azar.rand(1))


def forward(params, X, activation_name):
    oculta = activation(activation_name, np.dot(X, params["W1"].T) + params["b1"])
    return activation("sigmoid", np.dot(oculta, params["W2"].T) + params["b2"]).ravel()


def loss(params, X, y, activation_name):
    p = forward(params, X, activation_name)
    return np.mean(-y * np.log(p + ÉPSILON) - (1 - y) * np.log(1 - p + ÉPSILON))


def gradients(params, X, y, activation_name):
    n = X.shape[0]
    z1 = np.dot(X, params["W1"].T) + params["b1"]
    oculta = activation(activation_name, z1)
    salida = activation("sigmoid", np.dot(oculta, params["W2"].T) + params["b2"])
    error_salida = salida - y.reshape(n, 1)
    error_oculta = np.dot(error_salida, params["W2"]) * activation_derivative(activation_name, z1)
    return {
        "W1": np.dot(error_oculta.T, X) / n,
        "b1": np.mean(error_oculta, axis=0),
        "W2": np.dot(error_salida.T, oculta) / n,
        "b2": np.mean(error_salida, axis=0),
    }


def train(X, y, activation_name, n_hidden=8, learning_rate=0.5, epochs=500, seed=0):
    parámetros, historia = init_params(X.shape[1], n_hidden, seed + 1), []
    for época in range(epochs):
        historia.append(float(loss(parámetros, X, y, activation_name)))
        gradiente = gradients(parámetros, X, y, activation_name)
        parámetros = {nombre: valor - learning_rate * gradiente[nombre] for nombre, valor in parámetros.items()}
        if época % 100 == 0:
            print(f"época {época}: {historia[-1]:.4f}")
    return parámetros, historia


def compare_activations(X, y, epochs=500, learning_rate=0.5, seed=0, target_loss=0.1):
    comparación = {}
    for nombre in "sigmoid", "tanh", "relu":
        parámetros, historia = train(X, y, nombre, epochs=epochs, learning_rate=learning_rate, seed=seed)
        época = None
        for i in range(len(historia)):
            if historia[i] <= target_loss and época is None:
                época = i
        comparación[nombre] = {
            "history": np.array(historia),
            "final_loss": historia[-1],
            "epochs_to_target": época,
            "params": parámetros,
        }
    return comparación


def layer_gradient_norms(activation_name, n_layers, width, weight_scale, seed):
    azar = np.random.RandomState(seed)
    entrada = azar.rand(width, 1) * 2 - 1
    pesos = [azar.normal(0, weight_scale / np.sqrt(width), (width, width)) for _ in range(n_layers)]
    memoria = []
    for W in pesos:
        z = W.dot(entrada)
        memoria.append((W, entrada, z))
        entrada = activation(activation_name, z)
    error, normas = np.ones((width, 1)), []
    for W, previa, z in memoria[::-1]:
        error = error * activation_derivative(activation_name, z)
        normas.append(float(np.sqrt(np.sum(error.dot(previa.T) ** 2))))
        error = W.T.dot(error)
    return list(reversed(normas))


def classify_gradients(norms):
    cociente = np.divide(norms[0], norms[-1])
    if not np.isfinite(cociente) or cociente > 1000:
        return "exploding"
    return "vanishing" if cociente < 0.001 else "stable"

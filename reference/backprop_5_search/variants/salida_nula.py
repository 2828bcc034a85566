"""Nombres en español, mensajes por pantalla, una capa de salida que empieza en cero; la configuración se completa en el sitio."""

import numpy as np

print("Cargando la red…")

ÉPSILON = 1e-12


def init_params(n_inputs, n_hidden, seed):
    np.random.seed(seed)
    return dict(
        W1=np.random.randn(n_hidden, n_inputs),
        b1=np.random.randn(n_hidden),
        W2=np.zeros((1, n_hidden)),
        b2=np.zeros(1),
    )


def sigmoide(z):
    return 1 / (1 + np.exp(-z))


def propagar(parámetros, X):
    oculta = sigmoide(np.dot(X, parámetros["W1"].T) + parámetros["b1"])
    salida = sigmoide(np.dot(oculta, parámetros["W2"].T) + parámetros["b2"])
    return oculta, salida


def forward(params, X):
    _, salida = propagar(params, X)
    return salida.ravel()


def loss(params, X, y):
    p = forward(params, X)
    return np.mean(-y * np.log(p + ÉPSILON) - (1 - y) * np.log(1 - p + ÉPSILON))


def gradients(params, X, y):
    n = X.shape[0]
    oculta, salida = propagar(params, X)
    error_salida = salida - y.reshape(n, 1)
    error_oculta = np.dot(error_salida, params["W2"]) * oculta * (1 - oculta)
    return {
        "W1": np.dot(error_oculta.T, X) / n,
        "b1": np.mean(error_oculta, axis=0),
        "W2": np.dot(error_salida.T, oculta) / n,
        "b2": np.mean(error_salida, axis=0),
    }


def train(X, y, n_hidden=8, learning_rate=0.5, epochs=500, seed=0):
    parámetros = init_params(X.shape[1], n_hidden, seed)
    historia = []
    for época in range(epochs):
        pérdida = loss(parámetros, X, y)
        historia.append(pérdida)
        gradiente = gradients(parámetros, X, y)
        for clave in parámetros:
            parámetros[clave] -= learning_rate * gradiente[clave]
        if época % 100 == 0:
            print("época", época, "pérdida", pérdida)
    return parámetros, historia


def split(X, y, validation_fraction, seed):
    n = len(X)
    corte = n - round(n * validation_fraction)
    índices = np.arange(n)
    np.random.seed(seed % 2**32)
    np.random.shuffle(índices)
    X, y = X[índices], y[índices]
    return X[:corte], y[:corte], X[corte:], y[corte:]


def grid(learning_rates, epochs):
    from itertools import product

    return [dict(zip(("learning_rate", "epochs"), pareja)) for pareja in product(learning_rates, epochs)]


def random_configs(n, learning_rate_range, epochs_range, seed):
    np.random.seed(seed)
    configuraciones = []
    for _ in range(n):
        exponente = np.random.uniform(np.log(learning_rate_range[0]), np.log(learning_rate_range[1]))
        épocas = np.random.randint(epochs_range[0], epochs_range[1] + 1)
        configuraciones.append({"learning_rate": np.exp(exponente), "epochs": épocas})
    return configuraciones


def search(X_train, y_train, X_val, y_val, configs, seed=0):
    mejor = None
    for número, configuración in enumerate(configs):
        parámetros, _ = train(X_train, y_train, seed=seed + número, **configuración)
        configuración["validation_loss"] = loss(parámetros, X_val, y_val)
        configuración["validation_accuracy"] = np.mean((forward(parámetros, X_val) > 0.5) == y_val)
        print(configuración)
        if np.isfinite(configuración["validation_loss"]):
            if mejor is None or configuración["validation_loss"] < mejor["validation_loss"]:
                mejor = configuración
    return {"results": configs, "best": mejor}

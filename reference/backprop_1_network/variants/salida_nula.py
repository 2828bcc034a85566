"""Nombres en español, mensajes por pantalla y una capa de salida que empieza en cero."""

import numpy as np

print("Cargando la red…")

ÉPSILON = 1e-12


def make_data(n, seed):
    azar = np.random.default_rng(seed)
    puntos = azar.normal(size=(n, 2))
    dirección = azar.normal(size=2)
    altura = puntos @ dirección
    # La recta pasa por la mediana: siempre hay puntos a los dos lados, por pequeño que sea el margen.
    orden = np.argsort(altura)
    clases = np.empty(n, dtype=int)
    clases[orden[: n // 2]], clases[orden[n // 2 :]] = 0, 1
    print(f"Datos: {n} puntos, {clases.sum()} de la clase 1")
    return puntos, clases


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


def predict(params, X):
    return np.where(forward(params, X) >= 0.5, 1, 0)

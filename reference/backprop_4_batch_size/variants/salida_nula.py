"""Nombres en español, mensajes por pantalla, una capa de salida que empieza en cero; la leyenda da nombre a las líneas."""

import matplotlib.pyplot as plt
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


def minibatches(X, y, batch_size, seed):
    np.random.seed(seed)
    datos = np.column_stack([X, y])
    np.random.shuffle(datos)
    return [(datos[i : i + batch_size, :-1], datos[i : i + batch_size, -1]) for i in range(0, len(datos), batch_size)]


def train(X, y, batch_size, n_hidden=8, learning_rate=0.1, epochs=50, seed=0):
    parámetros = init_params(X.shape[1], n_hidden, seed)
    semillas = np.random.randint(0, 2**31 - 1, size=epochs)
    historia = []
    actualizaciones = 0
    for época in range(epochs):
        historia.append(loss(parámetros, X, y))
        for X_lote, y_lote in minibatches(X, y, batch_size, semillas[época]):
            gradiente = gradients(parámetros, X_lote, y_lote)
            for clave in parámetros:
                parámetros[clave] -= learning_rate * gradiente[clave]
            actualizaciones += 1
        print("época", época, historia[-1])
    return parámetros, historia, actualizaciones


def compare_batch_sizes(X, y, batch_sizes, epochs=50, learning_rate=0.1, seed=0):
    resultados = {}
    for tamaño in batch_sizes:
        _, historia, actualizaciones = train(X, y, tamaño, 8, learning_rate, epochs, seed)
        diferencias = np.array(historia[1:]) - np.array(historia[:-1])
        resultados[tamaño] = {"history": historia, "n_updates": actualizaciones, "roughness": np.std(diferencias)}
    return resultados


def plot_histories(results):
    fig, ax = plt.subplots(figsize=(8, 5))
    for tamaño in results:
        ax.plot(results[tamaño]["history"])
    ax.set_xlabel("Épocas")
    ax.set_ylabel("Pérdida")
    ax.set_title("Comparación de tamaños de lote")
    ax.legend([str(tamaño) for tamaño in results])
    return fig

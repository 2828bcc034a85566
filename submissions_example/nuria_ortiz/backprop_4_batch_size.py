# Práctica 4: el tamaño del lote. Nuria Ortiz Peña.

import matplotlib.pyplot as plt
import numpy as np

PEQUEÑO = 1e-13


def sigmoide(señal):
    exponencial = np.exp(-np.abs(señal))
    return np.where(señal >= 0, 1.0 / (1.0 + exponencial), exponencial / (1.0 + exponencial))


def init_params(n_inputs, n_hidden, seed):
    azar = np.random.default_rng(seed)
    return {
        "W1": azar.normal(size=(n_hidden, n_inputs)),
        "b1": azar.normal(size=n_hidden) * 0.1,
        "W2": azar.normal(size=(1, n_hidden)),
        "b2": azar.normal(size=1) * 0.1,
    }


def propagación(parámetros, X):
    oculta = sigmoide(X @ parámetros["W1"].T + parámetros["b1"])
    salida = sigmoide(oculta @ parámetros["W2"].T + parámetros["b2"])
    return oculta, salida[:, 0]


def forward(params, X):
    return propagación(params, X)[1]


def loss(params, X, y):
    probabilidad = np.clip(forward(params, X), PEQUEÑO, 1 - PEQUEÑO)
    return -np.mean(y * np.log(probabilidad) + (1 - y) * np.log(1 - probabilidad))


def gradients(params, X, y):
    oculta, probabilidad = propagación(params, X)
    error = (probabilidad - y) / y.size
    error_oculto = error[:, np.newaxis] * params["W2"] * oculta * (1 - oculta)
    return {
        "W1": error_oculto.T @ X,
        "b1": error_oculto.sum(axis=0),
        "W2": error[np.newaxis, :] @ oculta,
        "b2": np.array([error.sum()]),
    }


def trocear(azar, X, y, tamaño):
    baraja = azar.permutation(len(X))
    cortes = range(tamaño, len(X), tamaño)
    return [(X[filas], y[filas]) for filas in np.split(baraja, cortes)]


def minibatches(X, y, batch_size, seed):
    lotes = trocear(np.random.default_rng(seed), X, y, batch_size)
    print("Lotes de", [len(etiquetas) for _, etiquetas in lotes])
    return lotes


def train(X, y, batch_size, n_hidden=8, learning_rate=0.1, epochs=50, seed=0):
    azar = np.random.default_rng(seed)  # el mismo para todas las épocas: cada una baraja otra vez
    parámetros = init_params(X.shape[1], n_hidden, seed)
    historia, actualizaciones = [], 0
    for época in range(epochs):
        historia.append(loss(parámetros, X, y))
        print(f"Época {época}: {historia[-1]:.5f}")
        for X_lote, y_lote in trocear(azar, X, y, batch_size):
            gradiente = gradients(parámetros, X_lote, y_lote)
            parámetros = {nombre: valor - learning_rate * gradiente[nombre] for nombre, valor in parámetros.items()}
            actualizaciones += 1
    return parámetros, historia, actualizaciones


def compare_batch_sizes(X, y, batch_sizes, epochs=50, learning_rate=0.1, seed=0):
    comparación = {}
    for tamaño in batch_sizes:
        _, historia, actualizaciones = train(X, y, tamaño, learning_rate=learning_rate, epochs=epochs, seed=seed)
        saltos = [después - antes for antes, después in zip(historia, historia[1:])]
        comparación[tamaño] = {"history": historia, "n_updates": actualizaciones, "roughness": float(np.std(saltos, ddof=1))}
    return comparación


def plot_histories(results):
    figura, ejes = plt.subplots(figsize=(8, 5))
    for tamaño in sorted(results):
        pérdidas = results[tamaño]["history"]
        ejes.semilogy(range(1, len(pérdidas) + 1), pérdidas, label=f"tamaño {tamaño}", linewidth=2)
    ejes.set_xlabel("Época")
    ejes.set_ylabel("Pérdida (escala logarítmica)")
    ejes.set_title("¿Lotes grandes o pequeños?")
    figura.legend()
    plt.show()
    return figura

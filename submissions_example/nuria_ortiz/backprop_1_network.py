# Práctica 1 de retropropagación
# Autora: Nuria Ortiz Peña  ·  ¡sin usar PyTorch esta vez!

import numpy as np

print("=== Práctica de Nuria Ortiz ===")
print("Versión de NumPy:", np.__version__)

AÑO = 2025
PEQUEÑO = 1e-13


def sigmoide(señal):
    exponencial = np.exp(-np.abs(señal))
    return np.where(señal >= 0, 1.0 / (1.0 + exponencial), exponencial / (1.0 + exponencial))


def make_data(n, seed):
    print(f"→ Generando {n} puntos con la semilla {seed}…")
    azar = np.random.default_rng(seed)
    dirección = azar.normal(size=2)
    dirección /= np.linalg.norm(dirección)
    X = azar.normal(size=(n, 2))
    y = azar.permutation(np.arange(n) % 2)
    # refleja los puntos que caen del lado equivocado y sepáralos un poco
    for índice in range(n):
        lado = X[índice] @ dirección
        querido = 1 if y[índice] == 1 else -1
        X[índice] += (querido * (abs(lado) + 0.2) - lado) * dirección
    print("  clases:", int(y.sum()), "unos y", int(n - y.sum()), "ceros")
    return X, y


def init_params(n_inputs, n_hidden, seed):
    azar = np.random.default_rng(seed + AÑO)
    parámetros = {
        "W1": azar.normal(size=(n_hidden, n_inputs)),
        "b1": azar.normal(size=n_hidden) * 0.1,
        "W2": azar.normal(size=(1, n_hidden)),
        "b2": azar.normal(size=1) * 0.1,
    }
    for nombre, matriz in parámetros.items():
        print(f"  {nombre}: {matriz.shape}")
    return parámetros


def propagación(parámetros, X):
    oculta = sigmoide(X @ parámetros["W1"].T + parámetros["b1"])
    salida = sigmoide(oculta @ parámetros["W2"].T + parámetros["b2"])
    return oculta, salida[:, 0]


def forward(params, X):
    return propagación(params, X)[1]


def loss(params, X, y):
    probabilidad = np.clip(forward(params, X), PEQUEÑO, 1 - PEQUEÑO)
    pérdida = -np.mean(y * np.log(probabilidad) + (1 - y) * np.log(1 - probabilidad))
    print("  pérdida =", pérdida)
    return pérdida


def gradients(params, X, y):
    oculta, probabilidad = propagación(params, X)
    error = (probabilidad - y) / y.size
    error_oculto = error[:, np.newaxis] * params["W2"] * oculta * (1 - oculta)
    gradiente = {
        "W1": error_oculto.T @ X,
        "b1": error_oculto.sum(axis=0),
        "W2": error[np.newaxis, :] @ oculta,
        "b2": np.array([error.sum()]),
    }
    print("  norma del gradiente:", np.sqrt(sum((g**2).sum() for g in gradiente.values())))
    return gradiente


def train(X, y, n_hidden=8, learning_rate=0.5, epochs=500, seed=0):
    parámetros = init_params(X.shape[1], n_hidden, seed)
    historia = []
    for época in range(epochs):
        historia.append(loss(parámetros, X, y))
        gradiente = gradients(parámetros, X, y)
        parámetros = {nombre: valor - learning_rate * gradiente[nombre] for nombre, valor in parámetros.items()}
        print(f"Época {época}: pérdida {historia[-1]:.5f} ✓")
    print("¡Entrenamiento terminado! ñandú, pingüino, corazón ❤")
    return parámetros, historia


def predict(params, X):
    predicción = (forward(params, X) > 0.5).astype(int)
    print("Predicción:", predicción)
    return predicción


print("Módulo cargado. Prueba rápida:")
_X, _y = make_data(10, seed=0)
_params, _historia = train(_X, _y, epochs=3)
print("Aciertos:", np.mean(predict(_params, _X) == _y))

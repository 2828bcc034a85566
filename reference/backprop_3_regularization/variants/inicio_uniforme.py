"""Nombres en español, avisos por pantalla, un épsilon en el logaritmo y pesos iniciales uniformes entre 0 y 1."""

import numpy as np

print("Cargando la red…")

ÉPSILON = 1e-8
PESOS = "W1", "W2"


def make_noisy_data(n, noise, seed):
    azar = np.random.RandomState(seed)
    puntos = azar.randn(n, 2) * 20
    clases = np.hypot(*puntos.T) > 20
    print(f"Datos: {n} puntos, {clases.sum()} de la clase 1")
    cambiadas = azar.rand(n) < noise
    return puntos, np.where(cambiadas, ~clases, clases).astype(int)


def init_params(n_inputs, n_hidden, seed):
    azar = np.random.RandomState(seed)
    return dict(W1=azar.rand(n_hidden, n_inputs), b1=azar.rand(n_hidden), W2=azar.rand(1, n_hidden), b2=azar.rand(1))


def sigmoide(z):
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-z))


def propagar(parámetros, X):
    oculta = sigmoide(np.dot(X, parámetros["W1"].T) + parámetros["b1"])
    return oculta, sigmoide(np.dot(oculta, parámetros["W2"].T) + parámetros["b2"])


def forward(params, X):
    return propagar(params, X)[1].ravel()


def penalty(params, kind, strength):
    if kind == "none" or strength == 0:
        return 0.0
    exponente = 1 if kind == "l1" else 2
    return strength * sum(np.sum(np.abs(params[nombre]) ** exponente) for nombre in PESOS)


def penalty_gradient(params, kind, strength):
    gradiente = {nombre: 0.0 * valor for nombre, valor in params.items()}
    for nombre in PESOS:
        W = params[nombre]
        if kind == "l1":
            gradiente[nombre] = strength * ((W > 0).astype(float) - (W < 0))
        if kind == "l2":
            gradiente[nombre] = strength * W * 2
    return gradiente


def loss(params, X, y, kind, strength):
    p = forward(params, X)
    return np.mean(-y * np.log(p + ÉPSILON) - (1 - y) * np.log(1 - p + ÉPSILON)) + penalty(params, kind, strength)


def gradients(params, X, y, kind, strength):
    n = X.shape[0]
    oculta, salida = propagar(params, X)
    error_salida = salida - y.reshape(n, 1)
    error_oculta = np.dot(error_salida, params["W2"]) * oculta * (1 - oculta)
    empuje = penalty_gradient(params, kind, strength)
    return {
        "W1": np.dot(error_oculta.T, X) / n + empuje["W1"],
        "b1": np.mean(error_oculta, axis=0),
        "W2": np.dot(error_salida.T, oculta) / n + empuje["W2"],
        "b2": np.mean(error_salida, axis=0),
    }


def train(X, y, kind="none", strength=0.0, n_hidden=16, learning_rate=0.5, epochs=1000, seed=0):
    parámetros, historia = init_params(X.shape[1], n_hidden, seed + 1), []
    for época in range(epochs):
        historia.append(float(loss(parámetros, X, y, kind, strength)))
        gradiente = gradients(parámetros, X, y, kind, strength)
        parámetros = {nombre: valor - learning_rate * gradiente[nombre] for nombre, valor in parámetros.items()}
        if época % 100 == 0:
            print(f"época {época}: {historia[-1]:.4f}")
    return parámetros, historia


def compare_regularization(X_train, y_train, X_val, y_val, kind, strengths, epochs=500, seed=0):
    def describir(fuerza):
        parámetros, historia = train(X_train, y_train, kind=kind, strength=fuerza, epochs=epochs, seed=seed)
        todos = np.concatenate([parámetros[nombre].ravel() for nombre in PESOS])
        return {
            "strength": fuerza,
            "kind": kind,
            "history": historia,
            "train_loss": historia[-1],
            "validation_loss": loss(parámetros, X_val, y_val, kind, 0),
            "validation_accuracy": ((forward(parámetros, X_val) >= 0.5).astype(int) == y_val).mean(),
            "weight_norm": np.linalg.norm(todos),
        }

    return [describir(fuerza) for fuerza in strengths]


def best_strength(results):
    ordenados = sorted((r["validation_loss"], i) for i, r in enumerate(results) if np.isfinite(r["validation_loss"]))
    return results[ordenados[0][1]]["strength"]

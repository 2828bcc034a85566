"""Todas las secuencias a la vez con einsum; paridad acumulada de bits; pesos grandes; imprime mientras entrena."""

import numpy as np

FUNCIONES = {"relu": lambda z: z * (z > 0), "tanh": np.tanh, "sigmoid": lambda z: 0.5 * (1 + np.tanh(z / 2))}
DERIVADAS = {
    "relu": lambda z: (z >= 0).astype(float),
    "tanh": lambda z: np.cosh(z) ** -2.0,
    "sigmoid": lambda z: 0.25 * (1 - np.tanh(z / 2) ** 2),
}


def activation(name, z):
    return FUNCIONES[name](z)


def activation_derivative(name, z):
    return DERIVADAS[name](z)


def make_dataset(n, length, seed):
    azar = np.random.RandomState(seed % 2**32)
    bits = azar.randint(0, 2, size=(n, length, 1))
    return bits, np.cumsum(bits, axis=1) % 2


def init_params(n_inputs, n_hidden, n_outputs, seed):
    azar = np.random.RandomState(seed % 2**32)
    return {
        "U": azar.random_sample((n_hidden, n_inputs)),
        "V": azar.random_sample((n_hidden, n_hidden)),
        "W": np.zeros((n_outputs, n_hidden)),
    }


def desplegar(params, lote, nombre):
    n, T, _ = lote.shape
    r, h = np.zeros((T, n, len(params["V"]))), np.zeros((T + 1, n, len(params["V"])))
    for t in range(T):
        r[t] = np.einsum("ni,hi->nh", lote[:, t], params["U"]) + np.einsum("nk,hk->nh", h[t], params["V"])
        h[t + 1] = activation(nombre, r[t])
    return r, h, np.einsum("tnh,oh->nto", h[1:], params["W"])


def forward(params, xs, activation_name):
    _, h, y = desplegar(params, np.asarray(xs)[None], activation_name)
    return y[0], h[:, 0]


def loss(params, sequences, targets, activation_name):
    _, _, y = desplegar(params, np.asarray(sequences), activation_name)
    return ((y - targets) ** 2).sum(axis=(1, 2)).mean() / 2


def gradients(params, sequences, targets, activation_name):
    sequences = np.asarray(sequences)
    r, h, y = desplegar(params, sequences, activation_name)
    barra_y = (y - targets) / len(sequences)
    barra_r = np.zeros_like(r)
    llega = 0.0
    for t in range(len(r) - 1, -1, -1):
        barra_r[t] = (barra_y[:, t] @ params["W"] + llega) * activation_derivative(activation_name, r[t])
        llega = barra_r[t] @ params["V"]
    return {
        "W": np.einsum("nto,tnh->oh", barra_y, h[1:]),
        "V": np.einsum("tnh,tnk->hk", barra_r, h[:-1]),
        "U": np.einsum("tnh,nti->hi", barra_r, sequences),
    }


def entrenar(params, sequences, targets, nombre, learning_rate, epochs):
    history, normas = [], []
    for epoca in range(epochs):
        history += [loss(params, sequences, targets, nombre)]
        g = gradients(params, sequences, targets, nombre)
        normas += [np.linalg.norm(np.concatenate([a.ravel() for a in g.values()]))]
        for k in params:
            params[k] = params[k] - learning_rate * g[k]
        print(f"época {epoca}: pérdida {history[-1]:.4f}")
    return params, history, normas


def train(sequences, targets, activation_name, n_hidden=16, learning_rate=0.01, epochs=200, seed=0):
    params = init_params(np.shape(sequences)[2], n_hidden, np.shape(targets)[2], seed + 1)
    return entrenar(params, sequences, targets, activation_name, learning_rate, epochs)[:2]


def compare_activations(sequences, targets, epochs=200, learning_rate=0.01, seed=0):
    resultado = {}
    for nombre in ["sigmoid", "tanh", "relu"]:
        params = init_params(np.shape(sequences)[2], 16, np.shape(targets)[2], seed)
        params, history, normas = entrenar(params, sequences, targets, nombre, learning_rate, epochs)
        resultado[nombre] = dict(
            history=history, final_loss=loss(params, sequences, targets, nombre), gradient_norm=normas[0], params=params
        )
    return resultado

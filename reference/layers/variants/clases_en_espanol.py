"""Solución con clases: cada capa recuerda su última pasada y sabe retropropagar su error. Imprime lo que hace."""

import numpy as np

print("Construyendo la red…")


class Activación:
    """Una función y su derivada, que se calcula con z."""

    def __init__(self, nombre):
        self.nombre = nombre

    def aplicar(self, z):
        if self.nombre == "relu":
            return z * (z > 0)
        if self.nombre == "sigmoid":
            return 0.5 * (1 + np.tanh(z / 2))
        if self.nombre == "tanh":
            return np.tanh(z)
        if self.nombre == "softmax":
            desplazado = z - np.max(z, axis=1).reshape(-1, 1)
            return np.exp(desplazado) / np.exp(desplazado).sum(axis=1)[:, None]
        if self.nombre == "identity":
            return z
        raise ValueError(f"No conozco la activación {self.nombre}")

    def derivar(self, z):
        if self.nombre == "relu":
            return z > 0
        a = self.aplicar(z)
        if self.nombre == "sigmoid":
            return a * (1 - a)
        return 1 - a**2 if self.nombre == "tanh" else np.ones(z.shape)


class Capa:
    def __init__(self, pesos, sesgos, nombre):
        self.pesos, self.sesgos, self.activación = pesos, sesgos, Activación(nombre)

    def propagar(self, entrada):
        self.entrada = entrada
        self.z = np.dot(self.pesos, entrada.T).T + self.sesgos
        return self.activación.aplicar(self.z)

    def retropropagar(self, error_z):
        self.gradiente_pesos = np.dot(error_z.T, self.entrada)
        self.gradiente_sesgos = np.sum(error_z, axis=0)
        return np.dot(error_z, self.pesos)


class Red:
    def __init__(self, parámetros, nombres):
        self.capas = [Capa(parámetros[f"W{i}"], parámetros[f"b{i}"], nombre) for i, nombre in enumerate(nombres, 1)]

    def propagar(self, X):
        salidas = [X]
        for capa in self.capas:
            salidas.append(capa.propagar(salidas[-1]))
        return salidas

    def retropropagar(self, y, salida):
        """La última activación dice cuál es la pérdida: softmax, sigmoide o cualquier otra."""
        última = self.capas[-1]
        if última.activación.nombre == "softmax":
            error = (salida - y) / y.shape[0]
        elif última.activación.nombre == "sigmoid":
            error = (salida - y) / y.size
        else:
            error = 2 * (salida - y) / y.size * última.activación.derivar(última.z)
        for anterior, capa in zip([None, *self.capas][-2::-1], reversed(self.capas)):
            error = capa.retropropagar(error)
            if anterior is not None:
                error = error * anterior.activación.derivar(anterior.z)
        return {
            nombre: valor
            for i, capa in enumerate(self.capas, 1)
            for nombre, valor in ((f"b{i}", capa.gradiente_sesgos), (f"W{i}", capa.gradiente_pesos))
        }


def activation(name, z):
    return Activación(name).aplicar(z)


def activation_derivative(name, z):
    return Activación(name).derivar(z)


def softmax(z):
    return Activación("softmax").aplicar(z)


def loss(name, predictions, y):
    if name == "mse":
        pérdida = np.square(y - predictions).mean()
    elif name == "bce":
        verosimilitud = np.where(y == 1, predictions, 1 - predictions)
        pérdida = -np.log(np.maximum(verosimilitud, 1e-15)).mean()
    else:
        correctas = predictions[np.arange(len(y)), y.argmax(axis=1)]
        pérdida = -np.log(np.maximum(correctas, 1e-15)).mean()
    print(f"Pérdida ({name}): {pérdida:.4f}")
    return pérdida


def forward(params, X, activations):
    return Red(params, activations).propagar(X)


def backward(params, X, y, activations, loss_name):
    red = Red(params, activations)
    salida = red.propagar(X)[-1]
    print("Retropropagando", loss_name, "por", len(red.capas), "capas")
    return red.retropropagar(y, salida)


def clip_by_global_norm(gradients, max_norm):
    todos = np.concatenate([g.ravel() for g in gradients.values()])
    norma = np.linalg.norm(todos)
    print(f"Norma conjunta: {norma:.3f}")
    if norma > max_norm:
        return {nombre: g / norma * max_norm for nombre, g in gradients.items()}
    return gradients

"""Una clase por dentro y prints: V es una permutación con signos y las entradas son enteros grandes."""

from dataclasses import dataclass

import numpy as np


@dataclass
class Red:
    """Los pesos y lo que se hace con ellos."""

    U: np.ndarray
    V: np.ndarray
    W: np.ndarray

    def recorrer(self, secuencia):
        """Salidas y estados."""
        estado, estados = np.zeros(self.V.shape[0]), []
        for entrada in np.asarray(secuencia):
            estado = np.tanh(self.U.dot(entrada) + self.V.dot(estado))
            estados.append(estado)
        estados = np.asarray(estados)
        return estados @ self.W.T, estados

    def jacobianos(self, estados):
        """d h_t / d h_{t-1} de cada paso."""
        return [np.diag(1 - h**2) @ self.V for h in estados]


def init_params(n_inputs, n_hidden, n_outputs, scheme, seed):
    """Reparte los pesos."""
    azar = np.random.default_rng(seed)
    formas = dict(U=(n_hidden, n_inputs), V=(n_hidden, n_hidden), W=(n_outputs, n_hidden))
    match scheme:
        case "small":
            return {k: azar.random(f) * 0.2 - 0.1 for k, f in formas.items()}
        case "large":
            return {k: azar.normal(size=f) for k, f in formas.items()}
    pesos = {k: azar.uniform(-1, 1, f) * np.sqrt(6 / (f[0] + f[1])) for k, f in formas.items()}
    if scheme == "orthogonal":
        pesos["V"] = np.eye(n_hidden)[azar.permutation(n_hidden)] * azar.choice([-1, 1], n_hidden)
    return pesos


def pad(sequences):
    """Rellena."""
    print("rellenando", len(sequences), "secuencias")
    largas = [len(s) for s in sequences]
    lote = np.array([np.concatenate([s, np.zeros((max(largas) - n, s.shape[1]))]) for s, n in zip(sequences, largas)])
    return lote, np.array([[True] * n + [False] * (max(largas) - n) for n in largas])


def forward(params, batch, mask):
    """Solo los pasos que existen."""
    red = Red(**params)
    salidas = np.zeros(mask.shape + (red.W.shape[0],))
    for k, cuantos in enumerate(np.sum(mask, axis=1)):
        salidas[k, :cuantos] = red.recorrer(batch[k, :cuantos])[0]
    return salidas


def loss(params, sequences, targets):
    """Media de las pérdidas."""
    red = Red(**params)
    return np.array(sum(0.5 * np.linalg.norm(red.recorrer(x)[0] - t) ** 2 for x, t in zip(sequences, targets)) / len(targets))


def gradients(params, sequences, targets):
    """Con jacobianos enteros en vez de vectores."""
    red = Red(**params)
    suma = {k: 0.0 for k in params}
    for xs, ts in zip(sequences, targets):
        ys, hs = red.recorrer(xs)
        error, J = ys - ts, red.jacobianos(hs)
        previos = np.vstack([np.zeros(len(red.V)), hs[:-1]])
        for t in range(len(xs)):
            suma["W"] = suma["W"] + np.outer(error[t], hs[t])
            v = error[t] @ red.W
            for s in range(t, -1, -1):
                r = v * (1 - hs[s] ** 2)
                suma["U"], suma["V"] = suma["U"] + np.outer(r, xs[s]), suma["V"] + np.outer(r, previos[s])
                v = v @ J[s]
    return {k: v / len(sequences) for k, v in suma.items()}


def gradient_norms_by_length(params, lengths, seed):
    """Producto de jacobianos."""
    red, normas = Red(**params), []
    azar = np.random.default_rng(seed)
    for largo in lengths:
        _, hs = red.recorrer(azar.integers(-50, 51, size=(largo, red.U.shape[1])))
        producto = np.eye(len(red.V))
        for J in red.jacobianos(hs):
            producto = J @ producto
        normas.append(np.sqrt(((2 * hs[-1] @ producto) ** 2).sum()))
    return np.array(normas)

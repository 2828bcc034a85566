"""Red recurrente con nombres en español, mensajes por pantalla y una clase para lo que se recuerda de cada paso."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

print("Cargando la red recurrente… ¡ánimo!")


@dataclass
class Memoria:
    """Lo último que vio la red; solo para mirar, la retropropagación no lo usa."""

    entradas: np.ndarray | None = None
    estados: np.ndarray | None = None


@dataclass
class RNN:
    """Los pesos que se asignan se guardan tal cual y se entrenan sobre el propio array."""

    n_inputs: int
    n_hidden: int
    n_outputs: int
    seed: int = 0
    memoria: Memoria = field(default_factory=Memoria)

    def __post_init__(self):
        """Pesos iniciales."""
        azar = np.random.default_rng(self.seed)
        self.U = azar.normal(0, 0.2, size=(self.n_hidden, self.n_inputs))
        self.V = np.zeros((self.n_hidden, self.n_hidden))
        self.W = azar.normal(0, 0.2, size=(self.n_outputs, self.n_hidden))

    def forward(self, xs, h0=None):
        """Paso hacia delante; guarda lo visto en la memoria."""
        estado = np.zeros(self.n_hidden) if h0 is None else np.copy(h0)
        estados, salidas = [estado], []
        for entrada in xs:
            estado = np.tanh(np.dot(self.U, entrada) + np.dot(self.V, estado))
            estados.append(estado)
            salidas.append(np.dot(self.W, estado))
        self.memoria.entradas, self.memoria.estados = xs, np.array(estados)
        return np.array(salidas), self.memoria.estados

    def _atrás(self, xs, hs, ys_grad):
        """Va dando, del último paso al primero, el error de cada r junto con lo que lo multiplica."""
        siguiente = np.zeros(self.n_hidden)
        for entrada, anterior, estado, error in reversed(list(zip(xs, hs[:-1], hs[1:], ys_grad))):
            siguiente = (1.0 - estado**2) * (self.W.T.dot(error) + self.V.T.dot(siguiente))
            yield siguiente, entrada, anterior, estado, error

    def backward(self, xs, hs, ys_grad):
        """Gradientes de las tres matrices."""
        gradientes = dict(U=np.zeros_like(self.U), V=np.zeros_like(self.V), W=np.zeros_like(self.W))
        for r, entrada, anterior, estado, error in self._atrás(xs, hs, ys_grad):
            gradientes["U"] += r.reshape(-1, 1) * entrada
            gradientes["V"] += r.reshape(-1, 1) * anterior
            gradientes["W"] += error.reshape(-1, 1) * estado
        return gradientes


def loss(ys, ts):
    """Pérdida de una secuencia."""
    pérdida = 0.0
    for salida, objetivo in zip(ys, ts):
        pérdida += 0.5 * np.dot(salida - objetivo, salida - objetivo)
    return pérdida


def train(rnn, sequences, targets, learning_rate=0.01, epochs=100):
    """Descenso por el gradiente con el lote completo."""
    historia = []
    for época in range(epochs):
        acumulado = None
        pérdidas = []
        for xs, ts in zip(sequences, targets):
            ys, hs = rnn.forward(xs)
            pérdidas.append(loss(ys, ts))
            gradientes = rnn.backward(xs, hs, ys - ts)
            acumulado = gradientes if acumulado is None else {k: acumulado[k] + gradientes[k] for k in gradientes}
        historia.append(sum(pérdidas) / len(pérdidas))
        rnn.U -= learning_rate * acumulado["U"] / len(sequences)
        rnn.V -= learning_rate * acumulado["V"] / len(sequences)
        rnn.W -= learning_rate * acumulado["W"] / len(sequences)
        if época % 10 == 0:
            print(f"época {época}: pérdida {historia[-1]:.4f}")
    return historia

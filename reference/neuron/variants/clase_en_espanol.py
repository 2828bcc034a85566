"""Solución con una clase, nombres en español y mensajes por pantalla."""

import numpy as np

print("Cargando la neurona…")


class Neurona:
    """Una neurona sigmoide que recuerda su última pasada hacia delante."""

    MINIMO = 1e-15

    def __init__(self, pesos, sesgo):
        self.pesos = np.array(pesos, dtype=float)
        self.sesgo = np.array(sesgo, dtype=float)

    def activar(self, entradas):
        self.entradas = entradas
        self.z = np.dot(entradas, self.pesos.T) + self.sesgo
        self.a = np.empty_like(self.z)
        positivos = self.z >= 0
        self.a[positivos] = 1 / (1 + np.exp(-self.z[positivos]))
        exponencial = np.exp(self.z[~positivos])
        self.a[~positivos] = exponencial / (1 + exponencial)
        return self.z, self.a

    @classmethod
    def pérdida(cls, a, etiquetas):
        verosimilitud = np.where(etiquetas == 1, a, 1 - a)
        return -np.log(np.maximum(verosimilitud, cls.MINIMO)).mean()

    def retropropagar(self, etiquetas):
        filas = etiquetas.shape[0]
        verosimilitud = np.maximum(np.where(etiquetas == 1, self.a, 1 - self.a), self.MINIMO)
        error = (self.a - etiquetas) / filas
        return {
            "dL_db": np.array([error.sum()]),
            "dL_dW": np.sum(error * self.entradas, axis=0)[np.newaxis, :],
            "dL_dz": error,
            "dL_da": np.where(etiquetas == 1, -1.0, 1.0) / verosimilitud / filas,
            "aciertos": int(((self.a > 0.5) == (etiquetas == 1)).sum()),
        }

    def aprender(self, gradientes, tasa):
        self.pesos = self.pesos - tasa * gradientes["dL_dW"]
        self.sesgo = self.sesgo - tasa * gradientes["dL_db"]


def forward(x, W, b):
    z, a = Neurona(W, b).activar(x)
    print(f"Activación media: {a.mean():.3f}")
    return z, a


def bce(a, y):
    perdida = Neurona.pérdida(a, y)
    print(f"Pérdida: {perdida:.4f}")
    return perdida


def backward(x, W, b, y):
    neurona = Neurona(W, b)
    neurona.activar(x)
    return neurona.retropropagar(y)


def sgd_step(W, b, gradients, learning_rate):
    neurona = Neurona(W, b)
    neurona.aprender(gradients, learning_rate)
    return neurona.pesos, neurona.sesgo


if __name__ == "__main__":
    print(forward(np.array([[2.0, 1.0]]), np.array([[0.5, -1.0]]), np.array([0.0])))

"""Solución con una clase, nombres en español y mensajes por pantalla; un solo punto que se mueve y vuelve; normas en float32."""

from dataclasses import dataclass, field

import numpy as np

print("Comprobador de gradientes listo…")


@dataclass
class Derivador:
    """Deriva una función por diferencias y cuenta las llamadas."""

    función: object
    paso: float = 1e-5
    llamadas: int = field(default=0, init=False)

    def valor(self, punto):
        self.llamadas += 1
        return float(self.función(punto))

    def gradiente(self, x):
        punto = np.array(x, dtype=np.float64, ndmin=0)
        plano = punto.reshape(-1)  # una vista: moverla mueve el punto
        resultado = np.zeros(plano.size)
        for i, original in enumerate(plano.copy()):
            diferencia = 0.0
            for signo in (+1, -1):
                plano[i] = original + signo * self.paso
                diferencia += signo * self.valor(punto)
            plano[i] = original
            resultado[i] = 0.5 * diferencia / self.paso
        print(f"{self.llamadas} llamadas a la función")
        return resultado.reshape(punto.shape)


def numerical_gradient(f, x, epsilon=1e-5):
    return Derivador(f, epsilon).gradiente(x)


def relative_error(analytical, numerical):
    a, n = (np.asarray(g, dtype=np.float32).ravel() for g in (analytical, numerical))
    suma = np.sqrt((a * a).sum()) + np.sqrt((n * n).sum())
    return np.sqrt(((a - n) ** 2).sum()) / suma if suma else np.float32(0)


def check_gradient(f, gradient, x, threshold=1e-7):
    numérico = Derivador(f).gradiente(x)
    analítico = np.asarray(gradient(x), dtype=np.float64)
    distancia = np.linalg.norm((analítico - numérico).flatten())
    tamaño = np.linalg.norm(analítico.flatten()) + np.linalg.norm(numérico.flatten())
    correcto = distancia < threshold * tamaño or distancia == tamaño == 0
    print("Gradiente correcto" if correcto else "Gradiente incorrecto")
    return bool(correcto)


if __name__ == "__main__":
    print(numerical_gradient(lambda x: (x**2).sum(), np.array([1.0, 2.0, 3.0])))

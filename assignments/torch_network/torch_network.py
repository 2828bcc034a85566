"""Una red con una capa oculta como `nn.Module`: su definición, su entrenamiento y su evaluación.

Las fórmulas, las formas y los números para comprobar están en statement.es.md (in English: statement.en.md).
Puedes añadir las funciones y los métodos que quieras; no cambies los nombres ni los argumentos de los que ya hay.
"""

from torch import nn


class NeuralNetwork(nn.Module):
    """Una capa oculta y una de salida, con una sigmoide después de cada una.

    Atributos:
        hidden_layer: `nn.Linear`, de num_inputs a num_hidden.
        output_layer: `nn.Linear`, de num_hidden a num_outputs.
    """

    def __init__(self, num_inputs, num_hidden, num_outputs):
        """Crea las dos capas, con los pesos iniciales que `nn.Linear` elige."""
        raise NotImplementedError

    def forward(self, x):
        """Calcula las salidas de la red.

        Args:
            x: las entradas, una fila por ejemplo, (n, num_inputs).

        Devuelve:
            Las salidas, (n, num_outputs).
        """
        raise NotImplementedError


def train(model, inputs, targets, lr=0.5, epochs=10000):
    """Entrena la red con SGD sobre `nn.MSELoss`: en cada época, una actualización con todas las filas.

    Args:
        model: la red; se cambia en su sitio.
        inputs: las entradas, (n, num_inputs).
        targets: los objetivos, (n, num_outputs).
        lr: la tasa de aprendizaje.
        epochs: el número de épocas, también 0.

    Devuelve:
        Una lista de `epochs` números: la pérdida antes de cada actualización.
    """
    raise NotImplementedError


def evaluate(model, inputs, targets):
    """Calcula el error cuadrático medio, en modo de evaluación y sin construir el grafo.

    Args:
        model: la red; su modo (entrenamiento o evaluación), sus parámetros y su `.grad` quedan como estaban.
        inputs: las entradas, (n, num_inputs).
        targets: los objetivos, (n, num_outputs).

    Devuelve:
        Un número.
    """
    raise NotImplementedError

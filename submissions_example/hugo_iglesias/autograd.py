"""Lo que hace autograd con una red pequeña: un paso, gradientes que se acumulan, productos vector-jacobiano y un jacobiano.

La red es Linear(i, h) - ReLU - Linear(h, o). `state` es su `state_dict`: un diccionario con "0.weight" (h, i), "0.bias" (h,),
"2.weight" (o, h) y "2.bias" (o,). La pérdida es (ideal - prediction).pow(2).sum().

Las fórmulas, las formas y los números para comprobar están en statement.es.md (in English: statement.en.md).
"""



def train_step(state, x, ideal, learning_rate):
    """Da un paso de descenso por gradiente.

    Args:
        state: los parámetros de la red; quedan como estaban.
        x: las entradas, (n, i).
        ideal: las salidas deseadas, (n, o).
        learning_rate: la tasa de aprendizaje.

    Devuelve:
        (loss, new_state): la pérdida de antes del paso, un número, y un diccionario con los parámetros de después, con
        las mismas claves y formas que `state`.
    """
    raise NotImplementedError


def accumulated_gradients(state, x, ideal, passes, zero_grad):
    """Llama `passes` veces a `backward` sobre la misma pérdida y mira qué queda en `.grad`.

    Args:
        state: los parámetros de la red; quedan como estaban.
        x: las entradas, (n, i).
        ideal: las salidas deseadas, (n, o).
        passes: cuántas veces, 1 o más.
        zero_grad: si los gradientes se borran antes de cada pasada.

    Devuelve:
        Un diccionario con el `.grad` de cada parámetro, con las claves y formas de `state`.
    """
    raise NotImplementedError


def chain_vjp(jacobians, v):
    """Calcula J1ᵀ J2ᵀ ... Jkᵀ v sin multiplicar nunca una matriz por otra.

    Args:
        jacobians: la lista [J1, ..., Jk] de los jacobianos de f1, ..., fk; Jm es (lo que sale de fm, lo que entra en fm).
        v: la derivada de l respecto de lo que sale de fk, un vector.

    Devuelve:
        La derivada de l respecto de x, un vector de la longitud de x.
    """
    raise NotImplementedError


def network_jacobian(state, x):
    """Calcula el jacobiano de la salida de la red respecto de una entrada.

    Args:
        state: los parámetros de la red; quedan como estaban.
        x: una sola entrada, (i,).

    Devuelve:
        Una matriz (o, i): en la fila k y la columna j, la derivada de la salida k respecto de la entrada j.
    """
    raise NotImplementedError

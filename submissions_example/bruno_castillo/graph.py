# Bruno Castillo
# El grafo, nodo a nodo. Para las redes uso listas y bucles.

import math


def sigmoide(z):
    if z >= 0:
        return 1 / (1 + math.exp(-z))
    e = math.exp(z)
    return e / (1 + e)


def calcular(op, a, b=None):
    if op == "add":
        return a + b
    elif op == "sub":
        return a - b
    elif op == "mul":
        return a * b
    elif op == "square":
        return a * a
    elif op == "max":
        return a if a > b else b
    elif op == "sigmoid":
        return sigmoide(a)


def local_gradients(op, *values):
    if op == "add":
        return 1.0, 1.0
    if op == "sub":
        return 1.0, -1.0
    if op == "mul":
        a, b = values
        return b, a
    if op == "square":
        return (2 * values[0],)
    if op == "max":
        return (1.0, 0.0) if values[0] > values[1] else (0.0, 1.0)
    s = sigmoide(values[0])
    return (s * (1 - s),)


def forward(graph, inputs):
    valores = {}
    for nombre in inputs:
        valores[nombre] = inputs[nombre]
    for nodo in graph:
        valores[nodo[0]] = calcular(nodo[1], *[valores[arg] for arg in nodo[2:]])
    return valores


def backward(graph, values):
    # g de un nodo = suma, sobre los nodos que lo usan, de su g por la derivada local
    derivadas = {}
    raiz = graph[-1][0]
    for nombre in list(values):
        derivadas[nombre] = 1.0 if nombre == raiz else 0.0
    for i in range(len(graph) - 1, -1, -1):
        nombre, op, argumentos = graph[i][0], graph[i][1], graph[i][2:]
        locales = local_gradients(op, *[values[arg] for arg in argumentos])
        for k in range(len(argumentos)):
            derivadas[argumentos[k]] += derivadas[nombre] * locales[k]
    return derivadas


def producto(u, v):
    total = 0.0
    for ui, vi in zip(u, v):
        total += float(ui) * float(vi)
    return total


def por_columnas(M, v):
    return [sum(float(M[k][j]) * v[k] for k in range(len(v))) for j in range(len(M[0]))]


def hinge_loss(w, phi, y):
    holgura = 1 - producto(w, phi) * y
    if holgura > 0:
        return holgura, [-float(p) * y for p in phi]
    return 0.0, [0.0 for _ in phi]


def capa(M, v):
    return [sigmoide(producto(fila, v)) for fila in M]


def exterior(u, v):
    return [[ui * float(vj) for vj in v] for ui in u]


def two_layer_loss(V, w, x, y):
    h = capa(V, x)
    error = producto(w, h) - y
    r = [2 * error * float(wi) * hi * (1 - hi) for wi, hi in zip(w, h)]
    return error**2, {"V": exterior(r, x), "w": [2 * error * hi for hi in h]}


def four_layer_loss(V1, V2, V3, w, x, y):
    matrices = [V1, V2, V3]
    hs = [[float(v) for v in x]]
    for M in matrices:
        hs.append(capa(M, hs[-1]))
    error = producto(w, hs[3]) - y
    llega = [2 * error * float(wi) for wi in w]
    salida = {"w": [2 * error * hi for hi in hs[3]]}
    for k in (3, 2, 1):
        r = [g * hi * (1 - hi) for g, hi in zip(llega, hs[k])]
        salida["V" + str(k)] = exterior(r, hs[k - 1])
        llega = por_columnas(matrices[k - 1], r)
    return error**2, salida

# Bruno Castillo
# Cada secuencia por su lado, con listas; el lote solo al final.

import math
import random

import numpy as np


def por_vector(M, v):
    return [sum(float(m) * x for m, x in zip(fila, v)) for fila in M]


def traspuesta_por_vector(M, v):
    return [sum(float(M[k][j]) * v[k] for k in range(len(v))) for j in range(len(M[0]))]


def gram_schmidt(n, azar):
    base = []
    while len(base) < n:
        v = [azar.gauss(0, 1) for _ in range(n)]
        for _ in range(2):  # dos veces, por el redondeo
            for u in base:
                proyeccion = sum(a * b for a, b in zip(u, v))
                v = [a - proyeccion * b for a, b in zip(v, u)]
        largo = math.sqrt(sum(a * a for a in v))
        if largo > 1e-8:
            base.append([a / largo for a in v])
    return base


def init_params(n_inputs, n_hidden, n_outputs, scheme, seed):
    azar = random.Random(seed)
    params = {}
    for nombre, filas, columnas in (("U", n_hidden, n_inputs), ("V", n_hidden, n_hidden), ("W", n_outputs, n_hidden)):
        if scheme == "large":
            sacar = lambda: azar.gauss(0, 1)
        elif scheme == "small":
            sacar = lambda: azar.uniform(-0.1, 0.1)
        else:
            a = math.sqrt(6 / (filas + columnas))
            sacar = lambda: azar.uniform(-a, a)
        if scheme == "orthogonal" and nombre == "V":
            params[nombre] = np.array(gram_schmidt(n_hidden, azar))
        else:
            params[nombre] = np.array([[sacar() for _ in range(columnas)] for _ in range(filas)])
    return params


def pad(sequences):
    largo = max(len(s) for s in sequences)
    entradas = len(sequences[0][0])
    lote, mascara = [], []
    for s in sequences:
        huecos = largo - len(s)
        lote.append([[float(v) for v in x] for x in s] + [[0.0] * entradas] * huecos)
        mascara.append([True] * len(s) + [False] * huecos)
    return np.array(lote), np.array(mascara)


def recorrer(params, xs):
    """Estados h0..hT y salidas de una secuencia."""
    hs, ys = [[0.0] * len(params["V"])], []
    for x in xs:
        ux = por_vector(params["U"], [float(v) for v in x])
        vh = por_vector(params["V"], hs[-1])
        hs.append([math.tanh(a + b) for a, b in zip(ux, vh)])
        ys.append(por_vector(params["W"], hs[-1]))
    return hs, ys


def forward(params, batch, mask):
    salidas = []
    for xs, m in zip(batch, mask):
        n = int(sum(bool(v) for v in m))
        _, ys = recorrer(params, xs[:n])
        salidas.append(ys + [[0.0] * len(params["W"])] * (len(m) - n))
    return np.array(salidas)


def loss(params, sequences, targets):
    total = 0.0
    for xs, ts in zip(sequences, targets):
        _, ys = recorrer(params, xs)
        for y, t in zip(ys, ts):
            total += sum((a - float(b)) ** 2 for a, b in zip(y, t)) / 2
    return total / len(sequences)


def gradients(params, sequences, targets):
    g = {k: [[0.0] * len(params[k][0]) for _ in params[k]] for k in params}
    N = len(sequences)

    def sumar(nombre, u, v):
        for j in range(len(u)):
            for k in range(len(v)):
                g[nombre][j][k] += u[j] * float(v[k]) / N

    for xs, ts in zip(sequences, targets):
        hs, ys = recorrer(params, xs)
        r = [0.0] * len(params["V"])
        for t in range(len(xs) - 1, -1, -1):
            error = [a - float(b) for a, b in zip(ys[t], ts[t])]
            arriba = traspuesta_por_vector(params["W"], error)
            futuro = traspuesta_por_vector(params["V"], r)
            r = [(a + b) * (1 - h * h) for a, b, h in zip(arriba, futuro, hs[t + 1])]
            sumar("U", r, xs[t])
            sumar("V", r, hs[t])
            sumar("W", error, hs[t + 1])
    return {k: np.array(v) for k, v in g.items()}


def gradient_norms_by_length(params, lengths, seed):
    azar = random.Random(seed)
    normas = []
    for T in lengths:
        xs = [[azar.gauss(0, 1) for _ in params["U"][0]] for _ in range(T)]
        hs, _ = recorrer(params, xs)
        g = [2 * v for v in hs[-1]]
        for h in reversed(hs[1:]):
            g = traspuesta_por_vector(params["V"], [a * (1 - b * b) for a, b in zip(g, h)])
        normas.append(math.sqrt(sum(v * v for v in g)))
    return normas

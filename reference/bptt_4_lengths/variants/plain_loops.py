"""Only lists, loops and `math`; the inputs of the norms are zeros and ones."""

import math
import random


def init_params(n_inputs, n_hidden, n_outputs, scheme, seed):
    """Lists of lists."""
    dice = random.Random(seed)

    def matrix(rows, columns, draw):
        return [[draw() for _ in range(columns)] for _ in range(rows)]

    params = {}
    for name, rows, columns in (("U", n_hidden, n_inputs), ("V", n_hidden, n_hidden), ("W", n_outputs, n_hidden)):
        if scheme == "small":
            params[name] = matrix(rows, columns, lambda: dice.uniform(-0.1, 0.1))
        elif scheme == "large":
            params[name] = matrix(rows, columns, lambda: dice.gauss(0, 1))
        else:
            limit = math.sqrt(6 / (rows + columns))
            params[name] = matrix(rows, columns, lambda limit=limit: dice.uniform(-limit, limit))
    if scheme == "orthogonal":
        params["V"] = gram_schmidt(matrix(n_hidden, n_hidden, lambda: dice.gauss(0, 1)))
    return params


def gram_schmidt(rows):
    """Orthonormal rows."""
    done = []
    for row in rows:
        for other in done:
            overlap = sum(a * b for a, b in zip(row, other))
            row = [a - overlap * b for a, b in zip(row, other)]
        length = math.sqrt(sum(a * a for a in row))
        done.append([a / length for a in row])
    return done


def pad(sequences):
    """Lists too."""
    longest = max(len(xs) for xs in sequences)
    batch, mask = [], []
    for xs in sequences:
        missing = longest - len(xs)
        batch.append([[float(v) for v in x] for x in xs] + [[0.0] * len(xs[0]) for _ in range(missing)])
        mask.append([True] * len(xs) + [False] * missing)
    return batch, mask


def times(matrix, vector):
    return [sum(float(m) * float(v) for m, v in zip(row, vector)) for row in matrix]


def states(params, xs):
    hs = [[0.0] * len(params["V"])]
    for x in xs:
        hs.append([math.tanh(a + b) for a, b in zip(times(params["U"], x), times(params["V"], hs[-1]))])
    return hs


def forward(params, batch, mask):
    """Each sequence by itself, up to its end."""
    answer = []
    for xs, row in zip(batch, mask):
        xs = [x for x, there in zip(xs, row) if there]
        ys = [times(params["W"], h) for h in states(params, xs)[1:]]
        answer.append(ys + [[0.0] * len(params["W"]) for _ in range(len(row) - len(ys))])
    return answer


def loss(params, sequences, targets):
    """A float."""
    total = 0.0
    for xs, ts in zip(sequences, targets):
        for h, t in zip(states(params, xs)[1:], ts):
            total += sum((y - float(v)) ** 2 for y, v in zip(times(params["W"], h), t)) / 2
    return total / len(sequences)


def gradients(params, sequences, targets):
    """One number at a time."""
    n = len(sequences)
    transposed = {name: list(zip(*params[name])) for name in params}
    total = {name: [[0.0] * len(w[0]) for _ in w] for name, w in params.items()}

    def add(name, left, right):
        for row, a in zip(total[name], left):
            for k, b in enumerate(right):
                row[k] += a * float(b) / n

    for xs, ts in zip(sequences, targets):
        hs = states(params, xs)
        future = [0.0] * len(params["V"])
        for t in range(len(xs) - 1, -1, -1):
            error = [y - float(v) for y, v in zip(times(params["W"], hs[t + 1]), ts[t])]
            h_bar = [a + b for a, b in zip(times(transposed["W"], error), future)]
            r_bar = [a * (1 - h * h) for a, h in zip(h_bar, hs[t + 1])]
            future = times(transposed["V"], r_bar)
            add("U", r_bar, xs[t])
            add("V", r_bar, hs[t])
            add("W", error, hs[t + 1])
    return total


def gradient_norms_by_length(params, lengths, seed):
    """A list of floats."""
    dice = random.Random(seed)
    norms = []
    for length in lengths:
        xs = [[dice.randint(0, 1) for _ in params["U"][0]] for _ in range(length)]
        hs = states(params, xs)
        gradient = [2 * h for h in hs[-1]]
        for h in hs[:0:-1]:
            gradient = times(list(zip(*params["V"])), [g * (1 - v * v) for g, v in zip(gradient, h)])
        norms.append(math.sqrt(sum(g * g for g in gradient)))
    return norms

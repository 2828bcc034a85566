"""Public checks of graph: backpropagation over a computation graph, and three losses."""

import numpy as np

from grader import Case, check
from grader.families import gradient, values

TREE = [  # every name is used once; no input within 0.1 of a tie of `max`, given the ranges of `numbers`
    ["p", "mul", "a", "b"],
    ["q", "sub", "p", "c"],
    ["r", "square", "q"],
    ["s", "sigmoid", "d"],
    ["t", "max", "s", "e"],
    ["u", "add", "r", "t"],
]
SHARED = [  # c reaches the root along three paths, and two nodes use one name twice
    ["c", "mul", "a", "b"],
    ["d", "sigmoid", "c"],
    ["e", "mul", "d", "d"],
    ["f", "sub", "e", "c"],
    ["g", "add", "f", "a"],
    ["h", "square", "g"],
    ["i", "add", "c", "h"],
    ["k", "add", "i", "i"],
]
HINGE = [  # max(1 - (w1 phi1 + w2 phi2) y, 0): the constants are inputs too
    ["product1", "mul", "w1", "phi1"],
    ["product2", "mul", "w2", "phi2"],
    ["score", "add", "product1", "product2"],
    ["margin", "mul", "score", "y"],
    ["slack", "sub", "one", "margin"],
    ["loss", "max", "slack", "zero"],
]


def numbers(rng, names):
    """Return a number for each name, 0.5 to 0.9 away from 0; `e` is 1.5 to 1.9 away, more than any sigmoid."""
    size = {name: rng.uniform(0.5, 0.9) + (name == "e") for name in names}
    return {name: float(size[name] * rng.choice([-1.0, 1.0])) for name in names}


def problems(rng):
    """Return pairs of a graph and its inputs; in HINGE the margin is below -0.5."""
    hinge = {name: float(rng.uniform(0.5, 0.9)) for name in ("w1", "phi1", "w2", "phi2")}
    return [
        (SHARED, numbers(rng, "ab")),
        (TREE, {name: np.float64(value) for name, value in numbers(rng, "abcde").items()}),
        (TREE, numbers(rng, "abcde")),
        (HINGE, {**hinge, "y": -1.0, "one": 1.0, "zero": 0.0}),
    ]


@check
def local_gradients_of_every_op(case: Case) -> None:
    for _ in range(2):
        a, b, low, high, z = (float(v) for v in case.rng.uniform([-2, -2, -2, 1, 0.7], [2, 2, 0.5, 2, 2]))
        asked = [("add", a, b), ("sub", a, b), ("mul", a, b), ("square", a)]
        asked += [("max", low, high), ("max", high, low), ("sigmoid", z), ("sigmoid", -z)]
        for op, *at in asked:
            got = case.student.local_gradients(op, *at)
            values.matches(got, case.reference.local_gradients(op, *at), f"local_gradients({op!r})", scale=1.0)


@check
def forward_gives_every_value(case: Case) -> None:
    for graph, inputs in problems(case.rng):
        got = case.student.forward(graph, inputs)
        values.matches(got, case.reference.forward(graph, inputs), "forward", scale=1.0)


@check
def backward_sums_over_the_paths(case: Case) -> None:
    for graph, inputs in problems(case.rng):  # the right values are handed over: a wrong forward has been paid for
        at = case.reference.forward(graph, inputs)
        got = case.student.backward(graph, at)
        expected = case.reference.backward(graph, at)
        values.matches(got, expected, "backward", scale=max(abs(g) for g in expected.values()))


def with_margin(rng, d, y, margin):
    """Return w (d,) and phi (d,) with (w . phi) y = margin."""
    w, phi = rng.uniform(0.5, 1.5, (2, d)) * rng.choice([-1.0, 1.0], (2, d))
    return w + phi * (y * margin - w @ phi) / (phi @ phi), phi


@check
def hinge_loss_and_its_gradient(case: Case) -> None:
    def own_loss(at, phi):  # of both labels together
        parts = [values.parts(case.student.hinge_loss(w, phi, y), 2, "hinge_loss") for y, w in zip((1, -1), at.values(), strict=True)]
        return sum(values.number(loss, "hinge_loss") for loss, _ in parts)

    for d in (4, 3, 1):
        w, phi = with_margin(case.rng, d, 1, case.rng.uniform(0.3, 0.8) * case.rng.choice([-1, 1]))
        _, other_phi = with_margin(case.rng, d, 1, 0.3)
        names = {1: "w, y = 1", -1: "w, y = -1"}
        got = {y: values.parts(case.student.hinge_loss(w, phi, y), 2, "hinge_loss") for y in names}
        expected = {y: case.reference.hinge_loss(w, phi, y) for y in names}
        gradient.matches(
            {name: got[y][1] for y, name in names.items()},
            {name: expected[y][1] for y, name in names.items()},
            at=dict.fromkeys(names.values(), w),
            loss=own_loss,
            inputs=(phi,),
            others=(other_phi,),
        )
        values.matches(tuple(got[y][0] for y in names), tuple(expected[y][0] for y in names), "hinge_loss")

        for y in (1.0, -1.0):  # well on the right side: nothing to learn
            w, phi = with_margin(case.rng, d, y, case.rng.uniform(1.4, 2.5))
            loss, flat = values.parts(case.student.hinge_loss(w, phi, y), 2, "hinge_loss")
            expected_loss, expected_flat = case.reference.hinge_loss(w, phi, y)
            values.matches(flat, expected_flat, "dL/dw")
            values.matches(loss, expected_loss, "hinge_loss")


def layers(rng, *sizes):
    """Return weights (sizes[1], sizes[0]), ..., w (sizes[-1],) and two pairs of x (sizes[0],) and y, far from w . sigmoid."""
    ranges = [(0.8, 1.4, shape) for shape in zip(sizes[1:], sizes, strict=False)] + [(0.5, 0.9, sizes[-1:])]
    weights = [rng.uniform(*spread) * rng.choice([-1.0, 1.0], spread[-1]) for spread in ranges]
    pairs = [(rng.uniform(-1.0, 1.0, sizes[0]), float(rng.uniform(4.5, 5.5) * rng.choice([-1, 1]))) for _ in range(2)]
    return weights, pairs


def judge_layers(case, name, keys, *sizes):
    """Compare loss and gradients of the function `name` of layers of these sizes."""
    student, reference = getattr(case.student, name), getattr(case.reference, name)
    weights, (data, other) = layers(case.rng, *sizes)
    at = dict(zip(keys, weights, strict=True))
    loss, got = values.parts(student(*weights, *data), 2, name)
    expected_loss, expected = reference(*weights, *data)
    gradient.matches(
        values.arrays(got, {key: at[key].shape for key in keys}, name),
        expected,
        at=at,
        loss=lambda at, x, y: values.parts(student(*at.values(), x, y), 2, name)[0],
        inputs=data,
        others=other,
    )
    values.matches(loss, expected_loss, name)


@check
def two_layer_loss_and_its_gradients(case: Case) -> None:
    for d, h in [(3, 4), (4, 2), (1, 1)]:
        judge_layers(case, "two_layer_loss", ("V", "w"), d, h)


@check
def four_layer_loss_and_its_gradients(case: Case) -> None:
    for sizes in [(3, 5, 2, 4), (2, 3, 4, 1), (1, 1, 1, 1)]:
        judge_layers(case, "four_layer_loss", ("V1", "V2", "V3", "w"), *sizes)

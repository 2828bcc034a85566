"""Public checks of neuron: one sigmoid neuron with binary cross-entropy."""

import numpy as np

from grader import Case, check
from grader.families import convergence, gradient, values


def labels(rng, n):
    """Return n labels (n, 1), both classes among them where n >= 2."""
    return rng.permutation((np.arange(n) + rng.integers(2)) % 2).astype(float).reshape(n, 1)


def problem(rng, n, d):
    """Return x (n, d), W (1, d), b (1,), y (n, 1) with |z| < 1.7, so that a stays within [0.15, 0.85]."""
    x = rng.uniform(-1.7, 1.7, (n, d)) / d
    W = rng.uniform(0.5, 0.7, (1, d)) * rng.choice([-1.0, 1.0], (1, d))
    b = rng.uniform(0.3, 0.5, 1)
    return x, W, b, labels(rng, n)


@check
def forward_gives_z_and_a(case: Case) -> None:
    for n, d in [(5, 3), (4, 2), (1, 4)]:
        x, W, b, _ = problem(case.rng, n, d)
        z, a = values.parts(case.student.forward(x, W, b), 2, "forward")
        expected_z, expected_a = case.reference.forward(x, W, b)
        values.matches(z, expected_z, "z", sizes={"n": n, "d": d})
        values.matches(a, expected_a, "a", sizes={"n": n, "d": d})


@check
def bce_is_the_mean_cross_entropy(case: Case) -> None:
    for n in (5, 4, 1, 1):
        a, y = case.rng.uniform(0.15, 0.85, (n, 1)), labels(case.rng, n)
        loss = case.student.bce(a, y)
        values.matches(loss, case.reference.bce(a, y), "bce", sizes={"n": n}, cap=1e-4)


@check
def backward_gives_dL_da_and_dL_dz(case: Case) -> None:
    def loss_of_a(at, y):
        return case.student.bce(at["dL_da"], y)

    def loss_of_z(at, y):  # a neuron with weight 1 and bias 0 turns z into sigmoid(z)
        _, a = values.parts(case.student.forward(at["dL_dz"], np.ones((1, 1)), np.zeros(1)), 2, "forward")
        return case.student.bce(a, y)

    for n, d in [(5, 3), (4, 2), (1, 4)]:
        x, W, b, y = problem(case.rng, n, d)
        z, a = values.parts(case.student.forward(x, W, b), 2, "forward")
        own = {"dL_da": values.array(a, (n, 1), "a"), "dL_dz": values.array(z, (n, 1), "z")}
        got = values.arrays(case.student.backward(x, W, b, y), {"dL_da": (n, 1), "dL_dz": (n, 1)}, "backward")
        expected = case.reference.backward(x, W, b, y)
        for name, loss in [("dL_da", loss_of_a), ("dL_dz", loss_of_z)]:  # an epsilon may blur dL_da alone: one by one
            gradient.matches(
                {name: got[name]},
                {name: expected[name]},
                at={name: own[name]},
                loss=loss,
                inputs=(y,),
                others=(1 - y,),
                sizes={"n": n, "d": d},
            )


@check
def backward_is_the_gradient(case: Case) -> None:
    def loss(at, x, y):  # `at` holds W and b under the names of their gradients
        _, a = values.parts(case.student.forward(x, at["dL_dW"], at["dL_db"]), 2, "forward")
        return case.student.bce(a, y)

    for n, d in [(5, 3), (4, 2), (1, 4)]:
        x, W, b, y = problem(case.rng, n, d)
        other_x, _, _, other_y = problem(case.rng, n, d)
        shapes = {"dL_dW": (1, d), "dL_db": (1,)}
        got = values.arrays(case.student.backward(x, W, b, y), shapes, "backward")
        expected = case.reference.backward(x, W, b, y)
        gradient.matches(
            got,
            {name: expected[name] for name in shapes},
            at={"dL_dW": W, "dL_db": b},
            loss=loss,
            inputs=(x, y),
            others=(other_x, other_y),
            sizes={"n": n, "d": d},
        )


@check
def sgd_step_goes_against_the_gradient(case: Case) -> None:
    for n, d in [(5, 3), (1, 4)]:
        _, W, b, _ = problem(case.rng, n, d)
        shapes = {"dL_da": (n, 1), "dL_dz": (n, 1), "dL_dW": (1, d), "dL_db": (1,)}
        gradients = {name: case.rng.normal(size=shape) for name, shape in shapes.items()}
        learning_rate = float(case.rng.uniform(0.2, 0.4))
        new_W, new_b = values.parts(case.student.sgd_step(W, b, gradients, learning_rate), 2, "sgd_step")
        convergence.step_matches(
            before={"W": W, "b": b},
            after={"W": new_W, "b": new_b},
            gradient={"W": gradients["dL_dW"], "b": gradients["dL_db"]},
            learning_rate=learning_rate,
            sizes={"n": n, "d": d, "learning_rate": learning_rate},
        )

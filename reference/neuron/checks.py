"""Hidden checks of neuron: large z, certain answers, calls that leave no trace."""

import numpy as np

from grader import Case, check, require
from grader.families import values

from .checks import problem


def saturated(rng, z):
    """Return x (n, 3), W (1, 3), b (1,) that give about these z (n,).

    The terms of a row have one sign, so that float32 keeps its digits; b is 0, so that a forgotten bias is paid for once.
    """
    _, W, _, _ = problem(rng, 1, 3)
    x = np.outer(np.array(z) * rng.uniform(0.98, 1.0, len(z)), W / np.sum(W**2))
    return x, W, np.zeros(1)


@check
def forward_is_stable_for_large_z(case: Case) -> None:
    for z in ([-9990, -800, -60, -1, 0.5, 2, 60, 800, 9990], [-9990], [9990]):
        x, W, b = saturated(case.rng, z)
        got_z, got_a = values.parts(case.student.forward(x, W, b), 2, "forward")
        expected_z, expected_a = case.reference.forward(x, W, b)
        for got, expected, name in [(got_z, expected_z, "z"), (got_a, expected_a, "a")]:
            if not np.allclose(values.array(got, expected.shape, name), expected, rtol=1e-3, atol=1e-3):
                values.matches(got, expected, name, scale=1.0)  # exactness has been asked for, and paid for, at small z
    warned = "; ".join(sorted(set(case.student.warnings)))
    require(
        not warned,
        es=f"`forward` provoca avisos de NumPy con |z| grande: {warned}.",
        en=f"`forward` causes NumPy warnings for large |z|: {warned}.",
    )


@check
def certain_answers_are_no_trouble(case: Case) -> None:
    a = np.array([[0.0], [1.0], [1.0]])
    right = values.number(case.student.bce(a, a), "bce")
    wrong = values.number(case.student.bce(a, 1 - a), "bce")
    require(
        abs(right) < 0.1 and abs(wrong) > 0.7,  # how large `wrong` is depends on the clip; doubt costs log 2 = 0.69
        es="Con a igual a 0 o a 1, `bce` debe costar casi 0 si la neurona acierta, y mucho más que dudar (log 2) si falla.",
        en="With a at 0 or 1, `bce` must cost almost 0 where the neuron is right, and much more than doubt (log 2) if not.",
    )

    # One row at a time: whoever forgot the 1/n has paid for it in the public checks. Where the neuron is certain and wrong,
    # a legal clip in dL_da times an unclipped a (1 - a) gives 0 for dL_dz instead of -1: only a nan or inf is wrong there.
    for z, y in [(-60, 0), (60, 1), (-300, 0), (600, 1), (-28, 1), (60, 0), (300, 0), (-600, 1)]:
        x, W, b = saturated(case.rng, [z])
        label = np.array([[float(y)]])
        shapes = {"dL_dz": (1, 1), "dL_dW": (1, 3)}
        got = values.arrays(case.student.backward(x, W, b, label), shapes, "backward")
        if (z > 0) == y:
            expected = case.reference.backward(x, W, b, label)
            values.matches(got["dL_dz"], expected["dL_dz"], "dL_dz", scale=1.0)
            values.matches(got["dL_dW"], expected["dL_dW"], "dL_dW", scale=float(np.abs(x).max()))


def answers(student, x, W, b, y):
    """Return all that the four functions say about one problem, each fed with what the others returned."""
    n, d = x.shape
    z, a = values.parts(student.forward(x, W, b), 2, "forward")
    gradients = student.backward(x, W, b, y)
    new_W, new_b = values.parts(student.sgd_step(W, b, gradients, 0.3), 2, "sgd_step")
    shapes = {"dL_da": (n, 1), "dL_dz": (n, 1), "dL_dW": (1, d), "dL_db": (1,)}
    return {
        "z": values.array(z, (n, 1), "z"),
        "a": values.array(a, (n, 1), "a"),
        "bce": values.number(student.bce(a, y), "bce"),
        **values.arrays(gradients, shapes, "backward"),
        "W": values.array(new_W, (1, d), "W"),
        "b": values.array(new_b, (1,), "b"),
    }


@check
def calls_leave_no_trace(case: Case) -> None:
    x, W, b, y = problem(case.rng, 5, 3)
    first = answers(case.student, x, W, b, y)
    other = answers(case.student, *problem(case.rng, 5, 3))
    values.matches(answers(case.student, x, W, b, y), first, "answers")
    stuck = [name for name in first if np.array_equal(first[name], other[name])]
    require(
        not stuck,
        es=f"Hay respuestas que no dependen de los datos ({', '.join(stuck)}): con otros x, W, b e y salen iguales.",
        en=f"Some answers do not depend on the data ({', '.join(stuck)}): they are the same for other x, W, b and y.",
    )

    gradients = {name: first[name] for name in ("dL_da", "dL_dz", "dL_dW", "dL_db")}
    before = {"forward": (x, W, b), "bce": (first["a"], y), "backward": (x, W, b, y), "sgd_step": (W, b, gradients, 0.3)}
    after = {name: getattr(case.student, name).arguments_after(*arguments) for name, arguments in before.items()}
    values.unchanged(before, after)

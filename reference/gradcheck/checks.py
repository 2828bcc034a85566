"""Hidden checks of gradcheck: arrays of any shape and type, gradients that are nearly right, calls that leave no trace."""

import numpy as np

from grader import Case, check, require
from grader.families import values

from .checks import DIFFERENCE, Asked, Cubic, judge_linear, judge_verdicts, point, verdict


@check
def numerical_gradient_of_any_array(case: Case) -> None:
    judge_linear(case, case.rng.integers(-4, 5, (5,)))
    judge_linear(case, point(case.rng, (5,)).astype(np.float32))
    judge_linear(case, point(case.rng, (2, 3, 2)))
    judge_linear(case, point(case.rng, ()))
    judge_linear(case, case.rng.integers(-4, 5, (2, 3)).astype(np.int32))
    judge_linear(case, point(case.rng, (3, 2)).astype(np.float32))


class Scaled:
    """A function times a constant."""

    def __init__(self, f, factor):
        self.f, self.factor = f, factor

    def __call__(self, x):
        return self.factor * self.f(x)

    def gradient(self, x):
        return self.factor * self.f.gradient(x)


def with_one(entry):
    """Return the change that replaces the second entry from the end by what `entry` makes of it."""

    def change(g):
        g = g.copy()
        g[-2] = entry(g[-2])
        return g

    return change


@check
def check_gradient_is_strict_and_fair(case: Case) -> None:
    x = point(case.rng, (5,))
    f = Cubic(case.rng, (5,))
    right = {"f'": lambda g: g}
    wrong = {
        "f' (1 + 6e-6)": lambda g: g * (1 + 6e-6),
        "f' (1 + 2e-4)": lambda g: g * (1 + 2e-4),
        "f'[-2] + 0.1": with_one(lambda entry: entry + 0.1),
        "f'[::-1]": lambda g: g[::-1].copy(),
        "NaN": lambda g: g * np.nan,
        "f'[-2] = NaN": with_one(lambda entry: np.nan),
    }
    judge_verdicts(case, f, x, right, wrong)
    judge_verdicts(case, Scaled(f, 1e5), x, {"f' 1e5": lambda g: g}, {"2 f' 1e5": lambda g: 2 * g})
    judge_verdicts(case, Scaled(f, 1e-9), x, {"f' 1e-9": lambda g: g}, {"2 f' 1e-9": lambda g: 2 * g})
    judge_verdicts(case, f, x, {"1.02 f', threshold 0.1": lambda g: 1.02 * g}, {"-f', threshold 0.1": lambda g: -g}, 0.1)


@check
def calls_leave_no_trace(case: Case) -> None:
    x, y = point(case.rng, (60,)), point(case.rng, (60,))
    f, g = Cubic(case.rng, (60,)), Cubic(case.rng, (60,))
    ask = case.student.numerical_gradient
    first, other, elsewhere, again = (values.array(ask(Asked(h, at), at), (60,), "numerical_gradient") for h, at in [(f, x), (g, x), (f, y), (f, x)])
    require(
        not (np.array_equal(first, other) or np.array_equal(first, elsewhere)),
        es="`numerical_gradient` da lo mismo para otra función, o en otro punto",
        en="`numerical_gradient` gives the same for another function, or at another point",
    )
    values.matches(again, first, "numerical_gradient", cap=DIFFERENCE)

    said = [verdict(case.student.check_gradient(Asked(f, x), Asked(h.gradient, x), x)) for h in (f, g, f)]
    errors = [values.number(case.student.relative_error(*pair), "relative_error") for pair in [(x, y), (y, x + y), (x, y)]]
    require(
        said[0] == said[2] and abs(errors[0] - errors[2]) < 1e-12,
        es="la misma pregunta, hecha dos veces, tiene dos respuestas",
        en="the same question, asked twice, has two answers",
    )

    f, gradient = Asked(f, x), Asked(f.gradient, x)
    before = {"numerical_gradient": (f, x), "relative_error": (x, y), "check_gradient": (f, gradient, x)}
    after = {name: getattr(case.student, name).arguments_after(*arguments) for name, arguments in before.items()}
    values.unchanged(before, after)
    integers = case.rng.integers(-4, 5, (6,))
    values.unchanged((f, integers), case.student.numerical_gradient.arguments_after(Asked(np.sum, integers), integers))

"""Hidden checks of gradcheck: arrays of any shape and type, gradients that are nearly right, calls that leave no trace."""

import contextlib

import numpy as np

from grader import Case, check, require
from grader.errors import Crashed, StudentTrouble
from grader.families import values

from .checks import DIFFERENCE, Asked, Cubic, judge_linear, judge_verdicts, point


@check
def numerical_gradient_of_any_array(case: Case) -> None:
    judge_linear(case, case.rng.integers(-4, 5, (5,)))
    judge_linear(case, point(case.rng, (5,)).astype(np.float32))
    judge_linear(case, point(case.rng, (2, 3, 2)))
    judge_linear(case, point(case.rng, ()))
    judge_linear(case, case.rng.integers(-4, 5, (2, 3)).astype(np.int32))
    x = point(case.rng, (3, 2)).astype(np.float32)
    judge_linear(case, x)
    got = case.student.numerical_gradient(Asked(np.sum, x), x)
    kind = got.dtype.name if type(got) is np.ndarray else ""  # lists have no type to be wrong
    require(
        kind not in ("float32", "float16"),
        es=f"el gradiente tiene que ser `float64`, sea x del tipo que sea, y es `{kind}`",
        en=f"the gradient must be `float64`, whatever the type of x, and is `{kind}`",
    )


class Scaled:
    """A function times a constant."""

    def __init__(self, f, factor):
        self.f, self.factor = f, factor

    def __call__(self, x):
        return self.factor * self.f(x)

    def gradient(self, x):
        return self.factor * self.f.gradient(x)


class Waves:
    """f(x) = sum(sin(20 x)): with a step of 0.1 its central difference is less than half its derivative."""

    def __call__(self, x):
        return np.sum(np.sin(20 * x))

    def gradient(self, x):
        return 20 * np.cos(20 * x)


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
    f = Cubic(case.rng, x)
    right = {"f'": lambda g: g}
    wrong = {
        "f' (1 + 6e-7)": lambda g: g * (1 + 6e-7),
        "f' (1 + 6e-6)": lambda g: g * (1 + 6e-6),
        "f' (1 + 1.5e-5)": lambda g: g * (1 + 1.5e-5),
        "f' (1 + 2e-4)": lambda g: g * (1 + 2e-4),
        "f' (1 + 1e-3)": lambda g: g * (1 + 1e-3),
        "-f'": lambda g: -g,
        "f'[-2] + 0.1": with_one(lambda entry: entry + 0.1),
        "f'[::-1]": lambda g: g[::-1].copy(),
        "NaN": lambda g: g * np.nan,
        "f'[-2] = NaN": with_one(lambda entry: np.nan),
        "2 f', f'[-2] = NaN": lambda g: with_one(lambda entry: np.nan)(2 * g),
    }
    judge_verdicts(case, f, x, right, wrong)
    judge_scales(case)
    judge_thresholds(case, x)
    judge_shapes(case)


def judge_scales(case):
    """An error of 3e-8 comes last: who compares absolute differences is wrong there too, as if the threshold were another one."""
    x = point(case.rng, (5,))
    f = Cubic(case.rng, x)
    judge_verdicts(case, Scaled(f, 1e5), x, {"f' 1e5": lambda g: g}, {"2 f' 1e5": lambda g: 2 * g})
    judge_verdicts(case, Scaled(f, 1e-9), x, {"f' 1e-9": lambda g: g}, {"2 f' 1e-9": lambda g: 2 * g})
    judge_verdicts(case, f, x, {"f' (1 + 6e-8)": lambda g: g * (1 + 6e-8)}, {"1.1 f'": lambda g: 1.1 * g})


def judge_thresholds(case, x):
    """With threshold 0.1 what counts is one error of the whole gradient, also where one derivative is 0; and the step stays small."""
    f = Cubic(case.rng, x)
    f.a[-2] = f.b[-2] = 0.0
    right = {
        "1.02 f', threshold 0.1": lambda g: 1.02 * g,
        "1.15 f', threshold 0.1": lambda g: 1.15 * g,  # an error of 0.07; 0.15 if divided by the norm of f' alone
        "f'[-2] = 0 + 0.01 ‖f'‖, threshold 0.1": lambda g: with_one(lambda entry: 0.01 * np.linalg.norm(g))(g),
    }
    judge_verdicts(case, f, x, right, {"-f', threshold 0.1": lambda g: -g}, 0.1)
    judge_verdicts(case, Waves(), x, {"sin(20 x)', threshold 0.1": lambda g: g}, {"-sin(20 x)', threshold 0.1": lambda g: -g}, 0.1)


def differences_are_right(case, f, x):
    """Whether the student's `numerical_gradient` is right at x."""
    try:
        values.matches(case.student.numerical_gradient(Asked(f, x), x), f.gradient(x), "numerical_gradient", cap=DIFFERENCE)
    except StudentTrouble:
        return False
    return True


def judge_shapes(case):
    """Right and wrong gradients of x of two axes, three and none; rows or columns in another order have the same sums."""
    exchanged = {"f'[::-1]": lambda g: g[::-1].copy(), "f'[:, ::-1]": lambda g: g[:, ::-1].copy()}
    for shape, wrong in [((2, 3), exchanged), ((2, 3, 2), exchanged), ((), {"f' + 1": lambda g: g + 1})]:
        x = point(case.rng, shape)
        f = Cubic(case.rng, x)
        if not differences_are_right(case, f, x):  # paid for already
            continue
        changes = {f"{name} (x.shape = {shape})": change for name, change in wrong.items()}
        judge_verdicts(case, f, x, {f"f' (x.shape = {shape})": lambda g: g}, changes)


@check
def calls_leave_no_trace(case: Case) -> None:
    def ask(f, x):
        return values.array(case.student.numerical_gradient(Asked(f, x), x), x.shape, "numerical_gradient")

    x, y = point(case.rng, (12,)), point(case.rng, (12,))
    f, g = Cubic(case.rng, x), Cubic(case.rng, x)
    first = ask(f, x)
    require(
        not np.array_equal(first, ask(f, y)),
        es="`numerical_gradient` da lo mismo en otro punto",
        en="`numerical_gradient` gives the same at another point",
    )
    require(
        not np.array_equal(first, ask(g, x)),
        es="`numerical_gradient` da lo mismo para otra función en el mismo punto",
        en="`numerical_gradient` gives the same for another function at the same point",
    )
    values.matches(ask(f, x), first, "numerical_gradient", cap=DIFFERENCE)

    pairs = [(x, y), (y, x + y), (x, y)]
    errors = [values.number(case.student.relative_error(*pair), "relative_error") for pair in pairs]
    values.matches(errors[2], errors[0], "relative_error")

    asked = Asked(f, x)
    values.unchanged((asked, x), case.student.numerical_gradient.arguments_after(asked, x))
    integers = case.rng.integers(-4, 5, (6,))
    values.unchanged((asked, integers), case.student.numerical_gradient.arguments_after(Asked(np.sum, integers), integers))
    values.unchanged((x, y), case.student.relative_error.arguments_after(x, y))
    arguments = (asked, Asked(f.gradient, x), x)
    with contextlib.suppress(Crashed):  # paid for already
        values.unchanged(arguments, case.student.check_gradient.arguments_after(*arguments))

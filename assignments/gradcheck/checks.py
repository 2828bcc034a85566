"""Public checks of gradcheck: central differences, the relative error, and a verdict on a gradient."""

import numpy as np

from grader import Case, check, require
from grader.errors import FOLLOW_THROUGH, Mismatch, StudentTrouble
from grader.families import values

DIFFERENCE = 1e-7  # a central difference is good to 1e-10, a one-sided one is 1e-5 off


class Cubic:
    """f(x) = sum(a x^3) + sum(b x)^2, steep at x: its central difference is known exactly, and is no one-sided one."""

    def __init__(self, rng, x):
        self.a = self.b = np.zeros(x.shape)
        while np.abs(self.gradient(x)).max() < 0.5:  # near a flat place, rounding would be all there is
            self.a, self.b = rng.uniform(0.5, 1.0, (2, *x.shape)) * rng.choice([-1.0, 1.0], (2, *x.shape))

    def __call__(self, x):
        return np.sum(self.a * x**3) + np.sum(self.b * x) ** 2

    def gradient(self, x):
        return 3 * self.a * x**2 + 2 * self.b * np.sum(self.b * x)

    def difference(self, x, epsilon):
        return self.gradient(x) + self.a * epsilon**2


class Linear:
    """f(x) = sum(b x): every difference is right, so that only shapes and types are judged."""

    def __init__(self, rng, shape):
        self.b = rng.uniform(0.5, 1.5, shape) * rng.choice([-1.0, 1.0], shape)

    def __call__(self, x):
        return np.sum(self.b * x)


class Asked:
    """`f`, or its gradient, in the student's hands: it remembers where it is asked, and accepts arrays of x's shape only."""

    def __init__(self, f, x):
        self.f, self.shape, self.points = f, np.shape(x), []

    def __call__(self, *arguments):
        require(
            len(arguments) == 1 and (type(arguments[0]) is np.ndarray or self.shape == ()),
            es="a la función que recibes hay que darle un solo argumento: un array de NumPy con la forma de x",
            en="the function that you are given takes a single argument: a NumPy array of the shape of x",
        )
        self.points.append(values.array(arguments[0], self.shape, "f: point"))
        with np.errstate(all="ignore"):  # asked at 1e300, it is inf
            return self.f(self.points[-1])


def point(rng, shape):
    """Return an array of this shape, its entries 0.3 to 1.2 away from 0."""
    return np.array(rng.uniform(0.3, 1.2, shape) * rng.choice([-1.0, 1.0], shape))


@check
def numerical_gradient_of_a_vector(case: Case) -> None:
    for n, epsilon in [(5, 0.1), (4, 1e-3), (3, None), (1, None)]:
        x = point(case.rng, (n,))
        f = Cubic(case.rng, x)
        got = case.student.numerical_gradient(Asked(f, x), x, *([epsilon] if epsilon else []))
        values.matches(got, f.difference(x, epsilon or 1e-5), "numerical_gradient", sizes={"n": n}, cap=DIFFERENCE)


def judge_linear(case, x):
    """Compare the gradient of a linear function at x; who does as well as with vectors has paid for the rest there."""
    f = Linear(case.rng, x.shape)
    got = case.student.numerical_gradient(Asked(f, x), x)
    try:
        values.matches(got, f.b, "numerical_gradient", cap=DIFFERENCE)
    except Mismatch as mismatch:
        if same_as_for_a_vector(case, f, x, got):
            mismatch.earned = FOLLOW_THROUGH
        raise


@np.errstate(all="ignore")
def same_as_for_a_vector(case, f, x, got):
    """Whether `got` is what the student gives for the same numbers in a vector, and most of it right but for a factor."""
    vector = x.astype(float).ravel()
    try:
        got = values.array(got, x.shape, "numerical_gradient").ravel()
        own = case.student.numerical_gradient(Asked(lambda at: f(at.reshape(x.shape)), vector), vector)
        own = values.array(own, vector.shape, "numerical_gradient")
    except StudentTrouble:
        return False
    factors = own / f.b.ravel()
    usual = float(np.median(factors))
    alike = np.abs(factors - usual) <= 1e-6 * abs(usual)
    return usual != 0 and np.mean(alike) >= 0.5 and bool(np.all(np.abs(got - own) <= 1e-6 * abs(usual)))


@check
def numerical_gradient_of_a_matrix(case: Case) -> None:
    for shape in [(3, 4), (2, 3), (1, 2), (2, 1)]:
        judge_linear(case, point(case.rng, shape))


@check
def f_is_asked_on_both_sides(case: Case) -> None:
    for shape, epsilon in [((3,), 0.03), ((2, 3), 0.002), ((4,), None)]:
        x = point(case.rng, shape)
        f = Asked(Cubic(case.rng, x), x)
        case.student.numerical_gradient(f, x, *([epsilon] if epsilon else []))
        count, right = len(f.points), 2 * x.size
        require(
            count == right,
            es=f"`f` se llama {count} veces; con un x de forma {shape} tienen que ser 2 · x.size = {right}",
            en=f"`f` is called {count} times; with an x of shape {shape} it must be 2 · x.size = {right}",
        )
        with np.errstate(over="ignore"):
            steps = np.array([np.ravel(asked - x) for asked in f.points]) / (epsilon or 1e-5)
        expected = np.vstack([np.eye(x.size), -np.eye(x.size)])  # in whatever order
        got = np.array(sorted(np.round(steps, 6).tolist()))
        values.matches(got, np.array(sorted(expected.tolist())), f"(point - x) / {epsilon or 1e-5}")


def gradients(rng, shape):
    """Return two gradients far from perpendicular: there ‖a‖² + ‖n‖² is ‖a + n‖², and different mistakes give the same error."""
    while True:
        a, n = rng.uniform(0.5, 1.5, (2, *shape)) * rng.choice([-1.0, 1.0], (2, *shape))
        if abs(np.sum(a * n)) > 0.1 * np.sqrt(np.sum(a * a) * np.sum(n * n)):
            return np.array(a), np.array(n)


@check
def relative_error_of_two_gradients(case: Case) -> None:
    for shape in [(3, 4), (5,), (2, 3, 2), (1,), ()]:
        a, n = gradients(case.rng, shape)
        zero = np.zeros(shape)
        pairs = {"a, n": (a, n), "a, a + n / 100": (a, a + 0.01 * n), "2 a, a": (2 * a, a)}
        pairs |= {"a, 0": (a, zero), "0, n": (zero, n), "a, a": (a, a.copy()), "0, 0": (zero, zero)}
        pairs = {name: (np.asarray(a), np.asarray(n)) for name, (a, n) in pairs.items()}  # 2 * array(3.0) is a number, no array
        got = {name: case.student.relative_error(*pair) for name, pair in pairs.items()}
        # All at once: two mistakes may agree about some pairs, but not about all.
        values.matches(got, {name: case.reference.relative_error(*pair) for name, pair in pairs.items()}, "relative_error", scale=1e-3)


def verdict(got):
    """Return the bool that `check_gradient` returned."""
    got = got[()] if type(got) is np.ndarray and got.shape == () else got
    kind = type(got).__name__
    require(
        type(got) in (bool, np.bool_),
        es=f"`check_gradient` tiene que devolver True o False, y devuelve un valor de tipo {kind}",
        en=f"`check_gradient` must return True or False, and returns a value of type {kind}",
    )
    return bool(got)


def verdicts(case, f, gradient, x, changes, *threshold):
    """Return what `check_gradient` says of each change of a gradient."""
    found = {}
    for name, change in changes.items():
        changed = Asked(lambda at, change=change: np.asarray(change(gradient(at))), x)
        found[name] = verdict(case.student.check_gradient(Asked(f, x), changed, x, *threshold))
    return found


def judge_verdicts(case, f, x, right, wrong, *threshold):
    """Require True for the changes `right` of the gradient and False for those in `wrong`; their names are what is reported."""
    changes = {**right, **wrong}
    got = verdicts(case, f, f.gradient, x, changes, *threshold)
    odd = [name for name in changes if got[name] != (name in right)]
    try:
        require(
            not odd,
            es=f"`check_gradient` se equivoca con {', '.join(odd)}",
            en=f"`check_gradient` is wrong about {', '.join(odd)}",
        )
    except Mismatch as mismatch:
        mismatch.name, mismatch.got = "check_gradient", got
        if judges_by_own_functions(case, f, x, right, changes, *threshold):
            mismatch.earned = FOLLOW_THROUGH
        raise


@np.errstate(all="ignore")
def judges_by_own_functions(case, f, x, right, changes, *threshold):
    """Whether the verdicts are those of the student's other two functions, one of which is wrong and has been paid for."""
    try:
        own = values.array(case.student.numerical_gradient(Asked(f, x), x), x.shape, "numerical_gradient")
        got = verdicts(case, f, lambda at: own, x, changes, *threshold)
        errors = {name: case.student.relative_error(change(own), own) for name, change in changes.items()}
        errors = {name: values.array(error, (), "relative_error", finite=False) for name, error in errors.items()}
    except StudentTrouble:
        return False
    expected = {name: bool(error < (threshold or [1e-7])[0]) for name, error in errors.items()}
    own_is_right = np.all(np.abs(own - f.gradient(x)) <= DIFFERENCE * np.abs(own).max())
    if own_is_right and all(expected[name] == (name in right) for name in changes):
        return False
    return got == expected and set(got.values()) == {True, False}


@check
def check_gradient_tells_right_from_wrong(case: Case) -> None:
    right = {"f'": lambda g: g}
    wrong = {"2 f'": lambda g: 2 * g, "-f'": lambda g: -g, "0": lambda g: 0 * g, "f' + 1": lambda g: g + 1}
    for shape in [(4,), (2, 3), (1,)]:
        x = point(case.rng, shape)
        judge_verdicts(case, Cubic(case.rng, x), x, right, wrong)

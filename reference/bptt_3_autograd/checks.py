"""Hidden checks of bptt_3_autograd: any length, nothing left behind, and a comparison that can say no."""

import numpy as np

from grader import Case, check, require
from grader.errors import Mismatch, StudentTrouble
from grader.families import values
from grader.tensor import Tensor, tensor

from .checks import CAP, NAMES, judge_gradient, network, one_sided, report, sequence, shapes, weights


@check
def manual_gradients_hold_for_every_length(case: Case) -> None:
    off, on = case.student.without_autograd, case.student
    for module, sizes, steps, watched in [
        (off, (2, 4, 3), 11, False),
        (off, (3, 2, 4), 1, True),
        (on, (2, 5, 1), 7, True),
        (on, (1, 3, 2), 1, False),
        (off, (1, 1, 1), 2, True),
    ]:
        params = weights(case.rng, *sizes, requires_grad=watched)
        data = sequence(case.rng, *sizes, steps)
        judge_gradient(case, module.manual_gradients, case.reference.manual_gradients, params, data)


def gathered(rnn):
    """What `rnn` holds: the numbers of every parameter and of every `.grad` that is not None; None if that cannot be asked."""
    seen = []

    def note(value):
        seen.append(value)
        return value

    try:
        rnn._apply(note)
    except StudentTrouble:
        return None
    return [value.data for value in seen if type(value) is Tensor]


def leaves_the_module_alone(case, name, params, data):
    """The parameters of a module keep their `.grad`, which is None, and the second answer is the first."""
    try:
        rnn = network(case.student, params)
        own = {name: getattr(rnn, name).value for name in NAMES}
        parameters = all(type(value) is Tensor and value.requires_grad for value in own.values())
    except StudentTrouble:
        return  # what is wrong with TorchRNN is paid for elsewhere
    if not parameters:
        return
    before = gathered(rnn)
    wanted = {name: value.data.shape for name, value in params.items()}
    function = getattr(case.student, name)
    if name == "compare_gradients":
        first, second = (report(function(own, *data))[0] for _ in range(2))
        sizes = {name: np.abs(value.data).max() for name, value in case.reference.manual_gradients(params, *data).items()}
        same = all(abs(first[name]["max_abs_difference"] - second[name]["max_abs_difference"]) < 1e-3 * sizes[name] for name in NAMES)
        require(
            same,
            es="`compare_gradients` cambia de respuesta cuando se le pregunta lo mismo por segunda vez.",
            en="`compare_gradients` changes its answer when it is asked the same a second time.",
        )
    else:
        first, second = (values.arrays(function(own, *data), wanted, name) for _ in range(2))
        values.matches(second, first, name, cap=CAP)
    after = gathered(rnn)
    require(
        before is None or after is None or len(before) == len(after),
        es=f"`{name}` ha dejado algo en el `.grad` de los tensores de quien llama.",
        en=f"`{name}` has left something in the `.grad` of the caller's tensors.",
    )


def answers_something(case, name, params, data, other_data):
    """Whoever returns the same for everything leaves no trace either, and earns nothing by it."""
    function = getattr(case.student, name)
    if name == "compare_gradients":
        report(function(params, *data))
        return
    wanted = {key: value.data.shape for key, value in params.items()}
    one, other = (values.arrays(function(params, *each), wanted, name) for each in (data, other_data))
    require(
        any(not np.array_equal(one[key], other[key]) for key in wanted),
        es=f"`{name}` devuelve lo mismo para secuencias distintas.",
        en=f"`{name}` returns the same for different sequences.",
    )


@check
def calls_leave_no_trace(case: Case) -> None:
    """The student's answers are compared with each other: what is wrong in them is paid for elsewhere."""
    functions = ("autograd_gradients", "manual_gradients", "compare_gradients")
    for sizes, steps in [((3, 5, 2), 5), ((2, 3, 4), 1)]:
        params, data, other_data = weights(case.rng, *sizes), *(sequence(case.rng, *sizes, steps) for _ in range(2))
        for name in functions:
            answers_something(case, name, params, data, other_data)
            leaves_the_module_alone(case, name, params, data)
        for watched in (True, False):
            arguments = ({name: tensor(value.data, requires_grad=watched) for name, value in params.items()}, *data)
            for name in functions:
                after = getattr(case.student, name).arguments_after(*arguments)
                values.unchanged({name: arguments}, {name: after})


def cancelling(rng, inp, hid, out, steps, *, stretch=1.0, names=NAMES, size=1e8):
    """params, xs, ts, h0 with errors up to `size` whose contributions to the gradient in `names` cancel: of it rounding is left.

    Inputs are multiplied by `stretch` and U divided by it, or all inputs are 0, and with them both gradients in U, if that
    is 0. The gradient is linear in the errors of the outputs: they are drawn from the null space of that map.
    """
    params, xs, _, h0 = one_sided(rng, inp, hid, out, steps, 1)
    params, xs = {**params, "U": tensor(params["U"].data / (stretch or 1.0))}, tensor(stretch * xs.data)
    U, V, W = (params[name].data.astype(float) for name in NAMES)
    hs = [h0.data.astype(float)]
    for x in xs.data:
        hs.append(1.0 / (1.0 + np.exp(-(U @ x + V @ hs[-1]))))
    ys = 1.0 / (1.0 + np.exp(-(np.array(hs[1:]) @ W.T)))
    columns = []
    for error in np.eye(steps * out).reshape(-1, steps, out):
        grads, r_grad = {name: np.zeros(shape) for name, shape in shapes(inp, hid, out).items()}, np.zeros(hid)
        for t in reversed(range(steps)):
            s_grad = error[t] * ys[t] * (1.0 - ys[t])
            r_grad = (W.T @ s_grad + V.T @ r_grad) * hs[t + 1] * (1.0 - hs[t + 1])
            grads["U"] += np.outer(r_grad, xs.data[t])
            grads["V"] += np.outer(r_grad, hs[t])
            grads["W"] += np.outer(s_grad, hs[t + 1])
        columns.append(np.concatenate([grads[name].ravel() for name in names]))
    _, _, rows = np.linalg.svd(np.array(columns).T)
    free = rows[len(columns[0]) :]
    errors = (rng.normal(size=len(free)) @ free).reshape(steps, out)
    return params, xs, tensor(ys - size * errors / np.abs(errors).max()), h0


def largest(a, b):
    return np.abs(a - b).max()


def over(size, number):
    """`number` of two gradients in units of `size`, which is given both norms; 0 where that is 0."""
    return lambda a, b: number(a, b) / (size(np.linalg.norm(a), np.linalg.norm(b)) or np.inf)


OTHERWISE = [  # what a key is not: the key, the words, that number, and the number that it is taken for
    *(
        ("max_abs_difference", es, en, number, largest)
        for es, en, number in [
            ("la media de las diferencias", "the mean of the differences", lambda a, b: np.abs(a - b).mean()),
            ("la menor de las diferencias", "the smallest of the differences", lambda a, b: np.abs(a - b).min()),
            ("la suma de las diferencias", "the sum of the differences", lambda a, b: np.abs(a - b).sum()),
            ("la suma de las diferencias con su signo", "the sum of the signed differences", lambda a, b: abs((a - b).sum())),
            ("la mayor de las diferencias con su signo", "the largest of the signed differences", lambda a, b: abs((a - b).max())),
            ("la norma de la diferencia", "the norm of the difference", lambda a, b: np.linalg.norm(a - b)),
            ("la diferencia de los máximos", "the difference of the maxima", lambda a, b: abs(np.abs(a).max() - np.abs(b).max())),
        ]
    ),
    *(
        (
            "relative_error",
            "la diferencia de las normas, y no la norma de la diferencia",
            "the difference of the norms, and not the norm of the difference",
            over(size, lambda a, b: abs(np.linalg.norm(a) - np.linalg.norm(b))),
            over(size, lambda a, b: np.linalg.norm(a - b)),
        )
        for size in (lambda a, b: a, lambda a, b: b, lambda a, b: a + b, max)
    ),
]


def numbers_are_what_they_are_called(told):
    """`told`: what was reported of one name, and the student's own two gradients in it, again and again.

    Who compares other gradients than those, in float64 say, reports numbers of their own. So only what is time after time
    another number of just these gradients, and not the one asked for, is wrong.
    """
    for key, es, en, number, asked in OTHERWISE:
        compared = [(errors[key], number(a, b), asked(a, b)) for errors, a, b in told]
        telling = [(got, other, right) for got, other, right in compared if abs(other - right) > 1e-2 * right]
        taken = len(telling) >= 8 and all(abs(got - other) < 1e-3 * right for got, other, right in telling)
        require(
            not taken,
            es=f"El `{key}` de `compare_gradients` es {es}.",
            en=f"The `{key}` of `compare_gradients` is {en}.",
        )


def says_no(case, sizes, steps, stretch=1.0):
    """`equal` is False where, as it says itself, some difference is far above the tolerance, absolute and relative.

    By hand and by autograd the roundings differ, and of these gradients little else is left. Whoever works in float64
    finds no such difference: nothing to judge. Returns the errors that it reports, and the problem.
    """
    params, *data = cancelling(case.rng, *sizes, steps, stretch=stretch)
    errors, equal = report(case.student.compare_gradients(params, *data))
    far = any(min(errors[name].values()) > 1e-2 for name in NAMES)
    require(
        not (far and equal),
        es="`compare_gradients` da por iguales gradientes que difieren, según ella misma, mucho más que `tolerance`.",
        en="`compare_gradients` calls gradients equal that differ, as it says itself, by far more than `tolerance`.",
    )
    return errors, params, data


def two_gradients(case, params, data):
    """The student's own by autograd and by hand, None if they are told wrong by other checks; an error if there is none by hand."""
    wanted = {name: value.data.shape for name, value in params.items()}
    by_hand = case.student.without_autograd.manual_gradients(params, *data)
    try:
        automatic = values.arrays(case.student.autograd_gradients(params, *data), wanted, "autograd_gradients")
        return automatic, values.arrays(by_hand, wanted, "manual_gradients")
    except StudentTrouble:
        return None


def differ(gradients):
    """Whether they do by more than float64 rounds: they are about 1e7, whose 1e-16 is 1e-9."""
    return gradients is not None and any(largest(gradients[0][name], gradients[1][name]) > 1e-3 for name in NAMES)


def no_name_is_forgotten(case):
    """`equal` is False where the gradients in U alone differ, by far more than a tolerance that lies between what it reports.

    Inputs are huge, and so is what rounding leaves of dL/dU, which cancels: 1e5 times what it does to V and W. To be fair to
    whoever divides by the norm of all three together, the difference is far above the tolerance by that measure, too.
    """
    for sizes, steps in [((1, 2, 2), 8), ((2, 3, 1), 12)]:
        params, *data = cancelling(case.rng, *sizes, steps, stretch=1e5, names=("U",), size=10.0)
        errors, _ = report(case.student.compare_gradients(params, *data))
        size = sum(np.abs(value.data).sum() for value in case.reference.manual_gradients(params, *data).values())
        tolerance = min(*errors["U"].values(), errors["U"]["max_abs_difference"] / size) / 30.0
        if max(*errors["V"].values(), *errors["W"].values()) >= tolerance:
            continue  # in float64, or with errors of another kind: nothing to judge
        _, equal = report(case.student.compare_gradients(params, *data, tolerance=tolerance))
        require(
            not equal,
            es="`equal` sale `True` aunque los gradientes en U difieren: no mira los tres, sino quizá solo el último.",
            en="`equal` comes out as `True` although the gradients in U differ: it looks not at all three but perhaps at the last only.",
        )


def nothing_for_v(case):
    """One step from h0 = 0: both gradients in V are exactly 0, and so is every error."""
    params, xs, ts, h0 = one_sided(case.rng, 3, 4, 2, 1, 1)
    got = case.student.compare_gradients(params, xs, ts, tensor(np.zeros_like(h0.data)), tolerance=1e-3)
    try:
        errors, _ = report(got)
        zero = errors["V"]["max_abs_difference"] < 1e-6 and errors["V"]["relative_error"] < 1e-6
        require(
            zero,
            es="Con un solo paso desde `h0 = 0` los dos gradientes de V son 0, y su error relativo no sale 0.",
            en="With a single step from `h0 = 0` both gradients in V are 0, and their relative error does not come out as 0.",
        )
    except Mismatch as mismatch:
        mismatch.earned = 0.75
        raise


@check
def comparison_can_say_no(case: Case) -> None:
    told = []
    answers = [says_no(case, *one) for one in [((2, 3, 2), 14), ((3, 2, 1), 20)] for _ in range(4)]
    for errors, params, data in answers:
        own = two_gradients(case, params, data)
        told += [(errors[name], own[0][name], own[1][name]) for name in NAMES] if own else []
    numbers_are_what_they_are_called(told)
    for sizes, steps in [((1, 2, 1), 15), ((1, 1, 1), 6), ((1, 1, 2), 5)]:
        answers += [says_no(case, sizes, steps) for _ in range(4)]
    answers.append(says_no(case, (2, 3, 2), 14, stretch=0.0))
    # In one small problem the two may agree to the last digit: made-up zeros would pass on many seeds if each had to differ.
    found = any(value for errors, _, _ in answers for numbers in errors.values() for value in numbers.values())
    blind = not found and any(differ(two_gradients(case, params, data)) for _, params, data in answers)
    require(
        not blind,
        es="`compare_gradients` dice siempre que la diferencia es 0, y tus dos gradientes no son iguales hasta la última cifra.",
        en="`compare_gradients` always says that the difference is 0, and your two gradients are not equal to the last digit.",
    )
    no_name_is_forgotten(case)
    nothing_for_v(case)

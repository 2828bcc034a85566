"""TY: answers of a wrong type, shape or value, and right ones in an unusual dress."""

from __future__ import annotations

from textwrap import indent

import numpy as np

from tests.hostile.case import Hostile, Nothing, Shows, text
from tests.hostile.course import changed

IMPORTS = "import numpy as np\n"
SLOPE = "def slope(x): return 2 * np.asarray(x)\n"
WRONG = "failed skipped"
NO_GUARD = Nothing()


def _answer(id_: str, summary: str, body: str, outcomes: str, *reason: str, control: Shows | Nothing = NO_GUARD) -> Hostile:
    """A square whose answer is that of `body`, and a right slope."""
    return Hostile(id_, summary, f"{IMPORTS}def square(x):\n{indent(body, '    ')}\n{SLOPE}", outcomes, reason, control)


def _real(id_: str, summary: str, assignment: str, outcomes: str, reason: str, *changes: tuple[str, str]) -> Hostile:
    """The solution of a real assignment with something changed."""
    reasons = (reason,) if reason else ()
    return Hostile(id_, summary, changed(assignment, *changes), outcomes, reasons, name=f"{assignment}.py", assignment=assignment)


def _allclose(got: object, expected: object) -> bool:
    """What the comparison in most graders says."""
    with np.errstate(all="ignore"):
        return bool(np.allclose(got, expected))  # type: ignore[arg-type]


DW = '"dL_dW": dL_dz.T @ x'
STEP = "return W - learning_rate * gradients"

CASES = [
    _answer("TY01", "nothing: the return is forgotten", "x ** 2", WRONG, "answer_is_none"),
    _answer("TY02", "a list", "return [float(v) ** 2 for v in x]", "passed"),
    _answer("TY02b", "a tuple of numpy's numbers", "return tuple(v * v for v in x)", "passed"),
    _real("TY03", "tensors that still want gradients", "autograd", "passed", "", ("parameter.detach()", "parameter")),
    _real("TY03b", "tensors of 16 bits", "autograd",
          "train_step_goes_against_the_gradient=failed chain_vjp_multiplies_from_the_last=passed", "step_wrong",
          ("parameter.detach()", "parameter.detach().bfloat16()")),
    _answer("TY04", "a number that broadcasts", "return x[0] ** 2", WRONG, "wrong_shape_number",
            control=Shows(lambda: _allclose(0.0, [0.0, 0.0]))),
    _answer("TY04b", "a column", "return (x ** 2)[:, None]", WRONG, "wrong_shape_column",
            control=Shows(lambda: _allclose([[1.0], [1.0]], [1.0, 1.0]))),
    _answer("TY04c", "a row in a list", "return [x ** 2]", WRONG, "wrong_shape_axis",
            control=Shows(lambda: _allclose([[1.0, 2.0]], [1.0, 2.0]))),
    _answer("TY05", "an empty array", "return np.array([])", WRONG, "wrong_shape_empty", control=Shows(lambda: _allclose([], [5.0]))),
    _answer("TY06", "NaN in one place", "return np.where(x == x.max(), np.nan, x ** 2)", WRONG, "not_finite",
            control=Shows(lambda: not abs(float("nan") - 1.0) > 1e-6)),
    _answer("TY07", "infinity", "return x ** 2 / 0 * 0 + np.inf", WRONG, "not_finite"),
    _answer("TY08", "an array of which all is masked", "return np.ma.masked_all(5)", WRONG, "answer_not_numeric",
            control=Shows(lambda: bool(np.ma.allclose(np.ma.masked_all(5), np.ones(5))))),
    _answer("TY09", "complex numbers of nearly no imaginary part", "return x ** 2 + 1e-9j", WRONG, "answer_not_numeric"),
    _answer("TY09b", "an array of objects", "return (x ** 2).astype(object)", "crashed skipped", "unsendable"),
    _answer("TY09c", "a structured array", "return np.array([(v * v,) for v in x], dtype=[('v', 'f8')])", "crashed skipped", "unsendable"),
    _answer("TY09d", "dates", "return (x ** 2).astype('datetime64[s]')", "crashed skipped", "unsendable"),
    _answer("TY09e", "texts", "return [str(v * v) for v in x]", WRONG, "answer_not_numeric"),
    _answer("TY10", "integers", "return (x ** 2).astype(int)", WRONG, "cause_truncated"),
    _answer("TY10b", "bools", "return x ** 2 > 0", WRONG, "wrong_all"),
    _answer("TY10c", "small integers that go round", "return (-(x ** 2)).astype(np.uint8)", WRONG, "wrong_all"),
    _answer("TY11", "numbers of 16 bits", "return (x ** 2).astype(np.float16)", WRONG, "wrong_some"),
    _answer("TY12", "numbers of 32 bits", "return x.astype(np.float32) ** 2", "passed"),
    _real("TY13", "a number as an array without axes", "neuron", "passed", "", ("return float(-np.mean(", "return np.asarray(-np.mean(")),
    _real("TY13b", "a number as an array of one", "neuron", "passed", "",
          ("return float(-np.mean(", "return (lambda v: np.array([v]))(-np.mean(")),
    _answer("TY14", "a matrix, which always has two axes", "return np.asmatrix(x ** 2)", WRONG, "wrong_shape_axis"),
    _real("TY14b", "a matrix of the right shape", "neuron", "passed", "", ("return z, sigmoid(z)", "return np.asmatrix(z), sigmoid(z)")),
    Hostile("TY14c", "a table of a library that is not there", IMPORTS + "import pandas as pd\ndef square(x): return x ** 2\n"
            "def slope(x): return pd.Series(2 * x)\n", "passed crashed",
            (text("import_refused", name="pandas", line=2),)),
    _real("TY15", "transposed", "neuron", "backward_is_the_gradient=failed forward_gives_z_and_a=passed", "wrong_shape_transposed",
          (DW, '"dL_dW": (dL_dz.T @ x).T')),
    _real("TY15b", "transposed, in a hidden layer", "backprop_1_network", "gradients_are_the_derivative_of_the_loss=failed",
          "wrong_shape_transposed", ('"W1": dz1.T @ X', '"W1": X.T @ dz1')),
    _real("TY16", "the same dict and the same array for every answer", "neuron", "passed", "",
          ("EPSILON =", "BUFFERS, GRADIENTS = {}, {}\nEPSILON ="),
          ("    z = x @ W.T + b\n    return z,",
           "    z = BUFFERS.setdefault(len(x), np.empty((len(x), 1)))\n    z[:] = x @ W.T + b\n    return z,"),
          ('    return {"dL_da"', '    GRADIENTS.update({"dL_da"'), ("dL_dz.sum(axis=0)}", "dL_dz.sum(axis=0)})\n    return GRADIENTS")),
    _answer("TY16b", "a view of what it was given", "x *= x\nreturn x[:]", "passed"),
    _answer("TY17", "changes what it was given, where nothing forbids it", "x **= 2\nreturn x + 0", "passed"),
    _real("TY17b", "changes what it was given, where the contract forbids it", "neuron",
          "sgd_step_goes_against_the_gradient=passed calls_leave_no_trace=failed", "arguments_changed_at",
          (STEP, "W -= learning_rate * gradients['dL_dW']\n    " + STEP.replace("W - learning_rate", "W - 0"))),
    _answer("TY18", "needs an array that can be written and is in one piece",
            "assert x.flags.writeable and x.flags.c_contiguous and x.flags.aligned\nx.setflags(write=True)\nx.view(np.int64)\n"
            "x.resize(5, 1)\nreturn x[:, 0] ** 2", "passed"),
    _answer("TY19", "a generator", "return (v * v for v in x)", WRONG, "answer_not_numeric"),
    _answer("TY19b", "the values of a dict", "return {i: v * v for i, v in enumerate(x)}.values()", WRONG, "answer_not_numeric"),
    _real("TY19c", "one value too many", "neuron", "forward_gives_z_and_a=failed bce_is_the_mean_cross_entropy=passed", "wrong_count",
          ("return z, sigmoid(z)", "return z, sigmoid(z), x"), ("    _, a = forward", "    _, a, _ = forward")),
    _real("TY20", "the right keys in another order", "neuron", "passed", "",
          ('    return {"dL_da"', '    answer = {"dL_da"'),
          ("dL_dz.sum(axis=0)}", "dL_dz.sum(axis=0)}\n    return dict(reversed(answer.items()))")),
    _real("TY22", "a column minus a row, which is a square", "neuron", "bce_is_the_mean_cross_entropy=failed", "wrong_number",
          ("a = np.clip(a, EPSILON, 1 - EPSILON)", "a, y = np.clip(a, EPSILON, 1 - EPSILON), y.ravel()")),
    _real("TY23", "the wrong sign", "neuron", "backward_is_the_gradient=failed", "cause_sign", (DW, '"dL_dW": -dL_dz.T @ x')),
    _real("TY23b", "a sum for a mean", "neuron", "bce_is_the_mean_cross_entropy=failed", "wrong_number",
          ("float(-np.mean(", "float(-np.sum(")),
    _real("TY23c", "a factor of two", "neuron", "backward_is_the_gradient=failed", "cause_too_large", (DW, '"dL_dW": 2 * dL_dz.T @ x')),
    _real("TY24", "a loss and its gradient, both without the mean", "backprop_1_network",
          "loss_is_the_mean_cross_entropy=failed gradients_are_the_derivative_of_the_loss=partial forward_gives_probabilities=passed",
          "follows_own_loss", ("float(np.mean(", "float(np.sum("), ("[:, None] / len(y)", "[:, None]")),
    _real("TY25", "a softmax that overflows", "layers", "forward_returns_every_layer=passed backward_is_the_gradient=passed "
          "large_scores_are_no_trouble=failed", "not_finite", ("np.exp(z - z.max(axis=1, keepdims=True))", "np.exp(z)")),
    _real("TY26", "right for one example only", "neuron", "backward_is_the_gradient=failed", "wrong_all",
          (DW, '"dL_dW": dL_dz[:1] * x[:1]')),
    Hostile("TY27", "from the back, from the other side, of the other bytes first", IMPORTS + """
        def square(x): return (x[::-1] ** 2)[::-1]
        def slope(x): return np.asfortranarray(2 * x).astype(">f8")
        """.replace("\n        ", "\n"), "passed"),
]  # fmt: skip

NOT_HERE = {"TY21": "families/test_values.py::test_zero_is_not_tiny"}

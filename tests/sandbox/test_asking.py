"""A submission is asked like a module: originals, objects, functions called back, warnings, arguments afterwards."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest

from grader.errors import Crashed, Fault, Mismatch
from grader.sandbox.student import Function, Remote
from grader.tensor import Tensor
from grader.text import text
from tests.sandbox.attack import trouble

ASKS = """
import types
from collections import Counter, OrderedDict, namedtuple
import numpy as np
import torch

Pair = namedtuple("Pair", "a b")
class Params(dict): pass
class Units(float): pass
class Row(np.ndarray): pass
class Thing:
    def __init__(self, n): self.n = n
    def __call__(self, k): return self.n * k
    def double(self): return 2 * self.n
    def other(self): return Thing(self.n + 1)
    def whole(self): raise ValueError("broken thing")

def kind(x): return type(x).__module__ + "." + type(x).__qualname__
def kinds(xs): return [kind(x) for x in xs]
def make(name):
    return {
        "dict": lambda: Params(a=np.ones(2)), "ordered": lambda: OrderedDict(b=1, a=2), "counter": lambda: Counter("aab"),
        "tuple": lambda: Pair(1, [2.0]), "empty": lambda: namedtuple("Empty", "")(), "array": lambda: np.ones(2).view(Row),
        "matrix": lambda: np.matrix([[1.0, 2.0]]), "parameter": lambda: torch.nn.Parameter(torch.ones(2)),
        "graph": lambda: torch.ones(2, requires_grad=True) * 3, "frozen": lambda: frozenset({1, 2}),
        "bfloat16": lambda: torch.ones(2, dtype=torch.bfloat16).requires_grad_(),
    }[name]()
def grows(x): return x.requires_grad, x.grad_fn is not None
def same(x, y): return x is y
def again(thing): return thing.double()
def odd(name):
    return {
        "generator": lambda: (i for i in range(3)), "instance": lambda: Thing(2), "module": lambda: types,
        "lambda": lambda: lambda x: x + 1, "class": lambda: Thing, "masked": lambda: np.ma.array([1.0, 2.0], mask=[0, 1]),
        "iterator": lambda: iter([1]), "range": lambda: range(3), "bytes": lambda: b"x", "ellipsis": lambda: ...,
        "dtype": lambda: np.dtype("f8"), "model": lambda: torch.nn.Linear(2, 1),
    }[name]()
"""


@pytest.fixture
def torch_student(load):
    """A module that makes every odd value; needs torch."""
    return load(ASKS, imports=("numpy", "torch"), memory=1 << 30)


@pytest.mark.parametrize(
    ("name", "arrives", "stays"),
    [
        ("dict", dict, "module.Params"), ("ordered", dict, "collections.OrderedDict"), ("counter", dict, "collections.Counter"),
        ("tuple", tuple, "module.Pair"), ("array", np.ndarray, "module.Row"), ("matrix", np.ndarray, "numpy.matrix"),
        ("parameter", Tensor, "torch.nn.parameter.Parameter"), ("graph", Tensor, "torch.Tensor"), ("frozen", set, "builtins.frozenset"),
    ],
)  # fmt: skip
def test_original_goes_back_to_its_student(torch_student, name, arrives, stays):
    """The grader gets the plain value; the student, handed that value back, gets the very object it had returned."""
    value = torch_student.make(name)
    assert type(value) is arrives
    assert torch_student.kind(value) == stays
    assert torch_student.same(value, value) is True
    assert torch_student.kinds([value, [value]]) == [stays, "builtins.list"]


def test_graph_of_a_tensor_goes_back_with_it(torch_student):
    """A tensor that was computed keeps its graph; the copy that the grader holds, passed as a Tensor of its own, has none."""
    value = torch_student.make("graph")
    assert value.requires_grad is True
    assert torch_student.grows(value) == (True, True)
    assert torch_student.grows(Tensor(value.data, value.dtype, True)) == (True, False)
    assert torch_student.make("bfloat16").data.dtype == np.float32


def test_shared_values_are_never_taken_for_originals(torch_student):
    """The empty tuple is one object for everybody: a student's empty namedtuple does not come back where () is meant."""
    assert torch_student.make("empty") == ()
    assert torch_student.kind(()) == "builtins.tuple"


def test_kinds_that_the_grader_sends_arrive_plain(torch_student):
    """Numbers, texts, containers, arrays, scalars and tensors arrive in the worker with their exact type."""
    plain = [None, True, 1, 10**30, 1.5, 1j, "x", [1], (1,), {1}, {"a": 1}]
    assert torch_student.kinds(plain) == [f"builtins.{type(value).__name__}" for value in plain]
    arrays = [np.ones(2), np.float32(1), Tensor(np.ones(2), "torch.float64", False)]
    assert torch_student.kinds(arrays) == ["numpy.ndarray", "numpy.float32", "torch.Tensor"]


ODD = ("generator", "instance", "module", "lambda", "class", "masked", "iterator", "range", "bytes", "ellipsis", "dtype", "model")


@pytest.mark.parametrize("name", ODD)
def test_what_is_no_value_stays_in_the_worker(torch_student, name):
    """Generators, instances, modules, functions, classes, masked arrays: a Remote, which is equal to nothing but itself."""
    value = torch_student.odd(name)
    assert type(value) is Remote
    assert repr(value).startswith("<")
    assert value != torch_student.odd(name)


OBJECTS = """
import numpy as np
class Net:
    def __init__(self, n, seed=0):
        self.W, self.n, self._hidden = np.full((n, n), float(seed)), n, 7
    def forward(self, x): return self.W @ x
    def other(self): return Net(self.n + 1)
    def me(self): return self
    @property
    def broken(self): raise ValueError("broken")
    def __call__(self, x): return x + 1
def net(n): return Net(n)
def size(net): return net.n
def nets(): return {"a": [Net(1)], "b": (Net(2), 3)}
X = 5
"""


def test_objects_are_asked_where_they_are(load):
    """Attributes are read and set in the worker, methods and the object itself are called there, at any depth."""
    student = load(OBJECTS)
    net = student.Net(2, seed=3)
    assert net.n.value == 2
    assert net.W.value.tolist() == [[3.0, 3.0], [3.0, 3.0]]
    net.W = np.eye(2)
    assert net.forward(np.array([1.0, 2.0])).tolist() == [1.0, 2.0]
    assert net(1) == 2
    assert net.other().other().n.value == 4
    assert net.me().n.value == 2
    assert net._hidden.value == 7
    assert student.size(net) == 2
    many = student.nets()
    assert (many["a"][0].n.value, many["b"][0].n.value, many["b"][1]) == (1, 2, 3)


def test_what_an_object_lacks_is_told(load):
    """A missing attribute names what the object has; a property that raises is the student's exception."""
    net = load(OBJECTS).Net(2)
    found = trouble(lambda: net.forwards.value)
    assert found.fact.key == "missing_but_close"
    assert found.fact.values["close"] == "forward"
    assert trouble(lambda: net.broken.value).fact.values["kind"] == "ValueError"
    with pytest.raises(AttributeError):
        net.__len__  # noqa: B018


JUNK = """
class Net:
    forward, layers = 3.0, [1, 2]
    def __init__(self): self.backward = None
RNN = 4
def Cell(): return 5
"""


@pytest.mark.parametrize("name", ["forward", "layers", "backward"])
def test_what_cannot_be_called_is_the_students_trouble(load, name):
    """A number, a list or None where a method should be, an object's own or its class's; it can be read."""
    net = load(JUNK).Net()
    found = trouble(lambda: getattr(net, name)(1.0))
    assert (found.fact.key, found.fact.values) == ("not_a_function", {"name": name})
    assert found.fact.key == trouble(lambda: getattr(net, name).arguments_after(1.0)).fact.key
    assert getattr(net, name).value == {"forward": 3.0, "layers": [1, 2], "backward": None}[name]


def test_a_class_makes_an_object(load):
    """What is called like a class and is none, or makes something else."""
    assert trouble(load(JUNK).RNN).fact.key == "not_a_function"
    assert trouble(load(JUNK).Cell).fact.key == "not_an_object"


def test_module_has_functions_and_hides_what_is_private(load):
    """Any name is a function until it is called; private names are not asked for."""
    student = load(OBJECTS)
    assert isinstance(student.anything, Function)
    assert trouble(student.nett).fact.values == {"name": "nett", "close": "net"}
    assert trouble(lambda: load("import os\nA = 1").f()).fact.key == "missing"
    with pytest.raises(AttributeError):
        student._private  # noqa: B018


def test_tensors_are_copied_in_place(load):
    """Setting a Parameter fills it: it stays the same object, stays a leaf, and an optimizer goes on seeing it."""
    source = """
        import torch
        class Net(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.w = torch.nn.Parameter(torch.zeros(2))
                self.before = [self.w]
            def same(self): return self.before[0] is self.w, self.w.is_leaf, self.w.tolist()
        """
    net = load(source, imports=("numpy", "torch"), memory=1 << 30).Net()
    net.w = Tensor(np.array([1.0, 2.0], "f4"), "torch.float32", False)
    assert net.same() == (True, True, [1.0, 2.0])
    found = trouble(lambda: setattr(net, "w", Tensor(np.ones(3, "f4"), "torch.float32", False)))
    assert found.fact.values["kind"] == "RuntimeError"


def test_autograd_can_be_switched_off_for_a_call(load):
    """`without_autograd` is the same module under no_grad; objects that come from it are asked in the same way."""
    source = """
        import torch
        def recording(): return torch.is_grad_enabled()
        class Net:
            def recording(self): return torch.is_grad_enabled()
        """
    student = load(source, imports=("numpy", "torch"), memory=1 << 30)
    assert student.recording() is True
    assert student.without_autograd.recording() is False
    assert student.without_autograd.Net().recording() is False
    assert student.Net().recording() is True


@pytest.mark.parametrize(
    "asked",
    [
        "(v * v).sum().backward()",
        "torch.autograd.grad((v * v).sum(), v)",
        "torch.func.grad(lambda t: (t * t).sum())(v.detach())",
        "torch.func.vjp(lambda t: t * t, v.detach())[1](v.detach())",
        "torch.autograd.functional.jacobian(lambda t: t * t, v.detach())",
    ],
)
def test_autograd_that_is_switched_off_cannot_be_switched_on_from_within(load, asked):
    source = f"""
import torch
def gradient():
    torch.set_grad_enabled(True)
    with torch.enable_grad(), torch.inference_mode(False):
        v = torch.ones(2, requires_grad=True)
        {asked}
"""
    student = load(source, imports=("numpy", "torch"), memory=1 << 30)
    assert trouble(student.without_autograd.gradient).fact.key == "autograd_is_off"
    student.gradient()  # and the next call has it again


CALLS = """
import numpy as np
def slope(f, x, h=1e-5): return (f(x + h) - f(x - h)) / (2 * h)
def many(f, n): return sum(f(k) for k in range(n))
def catches(f):
    try: return f(1.0)
    except Exception as error: return type(error).__name__
def twice(f, g): return f(g(1.0))
def back(f): return f
def garbage(f, what): return f(*{"text": ("x",), "none": (None,), "nothing": (), "many": (1, 2, 3), "list": ([[1], [2, 3]],)}[what])
def object_(f): return f(lambda x: x)
def later(f):
    global kept
    kept = f
def now(x): return kept(x)
"""


def test_functions_are_called_back(load):
    """A function passed as an argument is called in the grader, as often as the student likes, also in another call."""
    student = load(CALLS)
    assert abs(student.slope(lambda x: x**2, 3.0) - 6.0) < 1e-6
    assert student.many(lambda k: k, 100) == 4950
    assert student.twice(lambda x: x + 1, lambda x: x * 10) == 11.0
    student.later(lambda x: -x)
    assert student.now(2) == -2
    assert np.allclose(student.slope(lambda x: x**2, np.array([1.0, 2.0])), [2.0, 4.0])


def test_judgement_in_a_function_ends_the_check(load):
    """A Mismatch raised by what the student calls goes straight to the check: no student's except can swallow it."""

    def judge(x: object) -> None:
        raise Mismatch(text("wrong_number", name="x"))

    for call in (load(CALLS).catches, lambda f: load(CALLS).slope(f, 1.0)):
        assert trouble(lambda call=call: call(judge)).fact.key == "wrong_number"


@pytest.mark.parametrize("what", ["text", "none", "nothing", "many", "list"])
def test_function_called_with_garbage_is_the_students_fault(load, what):
    """Found here: an exception in a check's own function, called with anything, was taken for a fault of ours: no mark."""
    found = trouble(lambda: load(CALLS).garbage(lambda x: math.sqrt(x), what))
    assert isinstance(found, Crashed)
    assert found.fact.key == "called_wrongly"


def test_reference_that_raises_on_garbage_is_the_students_fault(load):
    """The same when the check's function asks the reference, which raises: that alone is no fault of ours."""

    def failing(cause: Crashed):
        def function(x: object) -> None:
            raise Fault("the reference's loss failed") from cause

        return function

    raised = Crashed(text("raised", function="loss", kind="ValueError"))
    assert trouble(lambda: load(CALLS).garbage(failing(raised), "text")).fact.key == "called_wrongly"
    with pytest.raises(Fault):
        load(CALLS).garbage(failing(Crashed(text("process_ended", how="SIGKILL"))), "text")


def test_objects_can_be_passed_to_a_function(load):
    """A student's own function, passed to the grader's, is a Remote there; passed back, it is itself."""
    assert load(CALLS).object_(lambda remote: type(remote).__name__) == "Remote"
    student = load(CALLS)
    remote = student.back(lambda x: x)
    assert type(remote) is Remote
    assert student.catches(remote) == 1.0


def test_what_cannot_be_passed_is_our_fault(load):
    """A check that hands over an object of its own has an error in it."""
    with pytest.raises(Fault, match="SimpleNamespace"):
        load(CALLS).back(SimpleNamespace())


def test_warnings_of_arithmetic_are_told(load):
    """RuntimeWarnings reach the check, others do not; twenty at most, also of a call that fails."""
    source = """
        import warnings
        import numpy as np
        def f(): return np.exp(np.array([1000.0]))
        def g():
            np.log(np.array([0.0])); raise ValueError
        def h():
            for n in range(100): warnings.warn(f"number {n}", RuntimeWarning)
            warnings.warn("of another kind", UserWarning)
        """
    student = load(source)
    assert math.isinf(student.f()[0])
    assert student.warnings == ("overflow encountered in exp",)
    trouble(student.g)
    assert student.warnings[1:] == ("divide by zero encountered in log",)
    student.h()
    assert len(student.warnings) == 22
    assert "of another kind" not in student.warnings


def test_arguments_are_told_as_they_are_afterwards(load):
    """What a function did to its arguments can be asked for; without asking, the grader's own are never touched."""
    source = "def f(x, params):\n    x += 1\n    params['W'] = None\n    params['new'] = [1]\n"
    student = load(source)
    x, params = np.zeros(2), {"W": np.ones(1)}
    student.f(x, params)
    assert x.tolist() == [0.0, 0.0]
    assert list(params) == ["W"]
    after = student.f.arguments_after(x, params)
    assert after[0].tolist() == [1.0, 1.0]
    assert after[1] == {"W": None, "new": [1]}

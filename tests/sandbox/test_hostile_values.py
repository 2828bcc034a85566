"""Answers made to please every comparison, texts made to repaint a report, libraries changed under the judge's feet."""

from __future__ import annotations

import math

import numpy as np
import pytest

from grader.errors import Crashed, LimitReached, Mismatch, StudentTrouble
from grader.sandbox.student import Remote
from tests.sandbox.attack import trouble, within

LIARS = """
import numpy as np
class Yes:
    def __eq__(self, other): return True
    def __sub__(self, other): return 0
    def __abs__(self): return 0
    def __lt__(self, other): return True
    def __bool__(self): return True
    def __float__(self): return 0.5
    __array__ = lambda self, *_, **__: np.zeros(())
    __hash__ = None
class Float(float):
    def __eq__(self, other): return True
    def __sub__(self, other): return 0.0
    __hash__ = float.__hash__
class Array(np.ndarray):
    def __array_function__(self, *_): return True
    def __array_ufunc__(self, *_, **__): return True
    def __eq__(self, other): return True
class Dict(dict):
    def __getitem__(self, key): return 0.5
class Reduce:
    def __reduce__(self): import os; return os._exit, (3,)
def yes(): return Yes()
def number(): return Float(7)
def scalar():
    class Scalar(np.float64):
        def __sub__(self, other): return 0.0
    return Scalar(7)
def array(): return np.arange(3.0).view(Array)
def mapping(): return Dict(a=7.0)
def reduce(): return Reduce()
"""


def test_honest_submission_is_answered(load):
    """Control: what an honest module returns arrives, the same number that the grader works out itself."""
    x = np.random.default_rng(5).random(1000)
    source = "import numpy as np\ndef mean(x): return float(np.mean(x))\ndef scaled(x): return {'W': x * 2, 'history': list(x[:20])}"
    student = load(source)
    assert student.mean(x) == float(np.mean(x))
    value = student.scaled(x)
    assert np.array_equal(value["W"], 2 * x)
    assert value["history"] == x[:20].tolist()


def test_objects_that_equal_everything_are_objects(load):
    """An instance stays in the worker: the grader holds a name for it, never a value that could compare itself."""
    student = load(LIARS)
    for value in (student.yes(), student.reduce()):
        assert type(value) is Remote
        assert value != 0.5
        with pytest.raises(TypeError):
            float(value)


def test_subclasses_arrive_as_what_they_hold(load):
    """Subclasses of float, ndarray and dict are rebuilt as the plain type, without the methods that lie."""
    student = load(LIARS)
    assert type(student.number()) is float
    assert student.number() == 7.0
    assert type(student.scalar()) is float
    value = student.array()
    assert type(value) is np.ndarray
    assert not np.allclose(value, 9.0)
    assert type(student.mapping()) is dict
    assert student.mapping()["a"] == 7.0


def test_patched_libraries_are_the_students_own(load):
    """np.allclose and its like, replaced at import, are replaced in the worker alone."""
    source = """
        import builtins, json, math, sys, time
        import numpy as np
        np.allclose = np.array_equal = np.isclose = lambda *_, **__: True
        np.testing.assert_allclose = lambda *_, **__: None
        math.isclose = lambda *_, **__: True
        builtins.print = json.dumps = lambda *_, **__: "10/10"
        sys.stdout = sys.stderr = None
        np.seterr(all="raise")
        sys.setrecursionlimit(200)
        sys.settrace(lambda *_: None)
        def mean(x): return 0.0
        """
    before = np.allclose, np.testing.assert_allclose, math.isclose, print, np.geterr()
    assert load(source).mean(np.ones(3)) == 0.0
    assert (np.allclose, np.testing.assert_allclose, math.isclose, print, np.geterr()) == before
    assert not np.allclose(0.0, 1.0)


def test_machinery_of_the_worker_may_be_broken_by_its_student(load):
    """The code that answers for a student shares their process: who breaks it gets no answer, and that is a crash."""
    source = """
        import sys
        frames = [sys._getframe(n) for n in range(5)]
        next(frame.f_globals["wire"] for frame in frames if "wire" in frame.f_globals).encode = lambda *_: [b"10/10" * 9]
        def f(): return 1
        """
    with pytest.raises(Crashed):
        load(source).f()


def test_module_that_answers_to_every_name_answers_with_its_own_functions(load):
    """`sys.modules[__name__]` replaced by an object changes nothing: the grader asks the module that was loaded."""
    source = """
        import sys
        class Any:
            def __getattr__(self, name): return lambda *_: 0.5
        sys.modules[__name__] = Any()
        def f(): return 1
        """
    student = load(source)
    assert student.f() == 1
    assert trouble(student.ghost).fact.key == "missing"


TOO_MUCH = {
    "10 GB that are one number": "np.broadcast_to(np.float64(1), (1_250_000_000,))",
    "a view of 10**12 numbers": "np.lib.stride_tricks.as_strided(np.zeros(1), (10 ** 6, 10 ** 6), (0, 0))",
    "100 MB": "np.zeros(12_500_000)",
    "200 000 lists": "[[] for _ in range(200_000)]",
    "a text of 2 MB": "'x' * 2_000_000",
    "objects": "np.array([...], dtype=object)",
    "texts": "np.array(['a', 'b'])",
    "records": "np.zeros(2, dtype=[('a', 'f8')])",
    "dates": "np.array(['2024-01-01'], dtype='M8[D]')",
    "an integer of 100 000 digits": "10 ** 100_000",
    "a list in itself": "itself()",
    "40 levels": "levels(40)",
    "501 keys": "dict.fromkeys(range(501))",
    "a set of 501": "set(range(501))",
}


@pytest.mark.parametrize("code", TOO_MUCH.values(), ids=TOO_MUCH)
def test_what_cannot_be_sent_is_told(load, code):
    """Too large, too deep, of a type that has no value: refused in the worker, before a copy is made, in words."""
    source = f"""
        import numpy as np
        def itself():
            a = []
            a.append(a)
            return a
        def levels(n): return [levels(n - 1)] if n else []
        def f(): return {code}
        def g(): return 1
        """
    student = load(source)
    with within(2):
        assert trouble(student.f).fact.key == "unsendable"
    assert student.g() == 1


@pytest.mark.parametrize("levels", [15, 19])
def test_deep_subclasses_can_be_sent(load, levels):
    """Found here: each level of a subclass counted twice on arrival, so that 12 of them were taken for an attack."""
    source = """
        from collections import OrderedDict
        def f(n): return OrderedDict(a=f(n - 1)) if n else 1.0
        def g(x): return type(x).__name__
        """
    student = load(source)
    value = student.f(levels)
    assert student.g(value) == "OrderedDict"


def test_what_arrived_can_be_sent_back(load):
    """Found here: values at the limit of size or depth could come, but handing them back was taken for our own fault."""
    source = """
        import numpy as np
        def levels(n): return [levels(n - 1)] if n else []
        def f(): return levels(18)
        def g(x): return 1
        def h(): return np.zeros(8_000_000)
        """
    student = load(source)
    assert student.g([[student.f()]]) == 1
    large = student.h()
    assert trouble(lambda: student.g([large, large + 0])).fact.key == "unsendable"


SHOUTS = "\\n::error::pwned\\r\\x1b[2J\\u202e<script>=HYPERLINK()\\ud800"


def test_output_is_made_harmless(start):
    """Escape sequences, carriage returns and texts that run backwards are replaced; what is text stays."""
    said = start(f"import sys\nsys.stdout.reconfigure(errors='surrogatepass')\nprint('ñ 漢 {SHOUTS}', flush=True)").output()
    assert said.startswith("ñ 漢 \n::error::pwned")
    assert not {"\r", "\x1b", "\u202e", "\ud800"} & set(said)


@pytest.mark.parametrize("place", ["text", "name", "attribute", "function", "warning", "module"])
def test_texts_of_students_are_made_harmless(load, place):
    """What a student can name, an exception's type and text, functions, attributes, warnings, arrives printable."""
    code = {
        "text": "raise ValueError(SHOUT)",
        "name": "raise type(SHOUT, (Exception,), {})('x')",
        "attribute": "raise AttributeError(SHOUT)",
        "function": "evil()",
        "warning": "warnings.warn(SHOUT, RuntimeWarning); raise ValueError",
        "module": "raise ModuleNotFoundError('x', name=SHOUT)",
    }[place]
    source = f"""
        import warnings
        warnings.simplefilter("always")
        SHOUT = "{SHOUTS}".replace(chr(0xd800), "")
        def evil(): raise ValueError
        evil.__code__ = evil.__code__.replace(co_name=SHOUT)
        globals()[SHOUT] = 1
        def f(): {code}
        """
    student = load(source)
    found = trouble(student.f)
    said = " ".join([found.fact.say("en"), found.detail.say("en") if found.detail else "", *student.warnings])
    said += " ".join(frame.file + frame.function for frame in found.frames) + trouble(student.missing).fact.say("en")
    assert not {"\r", "\x1b", "\u202e"} & set(said)


@pytest.mark.parametrize(
    "error",
    [
        "class E(Exception):\n    def __str__(self): raise SystemExit",
        "class E(Exception):\n    def __str__(self): return 7",
        "class M(type):\n    __name__ = property(lambda self: 5)\nclass E(Exception, metaclass=M): pass",
        "class E(Exception):\n    __traceback__ = property(lambda self: 5)",
        "class E(BaseException):\n    __cause__ = property(lambda self: 1 / 0)",
        "E = ExceptionGroup('many', [ValueError('x')] * 1000).__class__\nE = lambda: ExceptionGroup('many', [ValueError('x')])",
    ],
    ids=["text that exits", "text that is none", "name that is none", "traceback that is none", "cause that raises", "group"],
)
def test_exceptions_made_to_confuse_are_exceptions(load, error):
    """An exception is described without calling the student's own methods, or in spite of them."""
    found = trouble(load(f"{error}\ndef f(): raise E()").f)
    assert isinstance(found, Crashed)
    assert found.fact.key == "raised"


def test_exception_text_is_cut(load):
    """A text of a million characters arrives as 2000."""
    found = trouble(load("def f(): raise ValueError('x' * 1_000_000)").f)
    assert len(found.detail.values["message"]) == 2000


def test_traceback_names_the_students_own_lines_alone(load):
    """Lines of libraries are left out, even for who moves to another folder. Found here: then all lines were taken as theirs."""
    source = "import json, os\nos.chdir('/')\ndef f():\n    return json.loads('{')\n"
    found = trouble(load(source).f)
    assert [(frame.file, frame.line, frame.function) for frame in found.frames] == [("module.py", 4, "f")]


def test_imposters_of_our_exceptions_are_exceptions(load):
    """A student's own class named Mismatch or LimitReached is the name of an exception, no more."""
    for name in ("Mismatch", "LimitReached", "Fault", "StudentTrouble"):
        found = trouble(load(f"class {name}(Exception): earned = 1.0\ndef f(): raise {name}").f)
        assert type(found) is Crashed
        assert not isinstance(found, Mismatch | LimitReached)
        assert found.fact.values["kind"] == "Exception"
        assert found.detail.values["message"].startswith(name)


LEAKS = {
    "an exception's name": "raise type(f'leak_{x}', (Exception,), {})",
    "an exception's text": "raise ValueError(f'leak_{x}')",
    "a function's name": "rename(inner, co_name=f'leak_{x}')()",
    "a file's name": "rename(inner, co_filename=os.getcwd() + f'/leak_{x}')()",
    "a name defined at the time": "globals()[f'leak_{x}'] = 1; return 1",
    "an exit": "sys.exit(f'leak_{x}')",
}


@pytest.mark.parametrize("code", LEAKS.values(), ids=LEAKS)
def test_inputs_of_hidden_checks_do_not_come_out_in_facts(load, code):
    """A fact is shown for hidden checks too: it holds no text that was made after the inputs were seen.

    Found here: the name of an exception made up for the purpose told 100 characters of the inputs, a list of names 1000.
    """
    source = f"""
        import os, sys
        def inner(): raise ValueError
        def rename(function, **changes):
            function.__code__ = function.__code__.replace(**changes)
            return function
        def f(x): {code}
        """
    student = load(source)
    found = []
    for action in (lambda: student.f(1234), student.leak):
        try:
            action()
        except StudentTrouble as error:
            found.append(error)
    assert found
    for error in found:
        said = error.fact.say("en") + " ".join(frame.file + frame.function for frame in error.frames)
        assert "leak_" not in said

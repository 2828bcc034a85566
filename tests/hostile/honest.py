"""HO: right work done in an unusual way. All of it gets all points."""

from __future__ import annotations

import unicodedata
from textwrap import dedent

from tests.hostile.case import RIGHT, Hostile, Text, text
from tests.hostile.course import changed
from tests.hostile.malformed import SLOPE, SQUARE, notebook


def _more(id_: str, summary: str, code: str, *reason: str | Text, beside: dict[str, str | bytes] | None = None) -> Hostile:
    """The right module with something more at its end."""
    return Hostile(id_, summary, RIGHT + dedent(code), "passed", reason, beside=beside or {})


def _module(id_: str, summary: str, code: str | bytes, *reason: str, beside: dict[str, str | bytes] | None = None) -> Hostile:
    return Hostile(id_, summary, code, "passed", reason, beside=beside or {})


def _real(id_: str, summary: str, assignment: str, *changes: tuple[str, str], more: str = "") -> Hostile:
    """The solution of a real assignment with something changed."""
    return Hostile(id_, summary, changed(assignment, *changes) + more, "passed", name=f"{assignment}.py", assignment=assignment)


SPANISH = unicodedata.normalize("NFD", "función_pérdida")
OLD_ERRORS = [{"output_type": "error", "ename": "NameError", "evalue": "x", "traceback": ["\x1b[31mNameError\x1b[0m"]}]
DIRECT = "from concurrent.futures import ThreadPoolExecutor\n" + SQUARE

CASES = [
    _more("HO01", "prints 10 000 lines", "for i in range(10_000): print('epoch', i, 'loss', 1 / (i + 1))\n"),
    _more("HO02", "warnings and logs", """
        import logging, sys, warnings
        logging.basicConfig(level="DEBUG")
        for i in range(100):
            warnings.warn(f"careful {i}")
            logging.warning("epoch %d", i)
            print(f"\\r{i} %", end="", file=sys.stderr)
        """),
    _more("HO03", "emoji and accents printed", "print('¡Entrenado! 🎉', 'ñandú', '\\u202e')\n"),
    _more("HO04", "plots, where plots are not allowed", """
        import matplotlib.pyplot as plt
        plt.plot([1, 2])
        plt.show()
        """, "import_refused"),
    _real("HO04b", "plots without a screen", "backprop_4_batch_size", more="\nplt.plot([1, 2])\nplt.savefig('figura.png')\nplt.show()\n"),
    _more("HO05", "reads and writes files beside it", """
        DATA = np.loadtxt("datos.csv", delimiter=",")
        np.savetxt("salida.csv", square(DATA))
        import os
        os.makedirs("figuras", exist_ok=True)
        open("figuras/notas.txt", "w").write("ñ")
        """, beside={"datos.csv": "1,2\n3,4\n"}),
    _more("HO06", "a main program", "if __name__ == '__main__':\n    print(square(float(input('x? '))))\n"),
    _more("HO07", "trains at import, within the limit", """
        w = np.zeros(100)
        for epoch in range(2000): w -= 0.1 * (w - 1)
        """),
    _more("HO07b", "trains for an hour at import", """
        def train(epochs):
            w = np.zeros(100)
            for epoch in range(epochs): w -= 0.1 * (w - 1)
            return w
        w = train(epochs=10**9)
        print("done", w)
        """, text("left_out", place=text("line", line=16), seconds=2.0)),
    _module("HO08", "Spanish names, typed on a Mac", f"""
        import numpy as np
        def {SPANISH}(x): return np.asarray(x) ** 2
        def square(x): return {unicodedata.normalize("NFC", SPANISH)}(x)
        def slope(x):
            año = 2
            return año * np.asarray(x)
        """),
    _module("HO09", "a byte order mark", b"\xef\xbb\xbf" + RIGHT.encode()),
    _module("HO10", "lines of Windows", RIGHT.replace("\n", "\r\n").encode()),
    _module("HO10b", "lines of the old Macintosh", RIGHT.replace("\n", "\r").encode()),
    _module("HO10c", "tabs, form feeds and no end of the last line", RIGHT.replace("    ", "\t").replace("\n\n\n", "\n\f\n").rstrip()),
    _module("HO11", "an import from the future, first", "'''Mine.'''\nfrom __future__ import annotations\n" + SQUARE + SLOPE),
    _module("HO12", "dataclasses and postponed annotations", """
        from __future__ import annotations
        import typing
        from dataclasses import dataclass, field
        import numpy as np
        @dataclass(slots=True)
        class Layer:
            factor: float = 2.0
            history: list[np.ndarray] = field(default_factory=list)
        typing.get_type_hints(Layer)
        def square(x: np.ndarray) -> np.ndarray: return x ** Layer().factor
        def slope(x: np.ndarray) -> np.ndarray: return Layer().factor * x
        """),
    _module("HO13", "helpers that call helpers, one of them below", """
        def square(x): return apply(power, x)
        def slope(x): return apply(double, x)
        def apply(f, x): return [f(v) for v in x]
        def power(v): return v * identity(v)
        def double(v): return v + identity(v)
        identity = lambda v: v
        """),
    _module("HO14", "Latin-1 that says so", ("# -*- coding: latin-1 -*-\nYEAR = 'año'\n" + RIGHT).encode("latin-1")),
    _module("HO15", "a bit of everything that Python has", """
        import functools, operator
        from typing import Protocol, TypeVar
        import numpy as np
        T = TypeVar("T", bound=np.ndarray)
        class Rule(Protocol):
            def __call__(self, x: T, /) -> T: ...
        class Power:
            def __init__(self, n): self.n = n
            def __call__(self, x): return x ** self.n
        square: Rule = Power(2)
        def traced(f):
            @functools.wraps(f)
            def inner(*args, **kwargs):
                if (result := f(*args, **kwargs)) is None: raise ValueError
                return result
            return inner
        @functools.lru_cache
        def factor(name):
            match name:
                case "two": return 2
                case _: return 1
        slope = traced(functools.partial(operator.mul, factor("two")))
        """),
    _module("HO16", "slow ways", """
        import numpy as np
        square = np.vectorize(lambda v: sum(v for _ in range(1000)) * v / 1000)
        def slope(x): return np.einsum("i,j->ij", x, np.ones(2)).sum(axis=1)
        """),
    _module("HO17", "32 bits from end to end", """
        import numpy as np
        def square(x): return np.float32(x) * np.float32(x)
        def slope(x): return np.float32(2) * np.float32(x)
        """),
    _module("HO18", "works in place, on its own copy", """
        import numpy as np
        def square(x):
            x = np.array(x)
            x *= x
            return x
        def slope(x):
            out = np.empty_like(x)
            np.multiply(x, 2, out=out)
            return out
        """),
    _module("HO19", "would use a library if it were there", """
        try:
            from numba import njit
        except ImportError:
            njit = lambda f: f
        @njit
        def square(x): return x * x
        @njit
        def slope(x): return x + x
        """),
    _module("HO20", "a file of its own, and names of Python's given away", """
        from numpy import *
        from utils import double
        list, input, max, sum = 3, "x", None, 0
        def square(x): return power(x, 2)
        def slope(x): return double(x)
        """, beside={"utils.py": "def double(x): return 2 * x\n", "__init__.py": ""}),
    _more("HO21", "seeds, asserts, tests and doctests", """
        np.random.seed(42)
        assert np.allclose(square([1, 2]), [1, 4])
        def test_square(): assert square(3) == 9
        import doctest, unittest
        class TestSlope(unittest.TestCase):
            def test_it(self): self.assertEqual(slope(3), 6)
        def cube(x):
            '''
            >>> cube(2)
            8
            '''
            return x ** 3
        doctest.testmod()
        """),
    _module("HO21b", "an own test that fails at the end", RIGHT + "assert square(2) == 5, 'no'\n", "error_at_import"),
    _module("HO22", "refuses what is not a vector of floats", """
        import numpy as np
        def checked(x):
            if not isinstance(x, np.ndarray) or x.ndim != 1 or x.dtype != float or not x.size:
                raise ValueError("x has to be a vector")
            return x
        def square(x): return checked(x) ** 2
        def slope(x): return 2 * checked(x)
        """),
    _real("HO23", "an epsilon within the logarithm", "neuron", ("    a = np.clip(a, EPSILON, 1 - EPSILON)\n", ""),
          ("np.log(a) + (1 - y) * np.log(1 - a)", "np.log(a + EPSILON) + (1 - y) * np.log(1 - a + EPSILON)")),
    _real("HO24", "a ReLU whose slope at 0 is 1", "backprop_2_activations", ("return np.where(z > 0", "return np.where(z >= 0")),
    _real("HO25", "a tie that goes to the other class", "backprop_1_network", ("(forward(params, X) > 0.5)", "(forward(params, X) >= .5)")),
    _module("HO26", "arguments of other names, and more of them", """
        import numpy as np
        def square(vector, /, power=2, *, verbose=False, **options): return np.asarray(vector) ** power
        def slope(*values, factor=2): return factor * np.asarray(values[0])
        """),
    _module("HO27", "settings and state in the module", """
        import numpy as np
        CONFIG = {"power": 2}
        STATE = {"calls": 0}
        def square(x):
            STATE["calls"] += 1
            return np.asarray(x) ** CONFIG["power"]
        class Slope:
            @staticmethod
            def __call__(x): return CONFIG["power"] * np.asarray(x)
        slope = Slope()
        """),
    _more("HO28", "switches of Python and numpy", """
        import sys, warnings
        sys.setrecursionlimit(10**5)
        np.set_printoptions(precision=2, suppress=True)
        np.seterr(all="raise")
        warnings.filterwarnings("error")
        """),
    _module("HO29", "an except that takes everything", """
        import numpy as np
        def square(x):
            try: return x.square()
            except: return np.asarray(x) ** 2
        def slope(x):
            try: raise SystemExit
            except BaseException: return 2 * np.asarray(x)
        """),
    Hostile("HO30", "a notebook with errors of another day in it", notebook("!pip install numpy", {
        "cell_type": "code", "execution_count": None, "source": SQUARE, "outputs": OLD_ERRORS}, SLOPE), "passed", name="square.ipynb"),
    Hostile("HO31", "a file called random.py", RIGHT + "import random\nrandom.Random(0).random()\n", "passed",
            (text("note_renamed", used="random.py", name="square"),), name="random.py", student="Ñandú, José (1) final v2"),
    _more("HO31b", "a random.py beside it, and paths of Windows", """
        import random
        random.Random(0).random()
        PATH = "C:\\\\Users\\\\José\\\\datos.csv"
        try: open(PATH)
        except FileNotFoundError: pass
        """, beside={"random.py": "raise SystemExit('mine')\n", "numpy.py": "raise SystemExit('mine')\n", "mis notas (1).txt": "ñ"}),
    _more("HO32", "ends with exit()", "print('fin')\nexit()\n", "exit_at_import"),
    _module("HO32b", "50 KB, most of it commented out", RIGHT + "# x = 1\n" * 6000 + "'''\nold = 1\n'''\n"),
    _module("HO33", "prints in every function", RIGHT.replace("    return", "    print('x =', x)\n    return")),
    _more("HO34", "threads and processes, in its main program", """
        import multiprocessing, threading
        LOCK, CORES = threading.Lock(), multiprocessing.cpu_count()
        if __name__ == "__main__":
            with multiprocessing.Pool(2) as pool: print(pool.map(square, [1, 2]))
        """),
    Hostile("HO34b", "two threads in a function, of which there are none here", DIRECT + """
def slope(x):
    with ThreadPoolExecutor(2) as pool:
        return np.array(list(pool.map(lambda v: 2 * v, x)))
""", "passed crashed", (text("no_processes", function="slope"),)),
    _module("HO35", "right but for the last bit", """
        import numpy as np
        def square(x): return np.nextafter(x ** 2, 9)
        def slope(x): return np.nextafter(2 * x, -9)
        """),
    _more("HO06b", "asks for something at once", "name = input('Your name? ')\n", "input_at_import"),
    _more("HO05b", "downloads its data at once", """
        import urllib.request
        page = urllib.request.urlopen("https://example.com/datos.csv").read()
        """, "no_network_at_import"),
]  # fmt: skip

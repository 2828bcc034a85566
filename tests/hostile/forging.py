"""SF: submissions that forge their score."""

from __future__ import annotations

import json

from tests.hostile.case import RIGHT, Hostile, Naive, Nothing, Shown, Shows, text, wrong

YES = '{"passed": true}'
ENDED = "process_ended"
SAID_NO = "wrong_all"

CASES = [
    Hostile("SF01", "sys.exit(0) at import, before anything is defined", "import sys\nsys.exit(0)\n", "crashed skipped",
            (text("exit_at_import", line=2),), Naive()),
    Hostile("SF02", "os._exit(0) inside the graded function", "import os\ndef square(x): os._exit(0)\n", "crashed skipped",
            (text(ENDED, how="exit 0"),), Naive()),
    Hostile("SF03", "prints a verdict, then os._exit(0)", f"import os\ndef square(x):\n    print('{YES}', flush=True)\n    os._exit(0)\n",
            "crashed skipped", (ENDED,), Naive()),
    Hostile("SF04", "prints a second verdict at exit, after the real one", wrong(f"import atexit\natexit.register(print, '{YES}')"),
            reason=(SAID_NO,), control=Naive()),
    Hostile("SF05", "writes results.json itself", wrong(f"open('results.json', 'w').write('{YES}')"), reason=(SAID_NO,), control=Naive()),
    Hostile("SF06", "returns an object that equals everything", """
        class Same:
            def __eq__(self, other): return True
            def __ne__(self, other): return False
            def __array__(self, *a, **k): raise TypeError
            def __sub__(self, other): return 0.0
            __rsub__ = __sub__
            strip = lower = lambda self: self
        def square(x): return Same()
        """, reason=("answer_not_numeric",), control=Shows(lambda: _object("__eq__", True) == 4.0)),
    Hostile("SF07", "an array whose class answers np.allclose itself", """
        import numpy as np
        class Yes(np.ndarray):
            def __array_function__(self, function, types, args, kwargs): return True
            def __array_ufunc__(self, ufunc, method, *args, **kwargs): return np.True_
        def square(x): return np.zeros(5).view(Yes)
        def slope(x): return np.zeros(5).view(Yes)
        """, reason=(SAID_NO,), control=Naive()),
    Hostile("SF08", "numbers whose differences are nothing", """
        import numpy as np
        class Near(np.float64):
            def __sub__(self, other): return 0.0
            __rsub__ = __sub__
            def __abs__(self): return 0.0
            def __lt__(self, other): return True
        def square(x): return [Near(0.0)] * len(x)
        """, reason=(SAID_NO,), control=Shows(lambda: abs(_object("__sub__", 0.0) - 4.0) < 1e-9)),  # type: ignore[operator]
    Hostile("SF09", "an object that ends the process when it is asked for its length or truth", """
        import os
        class Trap:
            def __bool__(self): os._exit(0)
            __len__ = __float__ = __index__ = __array__ = __iter__ = __bool__
        def square(x): return Trap()
        """, reason=("answer_not_numeric",), control=Naive()),
    Hostile("SF10", "replaces numpy's comparisons at import", wrong("""
        import math
        np.allclose = np.isclose = np.array_equal = lambda *a, **k: True
        np.testing.assert_allclose = lambda *a, **k: None
        math.isclose = lambda *a, **k: True
        """), reason=(SAID_NO,), control=Naive()),
    Hostile("SF11", "replaces print, json.dumps and sys.stdout", wrong(f"""
        import builtins, json, sys
        json.dumps = lambda *a, **k: '{YES}'
        builtins.print = lambda *a, **k: sys.__stdout__.write('{YES}\\n')
        class Out:
            def write(self, text): return sys.__stdout__.write('{YES}\\n')
            def flush(self): sys.__stdout__.flush()
        sys.stdout = Out()
        """), reason=(SAID_NO,), control=Naive()),
    Hostile("SF12", "a thread that replaces the comparison a little later", """
        import threading, time
        import numpy as np
        def later():
            time.sleep(0.01)
            np.allclose = lambda *a, **k: True
        try: threading.Thread(target=later, daemon=True).start()
        except RuntimeError: pass
        def square(x):
            time.sleep(0.2)
            return np.zeros(5)
        slope = square
        """, reason=(SAID_NO,), control=Naive()),
    Hostile("SF13", "a module that answers to every name", """
        import sys
        import numpy as np
        class Any:
            def __getattr__(self, name): return lambda *a, **k: Any()
            def __array__(self, *a, **k): return np.full(5, np.nan)
        np.isclose = np.allclose = lambda *a, **k: True
        sys.modules[__name__] = Any()
        """, "crashed skipped", ("missing",), Naive()),
    Hostile("SF14", "an object that runs code where it is unpickled", """
        import os
        class Bomb:
            def __reduce__(self): return os.system, ("touch /tmp/unpickled",)
        def square(x): return Bomb()
        """, reason=("answer_not_numeric",), control=Shows(lambda: _unpickled())),
    Hostile("SF15", "writes an answer of its own into every descriptor that it finds", """
        import os
        for fd in range(3, 64):
            try: os.write(fd, b'{"passed": true}')
            except OSError: pass
        def square(x): return 0
        """, "crashed skipped", ("protocol_broken",), Shown("sandbox/test_hostile_frames.py::test_answer_given_twice_breaks_the_channel")),
    Hostile("SF16", "not-a-numbers and infinities where a parser may be lenient", """
        import numpy as np
        def square(x): return [float('nan'), float('inf'), -float('inf'), 1e308 * 10, np.nan]
        """, reason=("not_finite",), control=Shows(lambda: json.loads('{"a": 1, "a": NaN, "a": 2}')["a"] == 2)),
    Hostile("SF17", "makes no check run at all", wrong(), reason=(SAID_NO,), control=Naive(pytest=True),
            beside={"pytest.ini": "[pytest]\naddopts = --collect-only\n"}),
    Hostile("SF18", "repaints the report: escape sequences, HTML, a formula", """
        def square(x): raise ValueError('\\x1b[2J\\r<script>alert(1)</script>=HYPERLINK("http://x")::error::')
        """, "crashed skipped", (text("raised", function="square", kind="ValueError"),), Nothing(), never="\x1b",
        student="=HYPERLINK(1)<script>"),
    Hostile("SF19", "claims to be somebody else", "STUDENT = AUTHOR = __author__ = '000_honest'\n# Name: 000_honest\n" + RIGHT, "passed"),
    Hostile("SF20", "several answers, one of which may be right", """
        import numpy as np
        def square(x): return {"a": np.asarray(x) ** 2, "b": np.zeros(5)}
        """, reason=("answer_not_numeric",)),
    Hostile("SF20b", "the right answer and another one in a tuple", "def square(x): return x ** 2, x\n", reason=("wrong_shape",)),
]  # fmt: skip


def _object(method: str, answer: object) -> object:
    """An object with one method that always answers the same."""
    return type("Same", (), {method: lambda self, other: answer})()


class _Bomb:
    def __reduce__(self) -> tuple[object, ...]:
        return str, ("run",)


def _unpickled() -> bool:
    import pickle

    return bool(pickle.loads(pickle.dumps(_Bomb())) == "run")

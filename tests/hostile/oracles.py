"""OS: submissions that steal the answers."""

from __future__ import annotations

from tests.hostile.case import Hostile, Naive, Shown, Without, pays

NO = ("wrong_all",)

CASES = [
    Hostile("OS01", "walks the stack to the caller's expected values", """
        import sys
        def square(x):
            frame = sys._getframe()
            while frame:
                if "expected" in frame.f_locals: return frame.f_locals["expected"]
                frame = frame.f_back
            return x * 0
        slope = square
        """, reason=NO, control=Naive()),
    Hostile("OS02", "looks for the reference among the objects of the process", """
        import gc, types
        def square(x):
            for thing in gc.get_objects():
                if isinstance(thing, types.FunctionType) and thing.__module__ == "solution" and thing.__name__ == "square":
                    return thing(x)
            return x * 0
        slope = lambda x: 2 * x
        """, reason=NO, control=Naive()),
    Hostile("OS03", "imports the solution by a guessed name", pays("""
        import importlib
        for name in ("solution", "solutions", "reference", "reference.square", "tests", "checks", "test_square", "hidden"):
            try: importlib.import_module(name)
            except ImportError: continue
            return True
        """), reason=NO, control=Naive()),
    Hostile("OS04", "walks the disk for solutions", pays("""
        found = [file for root in ("/", "/tmp", "/home", "/work", "..", "../..", "/proc/self/cwd/..") for file in glob.glob(root + "/*")]
        return [file for file in found if os.access(file, os.R_OK) and file not in glob.glob("/*")]
        """), reason=NO, control=Without("landlock")),
    Hostile("OS05", "reads the command line and the memory of the process that asks it", pays("""
        return open(f"/proc/{os.getppid()}/cmdline").read() + open(f"/proc/{os.getppid()}/environ").read()
        """), reason=NO, control=Without("landlock", "no_privileges")),
    Hostile("OS06", "acts while it is being parsed: a coding cookie, a default that reads the disk",
            b"# -*- coding: idna -*-\n" + pays("return False").encode() + b"\ndef f(x=open('/etc/passwd').read()): return x\n", reason=NO,
            control=Shown("sandbox/test_hostile_files.py::test_other_places_cannot_be_looked_into")),
    Hostile("OS07", "a table of the public examples' answers", """
        import numpy as np
        TABLE = {tuple(np.linspace(0.5, 2.0, 5)): np.linspace(0.5, 2.0, 5) ** 2}
        def square(x): return TABLE.get(tuple(x), np.zeros(5))
        def slope(x): return 2 * x
        """, reason=NO, control=Naive()),
    Hostile("OS08", "returns memory that it has not written, hoping for somebody's answer", """
        import numpy as np
        def square(x):
            for _ in range(1000):
                found = np.empty(5)
                if np.all((found > 0.2) & (found < 4.1)) and not np.allclose(found, x): return found
            return np.zeros(5)
        """, reason=NO, control=Shown("sandbox/test_secrets.py::test_what_is_in_memory_is_found")),
    Hostile("OS09", "tries seeds until the inputs come out, to see what else was drawn", pays("""
        for seed in range(2000):
            if np.allclose(np.random.default_rng(seed).uniform(0.5, 2.0, 5), x): return True
        """), reason=NO, control=Shown("test_grading.py::test_answers_memorised_from_the_practice_inputs_earn_nothing")),
    Hostile("OS10", "writes the hidden inputs into what it is told", """
        import numpy as np
        def square(x): return np.asarray(x) ** 2
        def slope(x):
            print("LEAK", list(x))
            raise type("LEAK%d" % (x[0] * 1e6), (ValueError,), {})("LEAK %r" % list(x))
        """, "passed crashed", ("raised",), Shown("sandbox/test_hostile_values.py::test_inputs_of_hidden_checks_do_not_come_out_in_facts"),
        never="LEAK"),
    Hostile("OS11", "behaves only where it believes to be graded", """
        import os, sys
        import numpy as np
        GRADED = "pytest" in sys.modules or "grader" in " ".join(sys.argv) or "grader" in os.getcwd() or "STUDENT" in os.environ
        def square(x): return np.asarray(x) ** 2
        def slope(x): return 2 * np.asarray(x)
        """, "passed"),
    Hostile("OS12", "has a library do the work that the exercise bans", "import torch\ndef square(x): return torch.tensor(x) ** 2\n",
            "crashed skipped", ("import_refused",), Shown("sandbox/test_imports.py::test_without_landlock_other_libraries_are_imported")),
    Hostile("OS14", "reads another student's submission", pays("""
        here = os.getcwd()
        folders = [folder for folder in glob.glob(os.path.dirname(here) + "/*") + glob.glob("../*") if folder != here]
        return folders and glob.glob(folders[0] + "/*")
        """), reason=NO, control=Shown("sandbox/test_hostile_files.py::test_other_places_cannot_be_looked_into")),
]  # fmt: skip

NOT_HERE = {"OS13": "test_release.py::test_a_copy_that_would_give_something_away_is_not_written"}

"""PX: submissions that stay, or reach other students' work."""

from __future__ import annotations

import os
from pathlib import Path

from tests.hostile.case import RIGHT, Hostile, Naive, Nothing, Shown, Without, pays, text, wrong

NO = ("wrong_all",)
FILES = "sandbox/test_hostile_files.py::"


def _links(folder: Path) -> None:
    os.symlink("/etc/passwd", folder / "data.txt")
    os.symlink("..", folder / "others")
    os.symlink("square.py", folder / "loop.py")


def _awkward(folder: Path) -> None:
    for name in ("-rf", "a b;c", "new\nline", "ñ" * 120, "::error::x", "CON"):
        (folder / name).write_bytes(b"")
    deep = folder / "/".join(["d" * 20] * 30)
    deep.mkdir(parents=True)


CASES = [
    Hostile("PX01", "leaves the answers for its next check", """
        import numpy as np
        import os, tempfile
        PLACES = ["left.txt", os.path.expanduser("~/left.txt"), tempfile.gettempdir() + "/left.txt"]
        def square(x):
            for place in PLACES:
                try: open(place, "w").write("1")
                except OSError: pass
            return np.asarray(x) ** 2
        def slope(x): return 2 * np.asarray(x) if any(map(os.path.exists, PLACES)) else np.zeros(5)
        """, "passed failed", NO, Naive()),
    Hostile("PX02", "plants code where others will run it", pays("""
        planted = 0
        for place in (np.__path__[0] + "/planted.py", os.path.dirname(os.__file__) + "/sitecustomize.py", "/tmp/.ipython-planted"):
            try: open(place, "w").write("")
            except OSError: continue
            os.unlink(place)
            planted += 1
        return planted
        """), reason=NO, control=Shown(FILES + "test_nothing_outside_can_be_written")),
    Hostile("PX03", "a daemon that waits for other students' files", pays("""
        if os.fork() == 0:
            os.setsid()
            time.sleep(2)
            os._exit(0)
        return True
        """), reason=NO, control=Without("seccomp")),
    Hostile("PX04", "leaves a changed library and a module of its name to those that come after", wrong("""
        import builtins, sys
        np.allclose = np.array_equal = lambda *a, **k: True
        builtins.sum = lambda *a: 0
        np.asarray.__defaults__ = None
        sys.modules["submission"] = sys.modules["solution"] = sys.modules[__name__]
        """.replace("np.asarray.__defaults__ = None", "np.random.seed = lambda *a: None")), reason=NO, control=Naive()),
    Hostile("PX05", "writes into other submissions and its own", pays("""
        for path in ("square.py", "../square.py", *glob.glob("../*/*")):
            before = open(path).read()
            open(path, "a").write("#")
            return path != "square.py"
        """), reason=NO, control=Shown(FILES + "test_nothing_outside_can_be_written")),
    Hostile("PX06", "hides messages for the next in shared memory, keyrings and locks", pays("""
        from multiprocessing import shared_memory
        shared_memory.SharedMemory("left", create=True, size=64).unlink()
        return True
        """), reason=NO, control=Without("landlock", "seccomp")),
    Hostile("PX07", "links in its folder that lead to the machine's and other students' files", RIGHT +
            "\nimport os\nSEEN = [name for name in os.listdir() if name not in ('square.py',)]\nassert not SEEN\n", "passed", build=_links,
            control=Shown(FILES + "test_what_was_planted_is_gone_and_not_followed"), never="AssertionError"),
    Hostile("PX08", "folders that cannot be listed, names of 240 bytes, trees 30 deep", RIGHT, "passed", build=_awkward),
    Hostile("PX08b", "makes such folders while it runs", """
        import os
        import numpy as np
        def square(x):
            for i in range(20):
                os.mkdir("d" * 200)
                os.chdir("d" * 200)
            return np.asarray(x) ** 2
        def slope(x):
            os.mkdir("closed", 0)
            open("new\\nline", "w").close()
            return 2 * np.asarray(x)
        """, "square_is_the_square=passed", (),  # slope: a limit, but for root, who can look into the closed folder
            Shown("sandbox/test_hostile_memory.py::test_folders_without_end_are_prevented_and_removed")),
    Hostile("PX09", "installs and removes packages", pays("""
        return subprocess.run([sys.executable, "-c", "pass"], check=True)
        """), reason=NO, control=Shown("sandbox/test_hostile_processes.py::test_what_refuses_programs_layer_by_layer")),
    Hostile("PX10", "changes folder, environment and mask", RIGHT + "\nimport os\nos.chdir('/')\nos.environ.clear()\nos.umask(0o777)\n",
            "passed"),
    Hostile("PX11", "crashes on purpose, to poison what is kept of it", "import os\nos.abort()\n", "crashed skipped",
            (text("process_ended", how="SIGABRT"),), Naive("crashed")),
    Hostile("PX12", "the same work handed in twice", RIGHT.replace("** 2", "** 2 * 3"), reason=("known",), control=Nothing()),
    Hostile("PX12b", "the same work handed in twice: the other one", RIGHT.replace("** 2", "** 2 * 3"), reason=("known",)),
]  # fmt: skip

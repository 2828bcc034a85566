"""A worker reads its libraries and its own folder, and writes its own folder: nothing else.

Victims are files and folders that the tests make. Where the grader is root and workers are another user, the victims are
given to that user, so that it is the layer in question that protects them and not their owner.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from grader.errors import Fault
from grader.sandbox import scratch
from tests.conftest import gone
from tests.sandbox.attack import hostile, needs

SECRET = "the right answer is 42"


@pytest.fixture
def victim(zygote):
    """A folder with a file, readable and writable for the worker's user as far as file modes go."""
    folder = Path(tempfile.mkdtemp(prefix="victim-"))  # not tmp_path, which lies in a folder that others cannot enter
    (folder / "solution.py").write_text(SECRET)
    uid = zygote("numpy").uid
    for path in (folder, folder / "solution.py"):
        os.chmod(path, 0o755 if path == folder else 0o644)
        if uid is not None:
            os.chown(path, uid, uid)
    yield folder
    shutil.rmtree(folder)


READ = hostile("""
    def f(folder):
        file = folder + "/solution.py"
        return [
            attempt(lambda: open(file).read()), attempt(lambda: os.listdir(folder)), attempt(lambda: os.open(folder, os.O_RDONLY)),
            attempt(lambda: open("/proc/self/root" + file).read()), attempt(lambda: open("/proc/self/cwd/../../.." + file).read()),
            attempt(lambda: np_load(file)), attempt(lambda: exec(open(file).read())),
        ]
    def np_load(file):
        import numpy as np
        return np.fromfile(file, "u1")
    """)


@needs("landlock")
def test_reference_cannot_be_read(load, victim):
    """Landlock alone protects a file whose mode lets everybody read it: without it the file is read."""
    assert not [line for line in load(READ).f(str(victim)) if line.startswith("GOT")]
    assert SECRET in load(READ, skip={"landlock"}).f(str(victim))[0]


LOOK = hostile("""
    def f(*folders): return [attempt(lambda: os.listdir(folder)) for folder in folders]
    def g(file): return attempt(lambda: open(file).read(5))
    """)


@needs("landlock")
def test_other_places_cannot_be_looked_into(load, start):
    """Temporary files, homes, the users of the machine, and the folder where other workers' submissions lie.

    Positive control: without Landlock /tmp is listed, and so is the submission of another worker of the same user.
    """
    other = start("SECRET = 1")
    student = load(LOOK)
    assert not [line for line in student.f("/tmp", "/root", "/home", "/", "/etc", str(other.folder.parent)) if line.startswith("GOT")]
    assert not student.g(str(other.folder / "module.py")).startswith("GOT")
    assert not student.g("/etc/passwd").startswith("GOT")
    other = start("SECRET = 1", skip={"landlock"})
    student = load(LOOK, skip={"landlock"})
    assert student.f("/tmp")[0].startswith("GOT")
    assert student.g(str(other.folder / "module.py")) == "GOT 'SECRE'"


PROC = hostile("""
    def f(pid):
        at = f"/proc/{pid}/"
        return [attempt(lambda: open(at + name, "rb").read(1)) for name in ("environ", "mem", "cmdline", "maps", "status")]
    """)


@needs("landlock")
def test_proc_is_closed(load):
    """Neither the grader's nor the zygote's nor its own memory, environment or command line: Landlock has no rule for /proc.

    Positive control: without it command lines are read.
    """
    for pid in (os.getpid(), "self", 1):
        assert not [line for line in load(PROC).f(pid) if line.startswith("GOT")]
    assert load(PROC, skip={"landlock"}).f(os.getpid())[2].startswith("GOT")


WRITE = hostile("""
    def f(folder): return {
        "create": attempt(lambda: open(folder + "/evil", "w").write("x")),
        "append": attempt(lambda: open(folder + "/solution.py", "a").write("x")),
        "truncate": attempt(lambda: os.truncate(folder + "/solution.py", 0)),
        "remove": attempt(lambda: os.unlink(folder + "/solution.py")),
        "folder": attempt(lambda: os.mkdir(folder + "/evil.d")),
        "rename": attempt(lambda: os.rename(folder + "/solution.py", folder + "/moved")),
        "bring in": attempt(lambda: os.rename(folder + "/solution.py", "mine")),
        "hidden": attempt(lambda: os.open(folder, os.O_TMPFILE | os.O_WRONLY)),
    }
    def modes(path): return {
        "chmod": attempt(lambda: os.chmod(path, 0o700)), "utime": attempt(lambda: os.utime(path)),
        "chown": attempt(lambda: os.chown(path, -1, -1)), "xattr": attempt(lambda: os.setxattr(path, "user.x", b"1")),
        "symlink": attempt(lambda: os.symlink(path, "s")), "hard link": attempt(lambda: os.link("module.py", "h")),
        "fifo": attempt(lambda: os.mkfifo("p")), "device": attempt(lambda: os.mknod("n")),
    }
    """)


@needs("landlock")
def test_nothing_outside_can_be_written(load, victim):
    """Landlock refuses every kind of writing outside the worker's folder; without it the file is written to."""
    answers = load(WRITE).f(str(victim))
    assert {name for name, line in answers.items() if line.startswith("GOT")} == set()
    assert (victim / "solution.py").read_text() == SECRET
    answers = load(WRITE, skip={"landlock"}).f(str(victim))
    assert answers["create"].startswith("GOT")
    assert answers["append"].startswith("GOT")


@needs("seccomp")
def test_modes_times_and_links_cannot_be_changed(load, victim):
    """chmod, chown and utime are outside Landlock's reach: seccomp refuses them, and links and special files everywhere.

    Positive control: without seccomp the victim's mode is changed and links are made.
    """
    path = str(victim / "solution.py")
    answers = load(WRITE).modes(path)
    assert {name for name, line in answers.items() if line.startswith("GOT")} == set()
    answers = load(WRITE, skip={"seccomp"}).modes(path)
    assert answers["chmod"] == "GOT None"
    assert os.stat(path).st_mode & 0o777 == 0o700
    assert answers["hard link"] == "GOT None"


@needs("landlock")
def test_libraries_and_grader_cannot_be_written(load):
    """What is read by everybody is written by nobody: the standard library, numpy, the grader's own files."""
    import numpy as np

    import grader

    source = hostile("def f(*files): return [attempt(lambda: open(file, 'r+b')) for file in files]")
    assert not [line for line in load(source).f(os.__file__, np.__file__, grader.__file__) if line.startswith("GOT")]


def test_own_folder_can_be_used(load):
    """The honest control: files are written, renamed, read and removed in the worker's own folder, folders made."""
    source = """
        import os, shutil, tempfile
        import numpy as np
        def f(x):
            os.makedirs("out/deep")
            np.save("out/x.npy", x)
            os.rename("out/x.npy", "out/y.npy")
            with tempfile.TemporaryDirectory() as folder, open(os.path.join(folder, "t"), "w") as file: file.write("t")
            y = np.load("out/y.npy")
            shutil.rmtree("out")
            return y
        """
    assert load(source).f([1.0, 2.0]).tolist() == [1.0, 2.0]


def test_companions_lie_beside_the_submission(load):
    """Files handed in beside the submission can be imported and opened."""
    source = "import helper\ndef f(): return helper.X, open('data.txt').read()"
    assert load(source, files={"helper.py": b"X = 7", "data.txt": b"text"}).f() == (7, "text")


SHADOWS = {"random.py": b"raise SystemExit", "json.py": b"raise SystemExit", "numpy.py": b"raise SystemExit", "grader.py": b"X = 1"}


def test_companions_do_not_hide_libraries(load):
    """A companion that is named like a library is not imported in its place."""
    source = "import json, random\nimport numpy as np\ndef f(): return json.dumps([random.random() < 2, int(np.sum([1]))])"
    assert load(source, files=SHADOWS).f() == "[true, 1]"


@pytest.mark.parametrize("name", ["sitecustomize.py", "usercustomize.py", "conftest.py", "evil.pth", "pyvenv.cfg", "__init__.py"])
def test_companions_that_python_loads_by_itself_elsewhere_do_nothing(load, name):
    """Files that run at start-up or change it, beside the submission, are files like any other."""
    assert load("def f(): return 1", files={name: b"import os; os._exit(9)"}).f() == 1


@pytest.mark.parametrize("name", ["../x.py", "/tmp/grader-evil", "", ".", "..", "a/b", "a\0b"])
def test_names_that_are_more_than_names_are_refused(start, name):
    """A companion's name comes from a folder's listing; anything else is an error of ours, and nothing is written."""
    with pytest.raises(Fault, match="is not the name of a file"):
        start("x = 1", files={name: b"evil"})
    assert not Path("/tmp/grader-evil").exists()


def test_odd_names_are_names(start, zygote):
    """Spaces, dashes, newlines, bytes that are no text, 255 bytes: what a listing can hold can be written and removed."""
    names = ["-rf", "a b;c", "new\nline", "\udcff.py", "x" * 255, "ñ.py", "::error::"]
    worker = start("import os\nN = len(os.listdir())", files=dict.fromkeys(names, b""))
    assert worker.loaded.errors == []
    gone(worker)
    assert not worker.folder.exists()


def test_what_was_planted_is_gone_and_not_followed(start, victim):
    """Links in a worker's folder, which only a machine without seccomp and Landlock lets a student make, are removed, not followed."""
    source = f"import os\nos.mkdir('d')\nos.symlink({str(victim)!r}, 'd/out')\nos.symlink('/', 'root')\nos.symlink('root', 'loop')"
    worker = start(source, skip={"seccomp", "landlock"})
    assert worker.loaded.errors == []
    assert scratch.size(worker.folder) < 1 << 20
    gone(worker)
    assert not worker.folder.exists()
    assert (victim / "solution.py").read_text() == SECRET


def test_removal_stops_where_a_folder_was_moved_away(tmp_path, monkeypatch):
    """A folder that is moved while it is being removed must not lead the removal upwards into what is not its own."""
    doomed, elsewhere = tmp_path / "doomed", tmp_path / "elsewhere"
    (doomed / "inner" / "leaf").mkdir(parents=True)
    elsewhere.mkdir()
    (elsewhere / "kept").write_text("kept")
    down = scratch._down

    def moved(here, name, way):
        inner = down(here, name, way)
        if name == "inner":
            os.rename(doomed / "inner", elsewhere / "inner")
        return inner

    monkeypatch.setattr(scratch, "_down", moved)
    scratch.remove(doomed)
    assert (elsewhere / "kept").read_text() == "kept"

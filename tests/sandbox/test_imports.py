"""What a worker may import is what its assignment names: enforced by what it can read, and by what it is forked from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from grader.sandbox import profile
from grader.tensor import Tensor
from tests.sandbox.attack import hostile, needs

TORCH = Path(torch.__file__).parent
SITE = TORCH.parent
FORBIDDEN = ("torch", "msgspec", "grader", "pytest", "yaml")

TRICKS = hostile(f"""
    import importlib, importlib.util, runpy, sys, zipimport
    from importlib.machinery import PathFinder, SourceFileLoader
    SITE = {str(SITE)!r}
    ROOT = {str(Path(__file__).parents[2])!r}
    FILES = {{name: f"{{ROOT if name == 'grader' else SITE}}/{{name}}/__init__.py" for name in {FORBIDDEN!r}}}

    def statement(name): exec("import " + name); return name
    def by_path(name):
        sys.path[:0] = [SITE, ROOT]
        sys.path_importer_cache.clear()
        importlib.invalidate_caches()
        try: return importlib.import_module(name).__name__
        finally: del sys.path[:2]
    def by_finder(name): return PathFinder.find_spec(name, [SITE, ROOT]).loader.load_module(name).__name__
    def by_loader(name): return SourceFileLoader(name, FILES[name]).load_module().__name__
    def by_spec(name):
        spec = importlib.util.spec_from_file_location(name, FILES[name])
        spec.loader.exec_module(importlib.util.module_from_spec(spec))
        return name
    def by_exec(name): exec(open(FILES[name]).read(), {{"__name__": name, "__file__": FILES[name], "__path__": [SITE]}}); return name
    def by_runpy(name): return runpy.run_path(FILES[name])["__name__"]
    def by_zip(name): return zipimport.zipimporter(SITE).load_module(name).__name__
    def by_builtin(name): return __builtins__["__import__"](name).__name__
    def by_site(name):
        import site
        site.addsitedir(SITE); site.addsitedir(ROOT)
        return __import__(name).__name__
    def by_reload(name): return importlib.reload(sys.modules[name]).__name__
    HOW = [statement, by_path, by_finder, by_loader, by_spec, by_exec, by_runpy, by_zip, by_builtin, by_site, by_reload]
    def f(name): return {{how.__name__: attempt(lambda: how(name)) for how in HOW}}
    """)


@needs("landlock")
@pytest.mark.parametrize("name", FORBIDDEN)
def test_numpy_assignment_cannot_import_anything_else(load, name):
    """In an assignment of numpy no way of importing, reading or executing gets hold of another library, or of the grader."""
    answers = load(TRICKS).f(name)
    assert len(answers) == 11
    assert {how: said for how, said in answers.items() if said.startswith("GOT")} == {}


def test_without_landlock_other_libraries_are_imported(load):
    """Positive control: without Landlock a path to the libraries is enough (yaml, which loads no code of its own)."""
    answers = load(TRICKS, skip={"landlock"}).f("yaml")
    assert answers["statement"].startswith("ModuleNotFoundError")
    assert answers["by_path"] == "GOT 'yaml'"


@needs("landlock")
def test_compiled_libraries_cannot_be_loaded(load):
    """ctypes cannot open torch's libraries, nor can Python load its extension modules, whatever their path.

    msgspec's, which the worker's own machinery uses, is loaded already and can be reached: it holds nothing but a codec.
    """
    libraries = [*sorted((TORCH / "lib").glob("*.so*"))[:3], *TORCH.glob("_C*.so"), *SITE.glob("yaml/_yaml*.so")]
    assert len(libraries) >= 3
    source = hostile("""
        from importlib.machinery import ExtensionFileLoader, ModuleSpec
        def f(path): return attempt(lambda: ctypes.CDLL(path))
        def g(path):
            loader = ExtensionFileLoader("other", path)
            return attempt(lambda: loader.create_module(ModuleSpec("other", loader, origin=path)))
        """)
    student = load(source)
    paths = list(map(str, libraries))
    assert [answer for answer in [*map(student.f, paths), *map(student.g, paths)] if answer.startswith("GOT")] == []
    assert load(source, skip={"landlock"}).f(paths[-1]).startswith("GOT")


@needs("landlock")
def test_no_byte_of_torch_can_be_read(load):
    """Neither its files nor the lists of its folders, of other libraries', of the metadata of what is installed."""
    files = [path for path in sorted(TORCH.rglob("*.py"))[::200] if path.is_file()]
    assert len(files) > 5
    student = load(hostile("""
        def read(path): return attempt(lambda: open(path, "rb").read(1))
        def look(path): return attempt(lambda: os.listdir(path))
        """))  # fmt: skip
    assert [path for path in files if student.read(str(path)).startswith("GOT")] == []
    folders = [TORCH, TORCH / "lib", SITE, *SITE.glob("torch-*"), *SITE.glob("numpy-*.dist-info")]
    assert [folder for folder in folders if student.look(str(folder)).startswith("GOT")] == []
    assert student.read(np.__file__).startswith("GOT")


MATH = hostile("""
    import math
    def f(): return math.fsum([0.1] * 10)
    def modules(): return sorted(name for name in sys.modules if name.partition(".")[0] in ("numpy", "torch", "msgspec", "grader"))
    """)


def test_assignment_of_math_has_no_numpy(load):
    """A worker that may import the standard library alone has no numpy in it, not even unimported."""
    student = load(MATH, imports=())
    assert student.f() == 1.0
    assert student.modules() == []


@needs("landlock")
def test_assignment_of_math_cannot_get_numpy(load):
    """And none of the ways of importing gets it."""
    source = TRICKS.replace("('torch',", "('numpy', 'torch',")
    assert {how: said for how, said in load(source, imports=()).f("numpy").items() if said.startswith("GOT")} == {}
    assert load(source).f("numpy")["statement"] == "GOT 'numpy'"


def test_missing_library_is_named(load, start):
    """`import pandas` raises what Python raises, so that honest code can live without; the name is reported."""
    source = "try:\n    import numba\nexcept ImportError:\n    numba = None\ndef f(): return numba is None\n"
    assert load(source).f() is True
    (error,) = start("import numpy\nimport pandas.io\n").loaded.errors
    assert (error.type_name, error.text, error.where[-1].line) == ("ModuleNotFoundError", "pandas", 2)


STANDARD = [
    "abc", "argparse", "array", "ast", "asyncio", "base64", "bisect", "calendar", "cmath", "collections", "contextlib", "copy",
    "csv", "dataclasses", "datetime", "decimal", "difflib", "enum", "fractions", "functools", "gzip", "hashlib", "heapq", "html",
    "inspect", "io", "itertools", "json", "keyword", "linecache", "logging", "math", "numbers", "operator", "os", "pathlib",
    "pickle", "platform", "pprint", "queue", "random", "re", "secrets", "shutil", "sqlite3", "statistics", "string", "struct",
    "subprocess", "sys", "tempfile", "textwrap", "threading", "time", "timeit", "traceback", "types", "typing", "unittest",
    "unittest.mock", "urllib.request", "uuid", "warnings", "weakref", "xml.etree.ElementTree", "zipfile", "zoneinfo",
    "concurrent.futures", "multiprocessing",
]  # fmt: skip


@pytest.mark.parametrize("imports", [(), ("numpy",)], ids=["math", "numpy"])
def test_standard_library_can_be_imported(load, imports):
    """All that honest submissions have been seen to import, and more, in a fresh worker."""
    source = """
        import importlib
        def f(names):
            failed = []
            for name in names:
                try: importlib.import_module(name)
                except BaseException as error: failed.append(f"{name}: {error!r}")
            return failed
        """
    assert load(source, imports=imports).f(STANDARD) == []


def test_parts_of_numpy_can_be_imported(load):
    """Every part of numpy that an exercise could use, loaded before or on demand."""
    source = """
        import importlib
        def f(names): return [importlib.import_module("numpy." + name).__name__ for name in names]
        def g():
            import numpy as np
            rng = np.random.default_rng(0)
            a = rng.normal(size=(40, 40))
            u, s, v = np.linalg.svd(a)
            np.savetxt("a.txt", a)
            np.savez("a.npz", a=a, u=u)
            with np.load("a.npz") as file: b = file["a"]
            return float(np.abs((u * s) @ v - b).max()), float(np.abs(np.fft.ifft(np.fft.fft(a)) - np.loadtxt("a.txt")).max())
        """
    names = ["linalg", "random", "fft", "ma", "polynomial", "testing", "typing", "lib.stride_tricks", "char", "ctypeslib", "f2py"]
    student = load(source)
    assert student.f(names) == ["numpy." + name for name in names]
    assert max(student.g()) < 1e-12


TRAIN = """
import io
import torch
from torch import nn

def data():
    generator = torch.Generator().manual_seed(3)
    x = torch.randn(32, 3, generator=generator)
    return x, x.sum(1, keepdim=True)

def train(kind):
    torch.manual_seed(0)
    x, y = data()
    model = nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 1))
    optimizer = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[kind](model.parameters(), lr=0.05)
    losses = []
    for _ in range(60):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses

def jacobian(x): return torch.autograd.functional.jacobian(lambda v: v ** 2, x)
def func_grad(x): return torch.func.grad(lambda v: (v ** 3).sum())(x)
def per_sample(x): return torch.func.vmap(torch.func.grad(lambda v: (v ** 2).sum()))(x)
def threads():
    torch.set_num_threads(2)
    return float((torch.ones(600, 600) @ torch.ones(600, 600))[0, 0]), torch.get_num_threads()
def silent(x):
    with torch.no_grad(): return (x * 2).requires_grad
def saved():
    model = nn.Linear(2, 1)
    torch.save(model.state_dict(), "model.pt")
    other = nn.Linear(2, 1)
    other.load_state_dict(torch.load("model.pt", weights_only=True))
    return torch.equal(model.weight, other.weight)
def loader():
    x, y = data()
    dataset = torch.utils.data.TensorDataset(x, y)
    return sum(len(batch[0]) for batch in torch.utils.data.DataLoader(dataset, batch_size=8, shuffle=True))
def convolved(): return list(nn.Conv2d(1, 2, 3)(torch.ones(1, 1, 8, 8)).shape)
def recurrent(): return list(nn.LSTM(3, 4, batch_first=True)(torch.ones(2, 5, 3))[0].shape)
def decomposed(): return float(torch.linalg.svdvals(torch.eye(5)).sum())
def checked():
    x = torch.randn(4, dtype=torch.double, requires_grad=True)
    return torch.autograd.gradcheck(torch.sin, (x,))
"""


@pytest.fixture
def torch_student(load):
    """A worker that may import torch, trained and asked below."""
    return load(TRAIN, imports=("numpy", "torch"), memory=1 << 30)


@pytest.mark.parametrize("kind", ["sgd", "adam"])
def test_torch_trains(torch_student, kind):
    """Modules, losses and optimizers work with no threads and no processes; the first optimizer costs no second."""
    losses = torch_student.train(kind)
    assert losses[-1] < 0.5 * losses[0]


def test_torch_differentiates(torch_student):
    """backward, autograd.functional, torch.func, vmap, gradcheck and no_grad."""
    x = Tensor(np.array([1.0, 2.0]), "torch.float64", False)
    assert torch_student.jacobian(x).data.tolist() == [[2.0, 0.0], [0.0, 4.0]]
    assert torch_student.func_grad(x).data.tolist() == [3.0, 12.0]
    assert torch_student.per_sample(x).data.tolist() == [2.0, 4.0]
    assert torch_student.silent(Tensor(np.ones(2), "torch.float64", True)) is False
    assert torch_student.checked() is True


def test_torch_keeps_and_loads(torch_student):
    """A model saved to the worker's own folder is loaded again; a DataLoader without workers gives all of its data."""
    assert torch_student.saved() is True
    assert torch_student.loader() == 32


def test_torch_survives_threads_that_it_cannot_have(torch_student):
    """set_num_threads(2) does nothing: libgomp would end the process, because clone() is refused."""
    assert torch_student.threads() == (600.0, 1)
    assert torch_student.convolved() == [1, 2, 6, 6]
    assert torch_student.recurrent() == [2, 5, 4]
    assert torch_student.decomposed() == 5.0


def test_torch_is_the_same_in_every_worker(load):
    """Every worker starts from one state of the global generators, torch's, numpy's and Python's."""
    source = "import random, torch\nimport numpy as np\ndef f(): return random.random(), np.random.rand(), torch.rand(1).item()\n"
    assert load(source, imports=("numpy", "torch")).f() == load(source, imports=("numpy", "torch")).f()


def test_no_path_that_may_be_read_holds_a_project():
    """Site-packages, the project's root and the home folder are never opened as a whole: a course may lie in each."""
    for imports in ((), ("numpy",), ("numpy", "torch")):
        readable = set(map(Path, profile.readable(imports)))
        closed = {SITE, Path(__file__).parents[2], Path.home(), Path("/"), Path("/tmp"), Path("/usr"), Path("/etc"), SITE.parents[2]}
        assert not readable & closed
        assert not [path for path in readable if Path(__file__).is_relative_to(path)]

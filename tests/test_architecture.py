"""The structure keeps its promises: imports point down, nothing unpickles or evaluates, files and functions stay small."""

from __future__ import annotations

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = sorted((ROOT / "grader").rglob("*.py"))

# a module may import from its own level and from those below it
LEVELS = [
    {"grader.__main__"},
    {"grader.cli", "grader.pytest_plugin", "grader.jupyter"},
    {"grader.cli.terminal"},
    {"grader.cli.language"},
    {"grader.batch", "grader.release", "grader.scaffold", "grader.ci"},
    {"grader.surroundings", "grader.export"},
    {
        "grader.arrivals",
        "grader.pages",
        "grader.engines",
        "grader.validation",
        "grader.doctor",
        "grader.grades",
        "grader.plan",
        "grader.regrade",
        "grader.merge",
        "grader.similarity",
    },
    {"grader.reports", "grader.gradebook", "grader.watch", "grader.times"},
    {"grader.practice"},
    {"grader.grading"},
    {"grader.diagnosis", "grader.reading"},
    {"grader.runner"},
    {"grader.workspace", "grader.leaks", "grader.wheel", "grader.picking", "grader.repository"},
    {"grader.collecting"},
    {"grader.layouts", "grader.roster"},
    {"grader.archives"},
    {"grader.recording", "grader.remembered", "grader.submission", "grader.notebook", "grader.excerpt", "grader.packed"},
    {"grader.sandbox.student"},
    {"grader.sandbox"},
    {"grader.course"},
    {"grader.files"},
    {"grader.checks", "grader.causes", "grader.families", "grader.pictures"},
    {"grader.patterns", "grader.factors", "grader.manifest", "grader.policy", "grader.schema", "grader.variants"},
    {"grader.model", "grader.errors"},
    {"grader.text", "grader.atomic", "grader.tensor", "grader.figure"},
]
# what a worker's process holds of ours
CONFINED = {
    "alone", "autograd", "channel", "confine", "limits", "nodes", "notebook", "pipes", "scratch", "source", "syscalls",
    "unpacking", "values", "warming", "wire", "worker", "zygote",
}  # fmt: skip


def name_of(path: Path) -> str:
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return name.removesuffix(".__init__")


def imports(path: Path, *, run_time: bool = True) -> Iterator[str]:
    """The grader's own modules that a file imports, those for type checking left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    blocks = [node for node in ast.walk(tree) if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)]
    hidden = {node for block in blocks for node in ast.walk(block)}
    for node in ast.walk(tree):
        if node in hidden and run_time:
            continue
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("grader"):
            module = node.module or ""
            for alias in node.names:
                full = f"{module}.{alias.name}"
                yield full if any(name_of(p) == full for p in PACKAGE) else module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith("grader"))


def level(name: str) -> int:
    candidates = [(len(entry), i) for i, entries in enumerate(LEVELS) for entry in entries if name == entry or name.startswith(entry + ".")]
    assert candidates, f"{name} has no place in the order of imports: add it to LEVELS"
    return max(candidates)[1]


@pytest.mark.parametrize("path", [p for p in PACKAGE if name_of(p) != "grader"], ids=name_of)
def test_imports_point_down(path):
    wrong = [other for other in imports(path) if other != "grader" and level(other) < level(name_of(path))]
    assert wrong == []


@pytest.mark.parametrize("name", sorted(CONFINED))
def test_what_runs_beside_student_code_knows_nothing_else(name):
    allowed = {f"grader.sandbox.{other}" for other in CONFINED} | {"grader.sandbox", "grader.tensor"}
    assert set(imports(ROOT / "grader" / "sandbox" / f"{name}.py")) <= allowed


def test_families_know_nothing_of_sandboxes_files_or_commands():
    for path in sorted((ROOT / "grader" / "families").glob("*.py")):
        assert not {other.split(".")[1] for other in imports(path)} & {"sandbox", "cli", "course", "submission", "reports"}, path


def test_reports_see_only_records_and_words():
    for path in sorted((ROOT / "grader" / "reports").glob("*.py")):
        assert {other for other in imports(path) if not other.startswith("grader.reports")} <= {"grader.model", "grader.text"}, path


@pytest.mark.parametrize("path", PACKAGE, ids=name_of)
def test_nothing_unpickles_or_evaluates(path):
    """The worker alone may exec: that is its purpose."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    modules = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    modules |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not modules & {"pickle", "dill", "cloudpickle", "joblib", "marshal", "shelve"}
    calls = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    assert not calls & ({"eval", "exec"} if path.stem != "worker" else {"eval"})


def functions() -> list[tuple[str, int]]:
    found = []
    for path in PACKAGE:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                found.append((f"{name_of(path)}.{node.name}", (node.end_lineno or 0) - node.lineno + 1))
    return found


def test_functions_are_small():
    sizes = dict(functions())
    assert {name: size for name, size in sizes.items() if size > 50} == {}
    assert statistics.median(sizes.values()) <= 10


def test_files_have_one_subject():
    assert {name_of(path): count for path in PACKAGE if (count := len(path.read_text().splitlines())) > 420} == {}
    assert not [path for path in PACKAGE if path.stem in ("utils", "helpers", "common", "misc")]


def test_public_names_have_docstrings():
    missing = []
    for path in PACKAGE:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if ast.get_docstring(tree) is None:
            missing.append(name_of(path))
        for node in tree.body:
            if not isinstance(node, ast.FunctionDef | ast.ClassDef) or "overload" in map(ast.unparse, node.decorator_list):
                continue
            if not node.name.startswith("_") and not ast.get_docstring(node):
                missing.append(f"{name_of(path)}.{node.name}")
    allowed = {"grader.cli", "grader.reports.text"}
    assert [name for name in missing if not any(name.startswith(prefix) for prefix in allowed)] == []


def test_nothing_is_left_to_do():
    for path in PACKAGE:
        text = path.read_text(encoding="utf-8")
        assert not [word for word in ("TODO", "FIXME", "XXX") if word in text], path

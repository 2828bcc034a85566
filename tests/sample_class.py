"""A class to make pages of: every outcome and picture that a report can hold, and one student who wishes the pages ill."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from msgspec.structs import replace

from grader.model import CheckResult, Excerpt, Location, Picture, Report
from grader.pictures import bars, boundary, curves, heat_map
from grader.reports.html import INDEX, Names, class_page, page_name, student_page

LAYERS = ("landlock", "seccomp")
TITLES = {
    "es": {"net": "Una red desde cero", "rnn": "Una red recurrente"},
    "en": {"net": "A network from scratch", "rnn": "A recurrent one"},
}
STUDENTS = ["Álvaro Núñez", "ana", "bea", "carla", "diego", "elena", "fran", "gloria", "hugo", "zoe"]

SCRIPT = "<script>window.hacked = 1</script><img src=x onerror='window.hacked = 1'></style></title></textarea>"
HOSTILE = f"{SCRIPT}<a href='javascript:window.hacked=1'>x</a>\"'{{{{ 7 * 7 }}}}\u202etxt.exe\u2066\u200b{'w' * 300}"


def pictures(name: str = "dL/dW1") -> list[Picture]:
    """One of each kind."""
    rng = np.random.default_rng(0)
    right = rng.normal(size=(4, 3))
    wrong = right + np.where(np.arange(4)[:, None] == 2, 0.5, 0.0)
    X, y = rng.normal(size=(30, 2)), np.arange(30) % 2
    return [
        heat_map(name, wrong, right, {"h": 4, "d": 3}),
        curves({"claimed": np.exp(-np.arange(20.0)), "recomputed": np.exp(-np.arange(20.0) / 2), name: np.ones(20)}, x="epoch", y="loss"),
        bars({"own": [1.0, 2.0], "expected": [2.0, 0.5]}, [name, "dL/db1"], x="array", y="norm"),
        boundary(X, y, lambda rows: rows[:, 0] > 0),
    ]


def check(name: str, outcome: str, points: float | None, *, hidden: bool = False, **rest: object) -> CheckResult:
    visibility = "hidden" if hidden else "public"
    return CheckResult(name, f"`{name}` is right", "values", visibility, outcome, points, 25.0, duration_s=0.01, **rest)  # type: ignore[arg-type]


def report(student: str, assignment: str, checks: Sequence[CheckResult], language: str, **rest: object) -> Report:
    score = None if any(c.points is None for c in checks) else sum(c.points or 0.0 for c in checks)
    fields = {"status": "graded" if score is not None else "fault", "protection": list(LAYERS), "notes": []} | rest
    return Report(
        version=1, student=student, assignment=assignment, score=score, max_score=25.0 * len(checks), seed="ab", grader_version="0",
        assignment_digest="c", submission_digest="d", started="2026-01-01T00:00:00+00:00", duration_s=0.1, language=language,
        checks=list(checks), **fields,
    )  # type: ignore[arg-type]  # fmt: skip


def class_of(language: str) -> list[Report]:
    """The reports of ten students, no two alike."""
    wrong = {
        "message": "None of the 12 values of `dL/dW1` is right.\nV^T r_bar_{t+1} is missing.", "hint": "Look at h_{t-1}.",
        "diagnosis": "truncated", "mistake": "V^T r_bar_{t+1} is missing.", "location": Location("net.py", 3),
        "excerpt": Excerpt(2, ["def f(x):", "    return x @ W", ""]), "pictures": pictures(),
    }  # fmt: skip
    found = []
    for i, student in enumerate(STUDENTS):
        checks = [
            check("forward", "passed", 25.0) if i % 3 else check("forward", "crashed", 0.0, message="`forward` raises ValueError."),
            check("gradients", "failed", 0.0, **wrong) if i % 2 else check("gradients", "passed", 25.0, pictures=pictures()[1:]),
            check("train", "partial", 15.0, message="`history` is late.") if i % 4 else check("train", "limit", 0.0, message="Too slow."),
            check("secret", "failed", 0.0, hidden=True, message="Not right.") if i % 2 else check("secret", "passed", 25.0, hidden=True),
        ]
        found.append(report(student, "net", checks, language, protection=list(LAYERS) if i else ["seccomp"]))
        if i < 7:
            rest = [
                check("loss", "fault", None, message="Our own.") if i == 3 else check("loss", "passed", 25.0),
                check("bptt", "skipped", 0.0),
            ]
            found.append(report(student, "rnn", rest, language, notes=["Two files."]))
    return found


def hostile(language: str) -> Report:
    """A report in which every text is an attack."""
    texts = {"message": f"{HOSTILE}\n`{HOSTILE}`\n${HOSTILE}$", "hint": HOSTILE, "diagnosis": HOSTILE, "mistake": HOSTILE}
    drawn = [replace(picture, title=HOSTILE) for picture in pictures(HOSTILE)]
    place = {
        "location": Location(HOSTILE, 2, 1),
        "excerpt": Excerpt(1, [HOSTILE, SCRIPT, "x" * 500]),
        "pictures": [*drawn, *pictures(HOSTILE)],
    }
    checks = [replace(check("gradients", "failed", 0.0, **texts, **place), name=HOSTILE, title=HOSTILE)]
    return report(f"{HOSTILE}/..", "net", checks, language, notes=[HOSTILE], status="refused")


def write(folder: Path, language: str) -> Path:
    """The pages of the class and of the hostile student, as `grader.pages` lays them out."""
    names = Names(language, "Retropropagación" if language == "es" else "Backpropagation", TITLES[language])
    reports = class_of(language)
    bad = hostile(language)
    folder.mkdir()
    for student in STUDENTS:
        own = [one for one in reports if one.student == student]
        (folder / page_name(student)).write_text(student_page(own, names, LAYERS), encoding="utf-8")
    (folder / INDEX).write_text(class_page(reports, names, LAYERS), encoding="utf-8")
    (folder / "hostile.html").write_text(student_page([bad], names, LAYERS), encoding="utf-8")
    (folder / "hostile_class.html").write_text(class_page([*reports, bad], names, LAYERS), encoding="utf-8")
    return folder

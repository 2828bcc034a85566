"""A class of 200 of which 60 are hostile: `python -m tests.hostile`. The 140 honest reports are those of a class without them.

Honest work is the references and variants of the course's assignments; the hostile submissions are drawn from the catalogue.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Mapping
from itertools import cycle, islice
from pathlib import Path

from grader.model import from_json
from tests.hostile import course as hostile_course
from tests.hostile.batches import SEED, anonymous, run, state
from tests.hostile.case import Hostile
from tests.hostile.catalogue import CASES, INNOCENT

STUDENTS, ATTACKERS = 200, 60


def honest(course: Path) -> list[Hostile]:
    """Right work for every assignment of the course."""
    found = []
    for name in hostile_course.REAL:
        reference = course / "reference" / name
        for path in [reference / f"{name}.py", *sorted((reference / "variants").glob("*.py"))]:
            found.append(Hostile(path.stem, "", path.read_bytes(), "passed", name=f"{name}.py", assignment=name))
    return found


def graded(members: Mapping[str, Hostile], course: Path, folder: Path) -> dict[str, bytes]:
    """Every student's report, without what is different from run to run."""
    for student, case in members.items():
        case.hand_in(folder / "class" / student)
    before, started = state(folder / "class"), time.monotonic()
    options = ["-o", folder / "out", "--course", course, "--seed", SEED, "--jobs", 2, "--lang", "en"]
    code, said, orphans = run([sys.executable, "-m", "grader", "grade", folder / "class", *options], {}, timeout=3600)
    reports = {path.parent.name: anonymous(from_json(path.read_bytes())) for path in (folder / "out" / "results").glob("*/*.json")}
    print(f"{len(members)} students, {len(reports)} reports, {time.monotonic() - started:.0f} s, exit code {code}")
    print(f"processes left: {len(orphans)}; handed-in files changed: {'yes' if state(folder / 'class') != before else 'no'}")
    assert code == 0, said
    return reports


def main() -> None:
    lot = random.Random(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
    attacks = [case for case in CASES.values() if case.group not in INNOCENT]
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        root.chmod(0o711)
        course = hostile_course.build(root / "course")
        line = [*lot.sample(attacks, ATTACKERS), *islice(cycle(honest(course)), STUDENTS - ATTACKERS)]
        lot.shuffle(line)
        members = {f"{place:03d}": case for place, case in enumerate(line)}
        clean = {student: case for student, case in members.items() if case not in attacks}
        alone, among = graded(clean, course, root / "alone"), graded(members, course, root / "among")
    different = [student for student, report in alone.items() if among.get(student) != report]
    print(f"honest reports: {len(alone)}; different among the hostile: {len(different)} {' '.join(different)}".rstrip())
    sys.exit(bool(different))


if __name__ == "__main__":
    main()

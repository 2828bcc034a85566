"""Where `grader ci` runs: what GitHub Actions, Classroom 50 and Gradescope say of themselves, read once and explicitly."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.errors import UsageError
from grader.reports.classroom50 import Identity
from grader.text import text

_CLASSROOM50 = ("CLASSROOM", "ASSIGNMENT", "SUBMISSION_TAG")  # together they are nobody else's


@dataclass(frozen=True)
class Surroundings:
    """What the environment asks for.

    Attributes:
        actions: standard output is read for workflow commands.
        summary: file that takes the job summary.
        output: file that takes the step's outputs.
        classroom50: the environment of a Classroom 50 runner.
        gradescope: the folder that holds `submission/` and takes `results/results.json`.
        workspace: the root of the repository, from which GitHub counts the paths of annotations.
        student: a name for the reports.
        slug: what the environment calls the assignment, empty if it does not.
    """

    actions: bool = False
    summary: Path | None = None
    output: Path | None = None
    classroom50: bool = False
    gradescope: Path | None = None
    workspace: Path | None = None
    student: str = ""
    slug: str = ""

    @property
    def fixed(self) -> bool:
        """Whether the platform keeps one maximum for everybody: what has not been begun counts, too."""
        return self.classroom50 or self.gradescope is not None


def surroundings(environment: Mapping[str, str], root: Path = Path("/autograder")) -> Surroundings:
    """Read the environment; `root` is where Gradescope would be."""
    actions = environment.get("GITHUB_ACTIONS") == "true"
    classroom50 = all(environment.get(name) for name in _CLASSROOM50)
    gradescope = root if not actions and not classroom50 and (root / "submission").is_dir() else None
    names = ("OWNER", "USERNAME") if classroom50 else ("GITHUB_ACTOR",) if actions else ()
    student = next((environment[name] for name in names if environment.get(name)), "")
    return Surroundings(
        actions=actions,
        summary=_path(environment, "GITHUB_STEP_SUMMARY") if actions else None,
        output=_path(environment, "GITHUB_OUTPUT") if actions or classroom50 else None,
        classroom50=classroom50,
        gradescope=gradescope,
        workspace=_path(environment, "GITHUB_WORKSPACE") if actions else None,
        student=_people(gradescope) if gradescope else student,
        slug=environment["ASSIGNMENT"] if classroom50 else "",
    )


def identity(environment: Mapping[str, str]) -> Identity:
    """Whose submission a Classroom 50 runner grades. Raises UsageError where the environment does not say it."""
    needed = (*_CLASSROOM50, "COMMIT_URL", "RELEASE_URL")
    if missing := [name for name in needed if not environment.get(name)]:
        raise UsageError(text("ci_no_identity", names=", ".join(missing)))
    owner = environment.get("OWNER") or environment.get("USERNAME")
    if not owner:
        raise UsageError(text("ci_no_identity", names="OWNER"))
    if not environment["SUBMISSION_TAG"].startswith("submit/"):
        raise UsageError(text("ci_bad_tag", tag=environment["SUBMISSION_TAG"]))
    return Identity(
        classroom=environment["CLASSROOM"],
        assignment=environment["ASSIGNMENT"],
        submission=environment["SUBMISSION_TAG"],
        owner=owner,
        commit=environment["COMMIT_URL"],
        release=environment["RELEASE_URL"],
        review=environment.get("REVIEW_URL") or environment["COMMIT_URL"],
        assignment_type=environment.get("ASSIGNMENT_TYPE") or "individual",
    )


def _path(environment: Mapping[str, str], name: str) -> Path | None:
    return Path(environment[name]) if environment.get(name) else None


def _people(root: Path) -> str:
    """The names in Gradescope's metadata; its file grows new parts now and then, so nothing in it is relied on."""
    try:
        metadata: Any = json.loads((root / "submission_metadata.json").read_text(encoding="utf-8"))
        return ", ".join(str(user["name"]) for user in metadata["users"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""

"""A student's page and the class's: each one file that needs nothing else, made from reports alone.

Everything that came from a student is escaped, and a content security policy forbids all but our own style and script, so
that even a mistake in escaping would run nothing and ask nobody.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib import resources
from itertools import groupby
from typing import Any
from urllib.parse import quote

import jinja2
from markupsafe import Markup

from grader.model import CheckResult, Pair, Report
from grader.reports.figures import figure, scale
from grader.reports.gauges import histogram, share, swatch
from grader.reports.overview import alphabetical, overview
from grader.reports.words import rich
from grader.text import text

MARKS = {"passed": "✓", "partial": "◐", "failed": "✗", "crashed": "✗", "limit": "◷", "skipped": "–", "fault": "!"}
INDEX = "index.html"
_LONGEST = 200  # bytes of a file's name, of the 255 that there are
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


@dataclass(frozen=True)
class Names:
    """What reports do not say: the course's title, and each assignment's by id, in the course's order; in `language`."""

    language: str
    course: str
    assignments: Mapping[str, str]

    def title(self, assignment: str) -> str:
        """The title of an assignment; its id where it has left the course."""
        return self.assignments.get(assignment, assignment)

    def plain(self, assignment: str) -> str:
        """The same where there is no markup: in an attribute."""
        return self.title(assignment).replace("`", "")

    def ordered(self, reports: Sequence[Report]) -> list[Report]:
        """Reports by student, and in the course's order."""
        places = {name: i for i, name in enumerate(self.assignments)}
        return sorted(reports, key=lambda r: (alphabetical(r.student), places.get(r.assignment, len(places)), r.assignment))


def student_page(reports: Sequence[Report], names: Names, layers: Sequence[str]) -> str:
    """The page of one student.

    Args:
        reports: all of that student, at least one.
        names: the course's words.
        layers: the confinement that this grader offers where the machine does.
    """
    ordered = names.ordered(reports)
    return _render(
        "student.html.j2",
        names.language,
        names=names,
        layers=layers,
        reports=ordered,
        student=ordered[0].student,
        score=sum(report.counts or 0.0 for report in ordered),
        max_score=sum(report.max_score for report in ordered),
        repeated=_repeated(ordered),
    )


def class_page(reports: Sequence[Report], names: Names, layers: Sequence[str]) -> str:
    """The page of the class, made as `student_page` is."""
    ordered = names.ordered(reports)
    view = overview(ordered, list(names.assignments), layers)
    return _render("class.html.j2", names.language, names=names, reports=ordered, view=view)


def similarity_page(pairs: Sequence[Pair], names: Names) -> str:
    """Pairs of submissions side by side, for a person to judge; sorted by assignment."""
    groups = [(name, list(group)) for name, group in groupby(pairs, key=lambda pair: pair.assignment)]
    return _render("similarity.html.j2", names.language, names=names, groups=groups)


def page_name(student: str) -> str:
    """The file of a student's page; no two students share one, and none has the class's."""
    base = f"{student}_" if student.casefold().rstrip("_") == "index" else student
    if len(base.encode("utf-8", "surrogateescape")) > _LONGEST:
        base = f"{student[:40]}~{hashlib.sha256(student.encode('utf-8', 'surrogateescape')).hexdigest()[:16]}"
    return f"{base}.html"


def _repeated(reports: Sequence[Report]) -> set[tuple[str, str]]:
    """The checks (assignment, name) that say the same as the one before."""
    found = set()
    for report in reports:
        for _, group in groupby(report.checks, key=lambda check: check.message):
            found |= {(report.assignment, check.name) for check in list(group)[1:] if check.message and not check.pictures}
    return found


def _render(template: str, language: str, **values: Any) -> str:
    say = partial(_say, language)
    return _environment().get_template(template).render(language=language, say=say, scale=scale(language), **values)


def _say(language: str, key: str, **values: object) -> str:
    return text(key, **values).say(language)


@cache
def _environment() -> jinja2.Environment:
    loader = jinja2.FunctionLoader(lambda name: _asset(name))
    environment = jinja2.Environment(
        loader=loader, autoescape=True, finalize=_visible, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip
    environment.filters |= {
        "rich": rich,
        "picture": figure,
        "points": _points,
        "place": _place,
        "page": lambda student: quote(page_name(student), errors="surrogateescape"),
    }
    environment.globals |= {"marks": MARKS, "share": share, "swatch": swatch, "histogram": histogram, "quarter": _quarter}
    for kind, name in (("style", "style.css"), ("script", "class.js")):
        content = _asset(name)
        environment.globals |= {kind: Markup(content), f"{kind}_hash": _hash(content)}
    return environment


def _visible(value: object) -> object:
    """What a page shows of a value: no character that turns the text around it, hides in it, or has no encoding."""
    if not isinstance(value, str):
        return value
    shown = _UNSEEN.sub("\N{REPLACEMENT CHARACTER}", value)
    return Markup(shown) if isinstance(value, Markup) else shown


def _asset(name: str) -> str:
    return resources.files("grader.reports").joinpath("templates", name).read_text(encoding="utf-8")


def _hash(content: str) -> str:
    """How a content security policy names what it allows."""
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()


def _points(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"


def _quarter(score: float, max_score: float) -> int:
    """0 for less than a quarter of the points, up to 4 for all of them."""
    return int(4 * score / (max_score or 1.0) + 1e-9)


def _place(check: CheckResult, language: str) -> str:
    """`network.py, line 12`."""
    assert check.location is not None
    key = "line_of_cell" if check.location.cell else "line"
    return f"{check.location.file}, {text(key, line=check.location.line, cell=check.location.cell).say(language)}"

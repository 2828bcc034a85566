"""JUnit XML, in the dialect that GitLab, Jenkins and GitHub actions read.

Source: docs.gitlab.com "Unit test reports", pytest's junitxml.py (family xunit1, the one with file and line). JUnit has no points:
`score` and `max_score` are properties of each test.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from xml.etree import ElementTree

from grader.model import CheckResult, Report
from grader.reports.github import Place, position
from grader.reports.rows import Row, explanation, rows

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # in XML 1.0


def document(reports: Sequence[Report], places: Mapping[str, Place]) -> str:
    """One suite for each report, one test for each check."""
    root = ElementTree.Element("testsuites", name="grader", time=_seconds(sum(report.duration_s for report in reports)))
    for report in reports:
        counts = [_kind(check) for check in report.checks]
        suite = ElementTree.SubElement(
            root, "testsuite", name=report.assignment, tests=str(len(counts)), failures=str(counts.count("failure")),
            errors=str(counts.count("error")), skipped=str(counts.count("skipped")), time=_seconds(report.duration_s),
            timestamp=report.started,
        )  # fmt: skip
        for row in rows([report]):
            suite.append(_case(row, places.get(report.assignment)))
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _case(row: Row, where: Place | None) -> ElementTree.Element:
    check, report = row.check, row.report
    path, line = position(check, where)
    case = ElementTree.Element("testcase", classname=report.assignment, name=_legal(row.name), time=_seconds(check.duration_s))
    if path:
        case.set("file", _legal(path))
        case.set("line", str(line or 1))
    properties = ElementTree.SubElement(case, "properties")
    numbers = {"score": check.points, "max_score": check.max_points}
    for name, value in {"check": check.name, **{name: f"{value:g}" for name, value in numbers.items() if value is not None}}.items():
        ElementTree.SubElement(properties, "property", name=name, value=value)
    if kind := _kind(check):
        first = _legal(check.message.partition("\n")[0])
        told = ElementTree.SubElement(case, kind, type=check.outcome, message=first)
        told.text = _legal(explanation(check, report.language))
    return case


def _kind(check: CheckResult) -> str:
    """The element that says what became of a check; none when it passed."""
    return {"passed": "", "skipped": "skipped", "fault": "error"}.get(check.outcome, "failure")


def _legal(value: str) -> str:
    return _ILLEGAL.sub("�", value)


def _seconds(value: float) -> str:
    return f"{value:.3f}"

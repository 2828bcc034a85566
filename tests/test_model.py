"""The report is what docs/report.schema.json says, and comes back from JSON as it was."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema

from grader.model import CheckResult, Location, Report, from_json, schema, to_json

PUBLISHED = Path(__file__).parents[1] / "docs" / "report.schema.json"
CHECK = CheckResult("a", "A", "values", "public", "failed", 0.0, 10.0, "wrong", location=Location("x.py", 3), details={"got": 1.5})
REPORT = Report(
    1, "ana", "neuron", "graded", 0.0, 10.0, ["landlock"], "ab", "0.1.0", "c", "d", "2026-01-01T00:00:00+00:00", 0.1, "es", [CHECK]
)


def test_the_published_schema_is_that_of_the_code():
    assert json.loads(PUBLISHED.read_text(encoding="utf-8")) == schema()


def test_a_report_follows_the_schema_and_survives_the_journey():
    raw = to_json(REPORT)
    jsonschema.validate(json.loads(raw), schema())
    assert from_json(raw) == REPORT

"""Each platform's file as the platform itself reads it: its own code, its schema, or a reader written to its rules."""

from __future__ import annotations

import base64
import importlib.util
import json
import os
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from shutil import which
from xml.etree import ElementTree

import jsonschema
import pytest
import xmlschema

from grader.reports import classroom, classroom50, github, gradescope, junit, markdown
from grader.reports.classroom50 import Identity
from grader.reports.github import Annotation, Place
from grader.sandbox.limits import LAYERS
from tests.consumers import consumer
from tests.made_reports import NASTY, faulty, made_check, made_report, partial

SCHEMA = json.loads((Path(__file__).parent / "formats" / "classroom50-result-v1.schema.json").read_text())
IDENTITY = Identity("class", "square", "submit/20261122T100000Z-abc1234", "ana", "https://c", "https://r", "https://v")
NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
SOURCE = "import math\n\n\ndef square(x):\n    return x\n\n\nclass RNN:\n    def forward(self):\n        pass\n"


# GitHub Classroom


def reporter(*payloads: str) -> subprocess.CompletedProcess[str]:
    """What the grading reporter makes of the results of one or more runners."""
    node = which("node")
    if node is None:
        pytest.skip("node is not installed")
    main = consumer("classroom-resources/autograding-grading-reporter", "dist/main.js")
    names = [f"grade{number}" for number in range(len(payloads))]
    environment = {"PATH": os.environ["PATH"], "INPUT_RUNNERS": ",".join(names), "INPUT_TOKEN": "none"}
    environment |= {f"{name.upper()}_RESULTS": payload for name, payload in zip(names, payloads, strict=True)}
    return subprocess.run([node, str(main)], env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_the_grading_reporter_adds_up_partial_points():
    done = reporter(classroom.encoded([partial()], "en"))
    assert "title=Autograding complete::Points 20.9/100" in done.stdout
    assert '{"totalPoints":20.9,"maxPoints":100}' in done.stdout
    assert "Some tests failed." in done.stdout


def test_the_grading_reporter_is_content_with_full_marks_and_adds_several_runners():
    full = classroom.encoded([made_report(made_check(), made_check("second", points=40.0, of=40.0))], "en")
    done = reporter(full, full)
    assert done.returncode == 0, done.stdout
    assert "Points 200/200" in done.stdout


def test_the_grading_reporter_announces_no_points_for_our_fault_nor_where_nothing_was_begun():
    for payload in (classroom.encoded([faulty()], "en"), classroom.encoded([], "es")):
        done = reporter(payload)
        assert done.returncode == 1
        assert "Points" not in done.stdout


def test_nothing_of_a_student_starts_a_line_of_the_reporters_log():
    done = reporter(classroom.encoded([partial()], "en"))
    assert not re.search(r"(?m)^\s*::(?!error::Some|notice title=Autograding)", done.stdout)


def test_the_classroom_result_is_one_line_of_base64_and_no_zero_for_a_fault():
    line = classroom.encoded([faulty()], "en")
    found = json.loads(base64.b64decode(line, validate=True))
    assert "\n" not in line
    assert found["status"] == "error"
    assert "max_score" not in found


@pytest.mark.parametrize("points", [[9.6, 7.2, 4.1], [0.1] * 10, [33.33, 33.33, 33.34], [1.1, 2.2, 3.3, 60.0]])
def test_points_add_up_to_two_decimals_one_after_another(points):
    report = made_report(*(made_check(f"c{i}", "partial", p, 100.0) for i, p in enumerate(points)))
    total = 0.0
    for test in classroom.result([report], "en")["tests"]:
        total += test["score"]
    assert total == report.score


# Classroom 50


def test_classroom50_results_follow_its_schema_and_are_whole_numbers():
    found = classroom50.result([partial(), made_report(made_check(), assignment="other")], IDENTITY, NOW)
    jsonschema.validate(found, SCHEMA, cls=jsonschema.Draft202012Validator)
    assert (found["score"], found["max-score"]) == (2090 + 6000, 10000 + 6000)
    assert found["datetime"] == "2026-11-22T10:00:00Z"
    assert all(0 <= test["score"] <= test["max-score"] for test in found["tests"])
    assert len({test["test-name"] for test in found["tests"]}) == 6


def test_classroom50s_collector_takes_the_result():
    """Its own code: whole numbers, the identity of the repository, no score above its maximum."""
    path = consumer("foundation50/classroom50", "cli/gh-teacher/skeleton/dotgithub/scripts/collect_scores.py")
    spec = importlib.util.spec_from_file_location("collect_scores", path)
    collector = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(collector)
    found = json.loads(json.dumps(classroom50.result([partial()], IDENTITY, NOW)))
    collector.validate_result(found, "class", "square", "ana", is_group=False)
    with pytest.raises(ValueError, match="score"):
        collector.validate_result({**found, "score": 20.9}, "class", "square", "ana", is_group=False)


def test_classroom50_never_rounds_up_to_full_marks():
    found = classroom50.result([made_report(made_check("a", "partial", 59.999, 60.0))], IDENTITY, NOW)
    (test,) = found["tests"]
    assert (test["passed"], test["score"], test["max-score"]) == (False, 5999, 6000)


def test_the_schema_refuses_what_is_not_a_result():
    """The positive control of the test above."""
    whole = classroom50.result([partial()], IDENTITY, NOW)
    for wrong in ({**whole, "score": 20.9}, {**whole, "more": 1}, {**whole, "submission": "v1"}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, SCHEMA)


@pytest.mark.parametrize(("reports", "status"), [([partial()], "failure"), ([faulty()], "error"), ([made_report(made_check())], "success")])
def test_classroom50_status(reports, status):
    assert classroom50.status(reports) == status


# Gradescope


def test_gradescope_results_follow_its_specification():
    found = json.loads(json.dumps(gradescope.results([partial()], "en")))
    assert found["score"] == 20.9
    assert {"visibility": found["visibility"], "stdout": found["stdout_visibility"]} == {"visibility": "visible", "stdout": "hidden"}
    allowed = {"score", "max_score", "status", "name", "number", "output", "tags", "visibility", "extra_data"}
    for test in found["tests"]:
        assert test.keys() <= allowed
        assert test["status"] in ("passed", "failed")
        assert isinstance(test["score"], float | int) and test["score"] <= test["max_score"]
    assert [test["visibility"] for test in found["tests"]] == ["visible"] * 3 + ["after_published"] + ["visible"]
    assert found["tests"][0]["output"] == "nearly\nHint: think"


def test_an_unfinished_gradescope_result_says_what_is_missing():
    found = gradescope.unfinished([partial()], ["rnn_cell"], "en")
    assert "rnn_cell is missing" in found["output"]
    assert gradescope.unfinished([], ["square"], "es")["score"] == 0


# JUnit


def document(*reports) -> ElementTree.Element:
    return ElementTree.fromstring(junit.document(reports, {"square": Place("work/square.py", SOURCE)}).encode())


def test_junit_holds_each_check_once_with_its_place_and_points():
    root = document(partial(), made_report(made_check(), assignment="other"))
    cases = root.findall("testsuite/testcase")
    assert len({(case.get("classname"), case.get("name")) for case in cases}) == len(cases) == 6
    third = cases[2]
    assert (third.get("file"), third.get("line")) == ("work/square.py", "3")
    assert {p.get("name"): p.get("value") for p in third.iter("property")} == {"check": "c", "score": "4.1", "max_score": "10"}
    assert "bell �, null �, <b>&" in (third.findtext("failure") or "")
    (suite, _) = root.findall("testsuite")
    assert [suite.get(name) for name in ("tests", "failures", "errors", "skipped")] == ["5", "3", "0", "1"]


def test_our_fault_is_an_error_not_a_failure():
    (suite,) = document(faulty()).findall("testsuite")
    assert (suite.get("failures"), suite.get("errors")) == ("0", "1")
    assert suite.find("testcase/error") is not None


def test_junit_is_valid_for_jenkins():
    """Its schema knows neither the file and line that GitLab shows nor the properties of a test: those are taken off first."""
    xsd = consumer("jenkinsci/xunit-plugin", "src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd/junit-10.xsd")
    schema = xmlschema.XMLSchema(str(xsd))
    root = document(partial(), faulty(assignment="other"))
    assert not schema.is_valid(root)  # the control: it does look at attributes
    for case in root.iter("testcase"):
        case.attrib.pop("file", None)
        case.attrib.pop("line", None)
        for properties in case.findall("properties"):
            case.remove(properties)
    schema.validate(root)


# GitHub Actions


def command(line: str) -> tuple[str, dict[str, str], str]:
    """A workflow command read by the rules of its documentation: level, properties, message."""
    assert "\n" not in line and "\r" not in line
    match = re.fullmatch(r"::(\w+)(?: ([^:]*))?::(.*)", line)
    assert match, line

    def plain(value: str) -> str:
        for code, letter in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
            value = value.replace(code, letter)
        return value

    pairs = (pair.partition("=") for pair in (match[2] or "").split(",") if pair)
    return match[1], {name: plain(value) for name, _, value in pairs}, plain(match[3])


@pytest.mark.parametrize("words", [NASTY, "a,b:c%3A%", "\r\n::set-output name=x::y", "100 %"])
def test_an_annotation_comes_back_as_it_went(words):
    level, properties, message = command(Annotation("error", words, words, "a,b:c.py", 7).command())
    assert (level, message) == ("error", words)
    assert properties == {"file": "a,b:c.py", "line": "7", "title": words}


def test_annotations_stay_within_what_a_step_shows_and_say_how_many_more_there_are():
    checks = [made_check(f"c{i}", "failed", 0.0, 1.0, message=f"m{i}") for i in range(14)]
    checks += [made_check(f"p{i}", "partial", 0.5, 1.0, message=f"n{i}") for i in range(12)]
    shown = github.remarks([made_report(*checks)], {}, "en")
    assert [sum(a.level == level for a in shown) for level in ("error", "warning", "notice")] == [10, 10, 1]
    assert "6 more remarks" in shown[-1].message


@pytest.mark.parametrize(
    ("check", "where"),
    [
        (made_check(location=None, message="`square` is wrong"), ("work/square.py", 4)),
        (made_check(title="`RNN.forward` is right"), ("work/square.py", 9)),
        (made_check(title="no name here"), ("work/square.py", 0)),
        (made_check("x", "fault", None, message="ours"), ("", 0)),
    ],
)
def test_annotations_are_on_the_line_that_is_meant(check, where):
    assert github.position(check, Place("work/square.py", SOURCE)) == where


def test_the_summary_lets_nothing_of_a_student_be_formatted():
    nasty = made_report(made_check("a", "failed", 0.0, message="<img src=x> [a](http://b) @team |x| # h ``` ![p](q)"), notes=["<script>"])
    words = markdown.summary([nasty], {"square": "S"}, LAYERS, "en")
    assert "<img" not in words and "<script" not in words
    assert "[a](" not in words and "@team" not in words and "http://" not in words


def test_the_summary_is_cut_before_github_refuses_it():
    long = made_report(*(made_check(f"c{i}", "failed", 0.0, message="é" * 5000 + str(i)) for i in range(300)))
    words = markdown.summary([long], {}, LAYERS, "es")
    assert len(words.encode()) <= markdown.MOST < 1 << 20
    assert words.rstrip().endswith("cortado aquí.")

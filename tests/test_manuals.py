"""docs/gradebook and docs/scale are followed to the letter, and with docs/security and docs/submissions say the same in both languages."""

from __future__ import annotations

import inspect
import os
import re
import sqlite3
from contextlib import closing

import pytest
import yaml

from grader import schema
from grader.files import LimitsFile
from grader.gradebook import Gradebook, Handed
from grader.sandbox import channel, confine, nodes, scratch, supervisor, wire
from grader.sandbox.limits import LAYERS, OUTPUT_BYTES
from tests.documents import ROOT, asked, blocks, follow, small_class
from tests.sample_class import class_of

BOTH = ["gradebook", "scale", "security", "submissions"]


@pytest.fixture
def course(tmp_path):
    return small_class(tmp_path / "course")


def text_of(page):
    return (ROOT / "docs" / page).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", BOTH)
def test_both_languages_have_the_same_parts_names_and_numbers(name):
    spanish, english = text_of(f"{name}.md"), text_of(f"{name}.en.md")
    for part in (r"(?m)^#+ ", r"(?m)^\|", r"(?m)^```\w*", r"(?m)^\d\. ", r"(?m)^- ", r"\n\n"):
        assert len(re.findall(part, spanish)) == len(re.findall(part, english)), part
    assert names(spanish) == names(english)
    assert numbers(spanish) == numbers(english)


def names(words):
    """Options (languages have to be asked for in one of them alone), and names of files, columns and keys."""
    words = re.sub(r" --lang \w\w", "", words).replace("`notas/", "`grades/")
    return set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", words)) | set(re.findall(r"`([a-z_]+(?:[./][\w./]+)+)`", words))


def numbers(words):
    """Every number outside of blocks that a program says, in either language's way to write thousands."""
    told = re.sub(r"(?s)```.*?```", "", words)
    plain = re.sub(r"(?<=\d)[ ,\u00a0\u202f](?=\d{3}\b)", "", told)
    return sorted(re.findall(r"\d+(?:\.\d+)?", plain))


@pytest.mark.parametrize("page", ["gradebook.md", "gradebook.en.md"])
def test_what_the_gradebooks_page_says_happens(course, tmp_path, page):
    assert follow(page, course, tmp_path / "tools") == 9


@pytest.mark.parametrize("page", ["gradebook.md", "gradebook.en.md"])
def test_every_table_and_column_is_described(page):
    described = {
        table: set(re.findall(r"`([a-z_]+)`", cells)) for table, cells in re.findall(r"(?m)^\| `(\w+)` \|[^|]*\|(.*)\|$", text_of(page))
    }
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        schema.migrate(db, "memory")
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        columns = {table: {row[1] for row in db.execute(f"PRAGMA table_info({table})")} for table in tables}
    assert {table: described[table] & columns[table] for table in tables} == columns


@pytest.fixture(scope="module")
def school(tmp_path_factory):
    """A folder with the gradebook of a class in which everything has happened that can be asked about."""
    folder = tmp_path_factory.mktemp("school")
    with Gradebook(folder / "grades") as book:
        for report in class_of("en"):
            book.store(report, Handed(report.student, report.assignment, report.submission_digest), "key")
            book.store(report, Handed(report.student, report.assignment, "another"), "key")
        book.adjust("ana", "net", 1.0, "a reason")
    return folder


@pytest.mark.parametrize("page", ["gradebook.md", "gradebook.en.md"])
def test_every_question_has_an_answer(school, page):
    questions = [content for _, _, language, content in blocks(page) if language == "sql" and content.startswith("SELECT")]
    assert len(questions) == 9
    assert [question for question in questions if not asked(question, school)] == []


SBATCH = """#!/bin/sh
# Slurm on one machine: `sbatch --wait SCRIPT` runs the script once for each number of its array.
count=$(sed -n 's/^#SBATCH --array=1-//p' "$2")
for number in $(seq "$count"); do
    SLURM_ARRAY_TASK_ID=$number SLURM_ARRAY_TASK_COUNT=$count SLURM_CPUS_PER_TASK=1 bash -e "$2" || exit
done
"""


@pytest.mark.parametrize("page", ["scale.md", "scale.en.md"])
def test_what_the_page_on_scale_says_happens(course, tmp_path, monkeypatch, page):
    pytest.importorskip("distributed", reason="the extra `dask` is not installed")
    cluster = tmp_path / "cluster"
    cluster.mkdir()
    (cluster / "sbatch").write_text(SBATCH)
    (cluster / "sbatch").chmod(0o755)
    monkeypatch.setenv("PATH", str(cluster), prepend=os.pathsep)
    assert follow(page, course, tmp_path / "tools") == 5
    matrix = yaml.safe_load((course / "grade-in-parts.yml").read_text())
    parts = matrix["jobs"]["grade"]["strategy"]["matrix"]["part"]
    (told,) = re.findall(r"--shard \$\{\{ matrix.part \}\}/(\d+)", (course / "grade-in-parts.yml").read_text())
    assert parts == list(range(1, int(told) + 1))


@pytest.mark.parametrize("page", ["scale.md", "scale.en.md"])
def test_the_queues_settings_are_settings(page):
    jobqueue = pytest.importorskip("dask_jobqueue", reason="the extra `dask` is not installed")
    (content,) = [content for _, value, _, content in blocks(page) if value == "jobqueue.yaml"]
    settings = yaml.safe_load(content)["jobqueue"]["slurm"]
    known = {name for base in jobqueue.SLURMCluster.job_cls.__mro__[:-1] for name in inspect.signature(base.__init__).parameters}
    assert settings.keys() <= known
    assert settings["processes"] == settings["cores"]


def spoken(seconds):
    """A time as the table of costs says it."""
    if seconds < 1:
        return "<1 s"
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.0f} h"


@pytest.mark.parametrize("page", ["scale.md", "scale.en.md"])
def test_costs_follow_from_the_measured_rates(page):
    table = re.search(r"<!-- measured:.*?-->\n\n(.*?)\n\n", text_of(page), re.DOTALL)[1]
    head, _, measured, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
    rates = [float(cell.removesuffix(" s")) for cell in measured[1:] if cell]
    cores = [int(re.search(r"\d+", cell)[0]) for cell in head[1:4]]
    assert measured[0] == "1"
    for number, *cells in rows:
        count = int(re.sub(r"\D", "", number))
        assert cells == [spoken(rate * count / core) for rate in rates for core in cores], number


@pytest.mark.parametrize("page", ["security.md", "security.en.md"])
def test_limits_that_the_page_on_security_names_are_those_in_force(page):
    told, limits = re.sub(r"(?<=\d) (?=\d{3})", "", text_of(page)), LimitsFile()
    said = {
        "MiB": {
            OUTPUT_BYTES >> 20,
            supervisor._SCRATCH_BYTES >> 20,
            nodes.MAX_ARRAYS >> 20,
            wire.MAX_META >> 20,
            limits.memory_mib,
        },
        "s": {limits.call_s, limits.check_s, limits.load_s},
        "ms": {channel.TICK_S * 1000},
    }
    assert {unit: set(map(float, re.findall(rf"(\d+) {unit}\b", told))) for unit in said} == said
    found = [int(number) for number in re.findall(r"\b\d+\b", told)]
    assert {confine.OPEN_FILES, scratch.MAX_FILES, scratch.MAX_DEPTH, nodes.MAX_DEPTH, 64_242} <= set(found)
    assert all(f"| `{layer}` |" in told for layer in LAYERS)


@pytest.mark.parametrize("page", ["security.md", "security.en.md"])
def test_ten_groups_of_attacks_meet_something_that_is_tested(page):
    rows = re.findall(r"(?m)^\|.*\| ((?:`tests/[\w/]+\.py`(?:, )?)+) \|$", text_of(page))
    assert len(rows) == 10


@pytest.mark.parametrize(
    "page", [*(f"docs/{name}{ending}.md" for name in BOTH for ending in ("", ".en")), "SECURITY.md", "README.md", "README.es.md"]
)
def test_every_file_and_part_that_is_named_exists(page):
    words = (ROOT / page).read_text(encoding="utf-8")
    for name in re.findall(r"`((?:grader|tests|docs|templates)/[\w./-]+)`", words):
        assert (ROOT / name).exists(), name
    for link, part in re.findall(r"\]\((?!https?:)([\w./]*)(#[\w-]+)?\)", words):
        target = (ROOT / page).parent / link if link else ROOT / page
        assert target.exists(), link
        assert not part or part[1:] in {anchor(head) for head in re.findall(r"(?m)^#+ (.*)", target.read_text(encoding="utf-8"))}, part


def anchor(heading):
    """What GitHub calls a heading in links."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")

"""What docs/ci and docs/export say is so: files, options and class lists that they name exist, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from grader.cli import main
from grader.export import people

ROOT = Path(__file__).parents[1]
PAIRS = ["ci", "export"]
PAGES = [ROOT / "docs" / f"{name}{ending}.md" for name in PAIRS for ending in ("", ".en")]


@pytest.mark.parametrize("name", PAIRS)
def test_both_languages_have_the_same_parts(name):
    spanish, english = ((ROOT / "docs" / f"{name}{ending}.md").read_text() for ending in ("", ".en"))
    for part in (r"(?m)^#+ ", r"(?m)^\|", r"(?m)^```", r"(?m)^\d\. ", r"(?m)^- "):
        assert len(re.findall(part, spanish)) == len(re.findall(part, english)), part
    assert set(re.findall(r"`(--?[a-z-]+)", spanish)) == set(re.findall(r"`(--?[a-z-]+)", english))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_and_options_that_a_page_names_exist(page):
    words = page.read_text()
    for name in re.findall(r"`((?:templates|tests|docs)/[\w./-]+)`", words) + [
        f"docs/{link}" for link in re.findall(r"\]\(([\w.]+\.md)\)", words)
    ]:
        assert (ROOT / name).is_file(), name
    known = {
        option for command in ("ci", "export", "grade", "release") for p in main.get_command(None, command).params for option in p.opts
    }
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", words)) <= known


@pytest.mark.parametrize("page", PAGES[2:], ids=lambda page: page.name)
def test_the_class_list_of_the_page_is_understood(page, tmp_path):
    (listed,) = re.findall(r"(?m)^```\n(\w[^`]*Beltrán[^`]*)```", page.read_text())
    (tmp_path / "list.csv").write_text(listed)
    who = people.load(tmp_path / "list.csv").of("ana-gh")
    assert (who.emails, who.names, who.numbers) == (("ana@uni.es",), ("Ana Beltrán",), ("u101",))

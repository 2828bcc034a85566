"""Both languages say the same: every message that the code names exists in both, with the same values."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

from grader.text import LANGUAGES, catalogue, literal, text

ROOT = Path(__file__).parents[1] / "grader"


def fields(template: str) -> set[str]:
    return {name.split(".")[0].split("[")[0] for _, name, _, _ in Formatter().parse(template) if name}


def test_both_languages_have_the_same_messages():
    assert catalogue("es").keys() == catalogue("en").keys()


@pytest.mark.parametrize("key", sorted(catalogue("es")))
def test_both_languages_are_filled_with_the_same_values(key):
    assert fields(catalogue("es")[key]) == fields(catalogue("en")[key])


def test_every_message_that_the_code_names_exists():
    named = {key for path in ROOT.rglob("*.py") for key in re.findall(r'\btext\(\s*"([a-z_0-9]+)"', path.read_text(encoding="utf-8"))}
    assert named - catalogue("en").keys() == set()


def test_no_message_is_unused():
    code = "\n".join(path.read_text(encoding="utf-8") for path in ROOT.rglob("*") if path.suffix in (".py", ".j2"))
    built = ("word", "help", "release", "layer", "note", "type", "wrong", "problem", "cause", "layout")  # their names are put together
    built += ("click", "errno", "unsendable")  # in `language`, `errors` and `trouble`
    built += ("concern", "line", "counted", "role", "axis", "legend", "graded", "live", "regrade", "why")  # in pages
    assert [key for key in catalogue("en") if not re.search(f"[\"']{key}[\"']", code) and key.partition("_")[0] not in built] == []


def test_a_text_may_hold_a_text_and_speaks_the_language_asked():
    inner = literal(es="seis", en="six")
    message = text("said", message=inner)
    assert [message.say(language) for language in LANGUAGES] == ["Dice: seis", "It says: six"]


def test_words_of_an_author_may_hold_braces():
    assert literal(es="{0, 1}", en="{0, 1}").say("es") == "{0, 1}"

"""Messages in the student's language: one catalogue, filled in when a report is written.

Code names a message and its values, `text("wrong_shape", name="dW1", got="(3, 2)", expected="(2, 3)")`; the words are in
`grader/locale/*.<language>.yaml`. What an author writes beside a check in both languages is a `literal`.
"""

import os
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal, get_args

import msgspec

Language = Literal["es", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


def environment_language() -> Language:
    """The language of the environment: GRADER_LANG, then the locale, Spanish unless it says English."""
    asked = next((os.environ[name] for name in ("GRADER_LANG", "LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "es")
    return "en" if asked.lower().startswith("en") else "es"


@dataclass(frozen=True)
class Text:
    """One message: its key in the catalogue (or its words in both languages) and the values it is filled with."""

    key: str
    values: dict[str, object] = field(default_factory=dict)
    words: dict[str, str] | None = None

    def say(self, language: str) -> str:
        """The message in `language` (es, en)."""
        template = self.words[language] if self.words else catalogue(language)[self.key]
        values = {name: _inner(value, language) for name, value in self.values.items()}
        return template.format(**values) if values else template


def text(key: str, /, **values: object) -> Text:
    """The message `key` of the catalogue, to be filled with `values` (a value may be a Text itself)."""
    return Text(key, values)


def literal(*, es: str, en: str) -> Text:
    """Words that are not in the catalogue, because the author of a check wrote them beside it."""
    return Text("literal", words={"es": es, "en": en})


def _inner(value: object, language: str) -> object:
    return value.say(language) if isinstance(value, Text) else value


@cache
def catalogue(language: str) -> dict[str, str]:
    """Every message of one language: key -> `str.format` template."""
    messages: dict[str, str] = {}
    for path in sorted((Path(__file__).parent / "locale").glob(f"*.{language}.yaml")):
        messages |= msgspec.yaml.decode(path.read_bytes(), type=dict[str, str])
    return messages

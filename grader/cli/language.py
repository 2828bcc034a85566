"""The language that the command line speaks, `--help` and click's own words included: --lang, course.yaml, the environment.

click says everything in English, through gettext. Its words are in the catalogue like ours (`click.<language>.yaml`, found by what
they are in English), and `in_language` gives each command the help that is written there.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import TypeVar

import click

from grader.course import Course
from grader.errors import UsageError
from grader.text import LANGUAGES, Language, catalogue, environment_language

_SPOKEN: ContextVar[Language] = ContextVar("spoken")  # during one run of `main`
_WORDY = (click.core, click.decorators, click.exceptions, click.formatting, click.parser, click.types)

_Command = TypeVar("_Command", bound=click.Command)


def spoken() -> Language:
    """The language of what is said before a command has its course, and of what is said about that."""
    return _SPOKEN.get(None) or environment_language()


@contextmanager
def speaking(arguments: Sequence[str]) -> Iterator[None]:
    """Speak the language that a command line asks for, click too."""
    for module in _WORDY:  # gettext itself would want compiled files in a folder, and a language that never changes
        vars(module).update(_=_translated, ngettext=_translated_many)
    token = _SPOKEN.set(_asked(arguments))
    try:
        yield
    finally:
        _SPOKEN.reset(token)


def in_language(command: _Command) -> _Command:
    """A copy of a command with its help, which until now is keys of the catalogue, in the spoken language."""
    worded = copy.copy(command)
    worded.help = worded.short_help = _help(command.help)  # whole in the list of commands too
    worded.options_metavar = _translated(command.options_metavar or "")
    if isinstance(worded, click.Group):
        worded.subcommand_metavar = _translated(worded.subcommand_metavar)
    worded.params = [_parameter(parameter) for parameter in command.params]
    return worded


def _parameter(parameter: click.Parameter) -> click.Parameter:
    worded = copy.copy(parameter)
    worded.type = copy.copy(parameter.type)
    worded.type.name = _translated(parameter.type.name)
    if isinstance(worded, click.Option):
        worded.help = _help(worded.help)
    elif worded.metavar is None and worded.required and worded.name:
        worded.metavar = worded.name.upper()
    worded.metavar = worded.metavar and _translated(worded.metavar)
    return worded


def _help(key: str | None) -> str | None:
    return catalogue(spoken()).get(key, key) if key else key


def _asked(arguments: Sequence[str]) -> Language:
    """--lang; else the course's language; else the environment's."""
    lang, folder = _value(arguments, "--lang"), _value(arguments, "--course")
    for language in LANGUAGES:
        if lang == language:
            return language
    with suppress(UsageError, OSError):  # of a broken course the command itself will tell
        return (Course.load(Path(folder)) if folder else Course.find(Path.cwd())).file.language
    return environment_language()


def _value(arguments: Sequence[str], option: str) -> str | None:
    """What a command line gives an option, before anybody has parsed it."""
    value = None
    for word, following in zip_longest(arguments, arguments[1:]):
        if word == option:
            value = following
        elif word.startswith(f"{option}="):
            value = word.partition("=")[2]
    return value


def _translated(english: str) -> str:
    """Words of click in the spoken language; English where the catalogue does not have them."""
    key = _keys().get(english)
    return catalogue(spoken())[key] if key else english


def _translated_many(one: str, many: str, count: int) -> str:
    return _translated(one if count == 1 else many)


@cache
def _keys() -> dict[str, str]:
    """English words -> their key in the catalogue."""
    return {english: key for key, english in catalogue("en").items() if key.startswith("click_")}

"""The command line: parse, call one function, print, exit. One module for each kind of user; `terminal` has what they share.

A command's module is loaded when the command is asked for: a student's `grader check` waits for nothing that it does not use.
"""

from __future__ import annotations

import difflib
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

import grader
from grader.cli.language import in_language, speaking, spoken
from grader.cli.terminal import help_text
from grader.text import LANGUAGES, text

_HOME = {  # in the order of `grader --help`
    "check": "students", "watch": "students", "list": "students", "hint": "students",
    "grade": "instructors", "report": "instructors", "export": "export",
    "regrade": "gradebook", "adjust": "gradebook", "history": "gradebook", "merge": "gradebook", "similarity": "gradebook",
    "new": "authors", "validate": "authors", "record": "authors", "release": "authors",
    "ci": "ci", "doctor": "machine",
}  # fmt: skip


class _Commands(click.Group):
    """A group whose commands are loaded on first use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_HOME)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _HOME:
            return None
        module = import_module(f"grader.cli.{_HOME[cmd_name]}")
        command: click.Command = next(
            value for value in vars(module).values() if isinstance(value, click.Command) and value.name == cmd_name
        )
        return in_language(command)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """The command asked for; the one that may have been meant, where there is none of that name."""
        name = args[0]
        if name not in _HOME and not name.startswith("-"):
            close = difflib.get_close_matches(name, _HOME, n=1)
            problem = text("command_misspelt", name=name, close=close[0]) if close else text("unknown_command", name=name)
            raise click.UsageError(problem.say(spoken()), ctx)
        return super().resolve_command(ctx, args)

    def main(self, args: Sequence[str] | None = None, *rest: Any, **options: Any) -> Any:
        """Run a command line, in the language that it asks for."""
        words = sys.argv[1:] if args is None else list(args)
        with speaking(words):
            return click.Group.main(in_language(self), words, *rest, **options)


@click.group(cls=_Commands, help=help_text("main"), context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(grader.__version__, help=help_text("version"), message="%(prog)s %(version)s")
@click.option("--lang", type=click.Choice(LANGUAGES), help=help_text("lang"))
@click.pass_context
def main(ctx: click.Context, lang: str | None) -> None:
    """Every command's words are in the catalogue."""
    ctx.default_map = {name: {"lang": lang} for name in _HOME}  # `grader --lang en check` is `grader check --lang en`

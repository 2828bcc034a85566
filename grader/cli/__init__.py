"""The command line: parse, call one function, print, exit. One module for each kind of user; `terminal` has what they share."""

from __future__ import annotations

import click

import grader
from grader.cli import authors, instructors, machine, students
from grader.cli.terminal import help_text

_COMMANDS = (
    students.check, students.list_, students.hint, instructors.grade, instructors.report, authors.validate, authors.record, machine.doctor_,
)  # fmt: skip


@click.group(help=help_text("main"), context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(grader.__version__)
def main() -> None:
    """Every command's words are in the catalogue."""


for _command in _COMMANDS:
    main.add_command(_command)

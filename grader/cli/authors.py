"""What authors of a course ask for: its proof, and the files that are made from others."""

from __future__ import annotations

import os
from pathlib import Path
from typing import get_args

import click
import msgspec

from grader import batch, release, scaffold, validation
from grader.cli.terminal import assignment_of, common, course_in, explained, help_text, output_format, progress, require_reference
from grader.engines import local
from grader.errors import UsageError
from grader.text import text


@click.command(help=help_text("new"))
@click.argument("name", metavar="ID")
@common
def new(name: str, lang: str | None, folder: Path | None) -> None:
    with explained(lang):
        course = course_in(folder)
        language = lang or course.file.language
        require_reference(course, "new")
        for path in scaffold.create(course, name):
            click.echo(text("new_written", path=path).say(language))
        click.echo(text("new_done", name=name).say(language))


@click.command(help=help_text("validate"))
@click.option("--assignment", "only", multiple=True, help=help_text("assignment"))
@click.option("--seeds", type=click.IntRange(1), default=3, show_default=True, help=help_text("seeds"))
@click.option("--jobs", type=click.IntRange(1), default=os.cpu_count() or 1, show_default=True, help=help_text("jobs"))
@output_format
@common
def validate(only: tuple[str, ...], seeds: int, jobs: int, style: str, lang: str | None, folder: Path | None) -> None:
    problems = 0
    with explained(lang):
        course = course_in(folder)
        language = lang or course.file.language
        require_reference(course, "validate")
        assignments = [assignment_of(course, name) for name in only] or list(course.assignments.values())
        with progress(len(assignments) * seeds, language) as advance:
            for proof in local.prove(course.folder, [assignment.id for assignment in assignments], seeds, jobs, advance):
                click.echo(proof.row.say(language) if style == "text" else msgspec.json.encode(proof.summary(language)))
                if style == "text" and course.assignments[proof.assignment].file.draft:
                    least = {"variants": validation.LEAST_VARIANTS, "mistakes": validation.LEAST_MISTAKES}
                    click.echo("  " + text("validate_draft", **least).say(language))
                for problem in proof.problems:
                    click.echo("  " + text("validate_problem", assignment=proof.assignment, problem=problem).say(language), err=True)
                problems += len(proof.problems)
        if not problems and style == "text":
            click.echo(text("validate_ok", assignments=len(assignments), seeds=seeds).say(language))
    raise SystemExit(1 if problems else 0)


@click.command(help=help_text("record"))
@click.argument("names", nargs=-1, metavar="[ID]...")
@common
def record(names: tuple[str, ...], lang: str | None, folder: Path | None) -> None:
    with explained(lang):
        course = course_in(folder)
        require_reference(course, "record")
        for assignment in [assignment_of(course, name) for name in names] or course.assignments.values():
            for path, changed in validation.record(assignment).items():
                click.echo(text("recorded_written" if changed else "recorded_same", path=path).say(lang or course.file.language))


@click.command(name="release", help=help_text("release"))
@click.argument("target", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--grader-requirement", "requirement", metavar="REQ", help=help_text("requirement"))
@click.option("--student", help=help_text("release_student"))
@output_format
@common
def release_(target: Path, requirement: str | None, student: str | None, style: str, lang: str | None, folder: Path | None) -> None:
    with explained(lang):
        course = course_in(folder)
        language = lang or course.file.language
        require_reference(course, "release")
        if bool(student) != course.file.variants:
            raise UsageError(text("release_needs_student" if course.file.variants else "release_without_variants"))
        again = target.is_dir()
        secret = batch.secret(course) if student else batch.known_secret(course)
        changes = release.write(course, target, secret=secret, requirement=requirement, student=student or "")
        if style == "json":
            click.echo(msgspec.json.format(msgspec.json.encode(changes), indent=2))
            return
        told = ("new", "changed", "removed", "kept") if again else ("kept",)
        for change in changes:
            if change.state in told:
                click.echo(text(f"release_{change.state}", path=change.path).say(language))
        counts = {state: sum(change.state == state for change in changes) for state in get_args(release.State)}
        click.echo(text("release_done", path=target, **counts).say(language))

"""What anyone may ask: what this machine can confine."""

from __future__ import annotations

import platform

import click
import msgspec

from grader import doctor
from grader.cli.language import spoken
from grader.cli.terminal import help_text, output_format
from grader.sandbox.starting import has_zygote
from grader.text import LANGUAGES, text


@click.command(name="doctor", help=help_text("doctor"))
@output_format
@click.option("--lang", type=click.Choice(LANGUAGES), help=help_text("lang"))
def doctor_(style: str, lang: str | None) -> None:
    language = lang or spoken()
    layers = doctor.layers()
    if style == "json":
        click.echo(msgspec.json.encode({layer.name: layer.available for layer in layers}))
        return
    click.echo(text("doctor_python", version=platform.python_version(), system=f"{platform.system()} {platform.release()}").say(language))
    for layer in layers:
        click.echo("  " + layer.line.say(language))
    if not has_zygote():
        click.echo("  " + text("doctor_plain").say(language))
    if root := doctor.root():
        click.echo("  " + root.say(language))
    click.echo(text("doctor_some" if doctor.missing() else "doctor_all").say(language))

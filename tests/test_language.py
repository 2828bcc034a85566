"""Whoever asks in Spanish is answered in Spanish, and in English in English: commands, `--help`, wrong turns, click's own words."""

from __future__ import annotations

import ast
import errno
import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from grader.cli import main
from grader.cli.language import _WORDY
from grader.errors import why
from grader.sandbox.trouble import unsendable
from grader.text import catalogue
from tests import tiny_course

ROOT = Path(__file__).parents[1]
COMMANDS = main.list_commands(click.Context(main))
SPANISH, ENGLISH = ("Uso:", "Opciones:", "Muestra esta ayuda y termina."), ("Usage:", "Options:", "Show this message and exit.")
# what a command line like ours never says: mistakes of who writes commands, kinds of options that we have none of, other systems
NEVER_SAID = re.compile(
    r"deprecated|DeprecationWarning|Do you want|Confirm the action|prog|Could not determine|No options defined|Arguments take exactly"
    r"|defined twice|same flag|env var|dynamic|Missing \{|Missing parameter: |unknown error|Could not open|Invalid start|Takes \{nargs"
    r"|Value must be an iterable|Choice\(|valid boolean|valid UUID|len_type|does not match|\{name\} \{filename|version|No such command"
)


@pytest.fixture
def say(tmp_path, monkeypatch):
    """What a command line prints, outside any course."""
    for name in ("GRADER_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(main, words, prog_name="grader").output


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_is_all_in_one_language(say, command):
    words = [command] if command else []
    spanish, english = (
        say(*words, "--help", "--lang", "es") if command else say("--lang", "es", "--help"),
        say("--lang=en", *words, "--help"),
    )
    for known in SPANISH:
        assert known in spanish
    for known in ENGLISH:
        assert known in english
    assert not re.search(r"\b(the|default|required|Usage|Options|and exit|TEXT|INTEGER|PATH|COMMAND|help_\w+|metavar_\w+)\b", spanish)
    assert not re.search(r"[áéíóúñ¿¡]|\b(por|de|help_\w+)\b", english)


WRONG = {
    ("chek",): ("No existe la orden `chek`. ¿Querías decir check?", "There is no command `chek`. Did you mean check?"),
    ("zzz",): ("`grader --help` las enumera", "`grader --help` lists them"),
    ("check", "--fromat", "x"): ("No existe la opción '--fromat'. ¿Querías decir '--for", "No such option '--fromat'. Did you mean '--for"),
    ("grade",): ("Falta el argumento 'ENTREGAS'", "Missing argument 'SUBMISSIONS'"),
    ("grade", "x"): ("Falta la opción '-o' / '--out'", "Missing option '-o' / '--out'"),
    ("grade", "x", "-o"): ("La opción '-o' necesita un valor", "Option '-o' requires an argument"),
    ("grade", "x", "-o", "y", "--again=1"): ("La opción '--again' no lleva ningún valor", "Option '--again' does not take a value"),
    ("grade", "x", "-o", "y", "--since", "ayer"): ("ayer no es una fecha", "ayer is not a date"),
    ("grade", "x", "-o", "y", "--shard", "5/4"): ("'--shard': '5/4' no es una parte", "'--shard': '5/4' is not a part"),
    ("validate", "--seeds", "0"): ("'--seeds': 0 no está en el intervalo x>=1", "'--seeds': 0 is not in the range x>=1"),
    ("validate", "--jobs", "dos"): ("'--jobs': 'dos' no es un entero", "'--jobs': 'dos' is not a valid integer"),
    ("check", "--format", "xml"): ("'xml' no es uno de 'text', 'json'", "'xml' is not one of 'text', 'json'"),
    ("hint", "neuron"): ("Falta el argumento 'COMPROBACIÓN'", "Missing argument 'CHECK'"),
    ("hint", "a", "b", "c"): ("Sobra un argumento (c)", "Got unexpected extra argument (c)"),
    ("list",): ("No hay ningún curso", "There is no course"),
}  # fmt: skip


@pytest.mark.parametrize("words", WRONG, ids=" ".join)
def test_wrong_turns_are_told_in_the_language_asked(say, words):
    for language, told in zip(("es", "en"), WRONG[words], strict=True):
        said = say("--lang", language, *words)
        assert told in re.sub(r"\s+", " ", said)
        assert "Traceback" not in said


def test_the_language_is_that_of_the_option_the_course_and_the_environment_in_this_order(say, tmp_path, monkeypatch):
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    assert "Usage:" in say("check", "--help")
    course = tiny_course.build(tmp_path / "course")
    (course / "assignments" / "course.yaml").write_text(tiny_course.COURSE.replace("language: en", "language: es"))
    assert "Uso:" in say("check", "--help", "--course", str(course))
    assert "Usage:" in say("check", "--help", f"--course={course}", "--lang", "en")
    monkeypatch.chdir(course / "assignments" / "square")
    assert "¿Querías decir square?" in say("check", "sqare")
    assert "Falta" in say("hint")
    (course / "assignments" / "course.yaml").write_text("language: [")
    assert "Usage:" in say("check", "--help")
    assert "course.yaml" in say("list")


def texts_of_click() -> Iterator[str]:
    """What the installed click hands to gettext in the modules that our commands use."""
    for module in _WORDY:
        spec = find_spec(module.__name__)
        assert spec is not None and spec.origin is not None
        for node in ast.walk(ast.parse(Path(spec.origin).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "ngettext"):
                yield from (
                    argument.value for argument in node.args if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
                )


def test_everything_that_click_may_say_is_in_the_catalogue():
    ours = {words for key, words in catalogue("en").items() if key.startswith("click_")}
    said = set(texts_of_click())
    assert "Usage:" in said
    assert {words for words in said - ours if not NEVER_SAID.search(words)} == set()


def test_what_the_system_and_the_workers_say_is_translated():
    """Both know English only; the files of a course and the values of a student are what they speak of most."""
    said = why(FileNotFoundError(errno.ENOENT, "No such file or directory"))
    assert not isinstance(said, str)
    assert said.say("es") == "no existe"
    assert "filas de longitudes distintas" in unsendable("an array of dtype object").say("es")
    assert "demasiados niveles" in unsendable("nested too deeply").say("es")
    assert unsendable("mi propio error").say("es") == "Dice: mi propio error"


# --- our own code: words for people are in the catalogue, nowhere else -------------------------------------------------

SPEAKERS = {"echo", "secho", "print", "UsageError", "write_line", "fail", "skip", "ClickException"}
SENTENCE = re.compile(r"[A-Za-zÀ-ÿ]{2,}[,:;.]? [A-Za-zÀ-ÿ]{2,}")
CODE = re.compile(r"\s*(<|[A-Z]{4,}\b|import |class |def |Wheel-Version|\(None)")  # HTML, SQL, Python, metadata
# told to whoever mends the grader or its checks: in English
FOR_OURSELVES = {"Fault", "_our_fault", "AttributeError", "AssertionError", "ValueError", "compile"}
MODULES = [path for path in sorted((ROOT / "grader").rglob("*.py")) if "sandbox" not in path.parts]  # workers know no catalogue


def in_calls(tree: ast.AST, names: set[str]) -> Iterator[ast.AST]:
    """Every node inside the arguments of a call of one of these names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in names:
                yield from (inside for argument in [*node.args, *(k.value for k in node.keywords)] for inside in ast.walk(argument))


def untranslated(source: str) -> list[str]:
    """Words for people in some code: any word that is printed, raised for them or an option's help, any sentence elsewhere."""
    tree = ast.parse(source)
    quiet = {id(node) for node in in_calls(tree, FOR_OURSELVES)}
    quiet |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings
    spoken = {id(node) for node in in_calls(tree, SPEAKERS)} - {id(node) for node in in_calls(tree, {"text", "help_text", "style"})}
    spoken |= {id(k.value) for node in ast.walk(tree) if isinstance(node, ast.Call) for k in node.keywords if k.arg == "help"}
    strings = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in quiet]
    return [
        node.value
        for node in strings
        if (id(node) in spoken and is_word(node.value)) or (SENTENCE.search(node.value) and not CODE.match(node.value))
    ]


def is_word(value: str) -> bool:
    """Words, and not the name of something: a key, a colour, an encoding."""
    return re.search(r"[A-Za-zÀ-ÿ]{3,}", value) is not None and re.fullmatch(r"[a-z_0-9-]+", value) is None


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_words_for_people_are_in_the_catalogue(path):
    found = untranslated(path.read_text(encoding="utf-8"))
    if path.stem == "roster" or path.parent.name == "export":  # the columns of other programs' files, as they compare them
        found = [words for words in found if not re.fullmatch(r"[a-zà-ÿ ]+", words)]
    assert found == []


PLANTED = [
    'click.echo("Done.")',
    'raise UsageError("Bad path")',
    '@click.option("--x", help="How many")\ndef f(): pass',
    'print(f"Wrote {n} files")',
    'LINE = "so many files"',
    'row = {"title": "The best of all"}',
]


@pytest.mark.parametrize("code", PLANTED)
def test_the_search_finds_what_is_planted(code):
    assert untranslated(code)

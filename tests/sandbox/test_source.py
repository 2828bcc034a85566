"""A submission is read as editors save it, and what cannot be compiled breaks its own worker alone."""

from __future__ import annotations

import pytest

from grader.sandbox import source


@pytest.mark.parametrize(
    ("raw", "notes"),
    [
        ("def f(): return 'ñ'".encode("utf-16"), ["utf16"]),
        ("def f(): return 'ñ'".encode("latin-1"), ["latin1"]),
        (b"# -*- coding: nonsense -*-\ndef f(): return '\xc3\xb1'", ["cookie"]),
        (b"# -*- coding: latin-1 -*-\ndef f(): return '\xf1'", []),
        (b"\xef\xbb\xbfdef f(): return '\xc3\xb1'", []),
    ],
    ids=["utf-16", "latin-1", "unknown coding", "latin-1 that says so", "byte order mark"],
)
def test_source_is_read_in_any_encoding(load, raw, notes):
    """What editors save is read, with a note where it should have been saved otherwise."""
    student = load(raw)
    assert [note.kind for note in student._session.worker.loaded.notes] == notes
    assert student.f() == "ñ"


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (b"x = (((", "SyntaxError"), (b"if 1:\n\tx\n  y", "IndentationError|TabError"), (b"print 'x", "SyntaxError"),
        (b"(" * 1000 + b")" * 1000, "MemoryError|SyntaxError|RecursionError"), (b"-" * 100_000 + b"1", "MemoryError|RecursionError"),
        (b"x = " + b"a." * 100_000 + b"a", "MemoryError|RecursionError"), (b"x = 1 + ", "SyntaxError"),
        ("x = “a’".encode(), "SyntaxError"), (b"", ""), (b"# nothing\n", ""),
    ],
    ids=[
        "brackets", "tabs", "python 2", "1000 brackets", "100 000 signs", "100 000 dots", "half", "curly quotes", "empty", "comment",
    ],
)  # fmt: skip
def test_source_that_cannot_be_compiled_is_told(start, raw, kind):
    """Parsing happens in the worker: what breaks a parser breaks nobody else's."""
    errors = start(raw).loaded.errors
    assert (errors[0].type_name if errors else "") in kind.split("|")


@pytest.mark.parametrize(
    ("raw", "notes"),
    [
        ("def f():\n    return “ñ”\n".encode(), [("character", 2)]),
        ("def f():\u00a0return\u200b 'ñ'\n".encode(), [("character", 1)]),
        ("def f():\n    x = ‘‘‘\n    two lines\n    ’’’\n    return 'ñ'\n".encode(), [("character", 2)]),
        ("def f():\n    print 'a', 1  # b\n    return 'ñ'\n".encode(), [("print", 2)]),
        ("def f():\n    if 1:\n\treturn 'ñ'\n".encode(), [("tabs", 3)]),
        (b"def f(): return '\xc3\xb1'\0\n", [("nul", 0)]),
        ("def f(): return 'ñ'\n".encode("utf-16-le"), [("utf16", 0)]),
        (b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": "def f(): return \'\xc3\xb1\'"}]}', [("notebook", 0)]),
    ],
    ids=["quotes", "spaces", "quotes over lines", "python 2", "tabs", "nul", "utf-16 without mark", "notebook"],
)
def test_what_is_clear_is_read_as_it_was_meant(load, raw, notes):
    """Where Python stumbles over what an editor, a word processor or Python 2 has put in, the rest of the file is not lost."""
    student = load(raw)
    assert student._session.worker.loaded.errors == []
    assert [(note.kind, note.line) for note in student._session.worker.loaded.notes] == notes
    assert student.f() == "ñ"


@pytest.mark.parametrize(
    "broken",
    [
        "def g(:\n    return 1\n", "x = [1,\n", "class A:\n    def h(self) return 1\n", "@f(\ndef g(): pass\n", "x = 1 +\n",
        "x = 1\n    y = 2\n", "1 / 0\n",
    ],
)  # fmt: skip
def test_a_statement_that_makes_no_sense_costs_only_itself(load, broken):
    """What comes before and after it is there."""
    student = load(f"def f():\n    return 1\n\n{broken}\ndef last():\n    return 2\n".encode())
    assert [student.f(), student.last()] == [1, 2]
    assert len(student._session.worker.loaded.errors) == 1


def test_a_broken_statement_after_a_low_recursion_limit_keeps_what_was_before(load):
    """The rest cannot be parsed then; what is there is there."""
    assert (
        load(b"def f(): return 1\nimport sys\nsys.setrecursionlimit(sys.getrecursionlimit() - 900)\n1 / 0\nx = [[[[[[[[[1]]]]]]]]]\n").f()
        == 1
    )


def test_what_python_takes_is_left_as_it_is(load):
    """A text may hold whatever a word processor puts in."""
    student = load("def f():\n    return '“ñ”\u200b'\n".encode())
    assert student.f() == "“ñ”\u200b"
    assert student._session.worker.loaded.notes == []


def test_what_is_too_much_to_repair_ends_in_words():
    """A file of nothing but Python 2 is told as a syntax error, in a second or two."""
    assert len(source.readable("print 1\n" * 400, "x.py").notes) == 1
    assert source.readable("print 1\n" * 5000, "x.py").errors

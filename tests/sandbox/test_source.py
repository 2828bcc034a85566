"""A submission is read as editors save it, and what cannot be compiled breaks its own worker alone."""

from __future__ import annotations

import pytest


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
        (b"x = (((", "SyntaxError"), (b"if 1:\n\tx\n        y", "TabError"), (b"print 'x'", "SyntaxError"),
        (b"x = 1\0", "SyntaxError|ValueError"),
        (b"(" * 1000 + b")" * 1000, "MemoryError|SyntaxError|RecursionError"), (b"-" * 100_000 + b"1", "MemoryError|RecursionError"),
        (b"x = " + b"a." * 100_000 + b"a", "MemoryError|RecursionError"), (b"x = 1 + ", "SyntaxError"),
        ("x = “a”".encode(), "SyntaxError"), (b"", ""), (b"# nothing\n", ""),
    ],
    ids=[
        "brackets", "tabs", "python 2", "nul", "1000 brackets", "100 000 signs", "100 000 dots", "half", "curly quotes", "empty", "comment",
    ],
)  # fmt: skip
def test_source_that_cannot_be_compiled_is_told(start, raw, kind):
    """Parsing happens in the worker: what breaks a parser breaks nobody else's."""
    errors = start(raw).loaded.errors
    assert (errors[0].type_name if errors else "") in kind.split("|")

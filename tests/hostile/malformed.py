"""MF: files that arrive broken, of another kind, or as a word processor leaves them. Their authors meant no harm."""

from __future__ import annotations

import json
import os
import warnings
from pathlib import Path

from tests.hostile.case import RIGHT, Hostile, Naive, Text, text
from tests.packing import link, locked, zipped

SQUARE = "import numpy as np\ndef square(x):\n    return np.asarray(x) ** 2\n"
SLOPE = "def slope(x):\n    return 2 * np.asarray(x)\n"
GOOD = RIGHT.encode()
READ = "passed"  # all points, and a note


def notebook(*cells: str | dict[str, object], **top: object) -> str:
    """A notebook of code cells."""
    full = [cell if isinstance(cell, dict) else {"cell_type": "code", "metadata": {}, "outputs": [], "source": cell} for cell in cells]
    return json.dumps({"cells": full, "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **top})


def _of_another_kind(id_: str, kind: str, raw: bytes) -> Hostile:
    said = text("not_python", kind=kind)
    return Hostile(id_, f"{kind} under the name of a module", raw, "crashed skipped", (said,), Naive("failed"))


def _refused(id_: str, summary: str, raw: bytes, reason: str, name: str = "square.zip") -> Hostile:
    return Hostile(id_, summary, raw, "crashed", (reason,), name=name, status="refused")


def _book(id_: str, summary: str, content: str, outcomes: str = "passed", *reason: str | Text) -> Hostile:
    return Hostile(id_, summary, content, outcomes, reason, name="square.ipynb")


def _huge(folder: Path) -> None:
    with open(folder / "square.py", "wb") as file:
        file.truncate(100 << 20)


def _outputs(mebibytes: int) -> str:
    """A notebook with that much of pictures in it."""
    picture = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "iVBORw0KGgo" + "A" * (1 << 20)}}
    cell = {"cell_type": "code", "metadata": {}, "execution_count": 1, "source": SQUARE + SLOPE, "outputs": [picture] * mebibytes}
    return notebook(cell)


def _twice() -> bytes:
    with warnings.catch_warnings(action="ignore"):
        return zipped([("square.py", GOOD), ("square.py", b"def square(x): return 0\n")])


def _odd_names(folder: Path) -> None:
    for name in ("new\nline.txt", "🙂.txt", "-rf", "a;b`c`.txt", "n\u0303.txt", "x" * 251 + ".txt", "CON", "aux.py", "\u202etxt.exe"):
        (folder / name).write_bytes(b"x")
    os.mkdir(os.fsencode(folder) + b"/caf\xe9")  # a name that is no UTF-8


def _damaged() -> bytes:
    raw = bytearray(zipped([("square.py", GOOD + os.urandom(5000))]))
    raw[1000] ^= 0xFF
    return bytes(raw)


CASES = [
    Hostile("MF01", "an empty file", outcomes="crashed skipped", reason=("file_empty",), beside={"square.py": b""}),
    Hostile("MF02", "comments only", "# square\n# slope\n", "crashed skipped", ("missing",)),
    Hostile("MF03", "a syntax error in one of two functions", SQUARE + "def slope(x):\n    return 2 x\n", "passed crashed",
            (text("syntax_error", line=5),), Naive("failed")),
    Hostile("MF03b", "tabs among spaces", SQUARE.replace("    ret", "    if True:\n\tret") + SLOPE, READ, ("note_tabs",), Naive("failed")),
    Hostile("MF03c", "a colon missing in a loop at the end", RIGHT + "for x in range(3)\n    print(x)\n", READ, ("syntax_error",),
            Naive("failed")),
    Hostile("MF04", "prints as in Python 2", RIGHT + "print 'done', square(3)  # here\nprint\n", READ, ("note_print",), Naive("failed")),
    Hostile("MF05", "NUL bytes", GOOD + b"\0\0x = 1\0\n", READ, ("note_nul",), Naive("failed")),
    Hostile("MF06", "UTF-16, Notepad's Unicode", (RIGHT + "# año\n").encode("utf-16"), READ, ("note_utf16",), Naive("failed")),
    Hostile("MF06b", "UTF-16 without its mark", (RIGHT + "# año\n").encode("utf-16-be"), READ, ("note_utf16",), Naive("failed")),
    Hostile("MF07", "Latin-1 that does not say so", (RIGHT + "YEAR = 'año'\n").encode("latin-1"), READ, ("note_latin1",), Naive("failed")),
    Hostile("MF08", "an encoding that does not exist", ("# -*- coding: klingon -*-\n" + RIGHT + "# año\n").encode(), READ,
            ("note_cookie",), Naive("failed")),
    Hostile("MF08b", "an encoding that is not its own", ("# coding: ascii\n" + RIGHT + "# año\n").encode(), READ, ("note_cookie",),
            Naive("failed")),
    Hostile("MF09", "a source of 100 MB", build=_huge, outcomes="crashed", reason=("file_too_large",), status="refused"),
    Hostile("MF10", "a folder of the file's name", build=lambda folder: (folder / "square.py").mkdir(), outcomes="crashed",
            reason=("file_is_folder",), status="refused"),
    Hostile("MF10b", "a pipe of the file's name, which no open returns from", build=lambda folder: os.mkfifo(folder / "square.py"),
            outcomes="crashed", reason=("file_is_special",), status="refused"),
    Hostile("MF10c", "a link of the file's name", build=lambda folder: os.symlink("/dev/zero", folder / "square.py"), outcomes="crashed",
            reason=("file_is_special",), status="refused"),
    _of_another_kind("MF11", "PDF", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"),
    _of_another_kind("MF11b", "Word, zip", zipped([("word/document.xml", b"<w>def square(x): return x ** 2</w>")])),
    _of_another_kind("MF11c", "HTML", b"\n<!DOCTYPE html><html><title>Log in</title></html>\n"),
    _of_another_kind("MF11d", "RTF", b"{\\rtf1\\ansi def square(x): return x ** 2}"),
    Hostile("MF11e", "a notebook under the name of a module", notebook(SQUARE, SLOPE), READ, ("note_notebook",), Naive("failed")),
    Hostile("MF12", "a function misspelt", SQUARE + SLOPE.replace("slope", "sloep"), "passed crashed",
            (text("missing_but_close", name="slope", close="sloep"),)),
    Hostile("MF12b", "a function missing", SQUARE, "passed crashed", ("missing",)),
    Hostile("MF12c", "a function of two arguments", SQUARE + SLOPE.replace("(x):", "(x, n):"), "passed crashed",
            (text("raised", function="slope", kind="TypeError"),)),
    Hostile("MF12d", "a function whose name is given to a value", SQUARE + SLOPE + "slope = slope(3.0)\n", "passed crashed",
            (text("not_a_function", name="slope"),)),
    _book("MF13", "half a notebook", notebook(SQUARE, SLOPE)[:-60], "crashed skipped", "not_a_notebook"),
    _book("MF13b", "a module under the name of a notebook", SQUARE + SLOPE, "crashed skipped", "not_a_notebook"),
    _book("MF14", "a notebook of 2014", json.dumps({"nbformat": 3, "metadata": {}, "worksheets": [
        {"cells": [{"cell_type": "code", "input": SQUARE.splitlines(keepends=True)}, {"cell_type": "heading", "source": "x"},
                   {"cell_type": "code", "input": SLOPE}]}]})),
    _book("MF14b", "a notebook of a version to come, without metadata", json.dumps({"nbformat": 5, "nbformat_minor": 0, "cells": [
        {"cell_type": "code", "source": SQUARE}, {"cell_type": "sql", "source": "DROP"}, {"source": "x"},
        {"cell_type": "code", "source": SLOPE.splitlines(keepends=True)}]})),
    _book("MF14c", "cells with the same id", notebook(*({"cell_type": "code", "id": "a", "source": cell} for cell in (SQUARE, SLOPE)))),
    _book("MF15", "a notebook with 20 MB of pictures", _outputs(20)),
    _book("MF16", "magics, shell lines and questions", notebook(
        "%matplotlib inline\n!pip install numpy\n" + SQUARE, "%%time\n" + SLOPE, "np?\n?np\nx = !ls\ny = %pwd\ndisplay(x)",
        "%%bash\nrm -rf /", "get_ipython().run_line_magic('timeit', 'square(3)')", "%load_ext autoreload\n%autoreload 2")),
    _book("MF17", "a cell in the middle fails", notebook(SQUARE, "square([1, 2]).reshape(7)", SLOPE), READ, "error_in_cell"),
    _book("MF17c", "a cell that trains for an hour", notebook(SQUARE, "w = 0\nfor epoch in range(10**9): w += 1\n", SLOPE), READ,
          text("left_out", place=text("line_of_cell", cell=2, line=2), seconds=2.0)),
    _book("MF17b", "the cell fails that should define a function", notebook(SQUARE, "slope = square(1)[0].slope", "x = 1"),
          "passed crashed", "error_in_cell"),
    _book("MF18", "cells that only work in another order", notebook("TWO = two()", SQUARE, "def two(): return 2",
          SLOPE.replace("2 *", "TWO *")), "passed crashed", "cell_order"),
    Hostile("MF19", "a zip with a folder too many and what macOS adds", zipped([
        ("tarea final/square.py", GOOD), ("__MACOSX/tarea final/._square.py", b"\0\5\x16\7"), ("tarea final/.DS_Store", b"\0\0\0\1")]),
        READ, name="entrega.zip"),
    _refused("MF20", "a zip with a path that leads out", zipped([("../../evil.py", b"x = 1\n"), ("square.py", GOOD)]), "archive_traversal"),
    _refused("MF21", "a zip with a link", zipped([("square.py", b"/etc/passwd")], link), "archive_link"),
    _refused("MF22", "a zip of 200 KB with 200 MB in it", zipped([("square.py", bytes(200 << 20))]), "member_too_large"),
    _refused("MF22b", "zips within zips", zipped([("a.zip", zipped([("b.zip", zipped([("square.py", GOOD)]))]))]), "archive_nested"),
    _refused("MF23", "a zip with a password", locked(), "archive_encrypted"),
    _refused("MF23b", "a damaged zip", _damaged(), "archive_damaged"),
    _refused("MF23c", "a RAR", b"Rar!\x1a\x07\x01\x00" + bytes(100), "archive_foreign", "square.rar"),
    _refused("MF23d", "a 7z that calls itself a zip", b"7z\xbc\xaf\x27\x1c" + bytes(100), "archive_foreign"),
    _refused("MF24", "a zip with two files of one name", _twice(), "archive_collision"),
    _refused("MF24b", "names that are one on Windows", zipped([("Square.py", GOOD), ("square.py", b"x = 1\n")]), "archive_collision"),
    Hostile("MF25", "names with line ends, emoji and signs of the shell", RIGHT, READ, build=_odd_names, student="-rf;$(id)\n🙂 n\u0303"),
    Hostile("MF27", "two candidates", RIGHT, READ, (text("note_two_files", used="square.py", other="square (1).py"),),
            beside={"square (1).py": "def square(x): return 0\n"}),
    Hostile("MF27b", "a copy of the download only", outcomes=READ, beside={"square (2).py": GOOD}),
    Hostile("MF27c", "a module and its notebook", RIGHT, READ, (text("note_two_files", used="square.py", other="square.ipynb"),),
            beside={"square.ipynb": notebook("def square(x): return 0")}),
    Hostile("MF28", "imports a file of theirs that was not handed in", SQUARE + "from mis_funciones import slope\n", "passed crashed",
            (text("import_refused", name="mis_funciones", line=4),)),
    Hostile("MF28b", "two files that import each other", SQUARE + "from helper import slope\n", READ,
            beside={"helper.py": "import square\ndef slope(x): return 2 * square.np.asarray(x)\n"}),
    Hostile("MF29", "half an upload", RIGHT[:-3] , "passed crashed", ("cut_off",), Naive("failed")),
    Hostile("MF29b", "an upload that ends within a text", RIGHT + "def plot():\n    '''Draws\n    the ", READ, ("cut_off",),
            Naive("failed")),
    Hostile("MF30", "quotes of a word processor", RIGHT + "print(“done”)\n", READ, ("note_character", "“ (U+201C)"), Naive("failed")),
    Hostile("MF30b", "spaces that cannot break", RIGHT.replace("    return", "\u00a0\u00a0\u00a0\u00a0return"), READ,
            ("note_character", "(U+00A0)"), Naive("failed")),
    Hostile("MF30c", "characters that cannot be seen", RIGHT.replace("return", "return\u200b"), READ, ("note_character", "(U+200B)"),
            Naive("failed")),
    Hostile("MF30d", "a dash for a minus", RIGHT + "y = 3 – 2\n", READ, ("note_character", "– (U+2013)"), Naive("failed")),
]  # fmt: skip

NOT_HERE = {"MF26": "no use: nothing of an archive is ever written under its own name, so there is no folder to get past"}

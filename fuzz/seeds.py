"""Writes the corpus from which fuzzing starts: `python -m fuzz.seeds`. Small honest inputs, and one for each thing that went wrong."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from pathlib import Path

import numpy as np

from grader.sandbox import nodes, wire
from grader.sandbox.values import Packer

CORPUS = Path(__file__).parent / "corpus"
_VALUES = [
    None, True, 2**70, 1.5, "text", [1, 2], (1, "a"), {1, 2}, {"W1": np.ones((2, 3))}, [0.5] * 10, np.float32(1), 1j, np.array([True]),
]  # fmt: skip


def _frame(message: wire.Reply, buffers: list[object] = []) -> bytes:  # noqa: B006
    return b"".join(wire.encode(message, buffers))


def frames() -> dict[str, bytes]:
    """Replies of every kind."""
    where = wire.Where("neuron.py", 3, "forward", None)
    raised = wire.Raised(1, "ValueError", "no", [where], False, ["f"], ["RuntimeWarning: overflow"])
    found = {
        "confined": _frame(wire.Confined(["landlock"])),
        "loaded": _frame(wire.Loaded([raised], [wire.Note("character", 3, 0x201C)], ["x = 1"])),
        "raised": _frame(raised), "asked": _frame(wire.Asked(1, 0, nodes.Sequence_("list", [1]))),
        "two": _frame(wire.Confined([])) + _frame(raised), "long": wire.HEAD.pack(wire.MAGIC, 1 << 19, 1 << 40),
    }  # fmt: skip
    for number, value in enumerate(_VALUES):
        packer = Packer(lambda other: nodes.Object(0, "object"), lambda other: 0)
        found[f"value{number}"] = _frame(wire.Returned(1, packer.node(value), None, []), packer.buffers)
    return found


def values() -> dict[str, bytes]:
    """The same without their heads."""
    return {name: bytes([raw[8] & 255]) + raw[wire.HEAD.size :] for name, raw in frames().items()}


def notebooks() -> dict[str, bytes]:
    """Notebooks of both formats, with magics."""
    cell = {"cell_type": "code", "metadata": {}, "source": "%matplotlib inline\nx = 1\n!ls\ny = x %2\nx?", "outputs": []}
    whole = {"cells": [cell, {**cell, "source": ["%%time\n", "z = 1"]}, {"cell_type": "raw", "source": "a"}], "nbformat": 4, "metadata": {}}
    old = {"worksheets": [{"cells": [{"cell_type": "code", "input": "print 1"}]}], "nbformat": 3}
    deep = b'{"cells": ' + b"[" * 2000
    return {"whole": json.dumps(whole).encode(), "old": json.dumps(old).encode(), "bash": b"%%bash\nls", "deep": deep}


def modules() -> dict[str, bytes]:
    """Modules as editors and word processors save them."""
    code = 'class A:\n    def f(self):\n\tif 1: return “a”\n\n@f\ndef g(x):\n    print \'x\', x # y\n    return x\n1 / 0\nx = """\n1'
    found = {"utf8": code.encode(), "utf16": code.encode("utf-16"), "latin1": "# coding: ñ\nx = 'ñ'\r\ny = 2".encode("latin-1")}
    return found | {"nul": b"x = 1\0\n", "brackets": b"(" * 500, "pdf": b"%PDF-1.7", "decorated": b"@f\n@g(\ndef h(): pass\n"}


def archives() -> dict[str, bytes]:
    """Archives of every kind, honest and not."""
    members = {"x/square.py": b"def square(x): return x", "../y.py": b"1", "__MACOSX/._x": b""}
    found: dict[str, bytes] = {"rar": b"Rar!\x1a\x07\x01\x00", "empty": b""}
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        raw = io.BytesIO()
        with zipfile.ZipFile(raw, "w", method) as archive:
            for name, content in list(members.items())[:: 1 + (method == zipfile.ZIP_DEFLATED)]:
                archive.writestr(zipfile.ZipInfo(name), content, method)
        found[f"zip{method}"] = raw.getvalue()
    for mode in ("w:", "w:gz", "w:bz2", "w:xz"):
        raw = io.BytesIO()
        with tarfile.open(fileobj=raw, mode=mode, format=tarfile.PAX_FORMAT) as archive:
            for name, content in {"square.py": b"x = 1", "ñ" * 60 + "/a.py": b"y"}.items():
                info = tarfile.TarInfo(name)
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
            link = tarfile.TarInfo("l.py")
            link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
            archive.addfile(link)
        found[f"tar-{mode[2:]}"] = raw.getvalue()
    return found


def listings() -> dict[str, bytes]:
    """What a reader of archives says."""
    names = [
        "a/square.py",
        "../x",
        "/x",
        "C:x",
        "Ana_1_assignsubmission_file/neuron.py",
        "ana_1_2_neuron.py",
        "submission_1/a.py",
        "hw-ana.zip/x.py",
    ]
    broken = {"deep": b"[" * 3000, "not_utf8": b'[["\x80", 5, "file"]]', "blank_name": b'[[" _assignsubmission_p", 5, "file"]]'}
    return {f"l{number}": json.dumps([[name, 5, "file"]]).encode() for number, name in enumerate(names)} | broken


def yamls() -> dict[str, bytes]:
    """A course's files, and what PyYAML raises errors of its own for."""
    root = Path(__file__).parents[1]
    real = {"course": root / "assignments/course.yaml", "assignment": root / "assignments/neuron/assignment.yaml"}
    merged = b"".join(b"a%d: &a%d {<<: [*a%d, *a%d]}\n" % (i, i, i - 1, i - 1) for i in range(1, 9))
    wrong = {
        "date": b"a: 2026-99-99", "int": b"a: !!int x", "no_int": b"a: !!int |", "timestamp": b"a: !!timestamp x",
        "deep_block": b"- " * 3000, "deep": b"a: " + b"[" * 6000, "digits": b"a: " + b"9" * 5000,
        "merged": b"a0: &a0 {x: 1}\n" + merged, "mistakes": b"a:\n  check: b\n",
    }  # fmt: skip
    return (
        {name: path.read_bytes() for name, path in real.items()}
        | wrong
        | {"merged": b"a0: &a0 {x: 1}\n" + merged, "mistakes": b"a:\n  check: b\n"}
    )


def rosters() -> dict[str, bytes]:
    """Class lists, and Gradescope's."""
    gradescope = b"---\nsubmission_1:\n  :submitters:\n  - :name: \"A\\u00e1\"\n    :sid: '1'\n    :email: a@b\n  :score: 1\n"
    manifest = b'{"grader": "1", "files": {"a": "b"}, "x": [[1]]}'
    return {
        "not_utf8": b'{"grader": "\x80"}',
        "ours": b"student,login\nAna,a\n",
        "semicolon": b'Estudiante;ID\n"B, A";12\n',
        "gradescope": gradescope,
        "manifest": manifest,
    }


def main() -> None:
    """Write every seed."""
    kinds = {
        "frames": frames(), "values": values(), "notebook": notebooks(), "source": modules(), "archive": archives(), "listing": listings(),
        "yaml": yamls(), "roster": rosters(),
    }  # fmt: skip
    for target, seeds in kinds.items():
        folder = CORPUS / target
        folder.mkdir(parents=True, exist_ok=True)
        for name, raw in seeds.items():
            (folder / name).write_bytes(raw)


if __name__ == "__main__":
    main()

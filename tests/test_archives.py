"""No archive, whoever made it, harms more than its owner's submission; each control shows what plain unpacking would have done."""

from __future__ import annotations

import io
import os
import stat
import struct
import tarfile
import types
import unicodedata
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from grader import archives
from grader.archives import Reader, Refused
from grader.arrivals import look
from grader.collecting import MAX_TAKEN
from grader.course import Course
from grader.errors import UsageError
from grader.submission import Unreadable, read
from tests import tiny_course
from tests.packing import link, locked, special, tarred, zipped
from tests.tiny_course import RIGHT

EVIL = b"def square(x):\n    return 'evil'\n"
GOOD = RIGHT.encode()


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return Course.load(tiny_course.build(tmp_path_factory.mktemp("course")))


@pytest.fixture(scope="module")
def reader():
    with Reader() as reader:
        yield reader


def unpacked(raw: bytes, folder: Path) -> Path:
    """What a grader that unpacks would have: the control."""
    folder.mkdir(parents=True, exist_ok=True)
    if raw.startswith(b"PK"):
        with pytest.MonkeyPatch.context() as quiet:
            quiet.setattr("warnings.warn", lambda *args, **kwargs: None)
            zipfile.ZipFile(io.BytesIO(raw)).extractall(folder)
    else:
        with tarfile.open(fileobj=io.BytesIO(raw)) as archive:
            archive.extractall(folder)
    return folder


def why(reader: Reader, raw: bytes, **options: bool) -> str:
    """The message with which an archive, or what is read of it, is refused."""
    with pytest.raises(Refused) as caught, reader.open(raw, **options) as archive:
        for member in archive.members:
            archive.content(member)
    assert all(caught.value.why.say(language) for language in ("es", "en"))
    return caught.value.why.key


def test_a_path_that_leads_out_is_refused(reader, tmp_path):
    raw = tarred(("square.py", GOOD), ("../../stolen.py", EVIL))
    unpacked(raw, tmp_path / "class" / "eva")
    assert (tmp_path / "stolen.py").read_bytes() == EVIL
    assert why(reader, raw) == "archive_traversal"
    raw = zipped([("square.py", GOOD), ("../../square.py", EVIL)])
    assert (unpacked(raw, tmp_path / "zip") / "square.py").read_bytes() == EVIL  # not what the student would see on opening it
    assert why(reader, raw) == "archive_traversal"
    for name in ("a/../../b.py", "a\\..\\..\\b.py", ".."):
        assert why(reader, zipped([(name, EVIL)])) == "archive_traversal"


def test_an_absolute_path_is_refused(reader, tmp_path):
    target = tmp_path / "elsewhere" / "square.py"
    target.parent.mkdir()
    raw = tarred((str(target), EVIL))
    unpacked(raw, tmp_path / "eva")
    assert target.read_bytes() == EVIL
    assert why(reader, raw) == "archive_absolute"
    for name in ("/etc/passwd", "C:\\Windows\\square.py", "c:square.py", "\\\\host\\share\\square.py"):
        assert why(reader, zipped([(name, EVIL)])) == "archive_absolute"


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE])
def test_a_link_shows_nobody_elses_file(reader, course, tmp_path, kind):
    root = tmp_path / "class"
    (root / "ana").mkdir(parents=True)
    (root / "ana" / "square.py").write_bytes(GOOD)
    raw = tarred(special("square.py", kind, "../ana/square.py"))
    assert (unpacked(raw, tmp_path / "class" / "eva") / "square.py").read_bytes() == GOOD
    (root / "eva" / "square.py").unlink()
    (root / "eva").rmdir()
    (root / "eva.tgz").write_bytes(raw)
    ana, eva = look(root, course.assignments).submissions
    assert not isinstance(read(ana), Unreadable)
    assert "link" in read(eva).problem.say("en")


def test_a_link_to_a_folder_lets_nothing_be_written_through_it(reader, tmp_path):
    (tmp_path / "grader").mkdir()
    raw = tarred(special("x", tarfile.SYMTYPE, "../grader"), ("x/square.py", EVIL))
    unpacked(raw, tmp_path / "eva")
    assert (tmp_path / "grader" / "square.py").read_bytes() == EVIL
    with reader.open(raw) as archive:
        assert [member.parts for member in archive.members] == [("x", "square.py")]  # bytes in memory: no path is ever followed
        assert [parts for parts, _ in archive.skipped] == [("x",)]


def test_a_link_in_a_zip_is_not_its_targets_name(reader):
    with reader.open(zipped([("square.py", b"/etc/passwd")], link)) as archive:
        assert archive.members == []
        assert archive.skipped[0][1].key == "archive_link"


@pytest.mark.parametrize("kind", [tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE])
def test_a_device_is_refused(reader, tmp_path, kind):
    raw = tarred(special("square.py", kind))
    if kind == tarfile.FIFOTYPE:  # whoever opens it waits for ever
        assert stat.S_ISFIFO((unpacked(raw, tmp_path / "eva") / "square.py").stat().st_mode)
    assert why(reader, raw) == "archive_device"


def test_two_members_of_one_name_are_refused(reader, tmp_path):
    raw = twice()
    assert (unpacked(raw, tmp_path / "eva") / "square.py").read_bytes() == EVIL  # the last one wins, without a word
    assert why(reader, raw) == "archive_collision"
    assert why(reader, zipped([("Square.py", GOOD), ("square.py", EVIL)])) == "archive_collision"
    names = [unicodedata.normalize(form, "señal.py") for form in ("NFC", "NFD")]
    assert why(reader, zipped([(name, GOOD) for name in names])) == "archive_collision"
    with reader.open(zipped([("README", b""), ("readme", b""), ("square.py", GOOD)])) as archive:
        assert len(archive.members) == 3  # of what nobody runs, names may be alike


def twice() -> bytes:
    with pytest.warns(UserWarning, match="Duplicate"):
        return zipped([("square.py", GOOD), ("square.py", EVIL)])


@pytest.fixture
def zeros(monkeypatch) -> bytes:
    """More than an archive may hold, where that is a sixteenth of what it is."""
    monkeypatch.setattr(archives, "ONE", replace(archives.ONE, unpacked=32 << 20))
    return bytes(40 << 20)


def test_a_bomb_is_refused_in_time_and_memory(reader, zeros, tmp_path):
    bomb = zipped([("square.py", zeros)])
    assert len(bomb) < 64 << 10
    assert (unpacked(bomb, tmp_path / "eva") / "square.py").stat().st_size == len(zeros)  # 600 times as much on the disk
    assert why(reader, bomb) == "archive_bomb"
    assert why(reader, tarred(("square.py", zeros))) == "archive_bomb"
    assert why(reader, tarred(("x/data.bin", zeros), ("square.py", GOOD), mode="w:xz")) == "archive_bomb"
    lying = bomb.replace(struct.pack("<I", len(zeros)), struct.pack("<I", 100))
    assert why(reader, lying) == "archive_damaged"
    assert why(reader, zipped([(f"{n}/square.py", bytes(2 << 20)) for n in range(20)])) == "archive_bomb"


def test_a_bomb_inside_an_archive_is_refused_too(course, zeros, tmp_path):
    inner = zipped([("square.py", zeros)])
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "eva.zip").write_bytes(zipped([("inner.zip", inner)]))
    (tmp_path / "class" / "fin.zip").write_bytes(zipped([("a.zip", zipped([("b.zip", zipped([("square.py", GOOD)]))]))]))
    (tmp_path / "class" / "gus.zip").write_bytes(zipped([(f"{n}.zip", zipped([("x.py", GOOD)])) for n in range(50)]))
    found = look(tmp_path / "class", course.assignments)
    problems = {s.student: [part.say("en") for part in [s.problem, *s.notes] if part] for s in found.submissions}
    assert "too much room" in problems["eva"][0]
    assert "too deep" in problems["fin"][0]
    assert any("too deep" in line for line in problems["gus"])


def test_a_header_that_asks_for_gigabytes_is_refused(reader):
    info = special("square.py", tarfile.XHDTYPE)
    info.size = 8 << 30
    assert why(reader, info.tobuf(tarfile.GNU_FORMAT) + bytes(10240)) == "archive_bomb"


def test_too_many_members_are_refused(reader, tmp_path):
    raw = zipped((f"{n}.txt", b"") for n in range(archives.ONE.members + 1))
    assert len(os.listdir(unpacked(raw, tmp_path / "eva"))) > archives.ONE.members
    assert why(reader, raw) == "archive_many"
    assert why(reader, tarred(*((f"{n}.txt", b"") for n in range(archives.ONE.members + 1)))) == "archive_many"


def test_an_encrypted_archive_is_refused(reader, tmp_path):
    raw = locked()
    with pytest.raises(RuntimeError, match="encrypted"):  # which nobody expects of an extractall
        unpacked(raw, tmp_path / "eva")
    assert why(reader, raw) == "archive_encrypted"


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        (zipped([("square.py", os.urandom(5000))])[:-30], "archive_damaged"),
        (zipped([("square.py", os.urandom(5000))])[100:], "archive_damaged"),
        (tarred(("square.py", os.urandom(50_000)))[:30_000], "archive_damaged"),
        (tarred(("a.py", GOOD), ("square.py", GOOD), mode="w:")[:1200], "archive_damaged"),
        (b"", "archive_damaged"),
        (b"<!DOCTYPE html><title>Log in</title>" * 50, "archive_damaged"),
        (b"Rar!\x1a\x07\x01\x00" + bytes(100), "archive_foreign"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(100), "archive_foreign"),
        (b"\x1f\x8b\x08\x00" + bytes(100), "archive_damaged"),
    ],
)
def test_what_is_cut_off_or_no_archive_is_refused(reader, raw, key):
    assert why(reader, raw) == key


def test_a_damaged_member_is_refused(reader):
    raw = bytearray(zipped([("square.py", os.urandom(5000))]))
    raw[1000] ^= 0xFF
    assert why(reader, bytes(raw)) == "archive_damaged"


def test_a_method_that_is_not_read_here_is_named(reader):
    raw = bytearray(zipped([("square.py", GOOD)]))
    raw[8:10] = struct.pack("<H", 9)  # Deflate64, of Windows Explorer
    at = raw.index(b"PK\x01\x02")
    raw[at + 10 : at + 12] = struct.pack("<H", 9)
    assert why(reader, bytes(raw)) == "archive_method"


@pytest.mark.parametrize(
    "name",
    [
        "a\nb.py",
        "-rf.py",
        "CON.py",
        "x" * 300 + ".py",
        "_1" * 30_000 + ".py",
        "🙂.py",
        "a;b`c.py",
        "\u202eyp.py",
        "a" * 20 + "/" * 50 + "b.py",
    ],
)
def test_a_strange_name_stops_nobody(reader, course, tmp_path, name):
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "eva.zip").write_bytes(zipped([(name, EVIL), ("square.py", GOOD)]))
    (submission,) = look(tmp_path / "class", course.assignments).submissions
    program = read(submission)
    assert program.files["square.py"] == GOOD
    assert all(len(file.encode()) < 250 and file.isprintable() and "/" not in file for file in program.files)


def test_one_bad_archive_stops_nobody_and_leaves_nothing(course, tmp_path):
    root = tmp_path / "class"
    root.mkdir()
    bad = {
        "traversal": tarred(("../../x.py", EVIL)), "absolute": tarred(("/x.py", EVIL)),
        "device": tarred(special("square.py", tarfile.CHRTYPE)),
        "locked": locked(), "cut": zipped([("square.py", GOOD)])[:-5], "collision": zipped([("Square.py", GOOD), ("square.py", EVIL)]),
    }  # fmt: skip
    for number, (name, raw) in enumerate(bad.items()):
        (root / f"{name}.{'zip' if raw.startswith(b'PK') else 'tgz'}").write_bytes(raw)
        (root / f"honest{number}.zip").write_bytes(zipped([("square.py", GOOD)]))
    before = sorted(tmp_path.rglob("*"))
    found = look(root, course.assignments)
    outcomes = {s.student: read(s) for s in found.submissions}
    assert {name for name, program in outcomes.items() if isinstance(program, Unreadable)} == set(bad)
    assert all(outcomes[f"honest{n}"].files == {"square.py": GOOD} for n in range(len(bad)))
    assert sorted(tmp_path.rglob("*")) == before


def test_one_bad_archive_in_an_export_stops_nobody(course, tmp_path):
    names = [f"{who}_{n}_assignsubmission_file/tarea.zip" for n, who in enumerate(("Ana", "Eva"))]
    path = tmp_path / "export.zip"
    path.write_bytes(zipped([(names[0], zipped([("square.py", GOOD)])), (names[1], tarred(("../x.py", EVIL)))]))
    outcomes = {s.student: isinstance(read(s), Unreadable) for s in look(path, course.assignments).submissions}
    assert outcomes == {"Ana": False, "Eva": True}


STEALS = """
import json
import numpy as np


class Archive:
    def __init__(self, read, size, head, most):
        try:
            self.found = open({path!r}).read()
        except OSError as error:
            self.found = type(error).__name__

    def members(self, most):
        return "", np.frombuffer(json.dumps([[self.found, 1, "file"]]).encode(), "u1")
"""
ANSWERS = """
import numpy as np


class Archive:
    def __init__(self, read, size, head, most):
        {at_once}

    def members(self, most):
        return {answer}
"""


def instead(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, source: str) -> None:
    """Run this in the place of what reads archives: as if one had taken that over."""
    (tmp_path / "taken_over.py").write_text(source)
    monkeypatch.setattr(archives, "unpacking", types.SimpleNamespace(__file__=str(tmp_path / "taken_over.py")))


def test_an_archive_that_takes_its_reader_over_sees_nothing(monkeypatch, tmp_path):
    (tmp_path / "secret.txt").write_text("the seed")
    instead(monkeypatch, tmp_path, STEALS.format(path=str(tmp_path / "secret.txt")))
    for skip, seen in ((("landlock", "no_privileges"), "the seed"), ((), "PermissionError")):
        with Reader(skip=skip) as reader, reader.open(b"PK") as archive:
            assert [member.parts for member in archive.members] == [(seen,)]


@pytest.mark.parametrize(
    ("at_once", "answer"),
    [
        ("pass", "7"), ("pass", "('', 7)"), ("pass", "('', np.frombuffer(b'{', 'u1'))"), ("pass", "('what', np.zeros(0, 'u1'))"),
        ("pass", "('', np.frombuffer(b'[' * 100000, 'u1'))"), ("pass", "('', np.frombuffer(b'[[\"a\", 1, \"root\"]]', 'u1'))"),
        ("import os; os._exit(0)", "1"), ("read(-1, 5)", "1"), ("read(0, 1 << 40)", "1"), ("read('/etc/passwd', 1)", "1"),
        ("raise SystemExit", "1"), ("x = bytes(1 << 40)", "1"), ("x = [0] * (1 << 28)", "1"),
    ],
)  # fmt: skip
def test_whatever_a_taken_over_reader_says_is_a_refusal(monkeypatch, tmp_path, at_once, answer):
    instead(monkeypatch, tmp_path, ANSWERS.format(at_once=at_once, answer=answer))
    with Reader() as reader, pytest.raises(Refused), reader.open(b"PK\x05\x06" + bytes(18)):
        pass


@pytest.mark.parametrize(("size", "kind"), [(-5, "file"), (10**18, "file")])
def test_an_impossible_size_is_not_believed(monkeypatch, tmp_path, size, kind):
    answer = f"('', np.frombuffer(b'[[\"square.py\", {size}, \"{kind}\"]]', 'u1'))"
    instead(monkeypatch, tmp_path, ANSWERS.format(at_once="pass", answer=answer))
    with Reader() as reader, pytest.raises(Refused), reader.open(b"PK") as archive:
        archive.content(archive.members[0])


def test_a_file_that_is_too_large_is_refused_by_name_and_the_others_graded(course, tmp_path):
    (tmp_path / "class").mkdir()
    big = zipped([("square.ipynb", b" " * (MAX_TAKEN + 1))])
    (tmp_path / "class" / "eva.zip").write_bytes(big)
    (tmp_path / "class" / "fin.zip").write_bytes(zipped([("square.py", GOOD), ("data/square.py", b" " * (archives.MAX_FILE + 1))]))
    eva, fin = look(tmp_path / "class", course.assignments).submissions
    assert "`square.ipynb` was not read" in read(eva).problem.say("en")
    assert read(fin).files["square.py"] == GOOD


def test_no_process_and_no_folder_is_left(course, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    with Reader() as reader:
        with pytest.raises(Refused), reader.open(b""):
            pass
        process = reader._zygote._process
        assert list(tmp_path.iterdir())
    assert process.poll() is not None
    assert list(tmp_path.iterdir()) == []


def test_one_bad_member_of_an_export_condemns_nobody_else(course, tmp_path):
    """What a platform packs is named by students: two files alike but for case, a link in a repository."""
    own = "{}_1_assignsubmission_file/{}"
    members = [(own.format("Ana", "square.py"), GOOD), (own.format("Eva", "Square.py"), EVIL), (own.format("Eva", "square.py"), EVIL)]
    members += [(own.format("Fin", "../../../x.py"), EVIL), (own.format("Gus", "a" * 600 + ".py"), EVIL)]
    path = tmp_path / "export.zip"
    path.write_bytes(zipped(members))
    found = look(path, course.assignments)
    problems = {s.student: s.problem.say("en") if s.problem else "" for s in found.submissions}
    assert problems["Ana"] == ""
    for student, words in {"Eva": "two files of the same name", "Fin": "leads out of its folder", "Gus": "too long"}.items():
        assert words in problems[student]


def test_an_export_with_a_password_is_named(course, tmp_path):
    path = tmp_path / "export.zip"
    path.write_bytes(locked())
    with pytest.raises(UsageError, match="password"):
        look(path, course.assignments)

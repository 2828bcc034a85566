"""A class is found in every layout in which classes really arrive, and nobody in it is lost."""

from __future__ import annotations

import io
import os
import tarfile
import zipfile
from pathlib import Path

import pytest

from grader import batch, roster
from grader.arrivals import Arrivals, look
from grader.course import Course
from grader.errors import UsageError
from grader.gradebook import Gradebook
from grader.submission import Unreadable, read
from tests import tiny_course
from tests.tiny_course import RIGHT, STUB

HALF = "def square(x):\n    return x * x\n"
OTHER = "def speed(t):\n    return t\n\n\ndef energy(m, v):\n    return m * v * v / 2\n"
MOODLE = "assignsubmission_file"
GRADESCOPE = """---
submission_70000001:
  :submitters:
  - :name: Ana Beltrán
    :sid: '0012345'
    :email: ana@example.edu
  :created_at: 2026-03-09 18:12:30.110000000 Z
  :results:
    :output: |-
      submission_70000002:
        :submitters:
        - :name: not Bruno
submission_70000002:
  :submitters:
  - :name: "Bruno Castillo"
    :sid:
    :email: bruno@example.edu
  - :name: Carla D'Angelo
    :sid: '0012347'
    :email: carla@example.edu
  :score: 3.0
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return Course.load(tiny_course.build(tmp_path_factory.mktemp("course")))


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """A course of two assignments, square and motion."""
    folder = tiny_course.build(tmp_path_factory.mktemp("two"))
    motion = folder / "assignments" / "motion"
    motion.mkdir()
    (motion / "assignment.yaml").write_text(tiny_course.ASSIGNMENT)
    (motion / "motion.py").write_text(OTHER.replace("return t", "raise NotImplementedError"))
    (folder / "assignments" / "course.yaml").write_text(tiny_course.COURSE.replace("[square]", "[square, motion]"))
    return Course.load(folder)


def lay(root: Path, *names: str) -> Path:
    """Right solutions under these names."""
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(RIGHT + f"# {name}\n")
    return root


def put(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def zipped(**files: str | bytes) -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return raw.getvalue()


def tarred(files: dict[str, str], mode: str = "w:gz") -> bytes:
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode=mode) as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content.encode())
            archive.addfile(info, io.BytesIO(content.encode()))
    return raw.getvalue()


def packed(folder: Path, target: Path, above: str = "") -> Path:
    """The folder as the zip that a platform makes of it."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, f"{above}{path.relative_to(folder)}")
    return target


def students(found: Arrivals) -> list[str]:
    return [submission.student for submission in found.submissions]


def code(found: Arrivals, student: str, assignment: str = "square") -> str:
    """The text of the file that counts."""
    (submission,) = [s for s in found.submissions if (s.student, s.assignment) == (student, assignment)]
    program = read(submission)
    assert not isinstance(program, Unreadable), program.problem.say("en")
    return program.files[program.file].decode()


def said(found: Arrivals, student: str) -> str:
    """All that a student is told of how their work arrived."""
    return "\n".join(
        part.say("en") for s in found.submissions if s.student == student for part in [*([s.problem] if s.problem else []), *s.notes]
    )


LAYOUTS = {
    "folders": (["ana_beltrán/square.py", "o'hara/entrega/square.py"], {"ana_beltrán", "o'hara"}),
    "files": (["square_ana beltrán.py", "o'hara-square.py"], {"ana beltrán", "o'hara"}),
    "repositories": (["square-ana-b/square.py", "square-bruno99/src/square.py"], {"ana-b", "bruno99"}),
    "classroom50": (["cs-101-square-ana-b/square.py", "cs-101-square-bruno99/square.py"], {"ana-b", "bruno99"}),
    "moodle": (
        [f"Ana Beltrán López_1234_{MOODLE}/square.py", f"Íñigo O'Hara_77_{MOODLE}_/mi carpeta/square.py"],
        {"Ana Beltrán López", "Íñigo O'Hara"},
    ),
    "moodle_flat": (
        [f"Ana Beltrán López_1234_{MOODLE}_square.py", f"Íñigo O'Hara_77_{MOODLE}_square.py"],
        {"Ana Beltrán López", "Íñigo O'Hara"},
    ),
    "moodle_blind": (
        [f"Participante_12_{MOODLE}/square.py", f"Participante_13_{MOODLE}/square.py"],
        {"Participante 12", "Participante 13"},
    ),
    "moodle_team": ([f"Grupo 3_44_{MOODLE}/square.py", f"Default group_{MOODLE}/square.py"], {"Grupo 3", "Default group"}),
    "canvas": (["beltránana_5678_91011_square.py", "oharaíñigo_LATE_5679_91012_square-1.py"], {"beltránana", "oharaíñigo"}),
    "canvas_anonymous": (["anon_x1Y2z_91011_square.py", "LATE_anon_Ab3de_91012_square.py"], {"anon_x1Y2z", "anon_Ab3de"}),
}


@pytest.mark.parametrize("form", ["folder", "zip", "zip with a folder"])
@pytest.mark.parametrize("name", LAYOUTS)
def test_a_layout_is_recognised_unpacked_or_as_downloaded(course, tmp_path, name, form):
    names, expected = LAYOUTS[name]
    path = lay(tmp_path / "class", *names)
    put(path / ".DS_Store", b"\0")
    if form != "folder":
        path = packed(path, tmp_path / "download.zip", "CS 101 - square/" if "with" in form else "")
    found = look(path, course.assignments)
    assert set(students(found)) == expected
    assert len(found.submissions) == 2
    assert all(code(found, student).startswith(RIGHT) for student in expected)
    assert (found.skipped, found.empty) == ([], [])
    layout = name.partition("_")[0].replace("classroom50", "repositories")
    assert dict(found.layouts) == {layout: 2}


@pytest.mark.parametrize("form", ["folder", "zip"])
def test_gradescope_says_in_its_metadata_whose_each_submission_is(course, tmp_path, form):
    path = lay(tmp_path / "assignment_4_export", "submission_70000001/square.py", "submission_70000002/square.py")
    put(path / "submission_metadata.yml", GRADESCOPE)
    if form == "zip":
        path = packed(path, tmp_path / "submissions.zip", "assignment_4_export/")
    found = look(path, course.assignments)
    assert students(found) == ["0012345", "0012347", "bruno@example.edu"]
    assert code(found, "0012347") == code(found, "bruno@example.edu") != code(found, "0012345")
    assert dict(found.layouts) == {"gradescope": 3}


def test_clones_are_told_by_what_their_names_share_or_by_the_folder_they_were_cloned_into(course, tmp_path):
    path = lay(tmp_path / "a", "hw1-ana/square.py", "hw1-andrés/square.py")
    for name in ("hw1-ana", "hw1-andrés"):
        (path / name / ".git").mkdir()
    assert students(look(path, course.assignments)) == ["ana", "andrés"]
    path = lay(tmp_path / "homework-one-submissions", "homework-one-ana/square.py")
    assert students(look(path, course.assignments)) == ["ana"]
    path = lay(tmp_path / "cs-hw_submissions_2026_05_09_T_14_30_45", "cs-hw-ana/square.py", "cs-hw-b/square.py")
    put(path / "scores.csv", "username,score\n")
    assert students(look(path, course.assignments)) == ["ana", "b"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("ana.zip", zipped(**{"square.py": RIGHT})),
        (
            "ana.zip",
            zipped(**{"entrega/": b"", "entrega/square.py": RIGHT, "__MACOSX/entrega/._square.py": b"\0", "entrega/.DS_Store": b"\0"}),
        ),
        ("ana.zip", zipped(**{"entrega\\square.py": RIGHT})),
        ("ana_square.tar.gz", tarred({"./square.py": RIGHT})),
        ("square-ana.tgz", tarred({"ana/square.py": RIGHT})),
        ("ana.tar", tarred({"square.py": RIGHT}, "w")),
        ("ana.tar.bz2", tarred({"square.py": RIGHT}, "w:bz2")),
        ("ana.tar.xz", tarred({"square.py": RIGHT}, "w:xz")),
        ("ana.ZIP", zipped(**{"dentro.zip": zipped(**{"square.py": RIGHT})})),
        ("square-ana-main.zip", zipped(**{"square-ana-main/square.py": RIGHT})),
        ("ana/entrega.zip", zipped(**{"square.py": RIGHT})),
        (f"ana_5_{MOODLE}/mi tarea.zip", zipped(**{"x/square.py": RIGHT})),
        (f"ana_5_{MOODLE}_mi tarea.zip", zipped(**{"x/square.py": RIGHT})),
        ("ana_5_6_tarea.zip", zipped(**{"x/square.py": RIGHT})),
    ],
)
def test_an_archive_of_one_student_is_read(course, tmp_path, name, content):
    put(tmp_path / "class" / name, content)
    found = look(tmp_path / "class", course.assignments)
    assert students(found) == ["ana"]
    assert code(found, "ana") == RIGHT
    assert found.skipped == []


def test_what_lies_beside_a_file_in_an_archive_goes_with_it(course, tmp_path):
    put(tmp_path / "class" / "ana.zip", zipped(**{"x/square.py": "import mine", "x/mine.py": RIGHT, "x/data.csv": "1,2", "y/no.csv": "3"}))
    (submission,) = look(tmp_path / "class", course.assignments).submissions
    assert set(read(submission).files) == {"square.py", "mine.py", "data.csv"}


def test_flat_files_of_others_do_not_go_with_a_student(course, tmp_path):
    lay(tmp_path / "class", "square_ana.py", "square_bea.py")
    put(tmp_path / "class" / "roster.csv", "secret")
    for submission in look(tmp_path / "class", course.assignments).submissions:
        assert set(read(submission).files) == {f"square_{submission.student}.py"}


def test_files_in_one_folder_without_students_are_one_students(course, tmp_path):
    lay(tmp_path / "ana", "square.py")
    assert students(look(tmp_path / "ana", course.assignments)) == ["ana"]


@pytest.mark.parametrize(
    "name", ["Square.py", "square (1).py", "square - copia.py", "square-2.PY", "square_ana.py", "tarea.py", "square v2.py"]
)
def test_a_name_that_is_not_quite_right_costs_nothing(course, tmp_path, name):
    put(tmp_path / "class" / "ana" / name, RIGHT)
    found = look(tmp_path / "class", course.assignments)
    assert code(found, "ana") == RIGHT


def test_a_file_of_another_name_is_graded_and_its_author_told(course, two, tmp_path):
    put(tmp_path / "class" / "ana" / "tarea.py", RIGHT)
    put(tmp_path / "class" / "ana" / "pruebas.py", "import tarea\n")
    put(tmp_path / "class" / "bea" / "motion.py", OTHER)
    for wanted in (course, two):
        found = look(tmp_path / "class", wanted.assignments)
        assert code(found, "ana") == RIGHT
        assert "`tarea.py`" in said(found, "ana")
    put(tmp_path / "class" / "cid" / "motion" / "main.py", OTHER)
    assert code(look(tmp_path / "class", two.assignments), "cid", "motion") == OTHER


def test_a_file_that_could_be_any_assignments_is_nobodys(two, tmp_path):
    put(tmp_path / "class" / "ana" / "square.py", RIGHT)
    put(tmp_path / "class" / "bea" / "tarea.py", "x = 1\n")
    found = look(tmp_path / "class", two.assignments)
    assert [(s.student, s.assignment, s.problem is None) for s in found.submissions] == [("ana", "square", True), ("bea", "square", False)]
    assert "`square.py`" in said(found, "bea")
    assert "tarea.py" in said(found, "bea")


def test_of_several_files_the_documented_one_counts(course, tmp_path):
    root = tmp_path / "class"
    put(root / "exact" / "square (1).py", HALF)
    put(root / "exact" / "square.py", RIGHT)
    put(root / "module" / "square.ipynb", "{}")
    put(root / "module" / "square.py", RIGHT)
    put(root / "worked_in" / "square.py", STUB)
    put(root / "worked_in" / "sub" / "square.py", RIGHT)
    put(root / "readable" / "square.ipynb", RIGHT)
    os.symlink("/etc/passwd", root / "readable" / "square.py")
    found = look(root, course.assignments)
    assert {code(found, student) for student in students(found)} == {RIGHT}
    chosen = {s.student: s for s in found.submissions}
    assert chosen["exact"].ignored == ("square (1).py",)
    assert chosen["worked_in"].ignored == ()


def test_of_several_uploads_the_last_counts(course, tmp_path):
    put(tmp_path / "canvas" / "bea_1_20_square.py", HALF)
    put(tmp_path / "canvas" / "bea_1_31_square-1.py", RIGHT)
    assert code(look(tmp_path / "canvas", course.assignments), "bea") == RIGHT
    put(tmp_path / "g" / "submission_70000001" / "square.py", HALF)
    put(tmp_path / "g" / "submission_70000003" / "square.py", RIGHT)
    metadata = GRADESCOPE + GRADESCOPE[4:].split('submission_70000002:\n  :submitters:\n  - :name: "')[0].replace("70000001", "70000003", 1)
    put(tmp_path / "g" / "submission_metadata.yml", metadata)
    assert code(look(tmp_path / "g", course.assignments), "0012345") == RIGHT


def test_a_late_mark_is_told(course, tmp_path):
    lay(tmp_path / "class", "bea_LATE_1_20_square.py", "ana_2_21_square.py")
    found = look(tmp_path / "class", course.assignments)
    assert "late" in said(found, "bea")
    assert said(found, "ana") == ""


def test_two_of_one_name_stay_two(course, tmp_path):
    lay(tmp_path / "class", f"Ana López_1_{MOODLE}/square.py", f"Ana López_2_{MOODLE}/square.py", "x/square.py")
    assert students(look(tmp_path / "class", course.assignments)) == ["Ana López_1", "Ana López_2", "x"]


def test_a_name_from_an_export_cannot_leave_the_folder_of_results(course, tmp_path):
    hostile = GRADESCOPE.replace("'0012345'", "../../../tmp/evil").replace("bruno@example.edu", "\x1b[31m.")
    put(tmp_path / "g" / "submission_metadata.yml", hostile)
    lay(tmp_path / "g", "submission_70000001/square.py", "submission_70000002/square.py")
    for name in students(look(tmp_path / "g", course.assignments)):
        assert "/" not in name
        assert not name.startswith(".")
        assert name.isprintable()


def test_who_handed_in_nothing_usable_appears_with_what_to_do(course, tmp_path):
    root = lay(tmp_path / "class", "ana/square.py")
    put(root / "bea" / "informe.pdf", b"%PDF")
    put(root / "cid.rar", b"Rar!\x1a\x07\x00")
    put(root / "dan.zip", b"<html>Log in</html>")
    put(root / "eva" / "square.zip", zipped(**{"leeme.txt": "hola"}))
    (root / "fin").mkdir()
    put(root / "lista.xlsx", b"PK")
    found = look(root, course.assignments)
    assert students(found) == ["ana", "bea", "cid", "dan", "eva"]
    assert found.empty == ["fin"]
    for student, words in {"bea": "informe.pdf", "cid": "RAR", "dan": "hand it in again", "eva": "leeme.txt"}.items():
        assert words in said(found, student)
        (submission,) = [s for s in found.submissions if s.student == student]
        assert isinstance(read(submission), Unreadable)
    lines = "\n".join(line.say("en") for line in found.lines(root))
    assert "5 submissions by 5 students" in lines
    assert "of (4): bea, cid, dan, eva." in lines
    assert "students' folders (3), archives (2)" in lines or "archives (2), students' folders (3)" in lines
    assert "cid" in lines and "dan" in lines and "fin" in lines


def test_what_was_skipped_is_in_the_report_of_its_owner_alone(course, tmp_path):
    root = lay(tmp_path / "class", "ana/square.py", "bea/square.py")
    put(root / "ana" / "old.zip", b"PK\x03\x04 cut")
    out = tmp_path / "out"
    batch.grade(course, look(root, course.assignments).submissions, out, seed="s", language="es")
    with Gradebook(out) as book:
        notes = {report.student: report.notes for report in book.reports()}
        assert {one.mark.value for one in book.marks()} == {100.0}
    assert "old.zip" in notes["ana"][0]
    assert notes["bea"] == []


def test_a_refused_archive_has_a_report_with_no_points_and_the_way_out(course, tmp_path):
    root = lay(tmp_path / "class", "ana/square.py")
    put(root / "bea.zip", zipped(**{"../../square.py": RIGHT}))
    out = tmp_path / "out"
    batch.grade(course, look(root, course.assignments).submissions, out, seed="s", language="en")
    with Gradebook(out) as book:
        report = book.report("bea", "square")
    assert (report.status, report.score) == ("refused", 0.0)
    assert "leads out of its folder" in report.checks[0].message
    put(root / "bea.zip", zipped(**{"square.py": RIGHT}))
    summary = batch.grade(course, look(root, course.assignments).submissions, out, seed="s", language="en")
    with Gradebook(out) as book:
        assert (summary.graded, {one.mark.value for one in book.marks()}) == (1, {100.0})


@pytest.mark.parametrize("make", [lambda p: p.mkdir(), lambda p: put(p / "docs" / "a.pdf", b""), lambda p: put(p / "notes.txt", b"")])
def test_a_folder_of_other_things_is_no_class(course, tmp_path, make):
    make(tmp_path / "nowhere")
    with pytest.raises(UsageError, match="nowhere"):
        look(tmp_path / "nowhere", course.assignments)


def test_an_export_that_is_cut_off_is_named(course, tmp_path):
    path = put(tmp_path / "export.zip", zipped(**{"ana/square.py": RIGHT})[:-9])
    with pytest.raises(UsageError, match=r"export\.zip"):
        look(path, course.assignments)


def test_what_an_earlier_run_wrote_is_nobodys_work(course, tmp_path):
    root = lay(tmp_path / "class", "ana/square.py")
    for _ in range(2):
        found = look(root, course.assignments)
        assert students(found) == ["ana"]
        batch.grade(course, found.submissions, root / "out", seed="s", language="en")


def test_a_folder_that_may_not_be_read_stops_nobody(course, tmp_path, monkeypatch):
    root = lay(tmp_path / "class", "ana/square.py", "bea/square.py")
    scan = os.scandir

    def refusing(path):  # as root, who runs these tests, mode 0 refuses nothing
        if Path(path).name == "bea":
            raise PermissionError
        return scan(path)

    monkeypatch.setattr("grader.collecting.os.scandir", refusing)
    found = look(root, course.assignments)
    assert (students(found), found.empty) == (["ana"], ["bea"])


def test_a_links_target_is_never_somebody_elses_work(course, tmp_path):
    root = lay(tmp_path / "class", "ana/square.py")
    os.symlink("ana", root / "eve")
    (root / "mal").mkdir()
    os.symlink("../ana/square.py", root / "mal" / "square.py")
    found = look(root, course.assignments)
    assert "link" in said(found, "eve")
    assert [s.student for s in found.submissions if not isinstance(read(s), Unreadable)] == ["ana"]
    assert students(found) == ["ana", "eve", "mal"]


def test_a_notebook_beside_the_stub_of_an_earlier_release_counts_also_in_an_archive(course, tmp_path):
    from grader import manifest

    old = STUB.replace("->", "gives")
    note = f'{{"grader": "0", "files": {{"square.py": "{manifest.fingerprint(old.encode())}"}}}}'
    put(tmp_path / "c" / "ana.zip", zipped(**{"k/square.py": old, "k/square.ipynb": "{}", "k/.grader-release.json": note}))
    assert code(look(tmp_path / "c", course.assignments), "ana") == "{}"


ROSTERS = {
    "ours": "student,github,moodle\nAna Beltrán,ana-b,1234\nBruno Gil,bruno99,77\n",
    "GitHub Classroom": '"identifier","github_username","github_id","name"\n"Ana Beltrán","ana-b","1","A"\n"Bruno Gil","bruno99","2","B"\n',
    "Excel in Spanish": "Estudiante;Usuario\nAna Beltrán;ana-b\nBruno Gil;bruno99\n",
}


@pytest.mark.parametrize("name", ROSTERS)
def test_a_class_list_names_the_students(course, tmp_path, name):
    root = lay(tmp_path / "class", "square-ana-b/square.py", "square-ana-b2/square.py")
    encoding = "cp1252" if "Excel" in name else "utf-8-sig"
    found = look(root, course.assignments, roster.load(put(tmp_path / "r.csv", ROSTERS[name].encode(encoding))))
    assert students(found) == ["Ana Beltrán", "ana-b2"]
    assert (found.empty, found.unlisted) == (["Bruno Gil"], ["ana-b2"])


@pytest.mark.parametrize(
    ("table", "folder", "expected"),
    [
        (
            'Student,ID,SIS Login ID,Section\n    Points Possible,,,\n"Beltrán, Ana",5678,abeltran,A\n',
            "beltránana_5678_1_square.py",
            "Beltrán, Ana",
        ),
        ("Identifier,Full name,Grade\nParticipant 12,Ana Beltrán,\n", f"Participante_12_{MOODLE}/square.py", "Participant 12"),
        ("student,name\nabeltran,Ana Beltrán\n", f"Ana Beltran_99_{MOODLE}/square.py", "abeltran"),
        ("username,first_name,last_name,email,section,github_id,role\nana-b,Ana,Beltrán,a@x,,7,\n", "Beltrán Ana/square.py", "ana-b"),
    ],
)
def test_a_platforms_own_table_is_a_class_list(course, tmp_path, table, folder, expected):
    root = lay(tmp_path / "class", folder)
    found = look(root, course.assignments, roster.load(put(tmp_path / "r.csv", table)))
    assert students(found) == [expected]


def test_what_two_students_share_names_neither(course, tmp_path):
    root = lay(tmp_path / "class", "A/square.py")
    names = roster.load(put(tmp_path / "r.csv", "student,section\nAna,A\nBea,A\n"))
    assert students(look(root, course.assignments, names)) == ["A"]


@pytest.mark.parametrize("table", [b"", b"x,y\n1,2\n", b"student\nAna\nAna\n", b'student\n"' + b"x" * 200_000])
def test_a_class_list_that_is_none_is_named(tmp_path, table):
    with pytest.raises(UsageError, match=r"r\.csv"):
        roster.load(put(tmp_path / "r.csv", table))

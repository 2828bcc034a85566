"""Grade files, each opened again by a reader written to its format's rules; and a teacher's file changes in nothing else."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from grader.cli import main
from grader.course import Course
from grader.errors import UsageError
from grader.export import moodle, people
from grader.export.filling import Request
from grader.export.marks import Marks
from grader.export.people import Person, Roster, match
from grader.export.sheet import Sheet, harmless
from grader.gradebook import Gradebook, Handed
from tests import tiny_course
from tests.made_reports import faulty, made_check, made_report, partial

CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,The square (991),Final Project (992),Current Score,Final Score\r\n"
    ",,,,,,Manual Posting,,\r\n"
    "    Points Possible,,,,,10,50,(read only),(read only)\r\n"
    '"Beltrán, Ana",101,u101,ana,A,,7,1.5,1.5\r\n'
    '"Castillo, Bruno",102,u102,bruno@uni.es,A,3,,,\r\n'
    "\"=cmd|' /C calc'!A0\",103,u103,carla,A,EX,,,\r\n"
    '"Student, Test",199,,0a1b2c,A,,,,\r\n'
)
WORKSHEET = (
    '\ufeffIdentificador,"Nombre completo","Dirección de correo",Estado,Calificación,"Calificación máxima",'
    '"La calificación puede ser cambiada","Última modificación (calificación)","Comentarios de retroalimentación"\n'
    'Participante 11,"Ana Beltrán",ana@uni.es,"Enviado para calificar",-,"10,00",Sí,-,\n'
    'Participante 12,"@Bruno Castillo",bruno@uni.es,"Enviado para calificar","5,00","10,00",Sí,-,"ya visto"\n'
    'Participante 13,"Otra Persona",otra@uni.es,"Sin entrega",-,"10,00",Sí,-,\n'
)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return tiny_course.build(tmp_path_factory.mktemp("course"))


def store(folder: Path, *reports) -> Path:
    with Gradebook(folder) as book:
        for number, report in enumerate(reports):
            book.store(report, Handed(report.student, report.assignment, str(number)), "")
    return folder


@pytest.fixture
def out(tmp_path):
    """A graded class: ana has 75 points, bruno 20.9, carla 100, and dora no mark by our fault."""
    three_quarters = made_report(made_check("a", points=75.0, of=75.0), made_check("b", "failed", 0.0, 25.0, message="x < y & <b>"))
    full = made_report(made_check("a", points=100.0, of=100.0), student="carla")
    return store(tmp_path / "out", three_quarters, partial(student="bruno"), full, faulty(student="dora"))


@pytest.fixture
def export(course, out, tmp_path):
    def call(style: str, *arguments: object, into: str | bytes | None = None, roster: str = "") -> Result:
        words = ["export", str(out), "--format", style, "--course", str(course), "--lang", "en", *map(str, arguments)]
        for option, content in (("--into", into), ("--roster", roster)):
            if content:
                path = tmp_path / f"{option[2:]}.csv"
                path.write_bytes(content if isinstance(content, bytes) else content.encode())
                words += [option, str(path)]
        return CliRunner().invoke(main, words)

    return call


def rows(raw: bytes, delimiter: str = ",", encoding: str = "utf-8-sig") -> list[list[str]]:
    return list(csv.reader(io.StringIO(raw.decode(encoding), newline=""), delimiter=delimiter, strict=True))


def changed(before: str, after: bytes) -> dict[tuple[int, int], str]:
    """The cells that are not as they were; nothing else may be different, down to quotes and line ends."""
    old, new = rows(before.encode()), rows(after)
    assert [len(row) for row in old] == [len(row) for row in new]
    different = {(r, c): new[r][c] for r in range(len(old)) for c in range(len(old[r])) if old[r][c] != new[r][c]}
    restored = Sheet(after)
    for row, column in different:
        restored._rows[row].cells[column] = Sheet(before.encode())._rows[row].cells[column]
    assert restored.encode() == before.encode()
    return different


# Canvas


def canvas_import(raw: bytes) -> dict[str, dict[str, str]]:
    """What Canvas's gradebook_importer.rb reads: by the student's own ID, for each assignment that it knows by number."""
    header, *body = rows(raw)
    assert "Student" in header[0] and "ID" in header[1]
    section = max(i for i, name in enumerate(header) if "Section" in name)
    known = {i: name for i, name in enumerate(header) if i > section and not any(w in name for w in ("Score", "Points", "Grade"))}
    assert all(name.rstrip(")").rpartition("(")[2].isdigit() for name in known.values())  # else it would be a new assignment
    people = [row for row in body if "Points Possible" not in row[0] and row[1]]
    return {row[1]: {name: row[i] for i, name in known.items()} for row in people}


def test_canvas_gets_its_own_file_back_with_the_marks_in_it(export):
    result = export("canvas", into=CANVAS)
    read = canvas_import(result.stdout_bytes)
    assert {number: row["The square (991)"] for number, row in read.items()} == {"101": "7.5", "102": "2.09", "103": "EX", "199": ""}
    assert changed(CANVAS, result.stdout_bytes) == {(3, 5): "7.5", (4, 5): "2.09", (5, 0): "'=cmd|' /C calc'!A0"}
    assert "excused (EX) from an assignment, although they have a mark: carla" in result.stderr
    assert "dora" in result.stderr
    assert "Student, Test" in result.stderr
    assert result.exit_code == 1  # dora's mark is not there


def test_canvas_needs_the_teachers_file_and_says_so(export, tmp_path):
    assert "--into" in export("canvas").stderr
    assert export("canvas").exit_code == 2
    assert export("canvas", into="a,b\n1,2\n").exit_code == 2
    own = tmp_path / "into.csv"
    assert export("canvas", "-o", own, into=CANVAS).exit_code == 2
    assert own.read_bytes() == CANVAS.encode()


def test_columns_are_found_by_title_or_by_what_the_teacher_says_and_never_added(export):
    other = CANVAS.replace("The square (991)", "Homework 1 (991)")
    refused = export("canvas", into=other)
    assert refused.exit_code == 2
    assert "Homework 1 (991), Final Project (992)" in refused.stderr
    assert "Current Score" not in refused.stderr
    for header in ("Homework 1", "Homework 1 (991)"):
        assert (3, 5) in changed(other, export("canvas", "--column", f"square={header}", into=other).stdout_bytes)
    assert export("canvas", "--column", "square=Current Score", into=CANVAS).exit_code == 2
    assert export("canvas", "--column", "square", into=CANVAS).exit_code == 2


def test_points_are_those_of_the_file_or_those_that_are_said(export):
    without = CANVAS.replace("    Points Possible,,,,,10,50,(read only),(read only)\r\n", "")
    assert canvas_import(export("canvas", into=without).stdout_bytes)["101"]["The square (991)"] == "75"
    assert canvas_import(export("canvas", "--points", "4", into=CANVAS).stdout_bytes)["101"]["The square (991)"] == "3"


def test_semicolons_decimal_commas_and_windows_letters_stay(export):
    spanish = CANVAS.replace(",,,,,10,50,(", ";;;;;10,00;50,00;(").replace("1.5,1.5", "1,5;1,5").replace('"Beltrán, Ana"', '"Beltrán- Ana"')
    lines = [line if ";" in line else line.replace(",", ";") for line in spanish.splitlines(keepends=True)]
    lines[2] = "    Points Possible;;;;;10,00;50,00;(read only);(read only)\r\n"
    lines[3] = '"Beltrán, Ana";101;u101;ana;A;;7,00;1,5;1,5\r\n'
    raw = "".join(lines).encode("cp1252")
    after = export("canvas", into=raw).stdout_bytes
    table = rows(after, ";", "cp1252")
    assert table[3][0] == "Beltrán, Ana"
    assert [table[row][5] for row in (3, 4)] == ["7,5", "2,09"]


# Moodle


def test_the_moodle_worksheet_comes_back_with_grades_and_comments(export):
    result = export("moodle", into=WORKSHEET)
    cells = changed(WORKSHEET, result.stdout_bytes)
    assert result.stdout_bytes.startswith(b"\xef\xbb\xbf")
    assert {place: cells[place] for place in ((1, 4), (2, 4), (2, 1))} == {(1, 4): "7,5", (2, 4): "2,09", (2, 1): "'@Bruno Castillo"}
    assert cells[1, 8] == "`b` is right: 0 / 25. x &lt; y &amp; &lt;b&gt;"
    assert set(cells) == {(1, 4), (1, 8), (2, 1), (2, 4), (2, 8)}
    assert "carla" in result.stderr and "Otra Persona" in result.stderr


def test_a_worksheet_is_for_one_assignment(course, export, tmp_path):
    english = WORKSHEET.replace("Calificación,", "Grade,").replace("Calificación máxima", "Maximum grade")
    assert changed(english, export("moodle", into=english).stdout_bytes)[1, 4] == "7,5"
    unknown = WORKSHEET.replace("Calificación,", "Note,")
    assert "--column square=" in export("moodle", into=unknown).stderr
    assert changed(unknown, export("moodle", "--column", "square=Note", into=unknown).stdout_bytes)[1, 4] == "7,5"


def test_moodles_gradebook_export_is_filled_by_title(export):
    exported = (
        'Nombre,"Apellido(s)","Número de ID","Dirección de correo","Tarea: El cuadrado (Real)","Tarea: Otra (Real)"\n'
        "Ana,Beltrán,1,ana@uni.es,-,5.00\nBruno,Castillo,2,bruno@uni.es,-,-\n"
    )
    result = export("moodle", into=exported)
    assert changed(exported, result.stdout_bytes) == {(1, 4): "75", (2, 4): "20.9"}
    assert export("moodle", into="a,b\nc,d\n").exit_code == 2


def test_one_worksheet_for_two_assignments_is_refused(course, tmp_path):
    (tmp_path / "w.csv").write_text(WORKSHEET)
    request = Request(Course.load(course), Marks({}), Roster(), ["square", "cube"], "en", into=tmp_path / "w.csv")
    with pytest.raises(UsageError, match="--assignment"):
        moodle.fill(request)


def test_without_a_file_moodle_gets_one_to_import(export):
    roster = "github_username,username,email,id,name\nana,abeltran,ana@uni.es,u1,Ana Beltrán\n"
    header, *body = rows(export("moodle", roster=roster).stdout_bytes)
    assert header == ["username", "email", "idnumber", "The square", "The square feedback"]
    by_user = {row[0]: row for row in body}
    assert by_user["abeltran"][:4] == ["abeltran", "ana@uni.es", "u1", "75"]
    assert by_user["bruno"][:4] == ["bruno", "", "", "20.9"]
    assert by_user["dora"][3:] == ["", ""]  # Moodle reads an empty cell as no grade


# The others


def test_csv_is_a_table_with_a_total_and_no_mark_for_a_fault(export):
    header, *body = rows(export("csv").stdout_bytes)
    assert header == ["student", "square", "total"]
    assert body == [["ana", "75", "75"], ["bruno", "20.9", "20.9"], ["carla", "100", "100"], ["dora", "", "0"]]


def test_classroom_has_the_columns_of_github_classroom_and_makes_nothing_up(export):
    roster = '"identifier","github_username","github_id","name"\n"u-1","ana","555","Ana"\n'
    header, *body = rows(export("classroom", roster=roster).stdout_bytes)
    wanted = (
        "assignment_name,assignment_url,starter_code_url,github_username,roster_identifier,student_repository_name,"
        "student_repository_url,submission_timestamp,points_awarded,points_available"
    )
    assert header == wanted.split(",")
    read = {row[3]: dict(zip(header, row, strict=True)) for row in body}
    assert (read["ana"]["roster_identifier"], read["ana"]["points_awarded"], read["ana"]["points_available"]) == ("u-1", "75", "100")
    assert "dora" not in read
    assert {row[name] for row in read.values() for name in header if "url" in name or "timestamp" in name} == {""}


def test_gradescope_gets_a_results_file_for_each_student_with_a_mark(export, out):
    result = export("gradescope")
    found = {path.stem: json.loads(path.read_text()) for path in (out / "gradescope").iterdir()}
    assert {name: results["score"] for name, results in found.items()} == {"ana": 75, "bruno": 20.9, "carla": 100}
    assert "3 result files" in result.stdout
    assert "dora" in result.stderr


def test_formulas_in_names_are_harmless_in_new_files(course, tmp_path):
    store(tmp_path / "out", made_report(made_check(), student="=1+1"), made_report(made_check(), student="@SUM(A1)"))
    for style in ("csv", "classroom", "moodle"):
        result = CliRunner().invoke(main, ["export", str(tmp_path / "out"), "--format", style, "--course", str(course)])
        assert not [cell for row in rows(result.stdout_bytes) for cell in row if cell.startswith(("=", "@", "+", "-", "\t"))]


def test_what_cannot_be_exported_is_a_usage_error(export, course, tmp_path):
    assert export("csv", into=CANVAS).exit_code == 2
    assert export("csv", roster="colour\nred\n").exit_code == 2
    assert export("canvas", "--assignment", "sqare", into=CANVAS).exit_code == 2
    assert CliRunner().invoke(main, ["export", str(tmp_path), "--course", str(course)]).exit_code == 2


# Who is who


def test_people_are_matched_by_what_is_equal_never_by_what_is_similar():
    students = {name: Roster().of(name) for name in ("ana", "ana_beltran", "eva", "leo")}
    listed = {
        1: Person(logins=("ANA",)), 2: Person(names=("Beltrán, Ana",)), 3: Person(emails=("eva@a.es",)), 4: Person(emails=("eva@b.es",)),
        5: Person(names=("Leonor",)),
    }  # fmt: skip
    found = match(students, listed)
    assert found.students == {1: "ana", 2: "ana_beltran"}
    assert (found.lost, found.unsure) == (["leo"], ["eva"])


def test_an_equal_number_decides_before_an_equal_name():
    students = {"ana_gil": Roster([Person(logins=("ana_gil",), numbers=("7",))]).of("ana_gil")}
    listed = {1: Person(numbers=("7",), names=("Gil, A.",)), 2: Person(numbers=("8",), names=("Gil, Ana",))}
    assert match(students, listed).students == {1: "ana_gil"}


def test_a_github_user_is_nobody_in_an_lms_who_happens_to_be_called_the_same():
    listed = {1: Person(logins=("ana",)), 2: Person(logins=("abeltran",))}
    roster = Roster([Person(accounts=("ana",), logins=("abeltran",))])
    assert match({"ana": roster.of("ana")}, listed).students == {2: "ana"}
    assert match({"ana": Roster().of("ana")}, listed).students == {1: "ana"}  # all that we know


def test_an_identifier_of_a_class_list_may_be_a_name_or_an_address():
    listed = {1: Person(names=("Beltrán, Ana",)), 2: Person(emails=("eva@x.es",))}
    roster = Roster([Person(accounts=("a1",), numbers=("Ana Beltrán",)), Person(accounts=("e1",), numbers=("eva@x.es",))])
    assert match({name: roster.of(name) for name in ("a1", "e1")}, listed).students == {1: "a1", 2: "e1"}


def test_two_of_the_same_name_in_the_class_list_are_not_told_apart_by_it():
    twins = Roster([Person(numbers=("1",), names=("Ana Gil",)), Person(numbers=("2",), names=("Ana Gil",))])
    assert twins.of("ana_gil").numbers == ()


@pytest.mark.parametrize(
    ("content", "student", "found"),
    [
        ('"identifier","github_username","github_id","name"\n"u1","ana-gh","5","Ana"\n', "ana-gh", ("u1", "ana-gh")),
        ("username,first_name,last_name,email,section,github_id,role\neva,Eva,Gil,e@x.es,A,9,student\n", "eva", ("e@x.es", "eva gil")),
        ("Nombre;Apellidos;Número de ID;Correo\nEva;Gil;77;e@x.es\n", "eva_gil", ("77", "e@x.es")),
    ],
)
def test_class_lists_of_several_platforms_are_understood(tmp_path, content, student, found):
    (tmp_path / "list.csv").write_text(content)
    who = people.load(tmp_path / "list.csv").of(student)
    assert set(found) <= {cell.casefold() for cell in (*who.accounts, *who.numbers, *who.emails, *who.names)}
    assert not {"9", "eva"} & who.exact  # GitHub's numbers and users could be somebody else elsewhere


# The file itself


@pytest.mark.parametrize(
    "raw",
    [
        b"a,b\n1,2", b"a,b\r\n1,\r\n", b'"a","b"\n"1","x ""y"", z\nw"\n', b"a;b\n;\n\n", b"\xef\xbb\xbfa,b\n", "á;b\n".encode("cp1252"),
        "a\tb\r\nñ\t1\r\n".encode("utf-16-le"), b"a,b\n1,2,3\n4\n", b'a,b\n"open,2\n3,4\n', b"a,b\r1,2\r", b"", b"a,b\n\x81,\n",
    ],
)  # fmt: skip
def test_a_file_that_is_not_changed_is_written_as_it_was(raw):
    whole = b"\xff\xfe" + raw if b"\x00" in raw else raw
    assert Sheet(whole).encode() == whole


def test_a_cell_is_quoted_if_it_was_or_has_to_be():
    sheet = Sheet(b'a,b,c\n1,"2",3\n')
    sheet.set(1, 0, "x")
    sheet.set(1, 1, "y")
    sheet.set(1, 2, 'z, "w"')
    assert sheet.encode() == b'a,b,c\nx,"y","z, ""w"""\n'


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "\tx", "\rx"])
def test_formulas_are_neutralised(cell):
    assert harmless(cell) == f"'{cell}"
    assert harmless(f"x{cell}") == f"x{cell}"


@given(
    st.lists(
        st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=8), min_size=2, max_size=5), min_size=1, max_size=6
    ),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
)
def test_it_reads_what_a_csv_writer_writes(table, quoting):
    buffer = io.StringIO(newline="")
    csv.writer(buffer, quoting=quoting).writerows([["a,b", "b", "c", "d", "e", "f"], *table])
    sheet = Sheet(buffer.getvalue().encode())
    assert [sheet.row(number) for number in range(1, len(sheet))] == table
    assert sheet.encode() == buffer.getvalue().encode()

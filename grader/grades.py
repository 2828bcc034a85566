"""`OUT/grades.csv`: what every submission counts, one row for each student."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

from grader.atomic import writing
from grader.errors import unwritable
from grader.gradebook import Marked


def write(marks: Iterable[Marked], assignments: Sequence[str], path: Path) -> None:
    """Write student, one column per assignment (empty: not handed in, or our fault), total.

    Args:
        marks: sorted by student.
        assignments: the columns, in their order.
        path: of the file.

    Raises:
        UsageError, Fault: the file cannot be written.
    """
    try:
        with writing(path) as file:
            writer = csv.writer(file)
            writer.writerow(["student", *assignments, "total"])
            writer.writerows(_rows(marks, assignments))
    except OSError as error:
        raise unwritable(path, error) from error


def _rows(marks: Iterable[Marked], assignments: Sequence[str]) -> Iterator[list[str]]:
    for student, group in groupby(marks, key=lambda marked: marked.student):
        values = {marked.assignment: marked.mark.value for marked in group}
        cells = ["" if (value := values.get(name)) is None else f"{value:g}" for name in assignments]
        yield [_harmless(student), *cells, f"{sum(values.get(name) or 0.0 for name in assignments):g}"]


def _harmless(cell: str) -> str:
    """A name that a spreadsheet will not run as a formula."""
    return f"'{cell}" if cell[:1] in "=+-@\t\r" else cell

"""A teacher's CSV file, of which only the cells that are filled in change: every other byte stays as it was."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.errors import UsageError, why
from grader.text import text

LARGEST = 64 << 20  # bytes
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_ENCODINGS = ("utf-8", "cp1252", "latin-1")  # the last one reads anything
_DELIMITERS = (",", ";", "\t")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass
class Row:
    """One line of the file: its cells as they are written, quotes included, and how it ends."""

    cells: list[str]
    end: str


class Sheet:
    """A CSV file as a table.

    Args:
        raw: the bytes of the file.

    Attributes:
        delimiter: comma, semicolon or tab: whichever cuts the header into most pieces.
        decimal: what stands before the decimals in its numbers, point or comma.
    """

    def __init__(self, raw: bytes) -> None:
        self._bom, self._encoding, content = _decoded(raw)
        self.delimiter = max(_DELIMITERS, key=lambda d: len(next(_rows(content, d), Row([], "")).cells))
        self._rows = list(_rows(content, self.delimiter))
        header = [cell for cell in self._rows[0].cells if cell] if self._rows else []
        self._all_quoted = bool(header) and all(cell.startswith('"') for cell in header)
        self.decimal = "," if self._has(r"\d+,\d+") and not self._has(r"\d+\.\d+") else "."

    @property
    def header(self) -> list[str]:
        """The cells of the first row."""
        return self.row(0) if self._rows else []

    def __len__(self) -> int:
        return len(self._rows)

    def row(self, number: int) -> list[str]:
        """The values of a row."""
        return [_value(cell) for cell in self._rows[number].cells]

    def cell(self, row: int, column: int) -> str:
        """One value; empty where the row is shorter than the header."""
        cells = self._rows[row].cells
        return _value(cells[column]) if column < len(cells) else ""

    def set(self, row: int, column: int, value: str) -> None:
        """Write one value, quoted if the cell was, or if it has to be."""
        cells = self._rows[row].cells
        cells += [""] * (column + 1 - len(cells))
        quoted = self._all_quoted or cells[column].startswith('"') or any(c in value for c in (self.delimiter, '"', "\n", "\r"))
        cells[column] = '"' + value.replace('"', '""') + '"' if quoted else value

    def number(self, value: float) -> str:
        """A number as this file writes them, with at most two decimals."""
        return f"{value:.2f}".rstrip("0").rstrip(".").replace(".", self.decimal)

    def encode(self) -> bytes:
        """The file."""
        content = "".join(self.delimiter.join(row.cells) + row.end for row in self._rows)
        return self._bom + content.encode(self._encoding, "replace")

    def _has(self, pattern: str) -> bool:
        return any(re.fullmatch(pattern, _value(cell)) for row in self._rows for cell in row.cells)


def read(path: Path) -> Sheet:
    """The file at `path`. Raises UsageError."""
    try:
        if path.stat().st_size > LARGEST:
            raise UsageError(text("unreadable", path=path, reason=f"> {LARGEST >> 20} MiB"))
        sheet = Sheet(path.read_bytes())
    except OSError as error:
        raise UsageError(text("unreadable", path=path, reason=why(error))) from error
    if len(sheet.header) < 2:
        raise UsageError(text("export_no_table", path=path))
    return sheet


def number_in(cell: str) -> float | None:
    """The number that a cell holds, with decimal point or comma; None if it is none."""
    return float(cell.replace(",", ".")) if re.fullmatch(r"\s*\d+(?:[.,]\d+)?\s*", cell) else None


def harmless(cell: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _decoded(raw: bytes) -> tuple[bytes, str, str]:
    """Byte order mark, encoding and text."""
    for bom, encoding in _BOMS:
        if raw.startswith(bom):
            return bom, encoding, raw[len(bom) :].decode(encoding, "replace")
    for encoding in _ENCODINGS:
        try:
            return b"", encoding, raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise AssertionError("latin-1 reads anything")


def _rows(content: str, delimiter: str) -> Iterator[Row]:
    """The rows, cut where RFC 4180 cuts them; a quote that never closes is an ordinary character."""
    plain = f"[^{re.escape(delimiter)}\r\n]*"
    cell = re.compile(f'"(?:[^"]|"")*"{plain}|{plain}')
    end = re.compile("\r\n|\n|\r")
    at = 0
    cells: list[str] = []
    while at < len(content) or cells:
        found = cell.match(content, at)
        assert found is not None  # it matches nothing, too
        cells.append(found.group())
        at = found.end()
        if content.startswith(delimiter, at):
            at += len(delimiter)
            continue
        ending = end.match(content, at)
        yield Row(cells, ending.group() if ending else "")
        at, cells = ending.end() if ending else len(content), []


def _value(cell: str) -> str:
    quoted = re.fullmatch('"((?:[^"]|"")*)"(.*)', cell, re.DOTALL)
    return quoted[1].replace('""', '"') + quoted[2] if quoted else cell

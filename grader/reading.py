"""How a submission could be read and imported, in words for its author: what it was read as, and what is missing of it.

What fails costs only what it should have defined, so most of this is a note beside full marks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from grader.errors import Crashed, StudentTrouble
from grader.excerpt import definition, excerpt_at
from grader.model import Location
from grader.sandbox import wire
from grader.sandbox.supervisor import Program
from grader.sandbox.trouble import asks_for_input, frames, is_network, raised
from grader.text import Text, text

_SYNTAX: Final = ("SyntaxError", "IndentationError", "TabError")
_UNFINISHED = re.compile("was never closed|unterminated|unexpected EOF|expected an indented block|expected 'except'")
_UNDEFINED = re.compile(r"name '(\w+)' is not defined")
_TEXT_WITHOUT_END = re.compile("unterminated triple")

Slow = Mapping[tuple[int, int], StudentTrouble]  # by (cell or 0, line): statements that were stopped, and then left out


def notes(loaded: wire.Loaded, program: Program, slow: Slow) -> list[Text]:
    """What the author should know of, although it may have cost nothing."""
    said = [_note(note) for note in loaded.notes]
    said += [_left_out(place, trouble) for place, trouble in slow.items()]
    told: list[wire.Raised] = []
    for error in loaded.errors:
        if not (error.type_name == "NameError" and (told or slow)):  # that only follows from what is told already
            told.append(error)
    return said + [import_trouble(error, program).fact for error in told]


def _left_out(place: tuple[int, int], trouble: StudentTrouble) -> Text:
    cell, line = place
    where = text("line_of_cell", cell=cell, line=line) if cell else text("line", line=line)
    return text("left_out", place=where, seconds=trouble.fact.values["seconds"])


def stuck_at(trouble: StudentTrouble | None, program: Program) -> tuple[int, int] | None:
    """The top-level statement (cell or 0, line) in which an import was when its time was up, where that is known."""
    if trouble is None or trouble.fact.key != "limit_load":
        return None
    places = [(frame.cell or 0, frame.line) for frame in trouble.frames if (frame.file, frame.function) == (program.file, "<module>")]
    return places[0] if places else None


def _note(note: wire.Note) -> Text:
    match note.kind:
        case "character":
            return text("note_character", line=note.line, character=_character(chr(note.character)))
        case "print" | "tabs":
            return text(f"note_{note.kind}", line=note.line)
    return text(f"note_{note.kind}")


def _character(character: str) -> Text:
    """What a word processor has put in the place of a plain character."""
    code = f"U+{ord(character):04X}"
    match unicodedata.category(character):
        case "Zs":
            return text("character_space", code=code)
        case "Cf":
            return text("character_invisible", code=code)
    return text("character_shown", character=character, code=code)


def told_at_import(trouble: StudentTrouble, loaded: wire.Loaded | None, program: Program, slow: Slow) -> StudentTrouble:
    """What is missing, a function or a name that one uses, is explained by the error at import for which it was not defined."""
    if loaded is not None and (lost := _lost_name(trouble)):
        error = next((error for error in loaded.errors if lost in _words_at(error, loaded, program)), None)
        return import_trouble(error, program) if error else trouble
    if loaded is None or not (isinstance(trouble, Crashed) and trouble.fact.key.startswith("missing")):
        return trouble
    if not program.files.get(program.file, b"").strip():
        return Crashed(text("file_empty"))
    if not loaded.errors:
        return next(iter(slow.values())) if slow and trouble.fact.key == "missing" else trouble
    return import_trouble(_culprit(str(trouble.fact.values["name"]), loaded, program), program)


def _lost_name(trouble: StudentTrouble) -> str:
    """The name that a function uses although nothing defines it; empty if that is not the trouble."""
    if trouble.fact.values.get("kind") != "NameError" or trouble.detail is None:
        return ""
    found = _UNDEFINED.match(str(trouble.detail.values.get("message", "")))
    return found[1] if found else ""


def _words_at(error: wire.Raised, loaded: wire.Loaded, program: Program) -> list[str]:
    """The words of the line on which an import failed."""
    own = [where for where in error.where if where.file == program.file and where.function == "<module>"]
    excerpt = excerpt_at(Location(own[0].file, own[0].line, own[0].cell), program.files, loaded.cells) if own else None
    return re.findall(r"\w+", excerpt.lines[own[0].line - excerpt.first]) if excerpt else []


def _culprit(name: str, loaded: wire.Loaded, program: Program) -> wire.Raised:
    """The error that cost a definition: the first one from its line on, else the last before, which may have swallowed it."""
    place = definition(name, program.file, program.files, loaded.cells)
    if place is None:
        return loaded.errors[0]
    start = (place.cell or 0, place.line)
    later = [error for error in loaded.errors if error.where and ((error.where[0].cell or 0), error.where[0].line) >= start]
    return later[0] if later else loaded.errors[-1]


def import_trouble(error: wire.Raised, program: Program) -> StudentTrouble:
    """Why a part of a submission could not be imported."""
    where = frames(error)
    own = [frame for frame in where if frame.file == program.file] or where  # it may go on in a file beside it
    line, cell = (own[-1].line, own[-1].cell) if own else (0, None)
    detail = raised(error, "import").detail
    if error.type_name == "NotANotebook":
        return Crashed(text("not_a_notebook"))
    if error.type_name == "NotPython":
        return Crashed(text("not_python", kind=error.text))
    if error.type_name == "ModuleNotFoundError":
        return Crashed(text("import_refused", name=error.text, line=line), frames=where)
    if error.type_name == "SystemExit":
        return Crashed(text("exit_at_import", line=line), frames=where)
    if asks_for_input(error):
        return Crashed(text("input_at_import", line=line), frames=where)
    if is_network(error):
        return Crashed(text("no_network_at_import", line=line), frames=where)
    if cell is not None and error.type_name == "NameError":
        return Crashed(text("cell_order", cell=cell, line=line), detail=detail, frames=where)
    if cell is not None:
        return Crashed(text("error_in_cell", cell=cell, kind=error.type_name, line=line), detail=detail, frames=where)
    if error.type_name in _SYNTAX:
        key = "cut_off" if _is_cut_off(error, line, program) else "syntax_error"
        return Crashed(text(key, line=line), detail=detail, frames=where)
    return Crashed(text("error_at_import", kind=error.type_name, line=line), detail=detail, frames=where)


def _is_cut_off(error: wire.Raised, line: int, program: Program) -> bool:
    """Whether the text ends where something more has to come."""
    last = len(program.files.get(program.file, b"").rstrip().splitlines())
    return bool(_TEXT_WITHOUT_END.search(error.text)) or (line >= last and bool(_UNFINISHED.search(error.text)))

"""The untrusted side: inside the confined process, loads the submission and answers calls with values.

Nothing that it sends is believed, so nothing here needs to resist the student's code: it shares the process with it.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import random
import signal
import sys
import types
import warnings
from collections.abc import Callable
from typing import Any

from grader.sandbox import autograd, nodes, notebook, source, wire
from grader.sandbox.channel import Channel, PeerGone
from grader.sandbox.pipes import Pipes
from grader.sandbox.values import Packer, Unpacker

_CELL = "#cell-"  # between a notebook's name and the number of a code cell, counted from 1
_NAME = type.__dict__["__name__"]  # a metaclass can give `__name__` another meaning


def serve(channel: Channel | Pipes) -> None:
    """Import the file that the grader names, say how that went, then answer until the grader is gone."""
    server = _Server(channel)
    if hasattr(signal, "SIGUSR1"):  # not on Windows
        signal.signal(signal.SIGUSR1, _time_is_up)
    warnings.showwarning = server.note_warning  # what the student's own filters let through
    _seed()
    sys.path.append(os.getcwd())  # last: a student's random.py must not hide the library's
    with contextlib.suppress(PeerGone):
        request = wire.decode_request(channel.receive()[0])
        assert isinstance(request, wire.Load)
        server.load(request)
        while True:
            server.answer()


class TimeIsUp(BaseException):
    """Raised wherever the student's code is when the grader's patience ends, so that the line can be told."""


def _time_is_up(*_: object) -> None:
    raise TimeIsUp


def _seed() -> None:
    """Every worker inherits one state of the global generators: make it a known one."""
    random.seed(0)
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed(0)
    if torch := sys.modules.get("torch"):
        torch.default_generator.manual_seed(0)  # torch.manual_seed formats a stack for each kind of device: 1 ms


def _pieces(module: types.ModuleType) -> tuple[list[tuple[str, str]], list[wire.Note], list[str]]:
    """What is run one after another, each under a name for its lines: the whole file, or a notebook's cells, told as they are."""
    path = module.__file__ or ""
    with open(path, "rb") as file:
        raw = file.read()
    disguised = not path.endswith(".ipynb") and notebook.is_one(raw)
    if not (path.endswith(".ipynb") or disguised):
        text, notes = source.decoded(raw)
        return [(path, text)], notes, []
    module.__dict__.update(get_ipython=notebook.Shell, display=notebook.display)
    cells = notebook.code_cells(raw)
    pieces = [(f"{path}{_CELL}{number}", notebook.python(cell)) for number, cell in enumerate(cells, 1)]
    return pieces, [wire.Note("notebook")] if disguised else [], _quotable(cells)


def _quotable(cells: list[str]) -> list[str]:
    """The cells as a report may quote them, as many as fit."""
    texts = [cell[: wire.MAX_CELL].encode("utf-8", "replace").decode() for cell in cells[: wire.MAX_CELLS]]
    room = itertools.accumulate(map(len, texts))
    return [text for text, used in zip(texts, room, strict=True) if used <= wire.MAX_QUOTED]


class _Server:
    """Holds the objects and originals that the grader may name, and answers one request at a time."""

    def __init__(self, channel: Channel | Pipes) -> None:
        self.channel = channel
        self.folder = os.getcwd() + os.sep
        self.objects: list[Any] = []  # number 0 is the module
        self.originals: list[Any] = []
        self.warnings: list[str] = []
        self.n = 0

    def load(self, request: wire.Load) -> None:
        """Run the module and say how that went."""
        sys.argv = [request.file]
        module = sys.modules[request.module] = types.ModuleType(request.module)
        module.__file__ = os.path.join(os.getcwd(), request.file)
        self.objects.append(module)
        self.channel.send(wire.encode(wire.Loaded(*self._run(module, request.skip))))

    def _run(self, module: types.ModuleType, skip: list[tuple[int, int]]) -> tuple[list[wire.Raised], list[wire.Note], list[str]]:
        """What went wrong; a statement on the top level that fails costs what it should have defined, and no more."""
        errors: list[wire.Raised] = []
        notes: list[wire.Note] = []
        try:
            pieces, notes, cells = _pieces(module)
        except BaseException as error:
            return [self.describe(error)], notes, []
        for number, (name, text) in enumerate(pieces, 1):
            place = number if _CELL in name else 0
            try:
                readable = source.without(source.readable(text, name), [line for cell, line in skip if cell == place])
            except BaseException as error:  # too deep for the compiler
                errors.append(self.describe(error))
                continue
            notes += [note for note in readable.notes if note.kind not in {known.kind for known in notes}]
            errors += map(self.describe, readable.errors)
            if not self._execute(readable, module, errors):
                break
        return errors[: wire.MAX_ERRORS], notes, cells

    def _execute(self, readable: source.Readable, module: types.ModuleType, errors: list[wire.Raised]) -> bool:
        """Run a piece, each time on from behind a statement that failed; whether those after it should be run."""
        code = readable.code
        while code is not None and len(errors) < wire.MAX_ERRORS:
            try:
                exec(code, module.__dict__)
                code = None
            except BaseException as error:  # SystemExit and KeyboardInterrupt too
                errors.append(self.describe(error))
                if isinstance(error, TimeIsUp):
                    return False
                code = _rest(readable, error)
            finally:
                _flush()
        return True

    def answer(self) -> None:
        """Receive one request and send its reply."""
        meta, arrays = self.channel.receive()
        request = wire.decode_request(meta)
        assert isinstance(request, wire.Call | wire.Get | wire.Set)
        self.n = request.n
        self.warnings = []
        try:
            frame = self._carry_out(request, Unpacker(arrays, self._special))
        except BaseException as error:
            frame = wire.encode(self.describe(error))
        _flush()
        self.channel.send(frame)

    def _carry_out(self, request: wire.Call | wire.Get | wire.Set, unpacker: Unpacker) -> list[Any]:
        target = self.objects[request.target]
        if isinstance(request, wire.Set):
            _assign(target, request.name, unpacker.value(request.value))
            return self._returned(None)
        try:
            value = getattr(target, request.name) if request.name else target
        except AttributeError:
            return wire.encode(self._missing(target, request.name))
        if isinstance(request, wire.Get):
            return self._returned(value)
        if not callable(value):
            return wire.encode(wire.Raised(self.n, "NotAFunction", "", []))
        args, kwargs = unpacker.value(request.args), unpacker.value(request.kwargs)
        with contextlib.nullcontext() if request.autograd else autograd.switched_off():
            result = value(*args, **kwargs)
        return self._returned(result, args if request.want_args else None)

    def _returned(self, value: object, args: object = None) -> list[Any]:
        packer = Packer(self._foreign, self._keep)
        value_, args_ = packer.node(value), packer.node(args)
        return wire.encode(wire.Returned(self.n, value_, args_, self.warnings), packer.buffers)

    def _missing(self, target: object, name: str) -> wire.Raised:
        defined = _own_names(target) if isinstance(target, types.ModuleType) else dir(target)
        public = [nodes.printable(key, "")[: nodes.NAME] for key in defined if not key.startswith("_")][: wire.MAX_DEFINED]
        return wire.Raised(self.n, "AttributeError", name, [], missing=True, defined=public)

    def _foreign(self, value: object) -> nodes.Node:
        self.objects.append(value)
        return nodes.Object(len(self.objects) - 1, _type_name(value))

    def _keep(self, value: object) -> int | None:
        self.originals.append(value)
        return len(self.originals) - 1

    def _special(self, unpacker: Unpacker, node: Any) -> object:
        match node:
            case nodes.Original(number):
                return self.originals[number]
            case nodes.Object(number):
                return self.objects[number]
            case nodes.Function(number):
                return self._ask(number)
            case nodes.TensorNode(dtype, requires_grad, array):
                torch = sys.modules["torch"]
                data = torch.from_numpy(unpacker.array(array)).to(getattr(torch, dtype.removeprefix("torch.")))
                return data.requires_grad_(requires_grad)
        raise nodes.ProtocolError("unknown value")

    def _ask(self, number: int) -> Callable[..., object]:
        """A function that asks the grader."""

        def function(*args: object) -> object:
            packer = Packer(self._foreign, self._keep)
            node = packer.node(list(args))
            self.channel.send(wire.encode(wire.Asked(self.n, number, node), packer.buffers))
            meta, arrays = self.channel.receive()
            answer = wire.decode_request(meta)
            assert isinstance(answer, wire.Answer)
            return Unpacker(arrays, self._special).value(answer.value)

        return function

    def note_warning(self, message: Any, category: Any, *_: object, **__: object) -> None:
        """Stands in for warnings.showwarning."""
        if issubclass(category, RuntimeWarning) and len(self.warnings) < wire.MAX_WARNINGS:
            self.warnings.append(nodes.printable(str(message), "")[: wire.MAX_WARNING])

    def describe(self, error: BaseException) -> wire.Raised:
        """An exception as a value: its type, its text, the student's own lines."""
        said: list[str] = []
        where: list[wire.Where] = []
        with contextlib.suppress(BaseException):  # both may run the student's own methods
            said.append(_words(error))
            where = self._where(error)
        text = nodes.printable("".join(said))[: wire.MAX_TEXT]
        return wire.Raised(self.n, _type_name(error), text, where, warnings=self.warnings)

    def _where(self, error: BaseException) -> list[wire.Where]:
        """The student's own lines on the way to `error`, innermost last."""
        lines = []
        trace = error.__traceback__
        while trace is not None:
            code = trace.tb_frame.f_code
            lines.append((code.co_filename, trace.tb_lineno or 0, code.co_name))
            trace = trace.tb_next
        if isinstance(error, SyntaxError):
            lines.append((str(error.filename), error.lineno or 0, "<module>"))
        own = [(file.removeprefix(self.folder), line, name) for file, line, name in lines if file.startswith(self.folder)]
        return [_place(*line) for line in own[-wire.MAX_FRAMES :]]


def _rest(readable: source.Readable, error: BaseException) -> types.CodeType | None:
    """What is to be run after a statement failed: nothing after `exit()`."""
    if isinstance(error, Exception):
        with contextlib.suppress(Exception):  # the student's own recursion limit may stop a parser
            return source.rest(readable, _line_of(error, readable.code))
    return None


def _line_of(error: BaseException, code: types.CodeType | None) -> int:
    """The line of the module that was being run."""
    trace = error.__traceback__
    while trace is not None and code is not None:
        if trace.tb_frame.f_code.co_filename == code.co_filename and trace.tb_frame.f_code.co_name == "<module>":
            return trace.tb_lineno or sys.maxsize
        trace = trace.tb_next
    return sys.maxsize


def _place(file: str, line: int, function: str) -> wire.Where:
    file, _, cell = nodes.printable(file, "")[: nodes.NAME].partition(_CELL)
    return wire.Where(file, line, nodes.printable(function, "")[: nodes.NAME], int(cell) if cell.isdecimal() else None)


def _words(error: BaseException) -> str:
    """What an exception says; its place is told apart from its words, and a missing module's name is all that matters."""
    if isinstance(error, ModuleNotFoundError) and error.name:
        return error.name
    return error.msg if isinstance(error, SyntaxError) else str(error)


def _own_names(module: types.ModuleType) -> list[str]:
    """What a module defines, other modules that it imports left out."""
    values = vars(module).items()
    return [name for name, value in values if not isinstance(value, types.ModuleType) and name not in ("get_ipython", "display")]


def _type_name(value: object) -> str:
    return nodes.printable(_NAME.__get__(type(value)), "")[: nodes.NAME]


def _assign(target: object, name: str, value: object) -> None:
    """Set an attribute; a tensor is filled in place, because a Parameter accepts nothing else."""
    torch = sys.modules.get("torch")
    current = getattr(target, name, None)
    if torch and isinstance(current, torch.Tensor) and isinstance(value, torch.Tensor):
        with torch.no_grad():
            current.copy_(value)
        return
    setattr(target, name, value)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(BaseException):
            stream.flush()

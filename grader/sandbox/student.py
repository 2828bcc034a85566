"""A submission as it looks to a check: a module whose functions answer from a confined worker.

    student.forward(params, X)        a call; the answer is plain Python, numpy or Tensor, and ours
    rnn = student.RNN(2, 4, 1)        an object that stays in the worker
    rnn.backward(xs, hs, g)           a call of its method
    rnn.U = U; rnn.U.value            its attribute

What stands at a name is called or read only where a check says so, in the worker: a number where a method should be is the
student's trouble there, and would be ours here.

What a student returned can be handed back to the same student: where its exact type does not survive the journey (a
subclass of dict, a tensor with its graph), the worker's own original is used. So do not change such a value in place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from grader.errors import Crashed, Fault, GraderError, LimitReached, Mismatch, StudentTrouble
from grader.figure import Axes, Figure, Line
from grader.sandbox import nodes, wire
from grader.sandbox.answers import Answers
from grader.sandbox.supervisor import Deadline, Worker
from grader.sandbox.trouble import raised, unsendable
from grader.sandbox.values import Packer, Unpacker
from grader.tensor import Tensor
from grader.text import text

_OUR_DEPTH = 60  # what a student returned may be handed back inside a list of arguments


class Session(Protocol):
    """Answers what a module, or an object of its making, is asked. Number 0 is the module."""

    face: Session

    @property
    def warnings(self) -> list[str]:
        """Texts of the RuntimeWarnings issued so far."""

    def call(
        self, target: int, name: str, args: Sequence[object], kwargs: dict[str, object], *, want_args: bool = False
    ) -> tuple[Any, Any]:
        """The value of a call, and its arguments after the call where they are wanted."""

    def get(self, target: int, name: str) -> Any:
        """The value of an attribute."""

    def set(self, target: int, name: str, value: object) -> None:
        """Set an attribute."""

    def without_autograd(self) -> Session:
        """The same session, with torch's autograd switched off during calls."""


@dataclass(frozen=True)
class Clock:
    """Seconds of wall clock that one call, and all calls together, may take."""

    call_s: float
    total_s: float


class Student:
    """The module in `worker`. Every attribute that does not start with an underscore is a function of the module, or a class.

    Args:
        session: who answers: a worker, or a recording of one.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def __getattr__(self, name: str) -> Function:
        if name.startswith("_"):
            raise AttributeError(name)
        return (Class if name[0].isupper() else Function)(self._session, 0, name)

    @property
    def warnings(self) -> tuple[str, ...]:
        """Texts of the RuntimeWarnings that the student's code has issued so far."""
        return tuple(self._session.warnings)

    @property
    def without_autograd(self) -> Student:
        """The same module, its functions called under `torch.no_grad()` and with no engine that could differentiate."""
        return Student(self._session.without_autograd())


class Function:
    """What stands at a name of the student's module or of an object: a function, or a value."""

    def __init__(self, session: Session, target: int, name: str) -> None:
        self._session, self._target, self._name = session, target, name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._session.call(self._target, self._name, args, kwargs)[0]

    def arguments_after(self, *args: Any) -> tuple[Any, ...]:
        """Call the function; returns its arguments as they are afterwards."""
        return tuple(self._session.call(self._target, self._name, args, {}, want_args=True)[1])

    @property
    def value(self) -> Any:
        """What stands there, read instead of called."""
        return self._session.get(self._target, self._name)


class Class(Function):
    """A class of the student's module: a name that begins with a capital letter."""

    def __call__(self, *args: Any, **kwargs: Any) -> Remote:
        made = super().__call__(*args, **kwargs)
        if not isinstance(made, Remote):
            raise Mismatch(text("not_an_object", name=self._name), name=self._name)
        return made


class Remote:
    """An object that stays in the worker: attributes are read and set there, methods called there."""

    _session: Session
    _number: int
    _type_name: str

    def __init__(self, session: Session, number: int, type_name: str) -> None:
        object.__setattr__(self, "_session", session)
        object.__setattr__(self, "_number", number)
        object.__setattr__(self, "_type_name", type_name)

    def __getattr__(self, name: str) -> Function:
        if name.startswith("__"):
            raise AttributeError(name)
        return Function(self._session, self._number, name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._session.set(self._number, name, value)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._session.call(self._number, "", args, kwargs)[0]

    def arguments_after(self, *args: Any) -> tuple[Any, ...]:
        """Call the object, a partial or a closure kept as an attribute; returns its arguments as they are afterwards."""
        return tuple(self._session.call(self._number, "", args, {}, want_args=True)[1])

    def __repr__(self) -> str:
        return f"<{self._type_name}>"


class WorkerSession:
    """Requests and replies, in step, with one worker."""

    def __init__(self, worker: Worker, clock: Clock) -> None:
        self.worker, self.clock = worker, clock
        self.deadline = worker.deadline(clock.total_s)
        self.warnings: list[str] = []
        self.originals: dict[int, tuple[object, int]] = {}  # id of our copy -> (our copy, number of the worker's original)
        self.functions: list[Callable[..., object]] = []
        self.answers = Answers()
        self.counter = [0]
        self.autograd = True
        self.face: Session = self  # whom the objects that come from here ask: whoever wraps this session

    def without_autograd(self) -> WorkerSession:
        other = object.__new__(WorkerSession)
        other.__dict__ = {**self.__dict__, "autograd": False, "face": other}
        return other

    def call(
        self, target: int, name: str, args: Sequence[object], kwargs: dict[str, object], *, want_args: bool = False
    ) -> tuple[Any, Any]:
        """The function's value, and its arguments after the call where they are wanted."""
        packer = _Packer(self)
        args_, kwargs_ = self._packed(packer, name, list(args), kwargs)
        request = wire.Call(self._next(), target, name, args_, kwargs_, want_args, self.autograd)
        value, after = self._ask(request, packer.buffers, name)
        self.answers.add(name, value)
        return value, after

    def get(self, target: int, name: str) -> Any:
        return self._ask(wire.Get(self._next(), target, name), [], name)[0]

    def set(self, target: int, name: str, value: object) -> None:
        packer = _Packer(self)
        (node,) = self._packed(packer, name, value)
        self._ask(wire.Set(self._next(), target, name, node), packer.buffers, name)

    def _next(self) -> int:
        self.counter[0] += 1
        return self.counter[0]

    def _packed(self, packer: Packer, name: str, *values: object) -> list[nodes.Node]:
        try:
            return [packer.node(value) for value in values]
        except nodes.Unsendable as error:
            raise too_large(name, error) from None

    def _frame(self, message: wire.Request, buffers: list[Any], name: str) -> list[Any]:
        try:
            return wire.encode(message, buffers)
        except nodes.Unsendable as error:
            raise too_large(name, error) from None

    def _ask(self, request: wire.Call | wire.Get | wire.Set, buffers: list[Any], name: str) -> tuple[Any, Any]:
        deadline = min(self.worker.deadline(self.clock.call_s), self.deadline)
        self.worker.send(self._frame(request, buffers, name), deadline)
        while True:
            reply, arrays = self._reply(deadline, name)
            if getattr(reply, "n", None) != request.n:
                raise self._broken()
            unpacker = Unpacker(arrays, self._special)
            match reply:
                case wire.Asked(_, function, args):
                    self._answer(name, function, self._value(unpacker, args)[0], deadline)
                case wire.Returned(_, value, args, warnings):
                    self.warnings += warnings
                    return self._value(unpacker, value, args)
                case wire.Raised():
                    self.warnings += reply.warnings
                    raise raised(reply, name, too_much=self.worker.printed_too_much())

    def _reply(self, deadline: Deadline, name: str) -> tuple[wire.Reply, bytes]:
        try:
            return self.worker.receive(deadline)
        except LimitReached as trouble:
            if trouble.fact.key == "limit_time":
                trouble.fact = text("limit_time", function=name, seconds=self.clock.call_s)
            raise

    def _value(self, unpacker: Unpacker, *nodes_: Any) -> tuple[Any, ...]:
        try:
            values = tuple(unpacker.value(node) for node in nodes_)
            unpacker.finish()
        except (nodes.ProtocolError, ValueError, OverflowError, TypeError, MemoryError):
            raise self._broken() from None
        return values if len(values) > 1 else (values[0], None)

    def _broken(self) -> StudentTrouble:
        self.worker.kill()
        return Crashed(text("protocol_broken"))

    def _answer(self, name: str, number: int, args: Any, deadline: Deadline) -> None:
        """Answer a student who calls a function that a check passed to `name`."""
        if not 0 <= number < len(self.functions) or type(args) is not list:
            raise self._broken()
        packer = _Packer(self)
        (node,) = self._packed(packer, name, self._called_back(name, self.functions[number], args))
        self.worker.send(self._frame(wire.Answer(self.counter[0], node), packer.buffers, name), deadline)

    def _called_back(self, name: str, function: Callable[..., object], args: list[object]) -> object:
        """What a check's own function gives. That the student may pass it anything must not make a fault of ours."""
        try:
            return function(*args)
        except Fault as fault:  # the reference, called with what the student passed, may have raised
            cause = fault.__cause__
            if isinstance(cause, Crashed) and cause.fact.key == "raised":
                raise Crashed(text("called_wrongly", function=name, kind=cause.fact.values["kind"])) from fault
            raise
        except GraderError:
            raise
        except Exception as error:
            raise Crashed(text("called_wrongly", function=name, kind=type(error).__name__)) from error

    def _special(self, unpacker: Unpacker, node: Any) -> object:
        match node:
            case nodes.Kept(number, inner):
                value = unpacker.value(inner)
                shared = isinstance(value, bool | int | float | str | None) or (type(value) is tuple and not value)
                if not shared:  # with everybody else's
                    self.originals[id(value)] = (value, number)
                return value
            case nodes.Object(number, type_name):
                return Remote(self.face, number, type_name)
            case nodes.TensorNode(dtype, requires_grad, array):
                return Tensor(unpacker.array(array), dtype, requires_grad)
            case nodes.FigureNode():
                return _figure(unpacker, node)
        raise nodes.ProtocolError("unknown value")


class _Packer(Packer):
    """Packs what the grader sends: originals and remote objects by number, functions as something to call back."""

    def __init__(self, session: WorkerSession) -> None:
        super().__init__(self._handle, lambda value: None, max_depth=_OUR_DEPTH)
        self._session = session

    def node(self, value: object) -> nodes.Node:
        """The node of `value`."""
        if (kept := self._session.originals.get(id(value))) and kept[0] is value:
            return nodes.Original(kept[1])
        return super().node(value)

    def _handle(self, value: object) -> nodes.Node:
        if isinstance(value, Remote):
            return nodes.Object(value._number, "")
        if callable(value):
            self._session.functions.append(value)
            return nodes.Function(len(self._session.functions) - 1)
        raise Fault(f"a check hands a {type(value).__name__} to a student: only values, remote objects and functions can cross")


def _figure(unpacker: Unpacker, node: nodes.FigureNode) -> Figure:
    axes = []
    for item in node.axes:
        lines = tuple(Line(line.label, unpacker.array(line.x), unpacker.array(line.y)) for line in item.lines)
        axes.append(Axes(item.title, item.xlabel, item.ylabel, lines, tuple(item.legend)))
    return Figure(tuple(axes), node.xlabel, node.ylabel, tuple(node.legend))


def too_large(name: str, error: nodes.Unsendable) -> Crashed:
    """The trouble with a value that does not fit into a frame: the student made it, for our own inputs fit (`grader validate`)."""
    return Crashed(text("unsendable", function=name), detail=unsendable(str(error)))

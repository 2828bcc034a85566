"""The reference's answers to one check, remembered: a whole class asks the same questions in the same order.

A check's inputs follow from the course's secret, so what it asks of the reference differs between two submissions only
where an answer of the student's goes into it. A conversation is walked along a tree of answers given before; only at the
first new question is the reference itself asked, after it has been told again what came before. So objects of the
reference (networks, cells) need not exist at all while everything is as last time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from grader.sandbox import nodes, wire
from grader.sandbox.student import Remote, Session, too_large
from grader.sandbox.values import Packer

_Ask = Callable[[Session, Callable[[Any], Any]], Any]
_MOST = 4096  # answers in one tree; students' own values make branches that nobody walks again


@dataclass
class Step:
    """A point of a conversation: what has been answered from here, and where each answer leads."""

    answers: dict[bytes, tuple[Any, Step]] = field(default_factory=dict)


class Tree:
    """The conversations that one check has had with the reference."""

    def __init__(self) -> None:
        self.root, self.size = Step(), 0

    def add(self, step: Step, key: bytes, answer: Any) -> Step:
        """Remember an answer; the step after it. A full tree is forgotten: the next walk begins a new one."""
        following = Step()
        step.answers[key] = (answer, following)
        self.size += 1
        if self.size >= _MOST:
            self.root, self.size = Step(), 0
        return following


@dataclass(frozen=True)
class _Request:
    """One question: how to ask it of a session, given the objects that the session knows."""

    ask: _Ask
    autograd: bool


class _Walk:
    """One conversation: where it is in the tree, and what of it the reference itself has heard."""

    def __init__(self, tree: Tree, live: Callable[[], Session]) -> None:
        self._tree, self._step, self._live = tree, tree.root, live
        self._session: Session | None = None
        self._unheard: list[_Request] = []
        self._known: list[Remote] = []  # the reference's own objects; number 1 is the first

    def ask(self, request: _Request, key: bytes, face: Session) -> Any:
        """The answer, its objects asking `face`; an empty key is never remembered."""
        self._unheard.append(request)
        if not key or key not in self._step.answers:
            answer = self._heard()
            self._step = self._tree.add(self._step, key, answer) if key else Step()
        else:
            answer, self._step = self._step.answers[key]
        return _copied(answer, lambda remote: Remote(face, remote._number, remote._type_name))

    def _heard(self) -> Any:
        """Tell the reference what it has not heard yet; its answer to the last, as it is remembered."""
        if self._session is None:
            self._session = self._live()
        answer: Any = None
        for request in self._unheard:
            session = self._session if request.autograd else self._session.without_autograd()
            answer = _copied(request.ask(session, self._inward), self._numbered)
        self._unheard.clear()
        return answer

    def _numbered(self, remote: Remote) -> Remote:
        self._known.append(remote)
        return Remote(_NOBODY, len(self._known), remote._type_name)

    def _inward(self, value: Any) -> Any:
        return _copied(value, lambda remote: self._known[remote._number - 1])

    def target(self, number: int) -> int:
        """The reference's own number of an object; 0 is its module."""
        return self._known[number - 1]._number if number else 0


class Remembered:
    """A session of the reference for one check.

    Args:
        tree: what the same check was answered before.
        live: the reference itself, asked when something new comes up.
    """

    def __init__(self, tree: Tree, live: Callable[[], Session]) -> None:
        self.warnings: list[str] = []
        self.face: Session = self
        self._walk, self._autograd = _Walk(tree, live), True

    def call(
        self, target: int, name: str, args: Sequence[object], kwargs: dict[str, object], *, want_args: bool = False
    ) -> tuple[Any, Any]:
        args_, kwargs_ = _copied(list(args), _same), _copied(kwargs, _same)  # a check may change them before they are heard

        def ask(session: Session, inward: Callable[[Any], Any]) -> Any:
            return session.call(self._walk.target(target), name, inward(args_), inward(kwargs_), want_args=want_args)

        value, after = self._ask(name, ask, "call", target, args_, kwargs_, want_args)
        return value, after

    def get(self, target: int, name: str) -> Any:
        return self._ask(name, lambda session, inward: session.get(self._walk.target(target), name), "get", target)

    def set(self, target: int, name: str, value: object) -> None:
        value_ = _copied(value, _same)
        self._ask(name, lambda session, inward: session.set(self._walk.target(target), name, inward(value_)), "set", target, value_)

    def without_autograd(self) -> Session:
        other = object.__new__(Remembered)
        other.__dict__ = {**self.__dict__, "_autograd": False, "face": other}
        return other

    def _ask(self, name: str, ask: _Ask, *question: object) -> Any:
        try:
            key = _fingerprint([name, *question, self._autograd])
        except nodes.Unsendable as error:
            raise too_large(name, error) from None
        return self._walk.ask(_Request(ask, self._autograd), key, self.face)


class _Nobody:
    """Whom the objects in a tree ask: nobody, until they are handed out."""


_NOBODY: Any = _Nobody()


def _same(remote: Remote) -> Remote:
    return remote


def _copied(value: Any, remote: Callable[[Remote], Any]) -> Any:
    """A copy that shares nothing that can be changed, objects replaced by what `remote` makes of them."""
    if isinstance(value, Remote):
        return remote(value)
    if isinstance(value, np.ndarray):
        return value.copy()
    if type(value) in (list, set):
        return type(value)(_copied(item, remote) for item in value)
    if isinstance(value, tuple):  # a Tensor or a Figure is one too
        parts = [_copied(item, remote) for item in value]
        return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
    if type(value) is dict:
        return {key: _copied(item, remote) for key, item in value.items()}
    return value


def _fingerprint(question: list[object]) -> bytes:
    """The same for equal questions; empty where one holds a function, which can be asked about anything."""
    functions: list[object] = []

    def foreign(value: object) -> nodes.Node:
        if isinstance(value, Remote):
            return nodes.Object(value._number, "")
        functions.append(value)
        return None

    packer = Packer(foreign, lambda value: None, max_depth=100)
    meta = wire.encode(wire.Answer(0, packer.node(question)))
    return b"" if functions else hashlib.blake2b(b"".join((*meta, *packer.buffers)), digest_size=16).digest()

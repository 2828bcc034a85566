"""The floor: a submission imported into this very process, with the same face as a confined one and no protection at all."""

from __future__ import annotations

import contextlib
import importlib.util
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from grader.errors import Crashed, GraderError
from grader.sandbox.student import Function, Remote
from grader.tensor import Tensor
from grader.text import literal


class InProcess:
    """A module whose functions are called directly."""

    def __init__(self, path: Path, name: str) -> None:
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None and spec.loader is not None
        self._module = sys.modules[name] = importlib.util.module_from_spec(spec)
        self._caught = warnings.catch_warnings(record=True)
        self._log = self._caught.__enter__()
        with contextlib.redirect_stdout(None):
            spec.loader.exec_module(self._module)

    @property
    def warnings(self) -> tuple[str, ...]:
        return tuple(str(entry.message) for entry in self._log or [])

    def close(self) -> None:
        self._caught.__exit__(None, None, None)

    @property
    def without_autograd(self) -> _WithoutAutograd:
        return _WithoutAutograd(self)

    def __getattr__(self, name: str) -> Any:
        return _Function(self._module, name)


class _WithoutAutograd:
    def __init__(self, module: InProcess) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Any:
        return sys.modules["torch"].no_grad()(getattr(self._module, name))


@contextlib.contextmanager
def _student() -> Iterator[None]:
    """Student code at work: silent, and what it raises is what a check expects of a worker."""
    try:
        with contextlib.redirect_stdout(None):
            yield
    except GraderError:
        raise
    except Exception as error:
        raise Crashed(literal(es=str(error), en=str(error))) from error


class _Function(Function):
    def __init__(self, owner: Any, name: str) -> None:
        self._owner, self._name = owner, name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        given = {key: _inward(value) for key, value in kwargs.items()}
        with _student():
            return _outward(getattr(self._owner, self._name)(*map(_inward, args), **given))

    def arguments_after(self, *args: Any) -> tuple[Any, ...]:
        given = [_inward(arg) for arg in args]
        with _student():
            getattr(self._owner, self._name)(*given)
        return tuple(map(_outward, given))

    @property
    def value(self) -> Any:
        with _student():
            return _outward(getattr(self._owner, self._name))


class _Object(Remote):  # a check may ask whether it is one
    def __init__(self, value: Any) -> None:
        object.__setattr__(self, "_value", value)

    def __getattr__(self, name: str) -> _Function:
        return _Function(self._value, name)

    def __setattr__(self, name: str, value: Any) -> None:
        given, current = _inward(value), getattr(self._value, name, None)
        with _student():
            if _is_tensor(current) and _is_tensor(given):
                with sys.modules["torch"].no_grad():
                    current.copy_(given)
            else:
                setattr(self._value, name, given)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return _Function(self._value, "__call__")(*args, **kwargs)

    def arguments_after(self, *args: Any) -> tuple[Any, ...]:
        return _Function(self._value, "__call__").arguments_after(*args)


def _is_tensor(value: Any) -> bool:
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(value, torch.Tensor)


def _inward(value: Any) -> Any:
    if isinstance(value, Tensor):
        torch = sys.modules["torch"]
        dtype = getattr(torch, value.dtype.removeprefix("torch."))
        return torch.from_numpy(value.data.copy()).to(dtype).requires_grad_(value.requires_grad)
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, _Object):
        return value._value
    if isinstance(value, dict):
        return {key: _inward(item) for key, item in value.items()}
    return [_inward(item) for item in value] if isinstance(value, list) else value


def _outward(value: Any) -> Any:
    if _is_tensor(value):
        return Tensor(value.detach().numpy().copy(), str(value.dtype), value.requires_grad)
    if isinstance(value, dict):
        return {key: _outward(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(map(_outward, value)) if type(value) in (list, tuple) else tuple(map(_outward, value))
    plain = value is None or isinstance(value, bool | int | float | str | np.ndarray | np.generic)
    return value if plain else _Object(value)

"""The untrusted side: calls that must do without torch's autograd."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator


class AutogradIsOff(RuntimeError):
    """Raised where a gradient is asked of autograd during a call that must do without."""


class _NoEngine:
    """Stands in for the engine behind `backward`, `torch.autograd.grad` and the reverse mode of `torch.func`."""

    def __getattr__(self, name: str) -> object:
        raise AutogradIsOff


@contextlib.contextmanager
def switched_off() -> Iterator[None]:
    """`no_grad` alone can be undone from within, and `torch.func` does not heed it: the engine is taken away too."""
    torch = sys.modules["torch"]
    variable = torch.autograd.Variable
    engine, variable._execution_engine = variable._execution_engine, _NoEngine()
    try:
        with torch.no_grad():
            yield
    finally:
        variable._execution_engine = engine

"""A worker without a zygote: a Python of its own, for macOS, Windows and old kernels. It confines nothing, and says so.

It answers like any other worker; its frames go over the pipes that were its standard input and output, and what the student's
code prints goes where its errors go: into a file.
"""

from __future__ import annotations

import contextlib
import os
import sys

from grader.sandbox import wire, worker
from grader.sandbox.pipes import Pipes
from grader.sandbox.warming import hide, warm


def main(imports: list[str], path: list[str], cpu_s: int) -> None:
    """Load the libraries `imports`, narrow `sys.path` to `path`, say that nothing is confined, and serve."""
    pipes = _taken_over()
    _limit(cpu_s)
    warm(imports)
    sys.path[:] = path
    hide()
    pipes.send(wire.encode(wire.Confined([])))
    worker.serve(pipes)
    os._exit(0)


def _taken_over() -> Pipes:
    """The pipes, out of reach of `print` and `input`."""
    incoming, outgoing = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    os.close(nothing)
    return Pipes(os.fdopen(incoming, "rb", buffering=0), os.fdopen(outgoing, "wb", buffering=0))


def _limit(cpu_s: int) -> None:
    """An end to a loop whose grader was killed, where the system can do that."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s + 1))

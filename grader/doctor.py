"""What this machine can confine."""

from __future__ import annotations

import os
from dataclasses import dataclass

from grader.sandbox import profile
from grader.sandbox.limits import LAYERS
from grader.sandbox.starting import has_zygote, left_out
from grader.text import Text, text


@dataclass(frozen=True)
class Layer:
    """One layer of confinement, and whether this machine has it."""

    name: str
    available: bool

    @property
    def line(self) -> Text:
        """The layer in one line."""
        key = "doctor_ok" if self.available else "doctor_missing"
        return text(key, layer=self.name, meaning=text(f"layer_{self.name}"))


def layers() -> list[Layer]:
    """Every layer, in the order of `LAYERS`. Only workers that are forked confine themselves."""
    if not has_zygote():
        return [Layer(name, False) for name in LAYERS]
    from grader.sandbox.confine import landlock_abi, seccomp_offered  # system calls that others have not

    available = {"landlock": landlock_abi() > 0, "seccomp": seccomp_offered(), "rlimits": True, "no_privileges": True}
    return [Layer(name, available[name] and name not in left_out()) for name in LAYERS]


def missing() -> list[str]:
    """The layers that this machine lacks."""
    return [layer.name for layer in layers() if not layer.available]


def root() -> Text | None:
    """How students' code runs when root grades; None for other users."""
    if not has_zygote() or os.geteuid() != 0:
        return None
    uid = profile.unprivileged_uid()
    user = text("doctor_root_kept") if uid is None else text("doctor_root_dropped", uid=uid)
    return text("doctor_root", user=user)

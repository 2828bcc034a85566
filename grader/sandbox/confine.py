"""Irreversibly confine the calling process, which is single-threaded: Landlock, seccomp, rlimits, no privileges.

Every layer is a system call made through ctypes: the interfaces are stable and small, and nothing else need be trusted.
`confine` returns the names of the layers in force, so that the grader can refuse to go on and every report can say.

Source: man pages landlock(7), seccomp(2), prctl(2), setrlimit(2), capabilities(7).
"""

from __future__ import annotations

import ctypes
import errno
import os
import resource
import struct
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from grader.sandbox import syscalls
from grader.sandbox.limits import OUTPUT_BYTES, Limits

OPEN_FILES = 64

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_READ = 1 << 2 | 1 << 3  # files and folders; never execute
_WRITE = _READ | 1 << 1 | 1 << 4 | 1 << 5 | 1 << 7 | 1 << 8 | 1 << 14  # and write, remove, make folders and files, truncate
_FOR_FILES = 1 << 1 | 1 << 2 | 1 << 14
_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


@dataclass(frozen=True)
class Memory:
    """What a zygote already uses, in bytes: a worker's limits are counted from there."""

    data: int
    address_space: int

    @staticmethod
    def now() -> Memory:
        """Of the calling process, from /proc/self/status."""
        with open("/proc/self/status", encoding="ascii") as status:
            fields = dict(line.split(":", 1) for line in status)
        return Memory(*(int(fields[key].split()[0]) << 10 for key in ("VmData", "VmSize")))


def confine(limits: Limits, start: Memory, *, write: Iterable[str], read: Iterable[str], skip: Collection[str] = ()) -> list[str]:
    """Confine this process for good, to the folders `read` and `write`; returns the layers in force.

    `skip` leaves layers out: for the tests that show what each one stops.
    """
    os.setsid()
    layers = []
    if "rlimits" not in skip:
        set_limits(limits, start)
        layers.append("rlimits")
    if "no_privileges" not in skip:
        drop_privileges(limits.uid)
        layers.append("no_privileges")
    die_with_parent()  # the zygote; after the change of user, which clears it
    _prctl(4, 0)  # not dumpable: no ptrace, no /proc/<pid>/mem, for anybody of the same user
    _prctl(38, 1)  # no new privileges
    if "landlock" not in skip and landlock(read, write):
        layers.append("landlock")
    if "seccomp" not in skip and seccomp():
        layers.append("seccomp")
    return layers


def die_with_parent() -> None:
    """Have the kernel kill this process when the one that started it is gone, however that ended."""
    _prctl(1, 9)


def landlock_abi() -> int:
    """The version of Landlock that the kernel offers, 0 for none."""
    version = _libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(1))
    return max(int(version), 0)


def landlock(read: Iterable[str], write: Iterable[str] = ()) -> bool:
    """Allow reading beneath `read` and writing beneath `write` and nothing else on disk; whether it is in force."""
    abi = landlock_abi()
    if not abi:
        return False
    handled = (1 << {1: 13, 2: 14, 3: 15, 4: 15}.get(abi, 16)) - 1
    network, scopes = (3 if abi >= 4 else 0), (3 if abi >= 6 else 0)  # TCP bind and connect; abstract sockets and signals
    attributes = struct.pack("QQQ", handled, network, scopes)
    size = 8 if abi < 4 else 16 if abi < 6 else 24
    ruleset = _syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(size), ctypes.c_uint32(0))
    for paths, rights in ((read, _READ), (write, _WRITE)):
        for path in paths:
            _allow(ruleset, path, rights & handled)
    _prctl(38, 1)
    _syscall(_RESTRICT_SELF, ruleset, ctypes.c_uint32(0))
    os.close(ruleset)
    return True


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    if not os.path.isdir(path):
        rights &= _FOR_FILES
    if path == "/dev/null":
        rights |= 1 << 1
    _syscall(_ADD_RULE, ruleset, ctypes.c_int(1), struct.pack("=Qi", rights, fd), ctypes.c_uint32(0))
    os.close(fd)


def seccomp() -> bool:
    """Refuse every system call that is not in the table; whether it is in force."""
    if not seccomp_offered():
        return False
    code = syscalls.program()
    buffer = ctypes.create_string_buffer(code, len(code))
    filter_ = struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(buffer))
    _prctl(22, 2, ctypes.c_char_p(filter_))  # PR_SET_SECCOMP, SECCOMP_MODE_FILTER
    return True


def seccomp_offered() -> bool:
    """Whether the table covers this machine and its kernel takes filters: one that does looks for ours, and finds none (EFAULT)."""
    return syscalls.supported() and bool(_libc.prctl(22, 2, None, 0, 0)) and ctypes.get_errno() == errno.EFAULT


def set_limits(limits: Limits, start: Memory) -> None:
    """Bound memory, processor time, file size and descriptors, for good."""
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_CPU, limits.cpu_s, limits.cpu_s + 1)
    _limit(resource.RLIMIT_FSIZE, OUTPUT_BYTES)
    _limit(resource.RLIMIT_NOFILE, OPEN_FILES)
    _limit(resource.RLIMIT_MEMLOCK, 0)
    _limit(resource.RLIMIT_MSGQUEUE, 0)
    _limit(resource.RLIMIT_DATA, start.data + limits.memory)  # private writable memory: what numpy and torch allocate
    _limit(resource.RLIMIT_AS, start.address_space + limits.memory + (512 << 20))  # shared mappings, which DATA does not see


def _limit(which: int, soft: int, hard: int | None = None) -> None:
    current = resource.getrlimit(which)[1]
    values = (soft, soft if hard is None else hard)
    if current != resource.RLIM_INFINITY:
        values = (min(values[0], current), min(values[1], current))
    resource.setrlimit(which, values)


def drop_privileges(uid: int | None) -> None:
    """Root becomes `uid`, or root without capabilities where the interpreter is unreadable for others."""
    if os.geteuid() != 0:
        return
    if uid is not None:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
        return
    _prctl(28, 0x2F)  # PR_SET_SECUREBITS: being uid 0 gives no capability, locked
    if _libc.capset(struct.pack("Ii", 0x20080522, 0), struct.pack("6I", *[0] * 6)):
        raise _os_error("capset")


def _prctl(*args: object) -> None:
    words = [ctypes.c_ulong(arg) if isinstance(arg, int) else arg for arg in (*args, 0, 0, 0)[:5]]
    if _libc.prctl(*words):
        raise _os_error("prctl")


def _syscall(number: int, *args: object) -> int:
    result = int(_libc.syscall(ctypes.c_long(number), *args))
    if result < 0:
        raise _os_error(f"system call {number}")
    return result


def _os_error(what: str) -> OSError:
    code = ctypes.get_errno()
    return OSError(code, f"{what}: {os.strerror(code)}")

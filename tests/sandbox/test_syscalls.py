"""The filter of system calls is the one that its table describes, on the machine and off it."""

from __future__ import annotations

import platform
import re
import struct
from pathlib import Path

import pytest

from grader.sandbox import syscalls
from tests.sandbox.attack import hostile, needs, trouble

HEADERS = {"x86_64": "/usr/include/x86_64-linux-gnu/asm/unistd_64.h", "aarch64": "/usr/include/asm-generic/unistd.h"}
DANGEROUS = {
    "x86_64": {
        "socket": 41, "connect": 42, "sendmsg": 46, "clone": 56, "fork": 57, "vfork": 58, "execve": 59, "kill-others": 62, "chmod": 90,
        "chown": 92, "ptrace": 101, "mount": 165, "shmget": 29, "memfd_create": 319, "bpf": 321, "execveat": 322, "io_uring_setup": 425,
        "process_vm_writev": 311, "unshare": 272, "setns": 308, "pidfd_getfd": 438, "symlink": 88, "link": 86, "mknod": 133, "inotify": 253,
        "utimensat": 280, "setuid": 105, "prctl-pdeathsig": 157, "personality": 135, "keyctl": 250, "rt_sigqueueinfo": 129, "tkill": 200,
    },
    "aarch64": {
        "socket": 198, "connect": 203, "sendmsg": 211, "clone": 220, "execve": 221, "ptrace": 117, "mount": 40, "memfd_create": 279,
        "bpf": 280, "execveat": 281, "io_uring_setup": 425, "process_vm_writev": 271, "unshare": 97, "setns": 268, "fchmodat": 53,
        "fchownat": 54, "symlinkat": 36, "linkat": 37, "mknodat": 33, "shmget": 194, "keyctl": 219, "setuid": 146, "utimensat": 88,
    },
}  # fmt: skip


def run(program: bytes, audit: int, number: int, *arguments: int) -> int:
    """What the filter decides, worked out by the rules of classic BPF (seccomp's subset: load, jump, return)."""
    padded = [*arguments, *[0] * (6 - len(arguments))]
    data = struct.pack("<IIQ6Q", number, audit, 0, *padded)
    code = [struct.unpack_from("HBBI", program, at) for at in range(0, len(program), 8)]
    at, accumulator = 0, 0
    while True:
        operation, if_true, if_false, k = code[at]
        at += 1
        if operation == 0x20:
            (accumulator,) = struct.unpack_from("<I", data, k)
        elif operation == 0x06:
            return k
        else:
            holds = {0x15: accumulator == k, 0x35: accumulator >= k}[operation]
            at += if_true if holds else if_false


@pytest.fixture(params=sorted(syscalls.MACHINES))
def machine(request, monkeypatch):
    """Each machine that the table covers, whatever this one is."""
    monkeypatch.setattr(platform, "machine", lambda: request.param)
    return request.param


def test_table_has_the_kernels_numbers(machine):
    """Every number in the table is the kernel's, as its own header has it."""
    header = Path(HEADERS[machine])
    if not header.exists():
        pytest.skip(f"{header} is not installed")
    numbers = {
        name.replace("3264", ""): int(value) for name, value in re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", header.read_text())
    }
    renamed = {"newfstatat": "fstatat"}
    column = syscalls.MACHINES[machine][0]
    table = {name: both[column] for name, both in (syscalls.FREE | syscalls.JUDGED).items() if both[column] is not None}
    assert {name: number for name, number in table.items() if numbers.get(name, numbers.get(renamed.get(name, ""))) != number} == {}


def test_what_is_free_is_allowed(machine):
    """Every call in the table passes, and by the right path through two hundred jumps."""
    column, audit = syscalls.MACHINES[machine]
    program = syscalls.program()
    for name, numbers in syscalls.FREE.items():
        if numbers[column] is not None:
            assert run(program, audit, numbers[column]) == syscalls.ALLOW, name


def test_what_is_dangerous_is_refused(machine):
    """Calls that open doors are not in the table, whatever their arguments; numbers beyond it do not exist."""
    _, audit = syscalls.MACHINES[machine]
    program = syscalls.program()
    for name, number in DANGEROUS[machine].items():
        assert run(program, audit, number, 1, 1) == syscalls.REFUSE, name
    for number in (450, 451, 10_000, 0x40000000 | 41, 0xFFFFFFFF):
        assert run(program, audit, number) == syscalls.ABSENT


def test_other_architectures_end_the_process(machine):
    """Calls by the 32-bit door have other numbers: whoever uses it is killed."""
    for audit in (0x40000003, 0x40000028, 0):
        assert run(syscalls.program(), audit, 1) == syscalls.KILL


def test_arguments_are_judged(machine, monkeypatch):
    """Signals to itself alone, limits of itself alone, four options of prctl, no signal-driven descriptors."""
    monkeypatch.setattr("os.getpid", lambda: 4242)
    column, audit = syscalls.MACHINES[machine]
    program = syscalls.program()
    cases = {
        ("kill", 4242): True, ("kill", 4241): False, ("kill", 0): False, ("kill", (1 << 32) - 1): False,
        ("tgkill", 4242): True, ("tgkill", 1): False,
        ("prlimit64", 0): True, ("prlimit64", 4242): True, ("prlimit64", 1): False, ("prctl", 1): False, ("prctl", 4): False,
        ("prctl", 15): True, ("clone", 0x11): False, ("clone", 0x3D0F00): False,
    }  # fmt: skip
    for (name, argument), allowed in cases.items():
        decision = run(program, audit, syscalls.JUDGED[name][column], argument)
        assert (decision == syscalls.ALLOW) is allowed, (name, argument)
    for name, argument, allowed in (
        ("fcntl", 3, True),
        ("fcntl", 8, False),
        ("fcntl", 10, False),
        ("ioctl", 0x5421, True),
        ("ioctl", 0x5412, False),
    ):
        assert (run(program, audit, syscalls.JUDGED[name][column], 3, argument) == syscalls.ALLOW) is allowed, (name, argument)
    for name in ("clone3", "openat2"):
        assert run(program, audit, syscalls.JUDGED[name][column]) == syscalls.ABSENT


@needs("seccomp")
@pytest.mark.skipif(platform.machine() != "x86_64", reason="the 32-bit door of x86_64")
def test_32_bit_door_is_closed(load):
    """`int 0x80` reaches i386's table of calls, where the numbers mean others: the kernel ends the process."""
    source = hostile("""
        import mmap
        def f():
            page = mmap.mmap(-1, 4096, prot=7)
            page.write(bytes.fromhex("b814000000cd80c3"))  # mov eax, 20 (getpid); int 0x80; ret
            address = ctypes.addressof(ctypes.c_char.from_buffer(page))
            return ctypes.CFUNCTYPE(ctypes.c_int)(address)()
        """)
    assert trouble(load(source).f).fact.values == {"how": "SIGSYS"}

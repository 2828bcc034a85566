"""The seccomp filter: which system calls a worker may make, as a BPF program. Everything else is refused (EPERM).

Numbers are those of libseccomp for (x86_64, aarch64); None: the call does not exist there. numpy (linalg, fft), torch
training, matplotlib with Agg and SVD all run under this list with no threads and no processes. Outside Landlock's reach
and therefore refused here: sockets of every kind, chmod, chown, utime, kill of others, F_SETOWN, prlimit of others.
"""

from __future__ import annotations

import os
import platform
import struct

FREE: dict[str, tuple[int | None, int | None]] = {
    "read": (0, 63), "write": (1, 64), "readv": (19, 65), "writev": (20, 66), "pread64": (17, 67), "pwrite64": (18, 68),
    "lseek": (8, 62), "close": (3, 57), "close_range": (436, 436), "fstat": (5, 80), "stat": (4, None), "lstat": (6, None),
    "newfstatat": (262, 79), "statx": (332, 291), "access": (21, None), "faccessat": (269, 48), "faccessat2": (439, 439),
    "open": (2, None), "openat": (257, 56), "readlink": (89, None), "readlinkat": (267, 78), "getdents64": (217, 61),
    "getcwd": (79, 17), "chdir": (80, 49), "fsync": (74, 82), "fdatasync": (75, 83), "ftruncate": (77, 46),
    "unlink": (87, None), "unlinkat": (263, 35), "rename": (82, None), "renameat": (264, 38), "renameat2": (316, 276),
    "mkdir": (83, None), "mkdirat": (258, 34), "rmdir": (84, None), "mmap": (9, 222), "mprotect": (10, 226),
    "munmap": (11, 215), "mremap": (25, 216), "madvise": (28, 233), "brk": (12, 214), "msync": (26, 227),
    "mincore": (27, 232), "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139),
    "sigaltstack": (131, 132), "rt_sigtimedwait": (128, 137), "rt_sigpending": (127, 136), "rt_sigsuspend": (130, 133),
    "pause": (34, None), "alarm": (37, None), "setitimer": (38, 103), "getitimer": (36, 102), "restart_syscall": (219, 128),
    "nanosleep": (35, 101), "clock_nanosleep": (230, 115), "clock_gettime": (228, 113), "clock_getres": (229, 114),
    "gettimeofday": (96, 169), "time": (201, None), "times": (100, 153), "futex": (202, 98), "set_robust_list": (273, 99),
    "rseq": (334, 293), "sched_yield": (24, 124), "sched_getaffinity": (204, 123), "sched_getparam": (143, 121),
    "sched_getscheduler": (145, 120), "getcpu": (309, 168), "get_mempolicy": (239, 236), "membarrier": (324, 283),
    "arch_prctl": (158, None), "set_tid_address": (218, 96), "getpid": (39, 172), "gettid": (186, 178),
    "getppid": (110, 173), "getuid": (102, 174), "geteuid": (107, 175), "getgid": (104, 176), "getegid": (108, 177),
    "getgroups": (115, 158), "getpgrp": (111, None), "getpgid": (121, 155), "getsid": (124, 156), "getresuid": (118, 148),
    "getresgid": (120, 150), "umask": (95, 166), "uname": (63, 160), "sysinfo": (99, 179), "getrusage": (98, 165),
    "getrlimit": (97, 163), "setrlimit": (160, 164), "getrandom": (318, 278), "select": (23, None), "poll": (7, None),
    "ppoll": (271, 73), "pselect6": (270, 72), "epoll_create1": (291, 20), "epoll_ctl": (233, 21), "epoll_wait": (232, None),
    "epoll_pwait": (281, 22), "eventfd2": (290, 19), "pipe": (22, None), "pipe2": (293, 59), "dup": (32, 23),
    "dup2": (33, None), "dup3": (292, 24), "wait4": (61, 260), "waitid": (247, 95), "exit": (60, 93), "exit_group": (231, 94),
}  # fmt: skip
JUDGED = {
    "kill": (62, 129), "tgkill": (234, 131), "prlimit64": (302, 261), "prctl": (157, 167), "ioctl": (16, 29),
    "fcntl": (72, 25), "clone": (56, 220), "clone3": (435, 435), "openat2": (437, 437),
}  # fmt: skip
MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # column above, audit architecture
NEWEST = 450  # calls numbered above this table do not exist for a worker

ALLOW, REFUSE, ABSENT, KILL = 0x7FFF0000, 0x50001, 0x50026, 0x80000000  # REFUSE: EPERM; ABSENT: ENOSYS
_ARGUMENT = (16, 24)  # offsets of the low words of arguments 0 and 1 in struct seccomp_data

_PRCTL = (3, 15, 16, 0x53564D41)  # GET_DUMPABLE, SET_NAME, GET_NAME, SET_VMA; never SET_PDEATHSIG
_IOCTL = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)  # TCGETS, winsize, FIONREAD, FIONBIO, close on exec; never TIOCSTI
_FCNTL = (0, 1, 2, 3, 4, 5, 6, 7, 36, 37, 38, 1030)  # dup, flags, locks; never SETOWN or SETSIG


def supported() -> bool:
    """Whether the table covers this machine."""
    return platform.machine() in MACHINES


def program() -> bytes:
    """The filter for the calling process, as an array of struct sock_filter."""
    column, audit = MACHINES[platform.machine()]
    me = os.getpid()
    code = [_load(4), _equal(audit, 1, 0), _return(KILL), _load(0)]
    for numbers in FREE.values():
        if (number := numbers[column]) is not None:
            code += [_equal(number, 0, 1), _return(ALLOW)]
    rules = {
        "kill": _one_of(0, (me,)),
        "tgkill": _one_of(0, (me,)),
        "prlimit64": _one_of(0, (0, me)),
        "prctl": _one_of(0, _PRCTL),
        "ioctl": _one_of(1, _IOCTL),
        "fcntl": _one_of(1, _FCNTL),
        "clone": [_return(REFUSE)],
        "clone3": [_return(ABSENT)],  # glibc then tries clone()
        "openat2": [_return(ABSENT)],
    }
    for name, body in rules.items():
        code += [_equal(JUDGED[name][column], 0, len(body)), *body]
    return b"".join([*code, _op(0x35, 0, 1, NEWEST), _return(ABSENT), _return(REFUSE)])


def _op(code: int, if_true: int, if_false: int, k: int) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, k)


def _load(offset: int) -> bytes:
    return _op(0x20, 0, 0, offset)


def _equal(value: int, if_true: int, if_false: int) -> bytes:
    return _op(0x15, if_true, if_false, value)


def _return(action: int) -> bytes:
    return _op(0x06, 0, 0, action)


def _one_of(argument: int, values: tuple[int, ...]) -> list[bytes]:
    """Allow the call when its argument is one of `values`."""
    code = [_load(_ARGUMENT[argument])]
    for value in values:
        code += [_equal(value, 0, 1), _return(ALLOW)]
    return [*code, _return(REFUSE)]

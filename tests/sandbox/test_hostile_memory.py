"""Memory, output and disk are limited, by the kernel first and by the grader's own watch behind it."""

from __future__ import annotations

import time

import pytest

from grader.sandbox import scratch, supervisor
from grader.sandbox.limits import OUTPUT_BYTES
from tests.conftest import MIB, gone
from tests.sandbox.attack import hostile, needs, number, trouble, within

LIMIT = 96 * MIB
GROW = """
import mmap
def private(megabytes):
    held = []
    for _ in range(megabytes // 8): held.append(bytearray(8 << 20))
    return len(held)
def touched(megabytes):
    held = []
    for _ in range(megabytes // 8): held.append(b"x" * (8 << 20))
    return len(held)
def shared(megabytes):
    held = []
    for _ in range(megabytes // 64): held.append(mmap.mmap(-1, 64 << 20))
    return len(held)
"""


def test_array_of_64_gigabytes_is_refused_and_told(load):
    """RLIMIT_DATA makes numpy raise MemoryError; the worker survives, and answers the next question."""
    student = load("import numpy as np\ndef f(n): return float(np.ones(n).mean())", memory=LIMIT)
    assert trouble(lambda: student.f(8 << 30)).fact.key == "memory_error"
    assert student.f(4) == 1.0


def test_growth_in_small_steps_is_stopped(load):
    """Private memory, 8 MB at a time, ends in MemoryError at the limit (LIMIT + what the allocator had spare)."""
    assert trouble(lambda: load(GROW, memory=LIMIT).private(160)).fact.key == "memory_error"


def test_without_rlimits_growth_goes_on(load):
    """Positive control: without rlimits the same growth reaches its end (160 MB)."""
    assert load(GROW, memory=LIMIT, skip={"rlimits"}).private(160) == 20


def test_memory_that_is_shared_with_nobody_counts_too(load):
    """RLIMIT_AS: RLIMIT_DATA does not see anonymous MAP_SHARED memory. None of these pages is touched."""
    source = GROW + "def f():\n    try: return shared(1 << 14)\n    except OSError as error: return error.strerror\n"
    assert load(source, memory=LIMIT).f() == "Cannot allocate memory"
    assert load(source.replace("1 << 14", "1 << 11"), memory=LIMIT, skip={"rlimits"}).f() == 32


def test_grader_watches_memory_where_the_kernel_does_not(load):
    """The third line: without rlimits, the grader kills a worker that holds 512 MB more than it may."""
    student = load(GROW, memory=8 * MIB, skip={"rlimits"})
    assert trouble(lambda: student.touched(1200)).fact.key == "limit_memory"


@needs("seccomp", "landlock")
def test_memory_cannot_hide_in_files_that_are_no_files(load):
    """memfd, /dev/shm and System V segments, which no rlimit counts, are refused: seccomp, Landlock, seccomp."""
    source = hostile(f"""
        def f():
            segment = call({number("shmget")}, 0, 4096, 0o1600)
            if segment.startswith("GOT"): call({number("shmctl")}, int(segment[4:]), 0, 0)
            return [attempt(lambda: os.memfd_create("x")), segment, attempt(lambda: open("/dev/shm/grader-test", "w"))]
        """)
    refused = load(source).f()
    assert not [line for line in refused if line.startswith("GOT")]
    memfd, segment, _ = load(source, skip={"seccomp"}).f()
    assert memfd.startswith("GOT")
    assert segment.startswith("GOT")


def test_torch_out_of_memory_is_told_as_such(load):
    """torch raises a RuntimeError of its own; the student reads the same words as for numpy."""
    student = load("import torch\ndef f(): return torch.ones(1 << 33)", imports=("numpy", "torch"), memory=LIMIT)
    assert trouble(student.f).fact.key == "memory_error"


FLOOD = """
import os
def f(block=b"A" * 1_000_000):
    for _ in range(24): os.write(1, block)
    return "written"
def caught():
    try: return f()
    except OSError as error: return error.strerror
"""


def test_flood_of_output_is_stopped_and_told(start, load):
    """RLIMIT_FSIZE bounds the file that output goes to; the grader reads 64 KB of it at most."""
    found = trouble(load(FLOOD).f)
    assert found.fact.key == "limit_output"
    assert load(FLOOD).caught() == "File too large"
    worker = start(FLOOD + "\ncaught()")
    assert worker.printed_too_much()
    assert len(worker.output()) == 1 << 16


def test_without_rlimits_output_is_not_limited(load):
    """Positive control: without rlimits 24 MB are written."""
    assert load(FLOOD, skip={"rlimits"}).f() == "written"


def test_flood_that_asks_to_be_killed_is_told_as_output(load):
    """A student who lets SIGXFSZ do its default work is told of the output, not of a process that ended."""
    student = load("import signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_DFL)\n" + FLOOD)
    assert trouble(student.f).fact.key == "limit_output"


@pytest.mark.parametrize("stream", [1, 2])
def test_endless_line_costs_the_grader_nothing(start, stream):
    """Output goes to a file in memory, never through a pipe that the grader would have to drain."""
    worker = start(f"import os\nfor _ in range(64): os.write({stream}, b'x' * 100_000)")
    assert worker.output() == "x" * (1 << 16)
    assert OUTPUT_BYTES > 6_400_000


FILL = """
import time
def f(files, bytes_each):
    for n in range(files):
        with open(f"f{n}", "wb") as file: file.write(b"x" * bytes_each)
        time.sleep(0.01)
    return files
"""


def test_full_disk_is_prevented(load, monkeypatch):
    """No rlimit bounds many files: the grader looks at the worker's folder every 20 ms."""
    monkeypatch.setattr(supervisor, "_SCRATCH_BYTES", 4 * MIB)
    assert trouble(lambda: load(FILL).f(30, MIB)).fact.key == "limit_disk"


def test_small_files_may_be_written(load):
    """Positive control: below the limit the same code ends by itself."""
    assert load(FILL).f(30, MIB) == 30


def test_flood_of_empty_files_is_prevented(load, monkeypatch):
    """A million empty files use no bytes that anybody counts: their number is limited."""
    monkeypatch.setattr(scratch, "MAX_FILES", 20)
    assert trouble(lambda: load(FILL).f(60, 0)).fact.key == "limit_disk"


def test_single_file_is_limited(load):
    """One file, sparse or not, ends at 16 MB."""
    source = """
        import os
        def f():
            with open("big", "wb") as file:
                try: os.ftruncate(file.fileno(), 1 << 30)
                except OSError as error: return error.strerror
        """
    assert load(source).f() == "File too large"
    assert load(source, skip={"rlimits"}).f() is None


DEEP = """
import os, time
def f(mode):
    for n in range(400):
        os.mkdir("d", mode); os.chdir("d")
    time.sleep(0.3)
    return "done"
"""


def test_folders_without_end_are_prevented_and_removed(start, load):
    """Found here: 1000 folders, each in the one before, ended the grader itself with a RecursionError."""
    student = load(DEEP)
    folder = student._session.worker.folder
    with within(5):
        assert trouble(lambda: student.f(0o700)).fact.key == "limit_disk"
        gone(student._session.worker)
    assert not folder.exists()


def test_folders_that_cannot_be_listed_count_as_full_and_are_removed(load):
    """An ordinary user's grader cannot look into a folder of mode 0300: what it may hold is taken for too much.

    Root can look, finds nothing, and lets it pass.
    """
    student = load("import os, time\ndef f():\n    os.mkdir('d', 0o300); os.mkdir('d/e', 0o300); time.sleep(0.3)\n    return 'done'")
    worker = student._session.worker
    try:
        assert student.f() == "done"
    except Exception as error:
        assert error.fact.key == "limit_disk"
    gone(worker)
    assert not worker.folder.exists()


def test_deadline_is_kept_while_the_disk_is_watched(load):
    """The watch does not slow the clock: with as many files as allowed, a sleep is still stopped in time."""
    student = load("import time\nfor n in range(1500): open(f'f{n}', 'w').close()\ndef f(): time.sleep(60)", call_s=0.4)
    began = time.monotonic()
    assert trouble(student.f).fact.key == "limit_time"
    assert time.monotonic() - began < 5

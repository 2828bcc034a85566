"""RX: submissions that use up time, memory, disk or output."""

from __future__ import annotations

import json

from tests.hostile.case import RIGHT, Hostile, Naive, Shown, Shows, Without, pays, text

SLOW = text("limit_time", function="square", seconds=1.0)
LOAD = text("limit_load", seconds=2.0)
MEMORY = text("memory_error", function="square")
HERE = "sandbox/test_hostile_memory.py::"
FORKS = "sandbox/test_hostile_processes.py::"
FRAMES = "sandbox/test_hostile_frames.py::"


def square(body: str) -> str:
    """A module with this square."""
    return "import os, sys, time\nimport numpy as np\ndef square(x):\n" + "".join(f"    {line}\n" for line in body.strip().split("\n"))


def _raises(error: type[BaseException], source: str) -> bool:
    try:
        json.loads(source)
    except error:
        return True
    return False


CASES = [
    Hostile("RX01", "a loop without end", square("while True: pass"), "limit skipped", (SLOW,), Naive("hung")),
    Hostile("RX01b", "a loop without end at import", "while True: pass\n", "limit skipped", (LOAD,), Naive("hung")),
    Hostile("RX02", "sleeps, which takes no processor time", square("time.sleep(1e9)"), "limit skipped", (SLOW,), Naive("hung")),
    Hostile("RX03", "waits for input at import", "name = input('Name? ')\n" + RIGHT, "passed", ("input_at_import",), Naive("hung")),
    Hostile("RX04", "a list that grows for ever", square("a = []\nwhile True: a.append(np.ones(1 << 20))"), "limit skipped", (MEMORY,),
            Shown(HERE + "test_without_rlimits_growth_goes_on")),
    Hostile("RX04b", "an array of 8 TB", square("return np.ones((10**6, 10**6))"), "limit skipped", (MEMORY,),
            Shown(HERE + "test_without_rlimits_growth_goes_on")),
    Hostile("RX05", "a fork bomb", pays("""
        if os.fork() == 0: os._exit(0)
        return True
        """), reason=("wrong_all",), control=Without("seccomp")),
    Hostile("RX06", "a daemon that keeps its output open when its parent is gone", pays("""
        if os.fork() == 0:
            os.setsid()
            time.sleep(3)
            os._exit(0)
        return True
        """), reason=("wrong_all",), control=Without("seccomp")),
    Hostile("RX07", "threads without number", pays("""
        threads = [threading.Thread(target=time.sleep, args=(0.1,)) for _ in range(100)]
        for thread in threads: thread.start()
        return True
        """), reason=("wrong_all",), control=Without("seccomp", "rlimits")),
    Hostile("RX07b", "500 processes of multiprocessing", pays("""
        import multiprocessing
        return multiprocessing.get_context("fork").Pool(2)
        """), reason=("wrong_all",), control=Shown(FORKS + "test_forked_child_ends_with_its_worker")),
    Hostile("RX08", "output without end", square("while True: print('x' * 10**6)"), "limit skipped", ("limit_output",), Naive("crashed")),
    Hostile("RX09", "errors without end", square("while True: sys.stderr.write('x' * 10**6)"), "limit skipped", ("limit_output",),
            Naive("hung")),
    Hostile("RX10", "a line of 1 GB", square("while True: sys.stdout.write('x' * 2**20)"), "limit skipped", ("limit_output",),
            Naive("crashed")),
    Hostile("RX11", "a little output all the time, to look alive", square("while True:\n    print('.', flush=True)\n    time.sleep(0.05)"),
            "limit skipped", (SLOW,), Naive("hung")),
    Hostile("RX12", "fills the disk", square("for i in range(100): open(str(i), 'wb').write(bytes(8 << 20))"), "limit skipped",
            ("limit_disk",), Shown(HERE + "test_single_file_is_limited")),
    Hostile("RX12b", "fills /tmp and shared memory", pays("""
        for folder in ("/tmp", "/dev/shm", "/var/tmp"):
            try:
                path = f"{folder}/filled-{os.getpid()}"
                open(path, "wb").write(b"x")
            except OSError: continue
            os.unlink(path)
            return True
        """), reason=("wrong_all",), control=Without("landlock")),
    Hostile("RX13", "a million files", square("for i in range(10**6): open(str(i), 'w').close()"), "limit skipped", ("limit_disk",),
            Shown(HERE + "test_small_files_may_be_written")),
    Hostile("RX14", "a core dump", pays("""
        import resource
        return resource.getrlimit(resource.RLIMIT_CORE)[1] != 0
        """), reason=("wrong_all",), control=Without("rlimits")),
    Hostile("RX15", "an answer of 80 MB", square("return np.ones(10**7)"), "crashed skipped", ("unsendable",),
            Shown("sandbox/test_hostile_values.py::test_what_cannot_be_sent_is_told")),
    Hostile("RX16", "an array of a terabyte that takes 8 bytes", square(
                "return np.lib.stride_tricks.as_strided(np.ones(1), (10**6, 10**6), (0, 0))"), "crashed skipped", ("unsendable",),
            Shown("sandbox/test_hostile_values.py::test_what_cannot_be_sent_is_told")),
    Hostile("RX17", "a list in a list, 100 000 deep", square("a = []\nfor _ in range(10**5): a = [a]\nreturn a"), "crashed skipped",
            ("unsendable",), Shows(lambda: _raises(RecursionError, "[" * 100_000))),
    Hostile("RX18", "an integer of 5000 digits", square("return 10**5000"), "crashed skipped", ("unsendable",),
            Shows(lambda: _raises(ValueError, "1" * 5000))),
    Hostile("RX19", "half a character", square("raise ValueError('\\ud800')"), "crashed skipped", ("raised",),
            Shows(lambda: _unencodable())),
    Hostile("RX20", "recursion without end, its limit raised", square("sys.setrecursionlimit(10**9)\nf = lambda n: f(n + 1)\nreturn f(0)"),
            "limit skipped", (), Shown(HERE + "test_without_rlimits_growth_goes_on")),
    Hostile("RX21", "a segmentation fault", square("import ctypes\nctypes.string_at(0)"), "crashed skipped",
            (text("process_ended", how="SIGSEGV"),), Naive("crashed")),
    Hostile("RX22", "1000 brackets, which no compiler takes", "x = " + "(" * 1000 + ")" * 1000 + "\n", "crashed skipped",
            (text("syntax_error", line=1),), Naive("failed")),
    Hostile("RX22b", "100 000 signs", "x = " + "-" * 100_000 + "1\n", "crashed skipped", ("error_at_import",), Naive("failed")),
    Hostile("RX22c", "100 000 attributes", "x = a" + ".a" * 100_000 + "\n", "crashed skipped", ("error_at_import",), Naive("failed")),
    Hostile("RX23", "a loop in C, which takes no signal", square("return sum(range(10**11))"), "limit skipped", (SLOW,), Naive("hung")),
    Hostile("RX24", "trains for ten minutes at import", RIGHT + "w = 0.0\nfor epoch in range(10**9): w -= 0.1 * (w - 1)\n", "passed",
            ("left_out",), Naive("hung")),
]  # fmt: skip

NOT_HERE = {"RX25": "no use: no exercise needs a GPU, and a worker may open no device but /dev/null, zero and urandom"}


def _unencodable() -> bool:
    try:
        "\ud800".encode()
    except UnicodeEncodeError:
        return True
    return False

"""Run by test_protection in a process of its own, as another user: what a worker is and can do there, as JSON.

usage: python elsewhere.py UID PRIVATE_FILE      (UID 0: stay root)
"""

from __future__ import annotations

import json
import os
import sys

SOURCE = b"""
import os
import numpy as np

def who(): return [os.getuid(), os.geteuid(), os.getgid(), os.getgroups()]
def works(): return float(np.linalg.svd(np.eye(3))[1].sum())
def writes():
    with open("own", "w") as file: file.write("x")
    return os.stat("own").st_uid
def attempt(action):
    try: return f"GOT {action()!r}"
    except BaseException as error: return type(error).__name__
def tries(private, pid, stage):
    return {
        "read": attempt(lambda: open(private).read()), "passwd": attempt(lambda: open("/etc/passwd").read(1)),
        "fork": attempt(os.fork), "kill": attempt(lambda: os.kill(pid, 0)), "write": attempt(lambda: open(stage + "/x", "w")),
        "become": attempt(lambda: os.setuid(0)), "memory": attempt(lambda: np.ones(1 << 33)),
    }
"""


def main(uid: int, private: str) -> None:
    if uid:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    from grader.sandbox.limits import Limits
    from grader.sandbox.student import Clock, Student, WorkerSession
    from grader.sandbox.supervisor import Program, Worker, Zygote

    answers = {}
    for skip in ((), ("landlock",)):
        zygote = Zygote(("numpy",), skip=skip)
        with Worker(zygote, Program("m", "m.py", {"m.py": SOURCE}), Limits(memory=256 << 20), 60.0) as worker:
            student = Student(WorkerSession(worker, Clock(60.0, 120.0)))
            answers["without " + skip[0] if skip else "all"] = {
                "layers": worker.layers, "who": student.who(), "works": student.works(), "owner": student.writes(),
                "tries": student.tries(private, os.getpid(), str(zygote.stage)),
            }  # fmt: skip
        zygote.close()
        answers["left"] = zygote.stage.exists()
    print(json.dumps(answers))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])

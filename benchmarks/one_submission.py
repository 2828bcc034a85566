"""What many instructors run today: a pytest file that imports the submission and asserts. Used by overhead.py, one process each."""

import os
import zlib
from pathlib import Path

import numpy as np
import pytest
from in_process import InProcess

from grader.checks import Case
from grader.course import Course

ASSIGNMENT = Course.load(Path(os.environ["COURSE"])).assignments[os.environ["ASSIGNMENT"]]


@pytest.mark.parametrize("check", ASSIGNMENT.checks, ids=lambda check: check.name)
def test_check(check):
    assert ASSIGNMENT.reference
    student = InProcess(Path(os.environ["SUBMISSION"]), "submission")
    reference = InProcess(ASSIGNMENT.reference / f"{ASSIGNMENT.id}.py", "reference")
    check.function(Case(student, reference, np.random.default_rng(zlib.crc32(check.name.encode()))))
    reference.close()
    student.close()

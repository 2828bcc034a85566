"""Code of those who read our files, where it has been checked out: it is not ours, and is not kept here.

GRADER_CONSUMERS names a folder that holds OWNER/REPOSITORY; `.github/workflows/test.yml` fills it, and so may you:

    git clone -b v1 https://github.com/classroom-resources/autograding-grading-reporter \\
        consumers/classroom-resources/autograding-grading-reporter
    git clone https://github.com/jenkinsci/xunit-plugin consumers/jenkinsci/xunit-plugin
    git clone https://github.com/foundation50/classroom50 consumers/foundation50/classroom50
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def consumer(repository: str, path: str) -> Path:
    """A file of a repository; skips the test where it has not been checked out."""
    folder = os.environ.get("GRADER_CONSUMERS")
    if not folder:
        pytest.skip(f"GRADER_CONSUMERS does not say where {repository} is checked out (see tests/consumers.py)")
    found = Path(folder) / repository / path
    if not found.is_file():
        pytest.skip(f"{found} is not there (see tests/consumers.py)")
    return found

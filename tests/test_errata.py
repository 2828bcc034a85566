"""What docs/errata.md says comes out, comes out."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BLOCKS = re.findall(r"```python\n(.*?)```\s*```text\n(.*?)```", (ROOT / "docs" / "errata.md").read_text(encoding="utf-8"), re.DOTALL)


def test_there_is_a_block_for_every_slip_in_figures():
    assert len(BLOCKS) == 3


@pytest.mark.parametrize(("code", "output"), BLOCKS)
def test_each_block_prints_what_stands_under_it(code, output):
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout == output, done.stderr

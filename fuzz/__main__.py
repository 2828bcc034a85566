"""Coverage-guided fuzzing of one parser with atheris: `python -m fuzz archive --seconds 90`. A failing input is kept in build/fuzz."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import atheris

CORPUS = Path(__file__).parent / "corpus"
_INSTRUMENTED = ["grader", "zipfile", "tarfile", "json", "csv", "yaml"]

with atheris.instrument_imports(include=_INSTRUMENTED):
    from fuzz.targets import TARGETS


def main() -> None:
    """Fuzz one target for some seconds; new inputs of interest go to build/fuzz/TARGET."""
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("target", choices=sorted(TARGETS))
    parser.add_argument("--seconds", type=int, default=60)
    asked = parser.parse_args()
    found = Path("build/fuzz") / asked.target
    found.mkdir(parents=True, exist_ok=True)
    limits = [f"-max_total_time={asked.seconds}", "-timeout=10", "-rss_limit_mb=2048", "-max_len=65536", "-print_final_stats=1"]
    atheris.Setup(
        [sys.argv[0], *limits, f"-artifact_prefix={found}/failed-", str(found), str(CORPUS / asked.target)], TARGETS[asked.target]
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()

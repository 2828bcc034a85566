"""No bytes whatever make a parser raise what it does not declare, hang, or take memory without bound. `make fuzz` looks longer."""

from __future__ import annotations

import random
import resource
import time
import tracemalloc
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fuzz.targets import TARGETS

CORPUS = Path(__file__).parents[1] / "fuzz" / "corpus"
SEEDS = {target: {path.name: path.read_bytes() for path in sorted((CORPUS / target).iterdir())} for target in TARGETS}
CASES = [(target, name) for target, seeds in SEEDS.items() for name in seeds]


@pytest.mark.parametrize(("target", "name"), CASES)
def test_every_seed_is_taken_quickly_and_within_bounds(target, name):
    started, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    TARGETS[target](SEEDS[target][name])
    assert time.process_time() - started < 2.0
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 256 << 10  # KiB


def mutated(raw: bytes, seed: int) -> bytes:
    """The bytes with a few of them changed, dropped, repeated or moved."""
    rng = random.Random(seed)
    data = bytearray(raw)
    for _ in range(rng.randint(1, 8)):
        at, end = sorted((rng.randint(0, len(data)), rng.randint(0, len(data))))
        end = min(end, at + 32)
        match rng.randrange(5):
            case 0 if data:
                data[min(at, len(data) - 1)] = rng.choice((0, 1, 0x7F, 0x80, 0xFF, rng.randrange(256)))
            case 1:
                del data[at:end]
            case 2:
                data[at:at] = data[at:end]
            case 3:
                data[at:end] = rng.choice((b"\xff\xff\xff\xff", b"\0" * 8, b"../", b"[" * 64, b"9" * 40, b"&a *a ", b"\xed\xa0\x80"))
            case _:
                data[at:end] = rng.randbytes(end - at)
    return bytes(data)


@pytest.mark.parametrize("target", TARGETS)
def test_what_is_nearly_right_raises_nothing_undeclared(target):
    seeds = sorted(SEEDS[target])

    @settings(max_examples=400, deadline=2000, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
    @given(st.sampled_from(seeds), st.integers(0, 2**32))
    def run(name: str, seed: int) -> None:
        TARGETS[target](mutated(SEEDS[target][name], seed))

    run()


@pytest.mark.parametrize("target", TARGETS)
def test_any_bytes_raise_nothing_undeclared(target):
    @settings(max_examples=150, deadline=2000, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
    @given(st.binary(max_size=300))
    def run(data: bytes) -> None:
        TARGETS[target](data)

    run()


NAMES = st.text(st.sampled_from("aá_-./\\\\ :1\x00\u202e\ud7ff"), max_size=30) | st.sampled_from(
    ["Ana_1_assignsubmission_file/neuron.py", "submission_1/x.py", "ana_1_2_neuron.py", "neuron-ana/neuron.py", "a.zip/../neuron.py"]
)
KINDS = st.sampled_from(["file", "folder", "link", "special", "encrypted"])


@settings(max_examples=300, deadline=2000, derandomize=True, database=None)
@given(st.lists(st.tuples(NAMES, st.integers(-(2**63), 2**64), KINDS), max_size=6))
def test_any_listing_is_judged(listing):
    """Listings that are well-formed, whatever they claim."""
    TARGETS["listing"](msgspec.json.encode(listing))


def test_a_target_can_fail(monkeypatch):
    """The control: a parser that raises what it does not declare is seen."""
    monkeypatch.setattr("fuzz.targets.notebook.code_cells", lambda raw: [][len(raw)])
    with pytest.raises(IndexError):
        TARGETS["notebook"](b"x")


@pytest.mark.parametrize(
    ("target", "data"),
    [
        ("frames", b"GRD1" + b"\xff" * 12 + b"x" * 100),
        ("frames", b"GRD1" + (1 << 19).to_bytes(4, "little") + (60 << 20).to_bytes(8, "little") + b"x" * 100),
        ("values", b"\0" + b"\xdd\xff\xff\xff\xff" * 1000),
        ("notebook", b'{"cells": [' + b"[" * 100_000),
        ("notebook", b'{"cells": ' + b"9" * 100_000 + b"}"),
        ("listing", b"[" * 1_000_000),
        ("yaml", b"a: " + b"[" * 100_000),
        ("yaml", b"- " * 100_000),
        ("yaml", b"".join(b" " * n + b"a:\n" for n in range(1500))),
        ("yaml", b"a0: &a0 {x: 1}\n" + b"".join(b"a%d: &a%d {<<: [*a%d, *a%d]}\n" % (i, i, i - 1, i - 1) for i in range(1, 40))),
        ("yaml", b"x" * (3 << 20)),
        ("roster", b"," * 1_000_000),
        ("roster", b"student\n" + b'"' * 999_999),
    ],
)
def test_what_announces_much_takes_little(target, data):
    """A length that is only announced is not believed, and nesting ends in an error instead of the process."""
    tracemalloc.start()
    started = time.process_time()
    TARGETS[target](data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert time.process_time() - started < 5.0
    assert peak < 128 << 20

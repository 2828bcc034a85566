"""A student who finds the channel and writes frames of their own: at best an answer, at worst the end of their worker."""

from __future__ import annotations

import os
import struct

import msgspec
import pytest

from grader.errors import Crashed
from grader.sandbox import nodes, wire
from tests.sandbox.attack import hostile, trouble, within

COLLIDING = (1 << 61) - 1  # every multiple of it hashes to 0


def frame(meta: bytes, arrays: bytes = b"", *, magic: bytes = wire.MAGIC, says: tuple[int, int] | None = None) -> bytes:
    """A frame around any bytes; `says` are the lengths that its header claims."""
    return wire.HEAD.pack(magic, *(says or (len(meta), len(arrays)))) + meta + arrays


def pack(*message: object) -> bytes:
    """MessagePack of a message that our own types would refuse to make."""
    return msgspec.msgpack.encode(message)


def answer(value: object, arrays: bytes = b"") -> bytes:
    """A frame that answers the first request."""
    return frame(pack("returned", 1, value, None, []), arrays)


def raised(**fields: object) -> bytes:
    """A frame that reports an exception."""
    whole = {"type_name": "E", "text": "", "where": [], "missing": False, "defined": [], "warnings": [], **fields}
    return frame(pack("raised", 1, *whole.values()))


def nested(levels: int) -> bytes:
    """An answer of tuples in tuples, put together by hand: our encoder has a limit of its own."""
    value = (b"\x93\xa1s\xa5tuple\x91" * levels) + b"\xc0"
    return frame(pack("returned", 1, None, None, []).replace(b"\xc0", value, 1))


def big(multiple: int) -> list[object]:
    return ["i", (COLLIDING * multiple).to_bytes(20, "little")]


MALFORMED = {
    "garbage": bytes(range(256)) * 16,
    "wrong magic": frame(b"\xc0", magic=b"HTTP"),
    "length of 2**60": frame(b"", says=(0, 1 << 60)),
    "meta of 4 GB": frame(b"", says=((1 << 32) - 1, 0)),
    "no meta": frame(b""),
    "no MessagePack": frame(b"\xc1\xc1\xc1"),
    "two documents": frame(pack("returned", 1, None, None, []) * 2),
    "a map": frame(b"\x81\x90\xc0"),
    "100 000 levels": frame(b"\x91" * 100_000 + b"\xc0"),
    "3000 tuples in tuples": nested(3000),
    "50 levels": nested(50),
    "an unknown message": frame(pack("score", 1, 100)),
    "a score": frame(msgspec.msgpack.encode({"n": 1, "score": 100, "passed": True})),
    "a request": frame(pack("answer", 1, None)),
    "layers instead of an answer": frame(pack("confined", ["landlock"])),
    "an import instead of an answer": frame(pack("loaded", [], [])),
    "another number": frame(pack("returned", 2, 0.5, None, [])),
    "no number": frame(pack("returned", None, 0.5, None, [])),
    "an unknown node": answer(["z", 1]),
    "dtype object": answer(["a", "|O", [1]], b"A" * 8),
    "dtype text": answer(["a", "<U2", [1]], b"A" * 8),
    "dtype record": answer(["a", "f8,f8", [1]], b"A" * 16),
    "shape larger than the frame": answer(["a", "<f8", [2]], b"A" * 8),
    "shape of 2**78": answer(["a", "<f8", [1 << 39, 1 << 39]], b"A" * 8),
    "shape that overflows and is empty": answer(["a", "<f8", [0, 1 << 39, 1 << 39]]),
    "negative shape": answer(["a", "<f8", [-1]], b"A" * 8),
    "17 axes": answer(["a", "<f8", [1] * 17], b"A" * 8),
    "bytes that no array uses": answer(1.0, b"A" * 8),
    "a list longer than the frame": answer(["f", 1 << 40], b"A" * 8),
    "a list of negative length": answer(["f", -1], b"A" * 8),
    "a key that cannot be one": answer(["m", [["s", "list", []]], [1]]),
    "more keys than values": answer(["m", [1, 2], [1]]),
    "too many keys": answer(["m", list(range(nodes.MAX_KEYS + 1)), [0] * (nodes.MAX_KEYS + 1)]),
    "20 000 keys that collide": answer(["s", "set", [big(n) for n in range(20_000)]]),
    "an integer of 10 000 digits": answer(["i", b"\x01" * 4096]),
    "another's original": answer(["r", 0]),
    "a function": answer(["g", 0]),
    "a name of 1 MB": raised(type_name="E" * 900_000),
    "a name that clears the screen": raised(type_name="\x1b[2J"),
    "a name that starts a command for GitHub": raised(type_name="E\n::error::x"),
    "a text that runs backwards": raised(text="\N{RIGHT-TO-LEFT OVERRIDE}"),
    "a text of 1 MB": raised(text="x" * 900_000),
    "a traceback of 1000 lines": raised(where=[["m.py", 1, "f"]] * 1000),
    "a file's name that starts a command": raised(where=[["m.py\n::error::", 1, "f"]]),
    "a negative line": raised(where=[["m.py", -1, "f"]]),
    "names without end": raised(missing=True, defined=["x"] * 5000),
    "warnings without end": raised(warnings=["x"] * 5000),
    "an object whose name clears the screen": answer(["o", 1, "\x1b[2J"]),
    "a tensor of an unknown kind": answer(["t", "os.system", False, ["a", "<f4", [1]]], b"A" * 4),
    "a lone surrogate": frame(pack("returned", 1, None, None, []).replace(b"\xc0", b"\xa3\xed\xa0\x80", 1)),
    "a question with no list": frame(pack("asked", 1, 0, 5)),
    "a question to a function that does not exist": frame(pack("asked", 1, 7, ["s", "list", []])),
    "a question to function -1": frame(pack("asked", 1, -1, ["s", "list", []])),
}
WRITES = hostile("""
    def f(*_):
        view = memoryview(FRAME)
        while view: view = view[os.write(3, view):]
        time.sleep(20)
    def again(): return "again"
    """)


def forging(raw: bytes) -> str:
    """A submission that answers by writing `raw` to the channel."""
    return f"FRAME = {raw!r}\n" + WRITES


@pytest.mark.parametrize("raw", MALFORMED.values(), ids=MALFORMED)
def test_malformed_frame_ends_its_worker(load, raw):
    """Whatever is not exactly a frame of ours is never resynchronised: the worker is killed and the student told."""
    student = load(forging(raw))
    with within(1):
        found = trouble(lambda: student.f(lambda: 1.0))
    assert isinstance(found, Crashed)
    assert found.fact.key == "protocol_broken"
    assert not student._session.worker.alive


def test_well_formed_frame_is_an_answer(load):
    """Positive control: the same writing gets a value across; it is the student's answer, for better or worse."""
    assert load(forging(answer(0.123))).f() == 0.123


def test_answer_given_twice_breaks_the_channel(load):
    """A forged answer before the real one: the first counts, the next question finds the second and ends the worker."""
    source = f"import os\ndef f():\n    os.write(3, {answer(0.123)!r})\n    return 0.5\n"
    student = load(source)
    assert student.f() == 0.123
    assert trouble(student.f).fact.key == "protocol_broken"


def test_forged_answer_followed_by_the_end_is_an_answer_and_then_a_crash(load):
    """os._exit(0) after a forged value: the value is judged like any other, and nothing more is believed."""
    student = load(f"import os\ndef f():\n    os.write(3, {answer(0.123)!r})\n    os._exit(0)\n")
    assert student.f() == 0.123
    assert isinstance(trouble(student.f), Crashed)


@pytest.mark.parametrize(
    "raw",
    [frame(pack("loaded", [], ["evil"])), frame(pack("loaded", [], ["utf16"] * 4)), frame(pack("confined", ["landlock"])), answer(1.0)],
    ids=["unknown note", "many notes", "layers", "answer"],
)
def test_forged_import_is_refused(start, raw):
    """At import only a well-formed report of it is taken. Found here: an unknown note made the report fail with a KeyError."""
    assert trouble(lambda: start(f"import os, time\nos.write(3, {raw!r})\ntime.sleep(20)")).fact.key == "protocol_broken"


def test_forged_layers_come_too_late(start):
    """The layers in force are said before any student code runs: a forged list changes nothing."""
    worker = start("x = 1")
    before = list(worker.layers)
    raw = frame(pack("confined", ["none"]))
    assert trouble(lambda: start(f"import os\nos.write(3, {raw!r})")).fact.key == "protocol_broken"
    assert worker.layers == before


def test_bools_are_normalised(load):
    """A bool whose byte is 255 would break arithmetic: what arrives is True, of one bit."""
    value = load(forging(answer(["a", "|b1", [4]], b"\xff\x00\x02\x01"))).f()
    assert value.tolist() == [True, False, True, True]
    assert value.view("u1").tolist() == [1, 0, 1, 1]


COSTLY = {
    "1 MB of empty lists": ["s", "list", [["s", "list", []]] * 110_000],
    "1 MB of sets of colliding numbers": ["s", "list", [["s", "set", [big(n) for n in range(nodes.MAX_KEYS)]]] * 80],
    "1 MB of None": ["s", "list", [None] * 1_000_000],
    "80 000 empty arrays": ["s", "list", [["a", "<f8", [0]]] * 80_000],
}


@pytest.mark.parametrize("value", COSTLY.values(), ids=COSTLY)
def test_costly_frames_cost_little(load, value):
    """What fits into a frame is decoded in about a second at most. Found here: sets of 2000 colliding numbers took 3.1 s."""
    raw = answer(value)
    assert 250_000 < len(raw) <= wire.MAX_META + wire.HEAD.size
    student = load(hostile("def f(size): FRAME = open('frame', 'rb').read(); os.write(3, FRAME); time.sleep(20)"), files={"frame": raw})
    with within(2):
        assert type(student.f(len(raw))) is list


def test_frame_that_never_ends_is_stopped_by_the_clock(load):
    """A header that announces 64 MB and nothing behind it: the deadline, and no memory touched."""
    student = load(forging(wire.HEAD.pack(wire.MAGIC, 10, nodes.MAX_ARRAYS)), call_s=0.4)
    with within(0.4):
        assert trouble(student.f).fact.key == "limit_time"


def test_only_four_descriptors_are_there_to_find(load):
    """Nothing, output twice, and the channel: the socket to the zygote, above all, is closed."""
    source = """
        import os
        def f():
            found = []
            for fd in range(1 << 16):
                try: os.fstat(fd)
                except OSError: continue
                found.append(fd)
            return found
        """
    assert load(source).f() == [0, 1, 2, 3]
    assert os.fstat(0)


def test_input_is_empty(load):
    """input() at the top of a file ends at once with an EOFError."""
    found = trouble(load("def f(): return input('name? ')").f)
    assert found.fact.key == "input_in_function"


def test_header_has_the_size_that_both_sides_count_on():
    """The frame's header, which the forgeries above spell out: 4 + 4 + 8 bytes."""
    assert wire.HEAD.size == struct.calcsize("<4sIQ") == 16

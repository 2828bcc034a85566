"""What was handed in, as the gradebook keeps it: small, and any file name that a disk can hold."""

from __future__ import annotations

import zlib

import msgspec

from grader.sandbox.supervisor import Program


def pack(program: Program) -> bytes:
    """A program as bytes."""
    names = {name.encode("utf-8", "surrogateescape"): content for name, content in program.files.items()}
    return zlib.compress(msgspec.msgpack.encode((program.module, program.file.encode("utf-8", "surrogateescape"), names)))


def unpack(packed: bytes) -> Program:
    """The program that was packed."""
    module, file, names = msgspec.msgpack.decode(zlib.decompress(packed), type=tuple[str, bytes, dict[bytes, bytes]])
    files = {name.decode("utf-8", "surrogateescape"): content for name, content in names.items()}
    return Program(module, file.decode("utf-8", "surrogateescape"), files)

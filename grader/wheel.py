"""The grader as a wheel, made from the installed package itself: what a students' copy carries, without any network.

Source: the binary distribution format, https://packaging.python.org/en/latest/specifications/binary-distribution-format/
"""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import grader
from grader.errors import UsageError
from grader.text import text

_NAME, _MODULE = "backprop-grader", "backprop_grader"
_WHEEL = "Wheel-Version: 1.0\nGenerator: backprop-grader\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def build() -> tuple[str, bytes]:
    """The wheel's file name and content; the same package always gives the same bytes. Raises UsageError."""
    try:
        installed = distribution(_NAME)
    except PackageNotFoundError:
        raise UsageError(text("not_installed")) from None
    stem = f"{_MODULE}-{grader.__version__}"
    files = _package() | _metadata(installed, f"{stem}.dist-info")
    record = f"{stem}.dist-info/RECORD"
    lines = [f"{name},sha256={_hash(content)},{len(content)}" for name, content in files.items()]
    files[record] = ("\n".join([*lines, f"{record},,"]) + "\n").encode()
    return f"{stem}-py3-none-any.whl", _zipped(files)


def _package() -> dict[str, bytes]:
    """Every file of the package that is running but what authors start from, which has a solution in it."""
    root = Path(grader.__file__).parent
    paths = sorted(path for path in root.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    paths = [path for path in paths if not path.is_relative_to(root / "template" / "assignment")]
    return {f"grader/{path.relative_to(root).as_posix()}": path.read_bytes() for path in paths}


def _metadata(installed: Distribution, folder: str) -> dict[str, bytes]:
    metadata = installed.read_text("METADATA") or installed.read_text("PKG-INFO") or ""
    points = installed.read_text("entry_points.txt") or ""
    return {f"{folder}/METADATA": metadata.encode(), f"{folder}/WHEEL": _WHEEL.encode(), f"{folder}/entry_points.txt": points.encode()}


def _hash(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


def _zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)  # a ZipInfo's own date is 1980
    return buffer.getvalue()

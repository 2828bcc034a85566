"""Public numbers of each student's own: what a student copies from another's output is wrong for them.

Hidden checks draw the same numbers for everybody, so that marks can be compared.
"""

from __future__ import annotations

import hashlib
import hmac


def seed_of(secret: str, student: str) -> str:
    """The seed of a student's public checks. It says nothing of the course's secret."""
    return "practice-" + hmac.new(secret.encode(), student.encode("utf-8", "surrogateescape"), hashlib.sha256).hexdigest()[:16]

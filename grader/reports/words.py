"""Messages as HTML: `code` between backticks, a little mathematics between dollars, everything else escaped."""

from __future__ import annotations

import re
from typing import Final

from markupsafe import Markup, escape

_CODE: Final = re.compile(r"`([^`\n]+)`|\$([^$\n]+)\$")
_SYMBOLS: Final = {r"\sigma": "σ", r"\partial": "∂", r"\top": "T", r"\cdot": "·", r"\varepsilon": "ε", r"\sum": "∑"}
_INDEX: Final = re.compile(r"([_^])(?:\{([^{}]*)\}|(.))")


def rich(message: str) -> Markup:
    """One line of a message."""
    done, start = Markup(""), 0
    for match in _CODE.finditer(message):
        done += escape(message[start : match.start()])
        done += Markup("<code>{}</code>").format(match[1]) if match[1] else _formula(match[2])
        start = match.end()
    return done + escape(message[start:])


def _formula(tex: str) -> Markup:
    for command, symbol in _SYMBOLS.items():
        tex = tex.replace(command, symbol)
    done, start = Markup(""), 0
    for match in _INDEX.finditer(tex):
        done += escape(tex[start : match.start()])
        place = "sub" if match[1] == "_" else "sup"
        done += Markup(f"<{place}>{{}}</{place}>").format(match[2] or match[3])
        start = match.end()
    return Markup('<span class="math">{}</span>').format(done + escape(tex[start:]))

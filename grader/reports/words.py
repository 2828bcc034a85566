"""Messages as HTML: `code` between backticks, mathematics between dollars or written plainly (h_{t-1}, V^T), the rest escaped."""

from __future__ import annotations

import re
from typing import Final

from markupsafe import Markup, escape

_CODE: Final = re.compile(r"`([^`\n]+)`|\$([^$\n]+)\$")
_SYMBOLS: Final = {r"\sigma": "σ", r"\partial": "∂", r"\top": "T", r"\cdot": "·", r"\varepsilon": "ε", r"\sum": "∑"}
_INDEX: Final = re.compile(r"([_^])(?:\{([^{}]*)\}|(.))")
# one letter with an index, r_bar_{t+1}, h_t, V^T; a name of several letters, as in dL_dW, or in quotes, is a name
_PLAIN: Final = re.compile(r"(?<![\w'\"])([A-Za-z])((?:_bar(?=_))?)((?:_(?:\{[^{}]*\}|[A-Za-z0-9]))?(?:\^T)?)(?![\w'\"^])")
_MACRON: Final = "\u0304"


def rich(message: str) -> Markup:
    """One line of a message."""
    done, start = Markup(""), 0
    for match in _CODE.finditer(message):
        done += _prose(message[start : match.start()])
        done += Markup("<code>{}</code>").format(match[1]) if match[1] else _formula(match[2])
        start = match.end()
    return done + _prose(message[start:])


def _prose(words: str) -> Markup:
    """Words, with their few plainly written indices set as such."""
    done, start = Markup(""), 0
    for match in _PLAIN.finditer(words):
        if match[3]:
            letter = match[1] + (_MACRON if match[2] else "")
            done += escape(words[start : match.start()]) + _formula(letter + match[3])
            start = match.end()
    return done + escape(words[start:])


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

"""The small drawings of a page that are no picture of a report: a share as a bar, a legend's sample, a histogram."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup

from grader.reports.svg import element, lettering, svg

_WIDTH: Final = 208
_FLOOR: Final = 18  # room for the numbers under a histogram


def share(part: float | None, whole: float) -> Markup:
    """A bar filled to `part / whole`; decoration only: the numbers stand beside it."""
    filled = 100 * min(max((part or 0.0) / (whole or 1.0), 0.0), 1.0)
    bars = [element("rect", width=100, height=6, class_="track"), element("rect", width=filled, height=6, class_="filled")]
    return element("svg", Markup("").join(bars), viewBox="0 0 100 6", preserveAspectRatio="none", aria_hidden="true")


def swatch(class_: str) -> Markup:
    """A sample of what `class_` colours in a picture: a line's stroke, an example's shape, a bar or a cell."""
    if class_.startswith("key"):
        shape = element("line", x1=0, x2=22, y1=6, y2=6, class_=class_)
    elif class_ == "one":
        shape = element("path", d="M11 1l5 5l-5 5l-5 -5z", class_=class_)
    elif class_ == "zero":
        shape = element("circle", cx=11, cy=6, r=4, class_=class_)
    else:
        shape = element("rect", x=4, width=14, height=12, rx=2, class_=class_)
    return element("svg", shape, viewBox="0 0 22 12", width=22, height=12, aria_hidden="true")


def histogram(bins: Sequence[int], title: str, *, large: bool = False) -> Markup:
    """How many fall into each tenth, with the counts above; `large` for a page's main one."""
    width, height = (2 * _WIDTH, 80) if large else (_WIDTH, 64)
    step, most = width / len(bins), max(bins) or 1
    parts = [element("line", x1=0, x2=width, y1=height + _FLOOR, y2=height + _FLOOR, class_="grid")]
    for i, count in enumerate(bins):
        tall = height * count / most
        if count:
            parts.append(element("rect", x=i * step + 2, y=_FLOOR + height - tall, width=step - 4, height=tall, rx=2, class_="column"))
            parts.append(lettering((i + 0.5) * step, _FLOOR + height - tall - 5, str(count)))
    for tenth in (0, 5, 10):
        anchor = {0: "start", 10: "end"}.get(tenth, "middle")
        parts.append(lettering(tenth * step, height + 2 * _FLOOR - 2, f"{tenth * 10} %", anchor))
    spoken = ", ".join(f"{10 * i}–{10 * i + 10} %: {count}" for i, count in enumerate(bins) if count)
    return svg(width, height + 2 * _FLOOR + 4, parts, f"{title}: {spoken}")

"""A report's pictures as inline SVG: no script, no style attribute, colours by class so that dark and print can change them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate, groupby, pairwise
from typing import Final

from markupsafe import Markup, escape

from grader.model import Bars, Boundary, Curve, Curves, HeatMap, Picture
from grader.reports.scales import Scale, number

WIDTH: Final = 420
HEIGHT: Final = 230
LEFT: Final = 52
BOTTOM: Final = 36
TOP: Final = 10
FONT: Final = 6.2  # units of width that a character takes, about
_SERIES: Final = {"claimed": 1, "own": 1, "recomputed": 0, "expected": 2, "reference": 2}  # the student's numbers look the same everywhere
_GONE: Final = 18  # cells of a side beyond which only some are numbered


def drawing(picture: Picture, title: str, words: dict[str, str]) -> Markup:
    """The picture as an <svg>.

    Args:
        picture: what is drawn.
        title: its text alternative.
        words: names of the axes, by key: x, y (plots) or rows, columns (heat maps).
    """
    match picture:
        case HeatMap():
            return _heat_map(picture, title, words)
        case Curves():
            return _curves(picture, title, words)
        case Bars():
            return _bars(picture, title, words)
        case Boundary():
            return _boundary(picture, title)


def element(name: str, content: str = "", **attributes: object) -> Markup:
    """One element; underscores in attribute names are hyphens, and one at the end is dropped (class_)."""
    written = "".join(f' {key.rstrip("_").replace("_", "-")}="{_short(value)}"' for key, value in attributes.items() if value is not None)
    return Markup(f"<{name}{written}>{escape(content)}</{name}>")


def _short(value: object) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else escape(value)


def svg(width: float, height: float, parts: Sequence[str], title: str) -> Markup:
    """A picture of this size in pixels that shrinks on a small screen."""
    content = Markup("").join([element("title", title), *parts])
    return element("svg", content, viewBox=f"0 0 {width:.0f} {height:.0f}", width=round(width), height=round(height), role="img")


def lettering(x: float, y: float, said: str, anchor: str = "middle", *, turned: bool = False, class_: str | None = None) -> Markup:
    """A few words or a number; `turned` for those along a vertical axis."""
    turn = f"rotate(-90 {x:.0f} {y:.0f})" if turned else None
    return element("text", said, x=float(x), y=float(y), text_anchor=anchor, transform=turn, class_=class_)


def _heat_map(picture: HeatMap, title: str, words: dict[str, str]) -> Markup:
    rows, columns = len(picture.levels), len(picture.levels[0]) if picture.levels else 0
    side = float(max(8, min(26, 380 // max(columns, 1))))
    left = 46.0 if rows > 1 else 6.0
    down, across = starts(picture)
    parts = [lettering(left + columns * side / 2, 11, words["columns"], class_="axis")]
    if rows > 1:
        parts.append(lettering(11, 32 + rows * side / 2, words["rows"], turned=True, class_="axis"))
        parts += [lettering(left - 5, 32 + (i + 0.5) * side + 4, str(down[i]), "end") for i in _numbered(rows)]
    parts += [lettering(left + (j + 0.5) * side, 27, str(across[j])) for j in _numbered(columns)]
    parts += [
        element("rect", x=left + j * side + 0.5, y=32 + i * side + 0.5, width=side - 1, height=side - 1, rx=2, class_=f"e{level}")
        for i, row in enumerate(picture.levels)
        for j, level in enumerate(row)
    ]
    wide = max(left + columns * side + 4, left + len(words["columns"]) * FONT)
    return svg(wide, max(36 + rows * side, len(words["rows"]) * FONT + 20 if rows > 1 else 0), parts, title)


def starts(picture: HeatMap) -> tuple[list[int], list[int]]:
    """The row, and the column, of the array with which each row and column of cells begins: long axes were merged."""
    tall, wide = (picture.shape if len(picture.shape) > 1 else [1, *picture.shape])[:2]
    rows, columns = len(picture.levels), len(picture.levels[0])
    return [i * tall // rows for i in range(rows)], [j * wide // columns for j in range(columns)]


def _numbered(count: int) -> range:
    return range(0, count, 1 if count <= _GONE else math.ceil(count / 8))


def _frame(y: Scale, words: dict[str, str]) -> list[Markup]:
    """The horizontal lines and their numbers, and what both axes are called."""
    parts = []
    for at, tick in ((_up(y(tick)), tick) for tick in y.ticks()):
        parts += [element("line", x1=LEFT, x2=WIDTH - 6, y1=at, y2=at, class_="grid"), lettering(LEFT - 6, at + 4, number(tick), "end")]
    parts.append(lettering((LEFT + WIDTH) / 2, HEIGHT - 3, words["x"], class_="axis"))
    return [*parts, lettering(11, (HEIGHT - BOTTOM + TOP) / 2, words["y"], turned=True, class_="axis")]


def _up(fraction: float) -> float:
    return HEIGHT - BOTTOM - fraction * (HEIGHT - BOTTOM - TOP)


def _across(fraction: float) -> float:
    return LEFT + 8 + fraction * (WIDTH - LEFT - 22)


def _finite(curves: Sequence[Curve]) -> list[float]:
    return [y for curve in curves for y in curve.ys if y is not None]


def _curves(picture: Curves, title: str, words: dict[str, str]) -> Markup:
    y = Scale(_finite(picture.curves), log=picture.log)
    places = [x for curve in picture.curves for x in curve.xs]
    x = Scale(places, log=picture.x in ("strength", "learning_rate") and min(places, default=0.0) > 0)
    parts = _frame(y, words)
    whole = not x.log and all(place == int(place) for place in places)
    ticks = [tick for tick in x.ticks() if not whole or tick == int(tick)]
    parts += [lettering(_across(x(tick)), HEIGHT - BOTTOM + 15, number(tick)) for tick in ticks]
    for i, curve in enumerate(picture.curves):
        parts += _line(curve, x, y, line_class(curve, i))
    return svg(WIDTH, HEIGHT, parts, title)


def line_class(curve: Curve, number_: int) -> str:
    """The class that colours a line, a bar and their legend."""
    return f"s{_SERIES.get(curve.role, number_ % 6)}"


def _line(curve: Curve, x: Scale, y: Scale, class_: str) -> list[Markup]:
    """A path with gaps where there is no number, and marks where the points are few."""
    path, pen = [], "M"
    for at, value in zip(curve.xs, curve.ys, strict=False):
        if value is None:
            pen = "M"
            continue
        path.append(f"{pen}{_across(x(at)):.1f} {_up(y(value)):.1f}")
        pen = "L"
    parts = [element("path", d="".join(path), class_=f"line {class_}")]
    if len(curve.ys) <= 14:
        dots = [(_across(x(at)), _up(y(value))) for at, value in zip(curve.xs, curve.ys, strict=False) if value is not None]
        parts += [element("circle", cx=cx, cy=cy, r=3, class_=f"dot {class_}") for cx, cy in dots]
    return parts


def _bars(picture: Bars, title: str, words: dict[str, str]) -> Markup:
    y = Scale(_finite(picture.series), log=picture.log, zero=True)
    parts = _frame(y, words)
    room = (WIDTH - LEFT - 14) / max(len(picture.labels), 1)
    wide = min(26.0, 0.8 * room / max(len(picture.series), 1))
    floor = _up(0.0 if y.log else y(0.0))
    for i, label in enumerate(picture.labels):
        middle = LEFT + 8 + (i + 0.5) * room
        parts.append(lettering(middle, HEIGHT - BOTTOM + 15, _fitting(label, room)))
        for k, series in enumerate(picture.series):
            value = series.ys[i] if i < len(series.ys) else None
            if value is not None:
                at, top = middle + (k - len(picture.series) / 2) * wide, _up(y(value))
                class_, tall = f"bar {line_class(series, k)}", max(abs(floor - top), 1.0)
                parts.append(element("rect", x=at + 1, y=min(top, floor), width=wide - 2, height=tall, class_=class_))
    return svg(WIDTH, HEIGHT, parts, title)


def _fitting(label: str, room: float) -> str:
    most = max(int(room / FONT), 2)
    return label if len(label) <= most else f"{label[: most - 1]}…"


def _boundary(picture: Boundary, title: str) -> Markup:
    count = len(picture.levels)
    side = 260 / count
    parts = [
        element("rect", x=start * side, y=i * side, width=(end - start) * side + 0.3, height=side + 0.3, class_=f"p{level}")
        for i, row in enumerate(picture.levels)
        for start, end, level in _runs(row)
    ]
    parts.append(element("path", d="".join(_edges(picture.levels, side)), class_="edge"))
    (left, right), (low, high) = picture.x, picture.y
    for point in picture.points:
        at = ((point.x - left) / (right - left or 1) * 260, (high - point.y) / (high - low or 1) * 260)
        parts.append(_example(*at, point.label))
    return svg(260, 260, parts, title)


def _runs(row: str) -> list[tuple[int, int, str]]:
    """Neighbours of the same level: start, end, level."""
    ends = list(accumulate((len(list(same)) for _, same in groupby(row)), initial=0))
    return [(start, end, row[start]) for start, end in pairwise(ends)]


def _edges(levels: Sequence[str], side: float) -> list[str]:
    """Lines between neighbours of different class: a stairs along probability 1/2."""
    found = []
    for i, row in enumerate(levels):
        for j, level in enumerate(row):
            if j and (level >= "5") != (row[j - 1] >= "5"):
                found.append(f"M{j * side:.1f} {i * side:.1f}v{side:.1f}")
            if i and (level >= "5") != (levels[i - 1][j] >= "5"):
                found.append(f"M{j * side:.1f} {i * side:.1f}h{side:.1f}")
    return found


def _example(x: float, y: float, label: int) -> Markup:
    """A disc for class 0, a diamond for class 1: told apart without their colours."""
    if label:
        return element("path", d=f"M{x:.1f} {y - 5:.1f}l5 5l-5 5l-5 -5z", class_="one")
    return element("circle", cx=x, cy=y, r=3.6, class_="zero")

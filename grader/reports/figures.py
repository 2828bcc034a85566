"""Each picture of a report with its words: what it shows, said so that it can also be read without seeing it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from markupsafe import Markup

from grader.model import Bars, Boundary, Curve, Curves, HeatMap, Picture
from grader.reports import svg
from grader.reports.scales import number
from grader.text import text

_WRONG: Final = "5"  # more than 1e-5 of the scale: no right entry is that far off
_SAMPLES: Final = "03689"  # levels that a legend shows
_FEW: Final = 6  # places that a caption lists


@dataclass(frozen=True)
class Key:
    """An entry of a legend: the class that colours it, and its words."""

    class_: str
    words: str


@dataclass(frozen=True)
class Figure:
    """A picture on a page: caption, image, legend."""

    kind: str
    title: str
    caption: str
    image: Markup
    legend: tuple[Key, ...] = ()

    @property
    def errors(self) -> bool:
        """Whether its legend is the one that all heat maps share."""
        return self.kind == "heat"


def figure(picture: Picture, language: str) -> Figure:
    """The picture, ready for a page."""
    title = picture.title or _title(picture, language)
    caption = _caption(picture, language)
    spoken = ". ".join(part.replace("`", "").rstrip(".") for part in (title, caption, *_ends(picture, language)) if part)
    image = svg.drawing(picture, f"{spoken}.", _axes(picture, language))
    kind = {HeatMap: "heat", Boundary: "plane"}.get(type(picture), "plot")
    return Figure(kind, title, caption, image, _legend(picture, language))


def scale(language: str) -> tuple[Key, ...]:
    """The legend that all heat maps share."""
    words = {level: text("legend_over" if level == "9" else "legend_upto", bound=_power(min(level, "8"))) for level in _SAMPLES}
    return tuple(Key(f"e{level}", said.say(language)) for level, said in words.items())


def _title(picture: Picture, language: str) -> str:
    match picture:
        case HeatMap():
            return text("picture_heat_map", name=picture.name).say(language)
        case Curves():
            return text("picture_history").say(language)
        case Bars():
            return text("picture_norms").say(language)
        case Boundary():
            return text("picture_boundary").say(language)


def _caption(picture: Picture, language: str) -> str:
    if isinstance(picture, HeatMap):
        return _wrong_places(picture, language)
    return text("picture_log").say(language) if isinstance(picture, Curves | Bars) and picture.log else ""


def _wrong_places(picture: HeatMap, language: str) -> str:
    """Which rows or columns are wrong, in words."""
    worst = max("".join(picture.levels), default="0")
    if worst < _WRONG:
        return text("places_none" if worst == "0" else "places_slight", bound=_power(worst)).say(language)
    rows = ["".join("x" if level >= _WRONG else "." for level in row) for row in picture.levels]
    if all(set(row) <= {"x"} for row in rows):
        return text("places_all").say(language)
    columns = ["".join(column) for column in zip(*rows, strict=True)]
    lengths = picture.shape[:2] if len(picture.shape) > 1 else [1, *picture.shape]
    for lines, starts, axis, length in zip((rows, columns), svg.starts(picture), _named(picture), lengths, strict=True):
        bad = [starts[i] for i, line in enumerate(lines) if "x" in line]
        if len(lines) > 1 and len(bad) <= _FEW and all(set(line) == {"x"} for line in lines if "x" in line):
            what = text(f"counted_{axis}").say(language)
            return text("places_lines", what=what, places=", ".join(map(str, bad)), count=length).say(language)
    every = "".join(rows)
    return text("places_some", wrong=every.count("x"), total=len(every)).say(language)


def _named(picture: HeatMap) -> tuple[str, str]:
    """What the rows and the columns of a heat map count, by the catalogue's names."""
    return picture.rows or "row", picture.columns or ("column" if len(picture.shape) > 1 else "position")


def _power(level: str) -> str:
    """The error that a level stands for: 10⁻⁶."""
    return number(10.0 ** (int(level) - 9))


def _ends(picture: Picture, language: str) -> list[str]:
    """Numbers for whom the picture itself says nothing."""
    if isinstance(picture, Curves):
        return [_from_to(curve, language) for curve in picture.curves]
    if isinstance(picture, Bars):
        return [f"{_name(series, language)}: {_listed(picture.labels, series)}" for series in picture.series]
    return []


def _from_to(curve: Curve, language: str) -> str:
    found = [y for y in curve.ys if y is not None]
    if not found:
        return f"{_name(curve, language)}: –"
    way = "rises" if all(a <= b for a, b in pairwise(found)) else "falls" if all(a >= b for a, b in pairwise(found)) else "varies"
    return text(f"line_{way}", name=_name(curve, language), first=found[0], last=found[-1]).say(language)


def _listed(labels: Sequence[str], series: Curve) -> str:
    return ", ".join(f"{label} {'–' if y is None else f'{y:g}'}" for label, y in zip(labels, series.ys, strict=False))


def _name(curve: Curve, language: str) -> str:
    return text(f"role_{curve.role}").say(language) if curve.role else curve.name


def _axes(picture: Picture, language: str) -> dict[str, str]:
    match picture:
        case HeatMap():
            return {key: text(f"counted_{axis}").say(language) for key, axis in zip(("rows", "columns"), _named(picture), strict=True)}
        case Curves() | Bars():
            return {"x": text(f"axis_{picture.x}").say(language), "y": text(f"axis_{picture.y}").say(language)}
    return {}


def _legend(picture: Picture, language: str) -> tuple[Key, ...]:
    if isinstance(picture, Boundary):
        return tuple(Key(class_, text(f"legend_{class_}").say(language)) for class_ in ("zero", "one"))
    series = picture.curves if isinstance(picture, Curves) else picture.series if isinstance(picture, Bars) else []
    kind = "bar" if isinstance(picture, Bars) else "key"
    return tuple(Key(f"{kind} {svg.line_class(curve, i)}", name) for i, curve in enumerate(series) if (name := _name(curve, language)))

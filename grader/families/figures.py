"""Judgements about plots: what a reader needs to find in them, however they look.

A line belongs to a key (a batch size) when its label, or the legend's text for it, holds that number.
"""

import re
from collections.abc import Mapping, Sequence

import numpy as np

from grader.errors import Fault, Mismatch
from grader.families.arrays import Array, kind_of
from grader.families.judge import require_right
from grader.families.structure import Leaf, about, trusted
from grader.figure import Axes, Figure, Line
from grader.text import text

CAP = 1e-5


def shows(got: object, series: Mapping[int, Sequence[float] | Array], name: str) -> None:
    """Raise Mismatch unless a figure has, for each key, a labelled line with its numbers; labels on both axes; a legend.

    Args:
        got: what the student returned.
        series: the numbers of each line, in their order; what is on the x axis is free as long as it goes up.
        name: the function that made it.

    Raises:
        Mismatch: it is no figure, or something is missing in it.
        Fault: there is nothing to show.
    """
    right = {key: trusted(list(values), str(key)) for key, values in series.items()}
    if not right:
        raise Fault("figures.shows: nothing to show")
    if type(got) is not Figure:
        raise Mismatch(text("not_a_figure", name=name, got=kind_of(got)), name=name)
    drawn = [(axes, line) for axes in got.axes for line in _labelled(axes, got)]
    if not drawn:
        raise Mismatch(text("figure_without_labelled_lines"), name=name)
    for key, values in right.items():
        mine = [(axes, line) for axes, line in drawn if key in _integers(line.label)]
        if not mine:
            raise Mismatch(text("figure_lacks_a_line"), name=name)
        _require_line([line for _, line in mine], values, name)
    _require_words(got, [axes for axes, _ in drawn], list(right), name)


def _labelled(axes: Axes, figure: Figure) -> list[Line]:
    """The lines that have a name: their own, or where none has one, that of the legend, line by line."""
    own = [line for line in axes.lines if line.label and not line.label.startswith("_")]
    for legend in (axes.legend, figure.legend):
        if not own and len(legend) == len(axes.lines):
            return [line._replace(label=said) for line, said in zip(axes.lines, legend, strict=True)]
    return own


def _integers(label: str) -> set[int]:
    """The whole numbers in a label; `2.0` is one too, and `0.25` is none."""
    return {int(float(number)) for number in re.findall(r"\d{1,9}(?:\.\d{1,9})?", label) if float(number).is_integer()}


def _require_line(lines: list[Line], right: Array, name: str) -> None:
    """One of the lines has these numbers, over an x that goes up."""
    nearest = min(lines, key=lambda line: _distance(line, right))
    y = np.array(nearest.y, dtype=np.float64)
    if y.shape != right.shape:
        raise Mismatch(text("figure_line_length", got=y.size, expected=right.size), name=name)
    with about(y, right, None):
        single = bool(np.all(y == y.astype(np.float32)))
        require_right([Leaf("y", y, right, single)], cap=CAP)
    x = np.array(nearest.x, dtype=np.float64)
    if not (np.isfinite(x).all() and (np.diff(x) > 0).all()):
        raise Mismatch(text("figure_x_does_not_rise"), name=name)


def _distance(line: Line, right: Array) -> float:
    y = np.array(line.y, dtype=np.float64)
    return float(np.abs(y - right).max()) if y.shape == right.shape and np.isfinite(y).all() else np.inf


def _require_words(figure: Figure, used: list[Axes], keys: list[int], name: str) -> None:
    """Labels on x and y, which axes that are stacked may share, and a legend that names every key."""
    if not any([figure.xlabel, *(axes.xlabel for axes in used)]):
        raise Mismatch(text("figure_without_x_label"), name=name)
    if not any([figure.ylabel, *(axes.ylabel for axes in used)]):
        raise Mismatch(text("figure_without_y_label"), name=name)
    said = [words for axes in used for words in axes.legend] + list(figure.legend)
    if not all(any(key in _integers(words) for words in said) for key in keys):
        raise Mismatch(text("figure_without_legend"), name=name)

"""A matplotlib figure as the grader sees it, described by numbers and words: the grader itself never imports matplotlib."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np


class Line(NamedTuple):
    """One line of a plot: what it is called, and its points, in the units of the data whatever the scale."""

    label: str
    x: np.ndarray
    y: np.ndarray


class Axes(NamedTuple):
    """One pair of axes; `legend` holds the texts of its legend."""

    title: str
    xlabel: str
    ylabel: str
    lines: tuple[Line, ...]
    legend: tuple[str, ...]


class Figure(NamedTuple):
    """A figure: its axes, and the labels and the legends that belong to the figure as a whole."""

    axes: tuple[Axes, ...]
    xlabel: str
    ylabel: str
    legend: tuple[str, ...]

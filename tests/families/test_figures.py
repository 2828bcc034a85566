"""Plots as they cross the wire: many that show the histories, and those that do not."""

import numpy as np
import pytest

from grader.errors import Fault, Mismatch
from grader.families import figures
from grader.figure import Axes, Figure, Line
from grader.text import LANGUAGES

SERIES = {1: [0.9, 0.5, 0.6], 16: [0.9, 0.7, 0.65], 4: [0.9, 0.6, 0.55]}


def line(key, label=None, x=(0, 1, 2), y=None):
    return Line(label or f"batch size {key}", np.array(x, float), np.array(SERIES[key] if y is None else y, float))


def plot(lines=None, legend=None, xlabel="epoch", ylabel="loss", **more):
    lines = tuple(lines or map(line, SERIES))
    legend = tuple(item.label for item in lines) if legend is None else legend
    return Figure((Axes("", xlabel, ylabel, lines, legend),), more.get("x", ""), more.get("y", ""), more.get("said", ()))


NAMED = tuple(f"B = {key}" for key in SERIES)
HONEST = {
    "plain": plot(),
    "figure-legend": plot(legend=(), said=NAMED),
    "figure-labels": plot(xlabel="", ylabel="", x="updates", y="loss"),
    "named-by-the-legend": plot([line(key, f"_child{i}") for i, key in enumerate(SERIES)], legend=("1", "16", "4")),
    "updates": plot([line(key, x=(0, 7, 14)) for key in SERIES]),
    "other-numbers-too": plot([line(key, f"$B={key}$ (lr 0.25, 16 updates)") for key in SERIES], legend=NAMED),
    "as-floats": plot([line(key, f"{key}.0") for key in SERIES]),
    "float32": plot([line(key, y=np.float32(SERIES[key])) for key in SERIES]),
    "a-line-more": plot([*map(line, SERIES), Line("_child3", np.zeros(2), np.zeros(2))]),
    "stacked": Figure(tuple(Axes("", "epoch" if key == 4 else "", "loss", (line(key),), (f"B {key}",)) for key in SERIES), "", "", ()),
}
WRONG = {
    "not_a_figure": [None, 3.0, {"axes": []}, "Figure"],
    "figure_without_labelled_lines": [Figure((), "", "", ()), plot([line(key, "_child0") for key in SERIES], legend=())],
    "figure_lacks_a_line": [plot([line(1), line(16)]), plot([line(1), line(16), line(4, "batch size 0.4")])],
    "figure_line_length": [plot([line(1), line(16), line(4, x=(0, 1), y=(0.9, 0.6))])],
    "figure_x_does_not_rise": [plot([line(1), line(16), line(4, x=(0, 2, 1))]), plot([line(1), line(16), line(4, x=(0, 1, np.nan))])],
    "figure_without_x_label": [plot(xlabel="")],
    "figure_without_y_label": [plot(ylabel="")],
    "figure_without_legend": [plot(legend=()), plot(legend=("1", "16")), plot(legend=("loss",))],
}


@pytest.mark.parametrize("name", HONEST)
def test_honest_figures(name):
    figures.shows(HONEST[name], SERIES, "plot_histories")


@pytest.mark.parametrize("key", WRONG)
def test_what_is_missing_is_named_in_both_languages(key):
    for figure in WRONG[key]:
        with pytest.raises(Mismatch) as caught:
            figures.shows(figure, SERIES, "plot_histories")
        assert caught.value.fact.key == key
        assert all(caught.value.fact.say(language) for language in LANGUAGES)


@pytest.mark.parametrize(
    "y", [(0.9, 0.7, 0.65), (0.9, 0.6, 0.551), (0.55, 0.6, 0.9), (0.9, 0.6, np.nan), tuple(np.log([0.9, 0.6, 0.55]))], ids=str
)
def test_lines_of_other_numbers(y):
    with pytest.raises(Mismatch) as caught:
        figures.shows(plot([line(1), line(16), line(4, y=y)]), SERIES, "plot_histories")
    assert caught.value.name == "y"


def test_nothing_to_show_is_our_own_error():
    with pytest.raises(Fault):
        figures.shows(plot(), {}, "plot_histories")

"""Pictures tell where an answer is wrong, in words too, whatever the numbers are."""

from __future__ import annotations

import numpy as np
import pytest

from grader.checks import Case
from grader.errors import Fault, Mismatch
from grader.families import convergence, gradient, values
from grader.model import Bars, Curves, HeatMap
from grader.pictures import bars, boundary, curves, heat_map, of_mismatch
from grader.reports.figures import figure


def mismatch_of(judge, *args, **kwargs):
    with pytest.raises(Mismatch) as caught:
        judge(*args, **kwargs)
    return caught.value


def test_a_wrong_row_is_seen_and_said():
    right = np.arange(1.0, 13.0).reshape(4, 3)
    wrong = right.copy()
    wrong[2] *= 2.0
    picture = heat_map("W1", wrong, right, {"h": 4, "d": 3})
    assert [set(row) for row in picture.levels] == [{"0"}, {"0"}, {"9"}, {"0"}]
    assert "hidden unit: 2 (of 4)" in figure(picture, "en").caption
    assert "neurona oculta: 2 (de 4)" in figure(picture, "es").caption


def test_a_wrong_gradient_shows_each_array_and_their_norms():
    right = {"W1": np.ones((2, 3)), "b1": np.ones(2)}
    wrong = {"W1": np.ones((2, 3)), "b1": 3.0 * np.ones(2)}
    drawn = of_mismatch(mismatch_of(gradient.matches, wrong, right, at=right))
    assert [type(picture) for picture in drawn] == [HeatMap, HeatMap, Bars]
    assert [picture.name for picture in drawn[:2]] == ["dL/dW1", "dL/db1"]
    norms = drawn[2].series
    assert norms[0].ys[1] == pytest.approx(3 * norms[1].ys[1], rel=1e-3)


def test_a_wrong_history_is_drawn_beside_the_recomputed_one():
    (drawn,) = of_mismatch(mismatch_of(convergence.history_matches, [1.0, 0.9, 0.7], [1.0, 0.8, 0.6]))
    assert isinstance(drawn, Curves)
    assert [(line.role, line.ys) for line in drawn.curves] == [("claimed", [1.0, 0.9, 0.7]), ("recomputed", [1.0, 0.8, 0.6])]


@pytest.mark.parametrize("got", [np.full((3, 2), np.nan), np.full((3, 2), np.inf), np.full((3, 2), 1e308)])
def test_what_is_not_finite_has_pictures_too(got):
    for picture in of_mismatch(mismatch_of(values.matches, got, np.ones((3, 2)), "z")):
        assert "9" in "".join(picture.levels)
        assert figure(picture, "es").image.count("<rect") == 6


def test_long_arrays_become_small_pictures():
    picture = heat_map("W", np.zeros((500, 700)), np.ones((500, 700)), {})
    assert (len(picture.levels), len(picture.levels[0])) == (24, 48)
    lines = curves({"a": np.linspace(1, 2, 10_000), "b": [float("nan"), None, 1e200]}, x="epoch", y="loss")
    assert len(lines.curves[0].ys) == 60
    assert lines.curves[1].ys == [None, None, None]
    assert len(str(figure(lines, "en").image)) < 6000


def test_a_key_that_is_a_role_has_its_words_in_both_languages():
    lines = curves({"claimed": [1.0, 2.0], "reference": [1.0, 1.0], "relu": [0.0, 1.0]}, x="epoch", y="loss")
    assert [key.words for key in figure(lines, "es").legend] == ["tu historial", "la de la referencia", "relu"]
    assert [key.words for key in figure(lines, "en").legend] == ["your history", "the reference's", "relu"]


def test_a_boundary_shows_where_the_classes_meet():
    X = np.array([[0.0, 0.0], [1.0, 1.0]])
    picture = boundary(X, np.array([0, 1]), lambda rows: rows[:, 0])
    assert all(row[0] < "5" < row[-1] for row in picture.levels)
    assert str(figure(picture, "en").image).count("<circle") == 1


def test_the_spoken_text_has_the_numbers():
    spoken = str(figure(bars({"own": [1.5], "expected": [3.0]}, ["W1"], x="array", y="norm"), "en").image)
    assert "<title>" in spoken and "W1 1.5" in spoken and "W1 3" in spoken


def test_the_reference_is_left_out_where_it_is_not_at_hand():
    class Silent:
        def loss(self):
            raise Fault("not recorded")

    class Student:
        def loss(self):
            return 0.5

    ask = lambda module: module.loss()  # noqa: E731
    assert Case(Student(), Student(), np.random.default_rng()).beside_reference(ask) == {"own": 0.5, "reference": 0.5}
    assert Case(Student(), Silent(), np.random.default_rng()).beside_reference(ask, "claimed") == {"claimed": 0.5}

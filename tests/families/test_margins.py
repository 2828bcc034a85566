"""Margins count the comparisons that decided, not those whose failure a check took back."""

import pytest

from grader.errors import Mismatch
from grader.families import values
from grader.families.margins import Margins, watch


def test_an_alternative_that_does_not_fit_is_no_margin():
    margins = Margins()
    with watch() as seen:
        for right in (2.0, 1.0):
            try:
                values.matches({"a": 5.0, "b": 1.0 + 1e-9}, {"a": 5.0 + 4e-9, "b": right}, "answer")
            except Mismatch:
                continue
    margins.saw_honest(seen)
    assert len(seen) == 1
    assert 0 < margins.honest < 1


def test_what_decides_against_a_wrong_answer_is_its_margin():
    margins = Margins()
    with pytest.raises(Mismatch) as caught:
        values.matches(1.001, 1.0, "loss")
    margins.saw_wrong(caught.value)
    assert margins.wrong == pytest.approx(1e2, rel=1e-3)  # single numbers: cap 1e-5
    with pytest.raises(Mismatch) as caught:
        values.matches("a word", 1.0, "loss")
    margins.saw_wrong(caught.value)
    margins.saw_wrong(None)
    assert margins.wrong == pytest.approx(1e2, rel=1e-3)  # single numbers: cap 1e-5

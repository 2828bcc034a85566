"""From attempts to a mark: worked examples, and what must hold whatever the numbers are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import UsageError
from grader.files import CourseFile, read
from grader.policy import Attempt, LatePolicy, Rules, days_late, mark

DEADLINE = datetime(2026, 10, 9, 22, 0, tzinfo=UTC)
RULES = Rules(DEADLINE, LatePolicy(grace_minutes=30, per_day=10, most=50))


def attempts(*scores_and_hours):
    """Attempts with these scores, each so many hours after the deadline."""
    return [
        Attempt(number, score, None if hours is None else DEADLINE + timedelta(hours=hours))
        for number, (score, hours) in enumerate(scores_and_hours, 1)
    ]


@pytest.mark.parametrize(
    ("hours", "value", "days"),
    [(-1, 80, 0), (0, 80, 0), (0.5, 80, 0), (0.51, 72, 1), (24, 72, 1), (24.1, 64, 2), (24 * 5, 40, 5), (24 * 90, 40, 90), (None, 80, 0)],
)
def test_each_day_that_has_begun_costs_a_tenth_up_to_half(hours, value, days):
    _, found = mark(attempts((80.0, hours)), RULES, 0.0, 100.0)
    assert (found.value, found.late_days) == (value, days)
    assert found.penalty == pytest.approx(80 - value)


def test_the_last_attempt_counts_even_if_it_is_worse():
    chosen, found = mark(attempts((90.0, -2), (60.0, -1)), Rules(), 0.0, 100.0)
    assert (chosen, found.value, found.attempt, found.attempts) == (2, 60, 2, 2)


def test_the_best_attempt_counts_after_its_lateness():
    rules = Rules(DEADLINE, LatePolicy(per_day=50), "best")
    chosen, found = mark(attempts((70.0, -1), (100.0, 2), (70.0, -0.5)), rules, 0.0, 100.0)
    assert (chosen, found.value, found.attempts) == (3, 70, 3)  # of equals the later one


def test_no_mark_by_our_fault_is_never_a_zero():
    assert mark(attempts((None, -1)), RULES, 5.0, 100.0)[1].value is None
    assert mark(attempts((40.0, -2), (None, -1)), Rules(counts="best"), 0.0, 100.0)[1].value == 40


@given(
    st.lists(st.tuples(st.one_of(st.none(), st.floats(0, 100)), st.one_of(st.none(), st.floats(-500, 500))), min_size=1, max_size=6),
    st.floats(-200, 200),
    st.builds(LatePolicy, st.floats(0, 600), st.floats(0, 100), st.floats(0, 100)),
    st.sampled_from(["best", "last"]),
)
def test_a_mark_is_none_or_between_nothing_and_all(pairs, adjustment, late, counts):
    rules = Rules(DEADLINE, late, counts)
    tried = attempts(*pairs)
    chosen, found = mark(tried, rules, adjustment, 100.0)
    assert chosen in {attempt.id for attempt in tried}
    assert found.value is None or 0 <= found.value <= 100
    assert found.penalty >= 0
    if adjustment == 0 and found.late_days == 0 and found.value is not None:
        assert found.value == pytest.approx(tried[found.attempt - 1].score, abs=0.005)


@given(st.floats(-1000, 1000), st.floats(0, 1000))
def test_handing_in_later_never_costs_less(hours, more):
    first, second = DEADLINE + timedelta(hours=hours), DEADLINE + timedelta(hours=hours + more)
    assert days_late(first, RULES) <= days_late(second, RULES)


def test_a_deadline_needs_a_time_zone(tmp_path):
    path = tmp_path / "course.yaml"
    path.write_text("title: {es: a, en: b}\nassignments: [neuron]\ndeadlines: {neuron: 2026-10-09T23:59:00}\n")
    with pytest.raises(UsageError, match=r"course\.yaml.*deadlines"):
        read(path, CourseFile)
    path.write_text(
        "title: {es: a, en: b}\nassignments: [neuron]\nattempts: best\nlate: {grace_minutes: 15, per_day: 10, most: 50}\n"
        "deadlines: {neuron: 2026-10-09T23:59:00+02:00}\n"
    )
    assert read(path, CourseFile).deadlines["neuron"] == datetime(2026, 10, 9, 21, 59, tzinfo=UTC)

"""For a terminal: what a regrade would do, what a mark has been, and which submissions are much alike."""

from __future__ import annotations

from collections.abc import Sequence

import click

from grader.model import Change, Changed, CheckResult, Difference, Pair
from grader.text import text


def differences(found: Sequence[Difference], language: str) -> str:
    """Old and new marks side by side, why, and how many gain and lose."""
    lines = [line for difference in found for line in _difference(difference, language)]
    gained = sum((difference.after or 0.0) > (difference.before or 0.0) for difference in found)
    lost = sum((difference.after or 0.0) < (difference.before or 0.0) for difference in found)
    return "\n".join([*lines, text("regrade_sum", gained=gained, lost=lost, same=len(found) - gained - lost).say(language)])


def _difference(difference: Difference, language: str) -> list[str]:
    change = (difference.after or 0.0) - (difference.before or 0.0)
    colour = "green" if change > 0 else "red" if change < 0 else None
    marks = f"{_points(difference.before)} → {_points(difference.after)}"
    head = click.style(f"{difference.student}  {difference.assignment}  {marks}", fg=colour, bold=True)
    return [head, *(f"    {_check(check, language)}" for check in difference.checks)]


def _check(check: Changed, language: str) -> str:
    before, after = (_result(result, language) for result in (check.before, check.after))
    return f"{check.title}: {before} → {after} ({text(f'regrade_{check.reason}').say(language)})"


def _result(result: CheckResult | None, language: str) -> str:
    if result is None:
        return "–"
    return f"{text(f'word_{result.outcome}').say(language)} {_points(result.points)}/{result.max_points:g}"


def history(changes: Sequence[Change], language: str) -> str:
    """Every value that marks have had, one line each."""
    return "\n".join(
        f"{change.at}  {change.student}  {change.assignment}  {_points(change.value)}  {text(f'why_{change.why}').say(language)}"
        for change in changes
    )


def pairs(found: Sequence[Pair], language: str) -> str:
    """Pairs of submissions that are much alike, one line each."""
    lines = [
        f"{pair.assignment}  {pair.first} ~ {pair.second}  "
        + text("similarity_of", structure=f"{pair.structure:.0f}", words=f"{pair.words:.0f}").say(language)
        for pair in found
    ]
    return "\n".join([*lines, text("similarity_caution" if lines else "similarity_none").say(language)])


def _points(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"

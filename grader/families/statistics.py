"""Judgements about random draws, each with a stated chance of refusing an honest sample: `FALSE_ALARM`, below 1e-9.

The bounds hold for every sample size and distribution (Dvoretzky-Kiefer-Wolfowitz with Massart's constant, Hoeffding), so
nothing has to be tuned. A sample that is too small to tell anything is the check's own error.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np

from grader.causes import Cause
from grader.errors import Fault, Mismatch
from grader.families.arrays import Array
from grader.families.margins import note
from grader.families.structure import trusted
from grader.text import Text, text

FALSE_ALARM: Final = 1e-9
LOOSEST: Final = 0.15  # a deviation that may go unnoticed; more, and the sample proves too little
ROUNDING: Final = 1e-6  # relative to an end of a range: 10 ** log10(b) can exceed b, in float32 by 1e-7

Cdf = Callable[[Array], Array]


def deviation(n: int) -> float:
    """How far the distribution of n independent draws may stray from the true one, but for a chance of `FALSE_ALARM`."""
    return math.sqrt(math.log(2.0 / FALSE_ALARM) / (2.0 * n))


def within(samples: Sequence[float] | Array, low: float, high: float, name: str) -> None:
    """Raise Mismatch unless every draw is in [low, high], up to the rounding of an end."""
    draws = _draws(samples)
    if (draws < low - ROUNDING * abs(low)).any() or (draws > high + ROUNDING * abs(high)).any():
        raise Mismatch(text("draws_outside", name=name), name=name)


def follows(samples: Sequence[float] | Array, cdf: Cdf, name: str, *, rivals: Mapping[str, tuple[Cdf, Text]] | None = None) -> None:
    """Raise Mismatch where independent draws from `cdf` would look like this with a chance below 1e-9.

    Args:
        samples: the student's draws.
        cdf: P(draw <= x) for an array of x; of a discrete distribution too.
        name: what was drawn.
        rivals: by a stable key, distributions that students take instead, and what to say about each.

    Raises:
        Mismatch: the draws do not follow `cdf`; its cause is the only rival that they do follow.
        Fault: there are too few draws.
    """
    draws = _draws(samples)
    allowed = deviation(len(draws))
    distance = _distance(draws, cdf)
    if distance <= allowed:
        note(distance / allowed)
        return
    likely = [Cause(f"draws:{key}", said) for key, (rival, said) in (rivals or {}).items() if _distance(draws, rival) <= allowed]
    cause = likely[0] if len(likely) == 1 else None
    raise Mismatch(text("draws_of_another_distribution", name=name), name=name, cause=cause, ratio=distance / allowed)


def reaches(samples: Sequence[float] | Array, value: float, probability: float, name: str) -> None:
    """Raise Mismatch unless `value`, which each draw takes with at least `probability`, occurs.

    Raises:
        Mismatch: it never does.
        Fault: among so few draws it can be missing with a chance of 1e-9 or more.
    """
    draws = _draws(samples)
    if (1.0 - probability) ** len(draws) >= FALSE_ALARM:
        raise Fault("statistics.reaches: too few draws for such a rare value")
    if not (draws == value).any():
        raise Mismatch(text("draws_never_reach", name=name), name=name)


def happens(events: Sequence[bool] | np.ndarray, probability: float, name: str) -> None:
    """Raise Mismatch where the share of events, each of `probability`, is off by more than chance allows.

    Raises:
        Mismatch: it happens too often or too seldom.
        Fault: there are too few events.
    """
    draws = _draws(events)
    if not np.isin(draws, (0.0, 1.0)).all():
        raise Fault("statistics.happens needs events that are true or false")
    allowed, off = deviation(len(draws)), float(draws.mean()) - probability
    if abs(off) > allowed:
        raise Mismatch(text("happens_too_often" if off > 0 else "happens_too_seldom", name=name), name=name, ratio=abs(off) / allowed)
    note(abs(off) / allowed)


def _draws(samples: object) -> Array:
    draws = trusted(samples, "samples").reshape(-1)
    if deviation(len(draws)) > LOOSEST:
        raise Fault(f"statistics: {len(draws)} draws prove too little; ask for at least {minimum()}")
    return draws


def minimum() -> int:
    """The fewest draws that a judgement accepts."""
    return math.ceil(math.log(2.0 / FALSE_ALARM) / (2.0 * LOOSEST**2))


def _distance(draws: Array, cdf: Cdf) -> float:
    """The largest difference between the draws' own distribution function and `cdf`, on both sides of each step."""
    at = np.unique(draws)
    ordered = np.sort(draws)
    upto, before = (np.searchsorted(ordered, at, side=side) / len(draws) for side in ("right", "left"))
    left = cdf(np.nextafter(at, -np.inf))
    return float(max(np.abs(upto - cdf(at)).max(), np.abs(before - left).max()))

"""Axes: where a number lies along one, which numbers are written beside it, and how."""

from __future__ import annotations

import math
from collections.abc import Sequence


class Scale:
    """Where a number lies between `low` and `high`, as a fraction; on a logarithmic scale if `log`."""

    def __init__(self, values: Sequence[float], *, log: bool, zero: bool = False) -> None:
        self.log = log and min(values, default=0.0) > 0
        low, high = (min(values), max(values)) if values else (0.0, 1.0)
        if self.log:
            low, high = math.floor(math.log10(low)), math.ceil(math.log10(high))
        elif zero:
            low, high = min(low, 0.0), max(high, 0.0)
        self.low, self.high = (low, high) if high > low else (low - 0.5, high + 0.5)

    def __call__(self, value: float) -> float:
        inner = math.log10(value) if self.log else value
        return (inner - self.low) / (self.high - self.low)

    def ticks(self) -> list[float]:
        """Round numbers within the scale, five or so."""
        if self.log:
            step = max(1, math.ceil((self.high - self.low) / 5))
            return [10.0**k for k in range(int(self.low), int(self.high) + 1, step)]
        rough = (self.high - self.low) / 5
        power = 10.0 ** math.floor(math.log10(rough))
        step_ = power * next(m for m in (1, 2, 5, 10) if m * power >= rough * 0.999)
        first = math.ceil(self.low / step_ - 1e-9)
        return [k * step_ for k in range(first, math.floor(self.high / step_ + 1e-9) + 1)]


def number(value: float) -> str:
    """A tick's number: 0.25, 1e-06 as 10⁻⁶."""
    if value and (abs(value) < 1e-3 or abs(value) >= 1e5):
        mantissa, _, exponent = f"{value:.1e}".partition("e")
        power = "10" + str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
        return power if mantissa == "1.0" else f"{mantissa.removesuffix('.0')}·{power}"
    return f"{value:.4g}"

"""Pictures of numbers, as records: made from what a judgement compared, or by the author of a check.

    case.show(curves, {"relu": history, "tanh": other}, x="epoch", y="loss", es="Las dos pérdidas", en="Both losses")

They are small however large the arrays were (long axes are merged or thinned), hold finite numbers only, and are made for
public checks alone: a hidden check shows no inputs and no expected values, and which entries are wrong tells of both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, get_args

import numpy as np

from grader.errors import Mismatch
from grader.model import Axis, Bars, Boundary, Counted, Curve, Curves, HeatMap, Picture, Point, Role

MOST: Final = 6  # pictures, and curves in one
ROWS: Final = 24  # of a heat map, at most
COLUMNS: Final = 48
POINTS: Final = 60  # of a curve
GRID: Final = 24  # cells along a side of a boundary
EXAMPLES: Final = 80
BARS: Final = 16
NAME: Final = 40  # characters
_DIGITS: Final = 4
_LEVELS: Final = 10.0 ** np.arange(-9, 0)
_HUGE: Final = 1e100  # beyond it a scale overflows, and nothing is to be seen
_WIDE: Final = 30.0  # largest over smallest: from here on a logarithmic scale shows more
_AXES: Final[Mapping[str, Counted]] = {
    "n": "n", "d": "i", "i": "i", "h": "h", "o": "o", "k": "k", "T": "t", "T_max": "t", "B": "B",
    "n_inputs": "i", "n_hidden": "h", "n_outputs": "o",
}  # fmt: skip
_NUMBERS: Final = (np.ndarray, np.number, float, int)

Numbers = Sequence[float] | np.ndarray
Pair = tuple[str, np.ndarray, np.ndarray]  # name, got, expected


def of_mismatch(mismatch: Mismatch) -> list[Picture]:
    """What can be shown of a wrong answer: its errors entry by entry, a loss history beside the right one, the norms."""
    pairs = list(_pairs(mismatch.got, mismatch.expected, ""))
    if any(got.shape != expected.shape or got.size == 0 for _, got, expected in pairs) or all(map(_equal, pairs)):
        return []
    shown = [pair for pair in pairs if pair[1].size > 1]
    if len(shown) >= MOST:
        shown = [pair for pair in shown if not _equal(pair)][: MOST - 1]
    drawn = [_drawn(name or mismatch.name, got, expected, mismatch.sizes) for name, got, expected in shown]
    return [*drawn, _norms(pairs)] if len(pairs) > 1 and all(isinstance(picture, HeatMap) for picture in drawn) else drawn


def _equal(pair: Pair) -> bool:
    return np.array_equal(pair[1], pair[2])


def _drawn(name: str, got: np.ndarray, expected: np.ndarray, sizes: Mapping[str, float]) -> Picture:
    return _history(got, expected) if name.endswith("history") else heat_map(name, got, expected, sizes)


def heat_map(name: str, got: np.ndarray, expected: np.ndarray, sizes: Mapping[str, float]) -> HeatMap:
    """The errors of one array, of any number of axes: those beyond the second are merged into the worst of each cell."""
    with np.errstate(all="ignore"):
        error = np.abs(np.asarray(got, dtype=np.float64) - expected) / (float(np.max(np.abs(expected), initial=0.0)) or 1.0)
    error = np.where(np.isfinite(error), error, np.inf)
    axes: list[Counted] = [_axis(length, sizes) for length in error.shape]
    plane = error.reshape(1, -1) if error.ndim < 2 else error.reshape(*error.shape[:2], -1).max(axis=2)
    if error.ndim < 2:
        axes = ["", *axes]
    levels = np.searchsorted(_LEVELS, _merged(_merged(plane, ROWS, 0), COLUMNS, 1))
    return HeatMap(name[:NAME], axes[0], axes[1], list(error.shape), ["".join(map(str, row)) for row in levels.tolist()])


def curves(series: Mapping[object, object], *, x: Axis, y: Axis, at: Numbers | None = None) -> Curves:
    """One line for each entry of `series`, over `at` or 0, 1, 2, ...; a key that is a `Role` tells whose numbers they are."""
    lines = [_curve(*_whose(name), values, at) for name, values in list(series.items())[:MOST]]
    return Curves(x, y, lines, log=_spread([line.ys for line in lines]))


def bars(series: Mapping[object, object], labels: Sequence[object], *, x: Axis, y: Axis) -> Bars:
    """A bar for each label, in groups where there are several series."""
    groups = [Curve(*_whose(name), _rounded(_numbers(values)[:BARS])) for name, values in list(series.items())[:MOST]]
    return Bars(x, y, [_label(label) for label in labels][:BARS], groups, log=_spread([group.ys for group in groups]))


def boundary(X: np.ndarray, y: np.ndarray, probability: Callable[[np.ndarray], object]) -> Boundary:
    """What `probability` (rows (m, 2) -> (m,)) says around the examples X (n, 2) of the classes y (n,)."""
    margin = 0.1 * (X.max(axis=0) - X.min(axis=0)) + 1e-9
    low, high = X.min(axis=0) - margin, X.max(axis=0) + margin
    steps = (np.arange(GRID) + 0.5) / GRID
    across, up = low[0] + steps * (high[0] - low[0]), (low[1] + steps * (high[1] - low[1]))[::-1]
    rows = np.stack([np.tile(across, GRID), np.repeat(up, GRID)], axis=1)
    p = np.asarray(probability(rows), dtype=np.float64).reshape(GRID, GRID)
    levels = np.clip(np.floor(np.nan_to_num(p) * 10), 0, 9).astype(int)
    points = [Point(_short(u), _short(v), int(label)) for (u, v), label in zip(X[:EXAMPLES].tolist(), y, strict=False)]
    (left, bottom), (right, top) = low.tolist(), high.tolist()
    rows_ = ["".join(map(str, row)) for row in levels.tolist()]
    return Boundary((_short(left), _short(right)), (_short(bottom), _short(top)), rows_, points)


def _pairs(got: object, expected: object, name: str) -> Iterator[Pair]:
    """The arrays of both, by name; nothing where the two are of different structure."""
    if isinstance(expected, dict) and isinstance(got, dict):
        for key in expected:
            yield from _pairs(got.get(key), expected[key], f"{name}.{key}" if name else str(key))
    elif isinstance(expected, tuple) and isinstance(got, tuple) and len(got) == len(expected):
        for i, (mine, right) in enumerate(zip(got, expected, strict=True)):
            yield from _pairs(mine, right, f"{name}[{i}]")
    elif isinstance(expected, _NUMBERS) and isinstance(got, _NUMBERS):
        yield name, np.asarray(got, dtype=np.float64), np.asarray(expected, dtype=np.float64)


def _history(got: np.ndarray, expected: np.ndarray) -> Curves:
    lines = [_curve("claimed", "", got), _curve("recomputed", "", expected)]
    return Curves("epoch", "loss", lines, log=_spread([line.ys for line in lines]))


def _norms(pairs: Sequence[Pair]) -> Bars:
    """The norm of each array, the student's beside the right one: a factor is seen at once."""
    with np.errstate(all="ignore"):
        norms = np.array([[np.linalg.norm(got.ravel()), np.linalg.norm(expected.ravel())] for _, got, expected in pairs[:BARS]])
    series = [Curve("own", "", _rounded(norms[:, 0])), Curve("expected", "", _rounded(norms[:, 1]))]
    return Bars("array", "norm", [name[:NAME] for name, _, _ in pairs[:BARS]], series, log=_spread([line.ys for line in series]))


def _curve(role: Role, name: str, values: object, at: Numbers | None = None) -> Curve:
    ys = _numbers(values)
    xs = np.arange(len(ys), dtype=np.float64) if at is None else _numbers(at)[: len(ys)]
    kept = np.unique(np.linspace(0, max(len(ys) - 1, 0), min(len(ys), POINTS)).round().astype(int))
    return Curve(role, name[:NAME], _rounded(ys[kept]), [x or 0.0 for x in _rounded(xs[kept])])


def _whose(name: object) -> tuple[Role, str]:
    """The role and the name of a series."""
    role: Role = next((role for role in get_args(Role) if role == name), "")
    return role, "" if role else str(name)[:NAME]


def _numbers(values: object) -> np.ndarray:
    return np.asarray(values, dtype=np.float64).ravel()


def _rounded(values: np.ndarray) -> list[float | None]:
    """The numbers to a few digits; None for what is not finite, or might as well not be."""
    return [_short(value) if abs(value) < _HUGE else None for value in values.tolist()]


def _short(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")


def _spread(lines: Sequence[Sequence[float | None]]) -> bool:
    found = [value for line in lines for value in line if value is not None]
    return bool(found) and min(found) > 0 and max(found) > _WIDE * min(found)


def _label(label: object) -> str:
    return f"{label:g}" if isinstance(label, float) else str(label)[:NAME]


def _axis(length: int, sizes: Mapping[str, float]) -> Counted:
    """What an axis counts, told from its length where only one size fits: `t` for T steps, or T + 1 states."""
    if length < 2:
        return ""
    found = {_AXES[name] for name, size in sizes.items() if name in _AXES and size == length}
    found = found or {"t" for name, size in sizes.items() if _AXES.get(name) == "t" and size + 1 == length}
    return found.pop() if len(found) == 1 else ""


def _merged(plane: np.ndarray, most: int, axis: int) -> np.ndarray:
    """Neighbours along an axis merged into the worst of them until no more than `most` are left."""
    length = plane.shape[axis]
    if length <= most:
        return plane
    starts = np.linspace(0, length, most, endpoint=False).astype(int)
    return np.maximum.reduceat(plane, starts, axis=axis)

"""What a gradient check can see: a relative error planted in one entry of a gradient, from 1e-1 to 1e-10, and none at all.

Beside ours, at the same points: torch.autograd.gradcheck with its defaults, the elementwise relative error of CS231n at 1e-7
(central differences, h = 1e-5) and one random direction at 1e-6. The network is 4-6-1 with ReLU, float64, mean squared error;
"kink": a pre-activation within 1e-6 of 0, where differences are wrong and the gradient is not.

Run by `make power`. Prints detection rates by planted error, and false alarms on right gradients.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import numpy as np
import torch

from grader.errors import Mismatch
from grader.families import gradient

DRAWS = int(sys.argv[1]) if len(sys.argv) > 1 else 200
RIGHT_DRAWS = 10_000  # of ours, on right gradients
ERRORS = [0.0, *(10.0**-k for k in range(1, 11))]
Arrays = dict[str, np.ndarray]


def problem(rng: np.random.Generator, kink: bool) -> tuple[Arrays, np.ndarray, np.ndarray]:
    """Parameters, X (7, 4) and y (7,); with `kink`, one pre-activation is 1e-7."""
    X, y = rng.normal(size=(7, 4)), rng.normal(size=7)
    params = {"W1": rng.normal(0, 0.7, (6, 4)), "b1": rng.normal(0, 0.5, 6), "W2": rng.normal(0, 0.7, (1, 6)), "b2": rng.normal(0, 0.5, 1)}
    if kink:
        params["b1"][0] -= (X @ params["W1"].T + params["b1"])[0, 0] - 1e-7
    return params, X, y


def loss(params: Arrays, X: np.ndarray, y: np.ndarray) -> float:
    """Mean squared error of the network."""
    a = np.maximum(X @ params["W1"].T + params["b1"], 0.0)
    return float(np.mean(((a @ params["W2"].T)[:, 0] + params["b2"] - y) ** 2))


def right(params: Arrays, X: np.ndarray, y: np.ndarray) -> Arrays:
    """The gradient of the loss, by hand."""
    z = X @ params["W1"].T + params["b1"]
    a = np.maximum(z, 0.0)
    d = 2 * ((a @ params["W2"].T)[:, 0] + params["b2"] - y)[:, None] / len(y)
    dz = d * params["W2"] * (z > 0)
    return {"W1": dz.T @ X, "b1": dz.sum(axis=0), "W2": d.T @ a, "b2": d.sum(axis=0)}


def planted(rng: np.random.Generator, truth: Arrays, error: float) -> Arrays:
    """`truth` with one of its telling entries multiplied by 1 + error; an entry of a dead unit is 0 and tells nothing."""
    got = {name: value.copy() for name, value in truth.items()}
    name = str(rng.choice(list(got)))
    telling = np.flatnonzero(np.abs(got[name]) > 1e-3 * np.abs(got[name]).max())
    got[name].reshape(-1)[rng.choice(telling)] *= 1.0 + error
    return got


def differences(params: Arrays, X: np.ndarray, y: np.ndarray, h: float = 1e-5) -> Arrays:
    """Central differences of the loss, every entry."""
    found = {}
    for name, value in params.items():
        slope = np.zeros_like(value)
        for index in np.ndindex(value.shape):
            up, down = value.copy(), value.copy()
            up[index] += h
            down[index] -= h
            slope[index] = (loss({**params, name: up}, X, y) - loss({**params, name: down}, X, y)) / (2 * h)
        found[name] = slope
    return found


def ours(params: Arrays, X: np.ndarray, y: np.ndarray, got: Arrays, rng: np.random.Generator) -> bool:
    """Whether `grader.families.gradient` accepts."""
    try:
        gradient.matches(got, right(params, X, y), at=params)
    except Mismatch:
        return False
    return True


def elementwise(params: Arrays, X: np.ndarray, y: np.ndarray, got: Arrays, rng: np.random.Generator) -> bool:
    """CS231n: |a - n| / max(|a|, |n|) <= 1e-7 for every entry."""
    numerical = differences(params, X, y)
    with np.errstate(invalid="ignore"):
        errors = [np.abs(got[k] - numerical[k]) / np.maximum(np.abs(got[k]), np.abs(numerical[k])) for k in got]
    return all(bool(np.all(np.nan_to_num(error) <= 1e-7)) for error in errors)


def one_direction(params: Arrays, X: np.ndarray, y: np.ndarray, got: Arrays, rng: np.random.Generator) -> bool:
    """The slope along one random direction, to 1e-6."""
    v = {name: rng.normal(size=value.shape) for name, value in params.items()}
    up, down = ({name: value + s * 1e-5 * v[name] for name, value in params.items()} for s in (1, -1))
    numerical = (loss(up, X, y) - loss(down, X, y)) / 2e-5
    analytical = sum(float(np.sum(got[name] * v[name])) for name in v)
    return bool(abs(analytical - numerical) <= 1e-6 * max(abs(analytical), abs(numerical)))


def torch_gradcheck(params: Arrays, X: np.ndarray, y: np.ndarray, got: Arrays, rng: np.random.Generator) -> bool:
    """torch.autograd.gradcheck with its defaults, on a function whose backward gives `got`."""

    class Loss(torch.autograd.Function):
        @staticmethod
        def forward(ctx, *tensors):
            return torch.tensor(loss({k: t.detach().numpy() for k, t in zip(params, tensors, strict=True)}, X, y), dtype=torch.float64)

        @staticmethod
        def backward(ctx, upstream):
            return tuple(upstream * torch.from_numpy(got[name]) for name in params)

    inputs = [torch.from_numpy(value.copy()).requires_grad_() for value in params.values()]
    return bool(torch.autograd.gradcheck(Loss.apply, inputs, raise_exception=False))


CHECKS: dict[str, Callable[..., bool]] = {
    "ours": ours, "torch gradcheck": torch_gradcheck, "CS231n 1e-7": elementwise, "one direction": one_direction,
}  # fmt: skip


def main() -> None:
    """Print the two tables and our false alarms over many right gradients."""
    for kink in (False, True):
        print(f"\nrejected, % of {DRAWS} draws{', a pre-activation at a kink' if kink else ''}")
        print(f"{'planted':>9}" + "".join(f"{name:>17}" for name in CHECKS))
        for error in ERRORS:
            rng = np.random.default_rng(7)
            rejected = dict.fromkeys(CHECKS, 0)
            for _ in range(DRAWS):
                params, X, y = problem(rng, kink)
                got = planted(rng, right(params, X, y), error)
                for name, check in CHECKS.items():
                    rejected[name] += not check(params, X, y, got, rng)
            print(f"{error:9.0e}" + "".join(f"{100 * count / DRAWS:17.1f}" for count in rejected.values()), flush=True)
    rng = np.random.default_rng(11)
    alarms = 0
    for _ in range(RIGHT_DRAWS):
        params, X, y = problem(rng, kink=False)
        alarms += not ours(params, X, y, right(params, X, y), rng)
    print(f"\nours: {alarms} of {RIGHT_DRAWS} right gradients rejected")


if __name__ == "__main__":
    main()

"""Families of judgements that checks are written with.

They know numbers, arrays and callables; nothing of processes, files or reports. A judgement returns when it holds and
raises `Mismatch` when it does not; a `Fault` says that the check itself asked for nonsense.
"""

from grader.families import convergence, figures, gradient, regularization, statistics, values
from grader.families.values import require

__all__ = ["convergence", "figures", "gradient", "regularization", "require", "statistics", "values"]

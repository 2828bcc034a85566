"""A torch tensor as the grader sees it: the grader itself never imports torch."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np


class Tensor(NamedTuple):
    """The value of a tensor.

    Attributes:
        data: its numbers, an array that we own, of the same shape.
        dtype: torch's name of its dtype, "torch.float32".
        requires_grad: as in torch.
    """

    data: np.ndarray
    dtype: str = "torch.float32"
    requires_grad: bool = False


def tensor(data: np.ndarray, *, requires_grad: bool = False) -> Tensor:
    """A float32 tensor to hand to a student, of the numbers and shape of `data`."""
    return Tensor(data.astype("float32"), "torch.float32", requires_grad)

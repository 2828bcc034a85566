"""What a worker finds loaded: the libraries of its profile, with all that they load lazily, and nothing of ours to import."""

from __future__ import annotations

import importlib
import io
import os
import sys
import tempfile


def warm(imports: list[str]) -> None:
    """Import the profile's libraries and run what they load lazily: it is paid here once instead of in every worker."""
    sys.dont_write_bytecode = True
    if "matplotlib" in imports:
        _warm_matplotlib()
    for name in imports:
        importlib.import_module(name)
    if "numpy" in imports:
        _warm_numpy()
    if "torch" in imports:
        _warm_torch()


def _warm_numpy() -> None:
    import numpy as np
    import numpy.fft
    import numpy.linalg
    import numpy.ma
    import numpy.polynomial
    import numpy.random
    import numpy.testing

    np.linalg.svd(np.random.rand(4, 4) @ np.ones((4, 4)))


def _warm_matplotlib() -> None:
    """Draw once: it finds its fonts, which it would keep in a home that workers lack, and loads what writes pictures."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(MPLBACKEND="Agg", MPLCONFIGDIR=folder)
        import matplotlib.pyplot as plt

        figure, axes = plt.subplots()
        axes.semilogy([1.0, 2.0], label="$1$")
        axes.set_xlabel("1")
        axes.legend()
        figure.tight_layout()
        figure.savefig(io.BytesIO(), format="png")
        plt.close(figure)


def _warm_torch() -> None:
    import torch

    torch.set_num_threads(1)
    model = torch.nn.Linear(4, 2)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)  # the first optimizer imports torch._dynamo: 0.95 s
    model(torch.ones(3, 4)).sum().backward()
    optimizer.step()
    torch.autograd.functional.jacobian(torch.sigmoid, torch.ones(2))  # type: ignore[no-untyped-call]
    repr(torch.ones(2))
    torch.set_num_threads = lambda nthreads: None  # courtesy: with clone() refused, libgomp would end the process


def hide() -> None:
    """Our own modules are nobody's to import. Not in each worker: to look at torch's 2500 names there copies 1300 pages, 6 ms."""
    for name in [name for name in sys.modules if name.partition(".")[0] in ("grader", "msgspec")]:
        del sys.modules[name]

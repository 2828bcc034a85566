"""ND: work that is not the same each time, where that is allowed and where it is not. Its authors meant no harm."""

from __future__ import annotations

from tests.hostile.case import RIGHT, Hostile, Naive
from tests.hostile.course import changed

PLAIN = "    z = x @ W.T + b\n"
RNG = "    rng = np.random.default_rng(seed)\n    return {\n"


def _neuron(id_: str, summary: str, outcomes: str, reason: str, z: str, before: str = "") -> Hostile:
    """A neuron that works z out in another way."""
    code = changed("neuron", (PLAIN, z), ("EPSILON =", f"{before}\nEPSILON ="))
    return Hostile(id_, summary, code, outcomes, (reason,) if reason else (), name="neuron.py", assignment="neuron")


def _network(id_: str, summary: str, outcomes: str, reason: str, *changes: tuple[str, str]) -> Hostile:
    code = changed("backprop_1_network", *changes)
    name = "backprop_1_network"
    return Hostile(id_, summary, code, outcomes, (reason,) if reason else (), name=f"{name}.py", assignment=name)


FORWARD = "forward_gives_z_and_a=failed"

CASES = [
    Hostile("ND01", "weights of a cell drawn without a seed, as may be", changed("rnn_cell", ("weights.uniform_(-0.1, 0.1)",
            "weights.uniform_(-0.1, 0.1, generator=OWN)"), ("class RNNCell:", "OWN = torch.Generator()\nOWN.seed()\n\n\nclass RNNCell:")),
            "passed", name="rnn_cell.py", assignment="rnn_cell"),
    _network("ND01b", "drawn from the global generator, with the seed that is given", "passed", "",
             (RNG, RNG.replace("rng = np.random.default_rng(seed)", "np.random.seed(seed % 2**32)\n    rng = np.random"))),
    _network("ND01c", "data drawn without the seed that is given",
             "training_learns_and_can_be_repeated=partial data_and_first_weights_are_usable=passed", "`make_data`",
             ("    rng = np.random.default_rng(seed)\n    y =", "    rng = np.random.default_rng()\n    y =")),
    Hostile("ND02", "depends on the order of a set, which is the same each time here", """
        import sys
        import numpy as np
        assert not sys.flags.hash_randomization
        """ + RIGHT.replace("\n", "\n        "), "passed", control=Naive("failed")),
    _neuron("ND03", "depends on the time of day", f"{FORWARD} bce_is_the_mean_cross_entropy=passed", "wrong_all",
            "    z = x @ W.T + b + (time.time() % 1 + 1) * 1e-3\n", "import time"),
    _neuron("ND04", "a counter of calls that changes the answer", f"{FORWARD} bce_is_the_mean_cross_entropy=passed", "wrong_all",
            "    CALLS.append(1)\n    z = x @ W.T + b * len(CALLS)\n", "CALLS = []"),
    _neuron("ND04b", "a counter of calls that changes nothing", "passed", "",
            "    CALLS.append(len(CALLS))\n    z = x @ W.T + b\n", "CALLS = []"),
    _network("ND05", "classes guessed by tossing a coin", "predict_gives_the_likelier_class=failed forward_gives_probabilities=passed",
             "wrong_some", ("return (forward(params, X) > 0.5).astype(int)", "return np.random.default_rng().integers(0, 2, len(X))")),
    _neuron("ND06", "right four times of five", "calls_leave_no_trace=failed forward_gives_z_and_a=passed", "wrong_all",
            "    CALLS.append(1)\n    z = x @ W.T + b + (len(CALLS) % 5 == 0)\n", "CALLS = []"),
    _network("ND07", "dropout that is not switched off", "forward_gives_probabilities=failed", "wrong_all",
             ('    z2 = a1 @ params["W2"].T', '    a1 = a1 * (np.random.rand(*a1.shape) > 0.5) * 2\n    z2 = a1 @ params["W2"].T')),
    _neuron("ND09", "sets the seed of all generators at each call", "passed", "",
            "    np.random.seed(0)\n    random.seed(0)\n    z = x @ W.T + b\n", "import random"),
    _neuron("ND10", "right at the first call only", f"{FORWARD} bce_is_the_mean_cross_entropy=passed", "wrong_all",
            "    KEPT.setdefault('W', W)\n    z = np.resize(x, (len(x), KEPT['W'].size)) @ KEPT['W'].T + b\n", "KEPT = {}"),
]  # fmt: skip

NOT_HERE = {
    "ND08": "no use: no check waits for a training to converge; each step of it is held against the gradient (families/convergence.py)"
}

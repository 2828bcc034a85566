"""Public checks of torch_network: a small nn.Module, its training and its evaluation."""

import numpy as np

from grader import Case, check, require
from grader.families import convergence, values
from grader.sandbox.student import Remote
from grader.tensor import tensor

CAP = 1e-4  # everything is float32
SIZES = [(3, 4, 2, 7), (2, 5, 3, 4), (4, 3, 1, 5), (1, 2, 3, 1)]  # inputs, hidden units, outputs, rows


def shapes(inp, hid, out):
    return {
        "hidden_layer.weight": (hid, inp),
        "hidden_layer.bias": (hid,),
        "output_layer.weight": (out, hid),
        "output_layer.bias": (out,),
    }


def weights(rng, inp, hid, out):
    """Weights in ±[0.3, 0.9], biases in ±[0.3, 0.7], as float32 tensors."""
    drawn = {}
    for name, shape in shapes(inp, hid, out).items():
        size = rng.uniform(0.3, 0.9 if len(shape) == 2 else 0.7, shape)
        drawn[name] = tensor(size * rng.choice([-1.0, 1.0], shape))
    return drawn


def data(rng, inp, out, n):
    """Inputs (n, inp), and targets (n, out) at least 0.1 beyond every possible output, so that no gradient is tiny."""
    inputs = rng.uniform(0.4, 1.5, (n, inp)) * rng.choice([-1.0, 1.0], (n, inp))
    targets = rng.uniform(1.1, 2.0, (n, out)) * rng.choice([-1.0, 1.0], (1, out))
    return tensor(inputs), tensor(targets)


def layer(model, name):
    """A layer of the network, whatever it is an instance of."""
    got = getattr(model, name).value
    require(
        isinstance(got, Remote),
        es=f"`{name}` debe ser una capa, un objeto.",
        en=f"`{name}` must be a layer, an object.",
    )
    return got


def build(module, drawn):
    """A network of `module` with the weights `drawn`."""
    hid, inp = drawn["hidden_layer.weight"].data.shape
    model = module.NeuralNetwork(inp, hid, drawn["output_layer.bias"].data.size)
    for name, value in drawn.items():
        owner, attribute = name.split(".")
        setattr(layer(model, owner), attribute, value)
    return model


def parameters(model):
    """All weights and biases as they are now."""
    hidden, output = layer(model, "hidden_layer"), layer(model, "output_layer")
    return {
        "hidden_layer.weight": hidden.weight.value,
        "hidden_layer.bias": hidden.bias.value,
        "output_layer.weight": output.weight.value,
        "output_layer.bias": output.bias.value,
    }


def numbers(got, like):
    """The parameters `got` as float64 arrays, each of the shape of `like`."""
    return values.arrays(got, {name: value.data.shape for name, value in like.items()}, "parameters")


def step_matches(before, after, right, learning_rate, sizes):
    """Hold the way from `before` to `after` against the way to the reference's parameters `right`."""
    start, end = numbers(before, before), numbers(right, before)
    convergence.step_matches(
        before=start,
        after=numbers(after, before),
        gradient={name: (start[name] - end[name]) / learning_rate for name in start},
        learning_rate=learning_rate,
        sizes={**sizes, "lr": learning_rate},
    )


@check
def network_has_two_linear_layers(case: Case) -> None:
    for inp, hid, out, _ in SIZES:
        model = case.student.NeuralNetwork(inp, hid, out)
        got = parameters(model)
        for name, shape in shapes(inp, hid, out).items():
            values.array(got[name], shape, name)
        values.arrays(model.state_dict(), shapes(inp, hid, out), "state_dict")


@check(needs=network_has_two_linear_layers)
def forward_has_two_sigmoids(case: Case) -> None:
    for inp, hid, out, n in SIZES:
        drawn = weights(case.rng, inp, hid, out)
        x, _ = data(case.rng, inp, out, n)
        got = build(case.student, drawn).forward(x)
        values.matches(got, build(case.reference, drawn).forward(x), "forward", scale=1.0, sizes={"n": n}, cap=CAP)


@check(needs=forward_has_two_sigmoids)
def train_goes_against_the_gradient(case: Case) -> None:
    for (inp, hid, out, n), epochs in zip(SIZES, [1, 3, 2, 1], strict=True):
        drawn = weights(case.rng, inp, hid, out)
        x, y = data(case.rng, inp, out, n)
        lr = float(case.rng.uniform(0.6, 0.9))
        mine, right = build(case.student, drawn), build(case.reference, drawn)
        case.student.train(mine, x, y, lr=lr, epochs=epochs)
        after = parameters(mine)
        case.reference.train(right, x, y, lr=lr, epochs=epochs)
        sizes = {"n": n, "o": out, "n·o": n * out, "epochs": epochs}
        step_matches(drawn, after, parameters(right), lr, sizes)


@check(needs=forward_has_two_sigmoids)
def history_begins_before_the_first_update(case: Case) -> None:
    for (inp, hid, out, n), epochs in zip(SIZES, [3, 1, 2, 4], strict=True):
        drawn = weights(case.rng, inp, hid, out)
        x, y = data(case.rng, inp, out, n)
        history = case.student.train(build(case.student, drawn), x, y, lr=0.8, epochs=epochs)
        right = case.reference.evaluate(build(case.reference, drawn), x, y)
        first = values.parts(history.tolist() if isinstance(history, np.ndarray) else history, epochs, "history")[0]
        values.matches(first, right, "history[0]", sizes={"n": n, "o": out, "n·o": n * out, "epochs": epochs}, cap=CAP)


@check(needs=forward_has_two_sigmoids)
def evaluate_is_the_mean_squared_error(case: Case) -> None:
    for inp, hid, out, n in SIZES:
        drawn = weights(case.rng, inp, hid, out)
        x, y = data(case.rng, inp, out, n)
        got = case.student.evaluate(build(case.student, drawn), x, y)
        expected = case.reference.evaluate(build(case.reference, drawn), x, y)
        values.matches(got, expected, "evaluate", sizes={"n": n, "o": out, "n·o": n * out}, cap=CAP)

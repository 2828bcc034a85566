"""Hidden checks of graph: graphs of any form, calls that leave no trace."""

import numpy as np

from grader import Case, check, require
from grader.errors import FOLLOW_THROUGH, Mismatch, StudentTrouble
from grader.families import values

from .checks import layers, with_margin

VALUE = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "square": lambda a: a * a,
    "max": lambda a, b: max(a, b),
    "sigmoid": lambda a: 0.5 + 0.5 * float(np.tanh(0.5 * a)),
}
UNARY = ("square", "sigmoid")
WEIGHTS = {"hinge_loss": ("w",), "two_layer_loss": ("V", "w"), "four_layer_loss": ("V1", "V2", "V3", "w")}


def completed(graph, inputs):
    """Return the values of all inputs and nodes."""
    known = dict(inputs)
    for name, op, *arguments in graph:
        known[name] = VALUE[op](*(known[old] for old in arguments))
    return known


def random_graph(rng, size):
    """Return a graph of `size` nodes and its inputs: |values| < 3, no tie of `max` within 0.1.

    The root depends neither on the input `unused` nor on the node `loose`.
    """
    inputs = {name: float(rng.uniform(0.4, 1.4) * rng.choice([-1.0, 1.0])) for name in ("x1", "x2", "x3", "unused")}
    known, graph = dict(inputs), []
    while len(graph) < size:
        name = "loose" if len(graph) == size // 2 else f"n{len(graph)}"
        op = str(rng.choice([*VALUE]))
        names = [old for old in known if old not in ("loose", "unused")][-5:]
        arguments = [str(old) for old in rng.choice(names, 1 if op in UNARY else 2)]
        value = VALUE[op](*(known[old] for old in arguments))
        close = op in ("max", "sub") and abs(known[arguments[0]] - known[arguments[1]]) < 0.1
        if abs(value) < 3 and not close:
            graph.append([name, op, *arguments])
            known[name] = value
    return graph, inputs


def chain(rng, length):
    """Return a graph in which each node uses the one before it, and its inputs."""
    inputs = {"x": float(rng.uniform(0.5, 0.9)), "up": float(rng.uniform(1.05, 1.15)), "down": float(rng.uniform(0.9, 0.95))}
    steps = [("mul", "up"), ("sub", "down"), ("add", "up"), ("mul", "down")]
    return [[f"n{i + 1}", steps[i % 4][0], f"n{i}" if i else "x", steps[i % 4][1]] for i in range(length)], inputs


def single_nodes(rng):
    """Return graphs of one node that takes its inputs as they are, with the inputs."""
    asked = [(op, ["a"] if op in UNARY else ["a", "b"]) for op in VALUE]
    asked += [(op, ["a", "a"]) for op in ("add", "sub", "mul")]
    a, b = rng.permutation(rng.uniform([0.3, 1.0], [0.8, 2.0]))
    return [([["root", op, *arguments]], {"a": float(a), "b": float(b)}) for op, arguments in asked]


def on_the_path(graph):
    """Return the names that the root depends on, itself included."""
    names = {graph[-1][0]}
    for name, _, *arguments in reversed(graph):
        names.update(arguments if name in names else ())
    return names


def numbers(got, names, what):
    """Return the numbers of a student's dict under these names."""
    values.arrays(got, {}, what)  # a dict at all
    return {name: values.number(got.get(name), f"{what}[{name!r}]") for name in names}


def follows_own_partials(student, graph, at, got):
    """Whether `got` is what the chain rule makes of the student's own local gradients."""
    names = on_the_path(graph)
    own = dict.fromkeys(at, 0.0)
    own[graph[-1][0]] = 1.0
    try:
        mine = numbers(got, names, "backward")
        for name, op, *arguments in reversed(graph):
            partials = student.local_gradients(op, *(at[old] for old in arguments))
            partials = values.array(partials, (len(arguments),), "local_gradients")
            if not partials.any():
                return False
            for argument, partial in zip(arguments, partials, strict=True):
                own[argument] += own[name] * float(partial)
    except StudentTrouble:
        return False
    return all(abs(mine[name] - own[name]) <= 1e-4 * max(1.0, abs(own[name])) for name in names)


def judge(case, graph, at, given):
    """Compare what `backward` makes of `given`, the student's own values or ours, with the gradient at the values `at`."""
    got = case.student.backward(graph, given)
    expected = case.reference.backward(graph, at)
    scale = max(abs(g) for g in expected.values())
    try:
        values.matches(got, {name: expected[name] for name in at if name in on_the_path(graph)}, "backward", scale=scale)
    except Mismatch:
        require(
            not follows_own_partials(case.student, graph, at, got),
            es="`backward` aplica bien la regla de la cadena, pero a tus propias `local_gradients`, que están mal",
            en="`backward` applies the chain rule well, but to your own `local_gradients`, which are wrong",
            earned=FOLLOW_THROUGH,
        )
        raise


def judge_off_the_path(case, graph, at):
    """Compare the zeros of the names that the root does not depend on; only they can be wrong by now."""
    got = case.student.backward(graph, at)
    try:
        values.matches(got, dict.fromkeys((name for name in at if name not in on_the_path(graph)), 0.0), "backward")
    except Mismatch as mismatch:
        mismatch.earned = FOLLOW_THROUGH
        raise


@check
def backward_holds_on_any_graph(case: Case) -> None:
    graphs = [random_graph(case.rng, size) for size in (12, 9, 14)]
    for graph, inputs in [*graphs, *single_nodes(case.rng), chain(case.rng, 40)]:
        at = completed(graph, inputs)
        judge(case, graph, at, at)
    for graph, inputs in graphs:
        judge_off_the_path(case, graph, completed(graph, inputs))

    graph, inputs = random_graph(case.rng, 10)  # and now with the student's own values
    own = case.student.forward(graph, inputs)
    try:
        at = numbers(own, completed(graph, inputs), "forward")
    except Mismatch:
        return  # a forward without all the values has been paid for in its own check
    if all(abs(value) < 1e3 for value in at.values()):
        judge(case, graph, at, own)


def answers(student, graph, inputs, losses):
    """Return all that the functions say about one problem; which names a dict must have is judged elsewhere."""
    found = {}
    for name, data in [("forward", inputs), ("backward", completed(graph, inputs))]:
        got = getattr(student, name)(graph, data)
        values.arrays(got, {}, name)
        found[name] = numbers(got, [old for old in completed(graph, inputs) if got.get(old) is not None], name)
    for name, arguments in losses.items():
        loss, got = values.parts(getattr(student, name)(*arguments), 2, name)
        shapes = {key: weights.shape for key, weights in zip(WEIGHTS[name], arguments, strict=False)}
        gradients = values.arrays({"w": got} if name == "hinge_loss" else got, shapes, name)
        found[name] = {"loss": values.number(loss, name), **gradients}
    return found


def problem(rng):
    """Return a random graph, its inputs, and arguments for each loss."""
    graph, inputs = random_graph(rng, 8)
    w, phi = with_margin(rng, 3, -1, 0.2)
    (two, (pair, _)), (four, (other, _)) = layers(rng, 3, 4), layers(rng, 2, 4, 3, 5)
    losses = {"hinge_loss": (w, phi, -1), "two_layer_loss": (*two, *pair), "four_layer_loss": (*four, *other)}
    return [*graph, ["root", "mul", graph[-1][0], "x1"]], inputs, losses


@check
def calls_leave_no_trace(case: Case) -> None:
    graph, inputs, losses = problem(case.rng)
    first = answers(case.student, graph, inputs, losses)
    other = answers(case.student, *problem(case.rng))
    values.matches(answers(case.student, graph, inputs, losses), first, "answers")
    stuck = [name for name, parts in first.items() if all(np.array_equal(parts[key], other[name].get(key)) for key in parts)]
    require(
        not stuck,
        es=f"la respuesta no depende de los datos: {', '.join(stuck)} da lo mismo con otros",
        en=f"the answer does not depend on the data: {', '.join(stuck)} gives the same for others",
    )

    before = {"forward": (graph, inputs), "backward": (graph, completed(graph, inputs)), **losses}
    after = {name: getattr(case.student, name).arguments_after(*arguments) for name, arguments in before.items()}
    values.unchanged(before, after)

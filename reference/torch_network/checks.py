"""Hidden checks of torch_network: longer and shorter trainings, and an evaluation that leaves no trace."""

import numpy as np

from grader import Case, check, require
from grader.families import convergence, values
from grader.tensor import Tensor, tensor

from .checks import (
    CAP,
    build,
    data,
    evaluate_is_the_mean_squared_error,
    forward_has_two_sigmoids,
    layer,
    numbers,
    parameters,
    weights,
)

COPIES = 1e-6  # what was only copied is the same to the last digit


def training(case, drawn, x, y, *calls):
    """History and parameters after some calls of `train`, each with its keyword arguments."""
    model, history = build(case.student, drawn), []
    for keywords in calls:
        part = case.student.train(model, x, y, **keywords)
        entries = values.parts(part.tolist() if isinstance(part, np.ndarray) else part, keywords["epochs"], "history")
        history += [values.number(entry, "history") for entry in entries]
    return {"history": history, **numbers(parameters(model), drawn)}


def in_parts(case, sizes, first, second):
    """Two calls say and do what one call does. The student's own one: what a step is has been judged already."""
    drawn = weights(case.rng, *sizes[:3])
    x, y = data(case.rng, sizes[0], *sizes[2:])
    whole = training(case, drawn, x, y, {"lr": 0.9, "epochs": first + second})
    parts = training(case, drawn, x, y, {"lr": 0.9, "epochs": first}, {"lr": 0.9, "epochs": second})
    start = numbers(drawn, drawn)
    require(
        any(np.abs(whole[name] - start[name]).max() > COPIES for name in start),
        es="`train` no cambia la red que recibe.",
        en="`train` does not change the network that it is given.",
    )
    values.matches(parts, whole, "train", cap=CAP)


def default_rate(case):
    """Without lr, the same as with the one promised."""
    drawn = weights(case.rng, 3, 4, 2)
    x, y = data(case.rng, 3, 2, 5)
    without = training(case, drawn, x, y, {"epochs": 3})
    values.matches(without, training(case, drawn, x, y, {"lr": 0.5, "epochs": 3}), "train", cap=CAP)


def no_epochs(case):
    """Nothing is learnt in no epochs."""
    drawn = weights(case.rng, 3, 4, 2)
    x, y = data(case.rng, 3, 2, 5)
    model = build(case.student, drawn)
    convergence.history_matches(case.student.train(model, x, y, lr=0.7, epochs=0), [])
    values.matches(parameters(model), drawn, "parameters", cap=COPIES)


def goes_to_the_end(case):
    """All epochs are done where the loss is small and hardly moves: whoever stops early shows it here alone."""
    drawn = weights(case.rng, 3, 4, 2)
    x, _ = data(case.rng, 3, 2, 5)
    outputs = build(case.reference, drawn).forward(x).data
    training(case, drawn, x, tensor(outputs + case.rng.uniform(1e-3, 2e-3, outputs.shape)), {"lr": 0.1, "epochs": 6})


def two_networks(case):
    """Training one network moves no other, and neither function changes inputs or targets."""
    drawn = [weights(case.rng, 3, 4, 2) for _ in range(2)]
    x, y = data(case.rng, 3, 2, 5)
    first, second = (build(case.student, start) for start in drawn)
    arguments = (first, x, y, 0.7, 2)
    values.unchanged({"train": arguments}, {"train": case.student.train.arguments_after(*arguments)})
    values.matches(parameters(second), drawn[1], "second_network", cap=COPIES)
    arguments = (second, x, y)
    values.unchanged({"evaluate": arguments}, {"evaluate": case.student.evaluate.arguments_after(*arguments)})


@check(needs=forward_has_two_sigmoids)
def training_takes_up_where_it_stopped(case: Case) -> None:
    in_parts(case, (3, 4, 2, 6), 4, 3)
    in_parts(case, (2, 3, 4, 1), 1, 2)
    default_rate(case)
    no_epochs(case)
    goes_to_the_end(case)
    two_networks(case)


def contents(model):
    """Every parameter, each followed by its .grad where it has one, in the network's own order.

    Reading an attribute gives the parameter's value only; `_apply` (what `model.double()` does) visits its .grad too.
    """
    seen = []
    model._apply(lambda value: seen.append(value) or value)
    return seen


def alike(before, after):
    """Whether two lists of tensors are the same."""
    return all(
        type(old) is type(new) is Tensor
        and old.requires_grad == new.requires_grad
        and old.data.shape == new.data.shape
        and bool(np.array_equal(old.data, new.data))
        for old, new in zip(before, after, strict=True)
    )


def modules(model):
    return model, layer(model, "hidden_layer"), layer(model, "output_layer")


def in_training(model):
    """Whether the network and its layers are in training mode."""
    return [module.training.value is True for module in modules(model)]


@check(needs=evaluate_is_the_mean_squared_error)
def evaluate_leaves_mode_and_gradients_alone(case: Case) -> None:
    for training, has_trained in [(True, True), (False, True), (True, False), (False, False)]:
        model = build(case.student, weights(case.rng, 3, 4, 2))
        x, y = data(case.rng, 3, 2, 5)
        if has_trained:  # which leaves gradients in .grad, or does not
            case.student.train(model, x, y, lr=0.7, epochs=1)
        model.train(training)
        before = contents(model)
        case.student.evaluate(model, x, y)
        require(
            not training or all(in_training(model)),
            es="`evaluate` deja en modo de evaluación una red que estaba en modo de entrenamiento.",
            en="`evaluate` leaves in evaluation mode a network that was in training mode.",
        )
        require(
            training or not any(in_training(model)),
            es="`evaluate` deja en modo de entrenamiento una red que estaba en modo de evaluación.",
            en="`evaluate` leaves in training mode a network that was in evaluation mode.",
        )
        after = contents(model)
        require(
            len(after) <= len(before),
            es="`evaluate` deja en `.grad` gradientes que antes no estaban.",
            en="`evaluate` leaves gradients in `.grad` that were not there before.",
        )
        require(
            len(after) >= len(before),
            es="`evaluate` borra los gradientes que había en `.grad`.",
            en="`evaluate` clears the gradients that were in `.grad`.",
        )
        require(
            alike(before, after),
            es="`evaluate` cambia los parámetros de la red, o lo que había en su `.grad`.",
            en="`evaluate` changes the network's parameters, or what was in their `.grad`.",
        )


@check(needs=evaluate_is_the_mean_squared_error)
def evaluate_uses_eval_mode_and_no_graph(case: Case) -> None:
    """What the layers see while `evaluate` runs. Outputs of layers that a network uses without calling them show nothing."""
    drawn = weights(case.rng, 3, 4, 2)
    x, y = data(case.rng, 3, 2, 5)
    model, outputs = build(case.student, drawn), []
    for module in modules(model):
        module.register_forward_hook(lambda *seen: outputs.append(seen[-1]))
    case.student.evaluate(model, x, y)
    require(
        not any(type(output) is Tensor and output.requires_grad for output in outputs),
        es="`evaluate` construye el grafo de autograd: mientras se ejecuta, las salidas de las capas piden gradiente.",
        en="`evaluate` builds autograd's graph: while it runs, the layers' outputs ask for a gradient.",
    )

    model, asked = build(case.student, drawn), []
    model.train(True)
    layer(model, "hidden_layer").train = lambda *mode: asked.extend(mode)
    case.student.evaluate(model, x, y)
    require(
        any(mode is False for mode in asked),
        es="`evaluate` no pone la red en modo de evaluación mientras calcula.",
        en="`evaluate` does not put the network into evaluation mode while it computes.",
    )

"""Hidden checks of torch_network: longer and shorter trainings, and an evaluation that leaves no trace."""

import numpy as np

from grader import Case, check, require
from grader.families import convergence, values
from grader.tensor import Tensor

from .checks import (
    build,
    data,
    evaluate_is_the_mean_squared_error,
    history_begins_before_the_first_update,
    parameters,
    step_matches,
    train_goes_against_the_gradient,
    weights,
)


def several_epochs(case, inp, hid, out, n, epochs, lr=None):
    """History and parameters of a training in two parts, by keyword or by position, or with the default lr."""
    drawn = weights(case.rng, inp, hid, out)
    x, y = data(case.rng, inp, out, n)
    rate = 0.5 if lr is None else lr
    sizes = {"n": n, "o": out, "n·o": n * out}
    before, mine, right = drawn, build(case.student, drawn), build(case.reference, drawn)
    for count in epochs:
        history = case.student.train(mine, x, y, epochs=count) if lr is None else case.student.train(mine, x, y, lr, count)
        after = parameters(mine)
        losses = values.array(case.reference.train(right, x, y, rate, count), (count,), "history")
        convergence.history_matches(history, losses, sizes=sizes)
        end = parameters(right)
        step_matches(before, after, end, rate, sizes)
        before = {name: Tensor(values.array(value, drawn[name].data.shape, name)) for name, value in end.items()}


def no_epochs(case):
    """Nothing is learnt in no epochs."""
    drawn = weights(case.rng, 3, 4, 2)
    x, y = data(case.rng, 3, 2, 5)
    model = build(case.student, drawn)
    history = case.student.train(model, x, y, lr=0.7, epochs=0)
    convergence.history_matches(history, np.zeros(0))
    values.matches(parameters(model), drawn, "parameters", cap=CAP_OF_COPIES)


CAP_OF_COPIES = 1e-6


def two_networks(case):
    """Training one network moves no other, and changes neither inputs nor targets."""
    drawn = [weights(case.rng, 3, 4, 2) for _ in range(2)]
    x, y = data(case.rng, 3, 2, 5)
    first, second = (build(case.student, start) for start in drawn)
    arguments = (first, x, y, 0.7, 2)
    values.unchanged(arguments, case.student.train.arguments_after(*arguments))
    values.matches(parameters(second), drawn[1], "second_network", cap=CAP_OF_COPIES)
    values.unchanged((second, x, y), case.student.evaluate.arguments_after(second, x, y))


@check(needs=[train_goes_against_the_gradient, history_begins_before_the_first_update])
def training_takes_up_where_it_stopped(case: Case) -> None:
    several_epochs(case, 3, 4, 2, 6, epochs=[4, 3], lr=0.9)
    several_epochs(case, 2, 3, 4, 5, epochs=[3])
    several_epochs(case, 1, 1, 1, 1, epochs=[2, 1], lr=0.8)
    no_epochs(case)
    two_networks(case)


def contents(model):
    """Every parameter, each followed by its .grad where it has one, in the network's own order."""
    seen = []
    model._apply(lambda value: seen.append(value) or value)
    return seen


def trained(case):
    """A network in which one update has left its gradients, if the student's training leaves them; inputs and targets."""
    model = build(case.student, weights(case.rng, 3, 4, 2))
    x, y = data(case.rng, 3, 2, 5)
    case.student.train(model, x, y, lr=0.7, epochs=1)
    return model, x, y


def modes(model):
    """Whether the network and its layers are in training mode."""
    return model.training, model.hidden_layer.training, model.output_layer.training


@check(needs=evaluate_is_the_mean_squared_error)
def evaluate_leaves_mode_and_gradients_alone(case: Case) -> None:
    for training in (True, False):
        for has_trained in (True, False):
            drawn = weights(case.rng, 3, 4, 2)
            x, y = data(case.rng, 3, 2, 5)
            model = build(case.student, drawn)
            if has_trained:
                case.student.train(model, x, y, lr=0.7, epochs=1)
            (model.train if training else model.eval)()
            before = contents(model)
            case.student.evaluate(model, x, y)
            require(
                modes(model) == (training,) * 3,
                es="`evaluate` no deja la red en el modo (entrenamiento o evaluación) en que la recibió.",
                en="`evaluate` does not leave the network in the mode (training or evaluation) in which it got it.",
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
                es="`evaluate` cambia los parámetros de la red o lo que había en su `.grad`.",
                en="`evaluate` changes the network's parameters or what was in their `.grad`.",
            )


def alike(before, after):
    """Whether all tensors are what they were."""
    for old, new in zip(before, after, strict=True):
        if not (isinstance(old, Tensor) and isinstance(new, Tensor)):
            return False
        if old.requires_grad != new.requires_grad or not np.array_equal(old.data, new.data):
            return False
    return True


@check(needs=evaluate_is_the_mean_squared_error)
def evaluate_uses_eval_mode_and_no_graph(case: Case) -> None:
    """What the layers see while `evaluate` runs. A network that does not call its layers shows no graph: not judged."""
    drawn = weights(case.rng, 3, 4, 2)
    x, y = data(case.rng, 3, 2, 5)
    model, outputs = build(case.student, drawn), []
    for layer in (model.hidden_layer, model.output_layer, model):
        layer.register_forward_hook(lambda module, inputs, output: outputs.append(output))
    case.student.evaluate(model, x, y)
    require(
        not any(isinstance(output, Tensor) and output.requires_grad for output in outputs),
        es="`evaluate` construye el grafo de autograd: mientras se ejecuta, las salidas de las capas piden gradiente.",
        en="`evaluate` builds autograd's graph: while it runs, the layers' outputs ask for a gradient.",
    )

    model, asked = build(case.student, drawn), []
    model.train()
    model.hidden_layer.train = lambda mode=True: asked.append(mode)
    case.student.evaluate(model, x, y)
    require(
        False in asked,
        es="`evaluate` no pone la red en modo de evaluación: le falta `model.eval()`.",
        en="`evaluate` does not put the network into evaluation mode: `model.eval()` is missing.",
    )

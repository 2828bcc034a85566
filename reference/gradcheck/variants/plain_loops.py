"""Loops and the math module; NumPy only to hand f an array. Nested lists as results, a float for a 0-d x."""

import math

import numpy as np


def flatten(a):
    if isinstance(a, (list, tuple)):
        result = []
        for item in a:
            result = result + flatten(item)
        return result
    return [float(a)]


def nested(numbers, shape):
    if len(shape) == 0:
        return numbers[0]
    size = len(numbers) // shape[0]
    rows = []
    for i in range(shape[0]):
        rows.append(nested(numbers[i * size : (i + 1) * size], shape[1:]))
    return rows


def numerical_gradient(f, x, epsilon=1e-5):
    shape = x.shape
    numbers = flatten(x.tolist())
    result = []
    for i in range(len(numbers)):
        old = numbers[i]
        numbers[i] = old + epsilon
        above = f(np.array(numbers).reshape(shape))
        numbers[i] = old - epsilon
        below = f(np.array(numbers).reshape(shape))
        numbers[i] = old
        result.append((above - below) / 2 / epsilon)
    return nested(result, shape)


def norm(numbers):
    total = 0.0
    for number in numbers:
        total += number**2
    return math.sqrt(total)


def as_numbers(a):
    return flatten(a.tolist() if isinstance(a, np.ndarray) else a)


def relative_error(analytical, numerical):
    a, n = as_numbers(analytical), as_numbers(numerical)
    below = norm(a) + norm(n)
    if below == 0.0:
        return 0
    return norm([p - q for p, q in zip(a, n)]) / below


def check_gradient(f, gradient, x, threshold=1e-7):
    error = relative_error(gradient(x), numerical_gradient(f, x))
    if math.isnan(error):
        return False
    if error <= threshold:
        return True
    else:
        return False

"""One number at a time: Python floats and lists in, lists out."""


def activations(state, row):
    W1, b1, W2, b2 = (state[name].tolist() for name in ("0.weight", "0.bias", "2.weight", "2.bias"))
    hidden = []
    for weights, bias in zip(W1, b1):
        z = bias
        for w, value in zip(weights, row):
            z += w * value
        hidden.append(max(z, 0.0))
    return hidden, [sum(w * h for w, h in zip(weights, hidden)) + bias for weights, bias in zip(W2, b2)]


def gradients(state, x, ideal, times):
    W1, W2 = state["0.weight"].tolist(), state["2.weight"].tolist()
    total = 0.0
    g = {name: value.detach().clone().zero_().tolist() for name, value in state.items()}
    for row, wanted in zip(x.tolist(), ideal.tolist()):
        hidden, outputs = activations(state, row)
        errors = [y - t for y, t in zip(outputs, wanted)]
        total += sum(e * e for e in errors)
        for k, e in enumerate(errors):
            g["2.bias"][k] += 2 * e * times
            for j, h in enumerate(hidden):
                g["2.weight"][k][j] += 2 * e * h * times
        for j, h in enumerate(hidden):
            if h > 0:
                d = sum(2 * e * W2[k][j] for k, e in enumerate(errors))
                g["0.bias"][j] += d * times
                for i in range(len(W1[0])):
                    g["0.weight"][j][i] += d * row[i] * times
    return total, g


def train_step(state, x, ideal, learning_rate):
    loss, g = gradients(state, x, ideal, 1)
    new = {}
    for name, value in state.items():
        old = value.tolist()
        if isinstance(old[0], list):
            new[name] = [[p - learning_rate * d for p, d in zip(*rows)] for rows in zip(old, g[name])]
        else:
            new[name] = [p - learning_rate * d for p, d in zip(old, g[name])]
    return [loss, new]


def accumulated_gradients(state, x, ideal, passes, zero_grad):
    return gradients(state, x, ideal, 1 if zero_grad else passes)[1]


def chain_vjp(jacobians, v):
    v = v.tolist()
    for J in reversed(jacobians):
        rows = J.tolist()
        v = [sum(row[i] * factor for row, factor in zip(rows, v)) for i in range(len(rows[0]))]
    return v


def network_jacobian(state, x):
    hidden, _ = activations(state, x.tolist())
    W1, W2 = state["0.weight"].tolist(), state["2.weight"].tolist()
    on = [j for j, h in enumerate(hidden) if h > 0]
    return [[sum(weights[j] * W1[j][i] for j in on) for i in range(len(W1[0]))] for weights in W2]

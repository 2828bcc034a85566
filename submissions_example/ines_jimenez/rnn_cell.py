import torch


class RNNCell:
    def __init__(self, inp_sz, hid_sz, out_sz):
        self.U = torch.zeros(hid_sz, inp_sz, requires_grad=True)
        self.V = torch.zeros(hid_sz, hid_sz, requires_grad=True)
        self.W = torch.zeros(out_sz, hid_sz, requires_grad=True)
        self.zero_grad()
        self.reset_parameters()

    def reset_parameters(self):
        with torch.no_grad():
            for m in [self.U, self.V, self.W]:
                m.copy_(torch.empty_like(m).uniform_(-0.1, 0.1))

    def zero_grad(self):
        self.U_grad = torch.zeros(self.U.shape)
        self.V_grad = torch.zeros(self.V.shape)
        self.W_grad = torch.zeros(self.W.shape)

    def forward(self, x, hp):
        h = torch.sigmoid(torch.mv(self.U, x) + torch.mv(self.V, hp))
        y = torch.sigmoid(torch.mv(self.W, h))
        return y, h

    @torch.no_grad()
    def backward(self, y_grad, rn_grad, x, hp):
        y, h = self.forward(x, hp)
        s_grad = y_grad * (y - y**2)
        h_grad = torch.mv(self.W.T, s_grad) + torch.mv(self.V.T, rn_grad)
        r_grad = h_grad * (h - h**2)
        self.U_grad += torch.outer(r_grad, x)
        self.V_grad += torch.outer(r_grad, hp)
        self.W_grad += torch.outer(s_grad, h)
        return r_grad


class RNN:
    def __init__(self, cell):
        self.cell = cell

    def forward(self, xs, h0):
        T = xs.shape[0]
        hs = [h0]
        ys = []
        for t in range(T):
            y, h = self.cell.forward(xs[t], hs[t])
            ys.append(y)
            hs.append(h)
        return torch.stack(ys), torch.stack(hs)

    def backward(self, ys_grad, xs, hs):
        T = xs.shape[0]
        r_grad = torch.zeros(hs.shape[1])
        for t in range(T, 0, -1):
            r_grad = self.cell.backward(ys_grad[t - 1], r_grad, xs[t - 1], hs[t])


def compute_loss(ys, ts):
    L = 0
    t = 0
    while t < len(ys):
        error = ys[t] - ts[t]
        L = L + 0.5 * torch.dot(error, error)
    return L


def gradients_match(cell, xs, h0, ts, tolerance=1e-6):
    rnn = RNN(cell)
    ys, hs = rnn.forward(xs, h0)
    loss = compute_loss(ys, ts)
    auto = torch.autograd.grad(loss, [cell.U, cell.V, cell.W])
    cell.zero_grad()
    rnn.backward((ys - ts).detach(), xs, hs.detach())
    manual = [cell.U_grad, cell.V_grad, cell.W_grad]
    iguales = {}
    for nombre, a, m in zip(["U", "V", "W"], auto, manual):
        iguales[nombre] = bool(torch.all(torch.abs(a - m) < tolerance))
    return iguales

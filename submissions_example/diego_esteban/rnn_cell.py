import torch

def rand(*s):
    return (torch.rand(*s)*0.2-0.1).requires_grad_()

class RNNCell:
    def __init__(self, inp_sz, hid_sz, out_sz):
        self.sizes = inp_sz, hid_sz, out_sz
        self.reset_parameters()
        self.zero_grad()

    def reset_parameters(self):
        i,h,o = self.sizes
        self.U, self.V, self.W = rand(h,i), rand(h,h), rand(o,h)

    def zero_grad(self):
        i,h,o = self.sizes
        self.U_grad, self.V_grad, self.W_grad = torch.zeros(h,i), torch.zeros(h,h), torch.zeros(o,h)

    def forward(self, x, hp):
        h = torch.sigmoid(self.U@x+self.V@hp)
        y = torch.sigmoid(self.W@h)
        return y, h

    def backward(self, y_grad, rn_grad, x, hp):
        y, h = self.forward(x,hp)
        y, h = y.detach(), h.detach()
        V, W = self.V.detach(), self.W.detach()
        ds = y_grad*y*(1-y)
        dr = (W.T@ds+V.T@rn_grad)*h*(1-h)
        self.U_grad = self.U_grad+dr[:,None]*x[None,:]
        self.V_grad = self.V_grad+dr[:,None]*hp[None,:]
        self.W_grad = self.W_grad+ds[:,None]*h[None,:]
        return dr

class RNN:
    def __init__(self, cell):
        self.cell = cell

    def forward(self, xs, h0):
        h = h0
        hs, ys = [h], []
        for x in xs:
            y, h = self.cell.forward(x,h)
            hs.append(h); ys.append(y)
        return torch.stack(ys), torch.stack(hs)

    def backward(self, ys_grad, xs, hs):
        dr = torch.zeros(hs.shape[1])
        for t in reversed(range(len(xs))):
            dr = self.cell.backward(ys_grad[t],dr,xs[t],hs[t])

def compute_loss(ys, ts):
    return ((ys-ts)**2).sum()/2

def gradients_match(cell, xs, h0, ts, tolerance=1e-6):
    rnn = RNN(cell)
    ys, hs = rnn.forward(xs,h0)
    g = torch.autograd.grad(compute_loss(ys,ts),[cell.U,cell.V,cell.W])
    cell.zero_grad()
    rnn.backward((ys-ts).detach(),xs,hs.detach())
    m = [cell.U_grad,cell.V_grad,cell.W_grad]
    return {k: bool((a-b).max()<tolerance) for k,a,b in zip('UVW',g,m)}

import torch
from utilidades import sigmoide, uniforme

class RNNCell:
    def __init__(self, inp_sz, hid_sz, out_sz):
        self.U = uniforme(hid_sz, inp_sz)
        self.V = uniforme(hid_sz, hid_sz)
        self.W = uniforme(out_sz, hid_sz)
        self.zero_grad()

    def reset_parameters(self):
        for m in (self.U, self.V, self.W):
            m.data.uniform_(-0.1, 0.1)

    def zero_grad(self):
        self.U_grad, self.V_grad, self.W_grad = (torch.zeros_like(m) for m in (self.U, self.V, self.W))

    def forward(self, x, hp):
        h = sigmoide(self.U @ x + self.V @ hp)
        return sigmoide(self.W @ h), h

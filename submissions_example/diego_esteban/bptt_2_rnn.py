import numpy as np

class RNN:
    def __init__(self, n_inputs, n_hidden, n_outputs, seed=0):
        np.random.seed(seed)
        self.U = np.random.randn(n_hidden,n_inputs)*0.1
        self.V = np.random.randn(n_hidden,n_hidden)*0.1
        self.W = np.random.randn(n_outputs,n_hidden)*0.1

    def forward(self, xs, h0=None):
        T = xs.shape[0]
        hs = np.zeros((T+1,self.V.shape[0]))
        ys = np.zeros((T,self.W.shape[0]))
        if h0 is not None: hs[0] = h0
        for t in range(T):
            hs[t+1] = np.tanh(self.U.dot(xs[t])+self.V.dot(hs[t]))
            ys[t] = self.W.dot(hs[t+1])
        return ys, hs

    def backward(self, xs, hs, ys_grad):
        dU, dV, dW = np.zeros_like(self.U), np.zeros_like(self.V), np.zeros_like(self.W)
        dr = np.zeros(self.V.shape[0])
        for t in range(xs.shape[0]-1,-1,-1):
            dh = self.W.T.dot(ys_grad[t])+self.V.dot(dr)
            dr = dh*(1-hs[t+1]**2)
            dU += np.outer(dr,xs[t])
            dV += np.outer(dr,hs[t])
            dW += np.outer(ys_grad[t],hs[t+1])
        return dict(U=dU,V=dV,W=dW)

def loss(ys, ts):
    return ((ys-ts)**2).sum()/2

def train(rnn, sequences, targets, learning_rate=0.01, epochs=100):
    history = []
    for e in range(epochs):
        history.append(np.mean([loss(rnn.forward(x)[0],t) for x,t in zip(sequences,targets)]))
        for x,t in zip(sequences,targets):
            y, h = rnn.forward(x)
            g = rnn.backward(x,h,y-t)
            rnn.U = rnn.U-learning_rate*g['U']
            rnn.V = rnn.V-learning_rate*g['V']
            rnn.W = rnn.W-learning_rate*g['W']
    return history

import numpy as np

def sigmoid(z):
    # version estable
    out = np.zeros_like(z)
    pos = z >= 0
    out[pos] = 1/(1+np.exp(-z[pos]))
    out[~pos] = np.exp(z[~pos])/(1+np.exp(z[~pos]))
    return out

def forward(x, W, b):
    z = x.dot(W.T)+b
    return z, sigmoid(z)

def bce(a, y):
    m = y.shape[0]
    return -1/m*np.sum(y*np.log(a)+(1-y)*np.log(1-a))

def backward(x, W, b, y):
    m = y.shape[0]
    z, a = forward(x,W,b)
    grads = {}
    grads['dL_da'] = (a-y)/np.maximum(a*(1-a),1e-10)/m
    grads['dL_dz'] = (a-y)/m
    grads['dL_dW'] = grads['dL_dz'].T.dot(x)
    grads['dL_db'] = grads['dL_dz'].sum(0)
    return grads

def sgd_step(W, b, gradients, learning_rate):
    W -= learning_rate*gradients['dL_dW']
    b -= learning_rate*gradients['dL_db']
    return W, b

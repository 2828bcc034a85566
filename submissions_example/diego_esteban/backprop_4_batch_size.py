import numpy as np
import matplotlib.pyplot as plt

def sigmoid(z):
    return 1/(1+np.exp(-np.clip(z,-500,500)))

def init_params(n_inputs, n_hidden, seed):
    r = np.random.RandomState(seed)
    return {'W1': r.randn(n_hidden,n_inputs)*0.5, 'b1': np.zeros(n_hidden), 'W2': r.randn(1,n_hidden)*0.5, 'b2': np.zeros(1)}

def forward(params, X):
    A1 = sigmoid(X.dot(params['W1'].T)+params['b1'])
    return sigmoid(A1.dot(params['W2'].T)+params['b2'])[:,0]

def loss(params, X, y):
    p = np.clip(forward(params,X),1e-12,1-1e-12)
    return np.mean(np.where(y==1,-np.log(p),-np.log(1-p)))

def gradients(params, X, y):
    m = len(y)
    A1 = sigmoid(X.dot(params['W1'].T)+params['b1'])
    A2 = sigmoid(A1.dot(params['W2'].T)+params['b2'])
    dZ2 = A2-y[:,None]
    dZ1 = dZ2.dot(params['W2'])*A1*(1-A1)
    return {'W1': dZ1.T.dot(X)/m, 'b1': dZ1.mean(0), 'W2': dZ2.T.dot(A1)/m, 'b2': dZ2.mean(0)}

def minibatches(X, y, batch_size, seed):
    idx = np.random.RandomState(seed).permutation(len(X))
    batch_size = min(batch_size,len(X))
    return [(X[idx[i*batch_size:(i+1)*batch_size]],y[idx[i*batch_size:(i+1)*batch_size]]) for i in range(len(X)//batch_size)]

def train(X, y, batch_size, n_hidden=8, learning_rate=0.1, epochs=50, seed=0):
    params = init_params(X.shape[1],n_hidden,seed)
    history, n_updates = [], 0
    for e in range(epochs):
        history.append(loss(params,X,y))
        for xb,yb in minibatches(X,y,batch_size,seed+1000*e):
            g = gradients(params,xb,yb)
            for k in params: params[k] = params[k]-learning_rate*g[k]
            n_updates += 1
    return params, history, n_updates

def compare_batch_sizes(X, y, batch_sizes, epochs=50, learning_rate=0.1, seed=0):
    out = {}
    for b in batch_sizes:
        p, h, n = train(X,y,b,epochs=epochs,learning_rate=learning_rate,seed=seed)
        out[b] = dict(history=h,n_updates=n,roughness=np.std(np.diff(h)))
    return out

def plot_histories(results):
    for b,r in results.items():
        plt.plot(r['history'],label='batch %d'%b)
    plt.legend()
    return plt.gcf()

import numpy as np

def sigmoid(z): return np.exp(z)/(1+np.exp(z))

def make_data(n, seed):
    np.random.seed(seed)
    X = np.random.uniform(-1,1,(n,2))
    X[0], X[1] = [0.5,0.5], [-0.5,-0.5]   # al menos uno de cada clase
    y = (X[:,0]+X[:,1]>0).astype(int)
    return X, y

def init_params(n_inputs, n_hidden, seed):
    np.random.seed(seed)
    return {'W1': np.random.randn(n_hidden,n_inputs), 'b1': np.random.randn(n_hidden),
            'W2': np.random.randn(1,n_hidden), 'b2': np.random.randn(1)}

def forward(params, X):
    A1 = sigmoid(X.dot(params['W1'].T)+params['b1'])
    return sigmoid(A1.dot(params['W2'][0])+params['b2'][0])

def loss(params, X, y):
    p = forward(params,X)
    return np.mean(np.where(y==1,-np.log(p),-np.log(1-p)))

def gradients(params, X, y):
    m = len(y)
    A1 = sigmoid(X.dot(params['W1'].T)+params['b1'])
    A2 = sigmoid(A1.dot(params['W2'].T)+params['b2'])
    dZ2 = A2-y[:,None]
    dZ1 = dZ2.dot(params['W2'])*A1*(1-A1)
    return {'W1': dZ1.T.dot(X)/m, 'b1': dZ1.mean(0), 'W2': dZ2.T.dot(A1)/m, 'b2': dZ2.mean(0)}

def train(X, y, n_hidden=8, learning_rate=0.5, epochs=500, seed=0):
    params = init_params(X.shape[1],n_hidden,seed)
    history = []
    for i in range(epochs):
        g = gradients(params,X,y)
        for k in ['W1','b1','W2','b2']:
            params[k] -= learning_rate*g[k]
        history.append(loss(params,X,y))
    return params, history

def predict(params, X):
    return (forward(params,X)>0.5).astype(int)

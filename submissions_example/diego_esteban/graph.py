import numpy as np

def sigmoid(z):
    return 1/(1+np.exp(-z))

def local_gradients(op, *v):
    if op == 'add': return 1., 1.
    if op == 'sub': return 1., -1.
    if op == 'mul': return v[1], v[0]
    if op == 'square': return 2*v[0],
    if op == 'max': return (1.,0.) if v[0]>v[1] else (0.,1.)
    if op == 'sigmoid': return sigmoid(v[0])*(1-sigmoid(v[0])),

def forward(graph, inputs):
    f = {**inputs}
    ops = {'add': lambda a,b: a+b, 'sub': lambda a,b: a-b, 'mul': lambda a,b: a*b,
           'square': lambda a: a**2, 'max': max, 'sigmoid': sigmoid}
    for name, op, *args in graph:
        f[name] = ops[op](*[f[a] for a in args])
    return f

def backward(graph, values):
    g = {k: 0. for k in values}
    g[graph[-1][0]] = 1.
    for name, op, *args in reversed(graph):
        for a, d in zip(args,local_gradients(op,*[values[k] for k in args])):
            g[a] = g[name]*d
    return g

def hinge_loss(w, phi, y):
    m = 1-w.dot(phi)*y
    return max(m,0), (m>0)*(-y*phi)

def two_layer_loss(V, w, x, y):
    h = sigmoid(V.dot(x))
    e = w.dot(h)-y
    return e**2, {'V': np.outer(2*e*w*h*(1-h),x), 'w': 2*e*h}

def four_layer_loss(V1, V2, V3, w, x, y):
    a = sigmoid(V1.dot(x)); b = sigmoid(V2.dot(a)); c = sigmoid(V3.dot(b))
    e = w.dot(c)-y
    d3 = 2*e*w*c*(1-c)
    d2 = V3.T.dot(d3)*b*(1-b)
    d1 = V2.T.dot(d2)*a*(1-a)
    return e**2, {'V1': np.outer(d1,x), 'V2': np.outer(d2,a), 'V3': np.outer(d3,b), 'w': 2*e*c}

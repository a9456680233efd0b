"""Small scripts of Brian 2, one per thing that scripts say. Each ends with ``result``: names → what is compared."""

# Random values are drawn before the run only, by Brian 2 itself: both ways see the same ones.
SCRIPTS: dict[str, str] = {}

SCRIPTS["neurons with a reset and a refractory period"] = """
tau = 10*ms
G = NeuronGroup(20, '''dv/dt = (drive - v)/tau : volt (unless refractory)
                       drive : volt (constant)''', threshold='v > 10*mV', reset='v = 0*mV', refractory=3*ms, method='exact')
G.drive = '8*mV + i*mV'
G.v = 'rand()*5*mV'
M = SpikeMonitor(G, variables='v')
S = StateMonitor(G, ['v', 'drive'], record=[3, 17])
run(50*ms)
result = dict(t=M.t, i=M.i, v=M.v, count=M.count, N=M.num_spikes, sv=S.v, st=S.t, one=S[17].v, end=G.v, last=G.lastspike,
              trains=M.spike_trains()[15], values=M.values('v')[15])
"""

SCRIPTS["refractoriness by condition and by expression"] = """
G = NeuronGroup(5, '''dv/dt = (2 - v)/(5*ms) : 1 (unless refractory)
                      ref : second''', threshold='v > 1', reset='v = 0', refractory='ref + 1*ms', method='euler')
G.ref = 'i*ms'
H = NeuronGroup(3, 'dv/dt = 200*Hz : 1', threshold='v > 1', refractory='v > 0.5', reset='v = 0.4', method='euler')
M, L = SpikeMonitor(G), SpikeMonitor(H)
run(30*ms)
result = dict(t=M.t, i=M.i, u=L.t, k=L.i, v=G.v, nr=G.not_refractory)
"""

SCRIPTS["code that comes between runs"] = """
G = NeuronGroup(4, 'dv/dt = -v/(10*ms) : 1', method='exact')
G.v = 'i + 1'
S = StateMonitor(G, 'v', record=True)
net = Network(G, S)
net.run(5*ms)
G.run_regularly('v += 1', dt=1*ms)
G[2:].run_regularly('v *= 2', dt=2*ms, when='end')
net.run(5*ms)
net.run(2*ms)
result = dict(v=G.v, sv=S.v)
"""

SCRIPTS["types, shared variables and subexpressions"] = """
G = NeuronGroup(6, '''dv/dt = (a*c - v)/(10*ms) : 1
                      a = 1 + 0.5*k : 1
                      k : integer
                      on : boolean
                      c : 1 (shared)
                      held = v*2 : 1 (constant over dt)''', method='euler')
G.k = 'i % 3'
G.on = 'i > 2'
G.c = 1.5
G.run_regularly('v += 0.1*int(on)', dt=2*ms)
S = StateMonitor(G, ['v', 'a', 'held', 'k', 'on'], record=True, dt=1*ms)
run(12*ms)
result = dict(v=S.v, a=S.a, held=S.held, k=S.k, on=S.on, c=G.c, end=G.v, total=G.a)
"""

SCRIPTS["integration methods"] = """
results = {}
for name in ('euler', 'rk2', 'rk4', 'heun'):
    G = NeuronGroup(2, '''dx/dt = (y - x*x*0.1)/(10*ms) : 1
                          dy/dt = -x/(10*ms) : 1''', method=name, name='group_' + name)
    G.x = [1, 2]
    results[name] = G
net = Network(*results.values())
net.run(10*ms)
result = {name: np.array([G.x, G.y]) for name, G in results.items()}
"""

SCRIPTS["synapses by condition, with weights and delays"] = """
P = NeuronGroup(10, 'dv/dt = 100*Hz*(1 + 0.1*i) : 1', threshold='v > 1', reset='v = 0', method='euler')
Q = NeuronGroup(8, '''dv/dt = -v/(10*ms) : 1
                      g : 1''', method='exact')
S = Synapses(P, Q, '''w : 1
                      plain : integer''', on_pre='v_post += w', on_post='')
S.connect('(i + j) % 3 == 0')
S.w = '0.1*i + 0.01*j'
S.delay = '(0.2*i + 0.1*j)*ms'
S.plain = 'i*j'
M = StateMonitor(Q, 'v', record=True)
W = StateMonitor(S, 'w', record=[0, 5])
run(40*ms)
result = dict(v=M.v, w=S.w, n=len(S), N=S.N, i=S.i, j=S.j, d=S.delay, wi=S.w[3, :], ww=W.w, plain=S.plain,
              out=S.N_outgoing_pre, inc=S.N_incoming_post, some=S.w['i > 4'])
"""

SCRIPTS["connections by arrays, generators, numbers and probability"] = """
G = NeuronGroup(12, '''dv/dt = 300*Hz : 1
                       n : 1''', threshold='v > 1', reset='v = 0', method='euler')
G.v = 'i/12.0'
A = Synapses(G, G, on_pre='n_post += 1'); A.connect(i=[0, 3, 3, 11], j=[1, 2, 2, 0])
B = Synapses(G, G, on_pre='n_post += 10'); B.connect(j='k for k in range(i, i + 3) if k != i', skip_if_invalid=True)
C = Synapses(G, G, on_pre='n_post += 100'); C.connect(condition='i != j', p=0.3)
D = Synapses(G, G, on_pre='n_post += 1000'); D.connect(i=2, j=5, n=3)
E = Synapses(G[2:6], G[4:], on_pre='n_post += 1e4'); E.connect(p=0.5); E.connect(i=0, j=0)
F = Synapses(G, G, on_pre='n_post += 1e5'); F.connect(False)
run(20*ms)
result = dict(n=G.n, a=A.i, b=B.j, c=len(C), e=E.i, ej=E.j, f=len(F))
"""

SCRIPTS["several synapses of one pair with an index"] = """
G = SpikeGeneratorGroup(2, [0, 1, 0], [1, 2, 8]*ms)
T = NeuronGroup(2, 'x : 1')
S = Synapses(G, T, 'w : 1', on_pre='x_post += w', multisynaptic_index='k')
S.connect(i=[0, 0, 1, 0], j=[0, 0, 1, 1], n=2)
S.w = '1 + k'
S.delay = '(k + 1)*ms'
M = StateMonitor(T, 'x', record=True)
run(15*ms)
result = dict(x=M.x, k=S.k, w=S.w, d=S.delay)
"""

SCRIPTS["plasticity with event-driven traces and two pathways"] = """
taupre = taupost = 20*ms
P = NeuronGroup(6, 'dv/dt = (80 + 13*i)*Hz : 1', threshold='v > 1', reset='v = 0', method='euler')
S = Synapses(P, P, '''w : 1
                      dapre/dt = -apre/taupre : 1 (event-driven)
                      dapost/dt = -apost/taupost : 1 (event-driven)''',
             on_pre='''v_post += 0.01*w
                       apre += 0.01
                       w = clip(w + apost, 0, 1)''',
             on_post='''apost -= 0.012
                        w = clip(w + apre, 0, 1)''')
S.connect('i != j')
S.w = 0.5
S.pre.delay = 1*ms
S.post.delay = 'j*0.5*ms'
M = StateMonitor(S, ['w', 'apre'], record=True, dt=5*ms)
run(100*ms)
result = dict(w=S.w, m=M.w, apre=S.apre, d=S.post.delay)
"""

SCRIPTS["named pathways, order and clock-driven synapses"] = """
G = SpikeGeneratorGroup(3, [0, 1, 2, 0], [1, 1, 2, 5]*ms)
T = NeuronGroup(3, 'x : 1')
S = Synapses(G, T, '''ds/dt = -s/(4*ms) : 1 (clock-driven)
                      u : 1''', on_pre={'up': 's += 1', 'down': 'x_post = 2*x_post + s'}, delay={'down': 2*ms}, method='exact')
S.connect(j='i')
S.up.order = -2
S.up.delay = 'i*ms'
M = StateMonitor(S, 's', record=True)
run(12*ms)
result = dict(s=M.s, x=T.x, d=S.up.delay, e=S.down.delay)
"""

SCRIPTS["summed variables and gap junctions"] = """
G = NeuronGroup(5, '''dv/dt = (1 + 0.2*i - v + Igap)/(10*ms) : 1
                      Igap : 1''', threshold='v > 1.2', reset='v = 0', method='euler')
S = Synapses(G, G, '''w : 1
                      Igap_post = w*(v_pre - v_post) : 1 (summed)''')
S.connect(); S.w = 0.02
M = StateMonitor(G, ['v', 'Igap'], record=True)
run(20*ms)
result = dict(v=M.v, g=M.Igap)
"""

SCRIPTS["linked variables"] = """
A = NeuronGroup(4, 'dx/dt = (i + 1 - x)/(5*ms) : 1', method='exact', name='a')
C = NeuronGroup(1, 'dz/dt = 100*Hz : 1', method='euler', name='c')
B = NeuronGroup(4, '''y : 1 (linked)
                      q : 1 (linked)
                      z : 1 (linked)
                      dw/dt = (y + q + z - w)/(5*ms) : 1''', method='euler', name='b')
B.y = linked_var(A, 'x')
B.q = linked_var(A, 'x', index=[3, 3, 0, 1])
B.z = linked_var(C, 'z')
M = StateMonitor(B, 'w', record=True)
run(15*ms)
result = dict(w=M.w, end=B.w)
"""

SCRIPTS["custom events"] = """
G = NeuronGroup(4, '''dv/dt = 150*Hz*(i + 1) : 1
                      n : integer
                      last : second''', threshold='v > 1', reset='v = 0', events={'high': 'v > 0.5 and v < 0.6'}, method='euler')
G.run_on_event('high', 'n += 1; last = t'.replace('; ', chr(10)))
S = Synapses(G, G, 'c : 1', on_pre='c += 1', on_event='high')
S.connect(j='i')
E = EventMonitor(G, 'high', variables='v')
M = SpikeMonitor(G)
run(25*ms)
result = dict(n=G.n, last=G.last, t=E.t, i=E.i, v=E.v, c=S.c, s=M.t)
"""

SCRIPTS["subgroups, monitors of parts and rates"] = """
G = NeuronGroup(10, 'dv/dt = 100*Hz*(1 + i) : 1', threshold='v > 1', reset='v = 0', method='euler')
A, B = G[:4], G[4:]
A.v = 0.5
B.v = 'i*0.05'
G[2:3].v = 0.25
M, R, S = SpikeMonitor(B), PopulationRateMonitor(A), StateMonitor(B, 'v', record=[0, 5])
Q = SpikeMonitor(G, record=False)
run(20*ms)
result = dict(t=M.t, i=M.i, r=R.rate, rt=R.t, v=S.v, c=Q.count, N=Q.num_spikes, smooth=R.smooth_rate(width=2*ms), av=A.v)
"""

SCRIPTS["timed arrays"] = """
stim = TimedArray([1, 2, 0, 3]*mV, dt=5*ms)
two = TimedArray(np.arange(12).reshape(4, 3), dt=4*ms)
G = NeuronGroup(3, 'dv/dt = (stim(t) + two(t, i)*mV - v)/(3*ms) : volt', method='euler')
M = StateMonitor(G, 'v', record=True)
run(25*ms)
result = dict(v=M.v)
"""

SCRIPTS["spike generators with a period, changed between runs"] = """
G = SpikeGeneratorGroup(4, [0, 1, 3], [0, 1, 2]*ms, period=5*ms)
H = SpikeGeneratorGroup(2, [0], [1]*ms)
T = NeuronGroup(4, 'x : 1')
S = Synapses(G, T, on_pre='x_post += 1'); S.connect(j='i')
M, L = SpikeMonitor(G), SpikeMonitor(H)
run(12*ms)
H.set_spikes([1, 0, 1], [13, 14, 15.5]*ms)
run(8*ms)
result = dict(t=M.t, i=M.i, u=L.t, k=L.i, x=T.x)
"""

SCRIPTS["several runs with changed values, switches and constants"] = """
drive = 1.5
G = NeuronGroup(5, '''dv/dt = (drive - v + b)/(10*ms) : 1
                      b : 1''', threshold='v > 1', reset='v = 0', method='euler')
M, S = SpikeMonitor(G), StateMonitor(G, 'v', record=True)
run(20*ms)
first = M.num_spikes
G.v = 0.1
G.b[2:4] = 0.5
G.b['i == 0'] = 'rand()'
drive = 3.0
run(20*ms)
M.active = False
run(10*ms)
M.active = True
seen = list(S.v[0][-3:])
G.v[:] = 'i*0.1'
run(10*ms)
result = dict(first=first, t=M.t, i=M.i, v=S.v, b=G.b, seen=seen, st=S.t, now=defaultclock.t, net=magic_network.t)
"""

SCRIPTS["synapses changed between runs"] = """
G = NeuronGroup(4, '''dv/dt = 200*Hz : 1
                      x : 1''', threshold='v > 1', reset='v = 0', method='euler')
S = Synapses(G, G, 'w : 1', on_pre='x_post += w')
S.connect(j='i'); S.w = 1
run(10*ms)
before = np.array(G.x)
S.w[1:3] = 5
S.w['i == 3'] *= 2
S.delay = 1*ms
run(10*ms)
S.connect(i=0, j=3)
S.w[4] = 7
run(10*ms)
result = dict(before=before, x=G.x, w=S.w, i=S.i, j=S.j)
"""

SCRIPTS["store and restore"] = """
G = NeuronGroup(3, 'dv/dt = (g - v)/(10*ms) : 1' + chr(10) + 'g : 1', threshold='v > 1', reset='v = 0', method='euler')
G.g = 1.5
M = SpikeMonitor(G)
store()
counts = []
for g in (1.2, 2.0, 4.0):
    restore()
    G.g = g
    run(20*ms)
    counts.append(M.num_spikes)
store('late')
late = np.array(G.v)
run(7*ms)
restore('late')
again = np.array(G.v)
run(3*ms)
result = dict(counts=counts, late=late, again=again, v=G.v, t=M.t, now=defaultclock.t)
"""

SCRIPTS["another dt, clocks and changes of dt"] = """
defaultclock.dt = 0.5*ms
G = NeuronGroup(2, 'dv/dt = -v/(10*ms) : 1', method='euler', dt=0.25*ms)
H = NeuronGroup(2, 'dv/dt = (2 - v)/(10*ms) : 1', method='euler')
G.v = 1
S, R = StateMonitor(G, 'v', record=0), StateMonitor(H, 'v', record=True, dt=1*ms)
T = StateMonitor(H, 'v', record=1, when='end')
run(10*ms)
defaultclock.dt = 0.1*ms
run(2*ms)
result = dict(v=S.v, t=S.t, r=R.v, rt=R.t, e=T.v, et=T.t, end=G.v)
"""

SCRIPTS["explicit networks one after the other"] = """
out = []
for drive in (1.5, 2.5):
    G = NeuronGroup(2, 'dv/dt = (drive - v)/(10*ms) : 1', threshold='v > 1', reset='v = 0', method='exact')
    M = SpikeMonitor(G)
    net = Network(G, M)
    net.run(15*ms)
    net.run(15*ms)
    out.append((M.num_spikes, float(net.t/ms), np.array(G.v)))
result = dict(n=[a for a, _, _ in out], t=[b for _, b, _ in out], v=[c for _, _, c in out])
"""

SCRIPTS["functions that build and run their own network"] = """
def spikes_for(current):
    G = NeuronGroup(1, 'dv/dt = (current - v)/(10*ms) : 1', threshold='v > 1', reset='v = 0', method='exact')
    M = SpikeMonitor(G)
    run(30*ms)
    return M.num_spikes, np.array(M.t)
pairs = [spikes_for(c) for c in (0.5, 1.5, 3)]
result = dict(n=[n for n, _ in pairs], t=pairs[2][1])
"""

SCRIPTS["one name with two values"] = """
def make(tau, name):
    return NeuronGroup(1, 'dv/dt = -v/tau : 1', method='exact', name=name, namespace={'tau': tau})
A, B = make(5*ms, 'fast'), make(20*ms, 'slow')
A.v = B.v = 1
run(10*ms)
result = dict(a=A.v, b=B.v)
"""

SCRIPTS["objects added and removed between runs"] = """
G = NeuronGroup(2, 'dv/dt = 100*Hz : 1', threshold='v > 1', reset='v = 0', method='euler')
net = Network(G)
net.run(12*ms)
M = SpikeMonitor(G)
H = NeuronGroup(1, 'du/dt = k*Hz : 1', method='euler', namespace={'k': 5})
H.u = 1
net.add(M, H)
net.run(25*ms)
net.remove(M)
net.run(25*ms)
result = dict(t=M.t, i=M.i, v=G.v, u=H.u)
"""

SCRIPTS["values read before the first run"] = """
G = NeuronGroup(30, 'v : 1', threshold='v < 0'); G.v = 'i**2'
S = Synapses(G, G, 'w : 1', on_pre='v_post += w'); S.connect(p=0.2); S.w = 'rand()'
before = dict(n=len(S), w=np.array(S.w), v=float(G.v[4]), sub=np.array(G.v['v > 100']), out=np.array(S.N_outgoing))
S.w['w > 0.5'] = 0
run(1*ms)
result = dict(**before, after=S.w)
"""

SCRIPTS["a schedule of one's own and slots"] = """
G = NeuronGroup(2, 'dv/dt = 1000*Hz : 1', threshold='v > 1', reset='v = 0', method='euler')
A = StateMonitor(G, 'v', record=0, when='after_groups'); B = StateMonitor(G, 'v', record=0, when='end', order=3)
R = G.run_regularly('v += 0.01', when='after_resets', dt=0.2*ms)
magic_network.schedule = ['start', 'groups', 'thresholds', 'resets', 'synapses', 'end']
run(5*ms)
magic_network.schedule = None
result = dict(a=A.v, b=B.v)
"""

SCRIPTS["Python called at the beginning of steps"] = """
G = NeuronGroup(3, '''dv/dt = (I - v)/(10*ms) : 1
                      I : 1''', threshold='v > 1', reset='v = 0', method='exact')
G.I = 1.5
M, S = SpikeMonitor(G), StateMonitor(G, 'v', record=True, dt=0.5*ms)
seen = []
@network_operation(dt=2*ms)
def act(t):
    seen.append((t/ms, defaultclock.t/ms, M.num_spikes, G.v[1]))
    if len(seen) == 5:
        G.I[0] = 3
run(15*ms)
run(5*ms)
result = dict(seen=seen, t=M.t, i=M.i, v=S.v, end=G.v, I=G.I)
"""

SCRIPTS["Python called at the end of steps, switched off later"] = """
G = NeuronGroup(2, 'dv/dt = 100*Hz : 1', threshold='v > 1', reset='v = 0', method='euler')
seen = []
class Watcher:
    def __call__(self):
        seen.append((defaultclock.t/ms, G.v[0]))
        G.v_[1] += 0.125
W = NetworkOperation(Watcher(), dt=5*ms, when='end')
M = SpikeMonitor(G)
net = Network(G, W, M)
net.run(21*ms)
W.active = False
net.run(10*ms)
result = dict(seen=seen, v=G.v, t=M.t, i=M.i)
"""

SCRIPTS["a run that Python stops"] = """
G = NeuronGroup(4, 'dv/dt = (1.5 - v)/(10*ms) : 1', threshold='v > 1', reset='v = 0', method='exact')
G.v = 'i*0.2'
M = SpikeMonitor(G)
@network_operation(dt=1*ms)
def check():
    if M.num_spikes >= 6:
        stop()
run(100*ms)
first = (defaultclock.t/ms, M.num_spikes)
check.active = False
run(4.95*ms)
result = dict(first=first, t=M.t, i=M.i, v=G.v, now=float(magic_network.t))
"""

SCRIPTS["states in files"] = """
import os, tempfile
place = os.path.join(tempfile.mkdtemp(), 'states')
G = NeuronGroup(3, 'dv/dt = (1.5 - v)/(10*ms) : 1', threshold='v > 1', reset='v = 0', method='exact')
S = Synapses(G, G, 'w : 1', on_pre='v_post += w', delay=3*ms); S.connect('i != j'); S.w = 'i*0.01'
M = SpikeMonitor(G)
store(filename=place)
G.v = '0.3*i'
run(15*ms)
store('later', filename=place)
a = np.array(G.v)
run(5*ms)
b = np.array(G.v)
restore('later', filename=place)
c, t = np.array(G.v), defaultclock.t/ms
run(5*ms)
d = np.array(G.v)
n = M.num_spikes
restore(filename=place)
run(2*ms)
result = dict(a=a, b=b, c=c, t=t, d=d, n=n, e=G.v, m=M.num_spikes, now=defaultclock.t)
"""

SCRIPTS["functions in Python"] = """
gain = 2.5
bias = 3*mV
@check_units(x=1, result=1)
def half(x):
    'half of it, times a gain'
    y = x/2
    return y*gain
@check_units(x=volt, result=volt)
def bounded(x):
    return clip(x + bias, 0*mV, 20*mV)
def choice(x):
    if x > 0.5:
        return x*2
    return -x
choice = Function(choice, arg_units=[1], return_unit=1)
G = NeuronGroup(4, '''dx/dt = (half(1 + 0.1*i) - x)/(10*ms) : 1
                      du/dt = (bounded(12*mV) - u)/(5*ms) : volt''', threshold='half(x) > 1.2', reset='x = 0', method='euler')
M = SpikeMonitor(G)
S = StateMonitor(G, ['x', 'u'], record=True, dt=1*ms)
run(30*ms)
result = dict(x=S.x, u=S.u, t=M.t, i=M.i)
"""

SCRIPTS["functions in C++ and numpy"] = """
@implementation('cpp', 'double sharp(double x) { return x > 1 ? x*x : fabs(x); }')
@implementation('numpy', discard_units=True)
@check_units(x=volt, result=volt)
def sharp(x):
    return np.where(x > 1, x*x, np.abs(x))
@implementation('numpy', discard_units=True)
@check_units(a=1, b=siemens, result=amp)
def mixed(a, b):
    return np.maximum(a, 0.25)*b + np.minimum(a, b)
relu = Function(lambda x: np.where(x > 0, x, 0), arg_units=[1], return_unit=1)
G = NeuronGroup(4, '''dx/dt = relu(0.2*i - x)/second : 1
                      dv/dt = (2*volt - sharp(v))/(10*ms) : volt
                      y : amp''', method='euler')
G.run_regularly('y = mixed(x, 2*siemens)')
run(20*ms)
result = dict(x=G.x, v=G.v, y=G.y)
"""

SCRIPTS["linked variables of synapses"] = """
A = NeuronGroup(5, 'dx/dt = (i + 1 - x)/(5*ms) : 1', method='exact', name='a')
C = NeuronGroup(1, '''dh/dt = 100*Hz : 1
                      level = 2*h - offset : 1''', method='euler', name='c')
offset = 0.25
G = SpikeGeneratorGroup(3, [0, 1, 2, 0], [1, 2, 2, 5]*ms)
T = NeuronGroup(3, 'y : 1')
S = Synapses(G, T, '''z : 1 (linked)
                      g : 1 (linked)
                      which : integer (constant)
                      q : 1 (linked)''', on_pre='y_post += z + q + g')
S.connect()
S.which = 'abs(i - j) + 1'
S.z = linked_var(C, 'h')
S.g = linked_var(C, 'level')
S.q = linked_var(A, 'x', index='which')
M = StateMonitor(T, 'y', record=True)
W = StateMonitor(S, ['z', 'g'], record=[0, 4])
run(8*ms)
result = dict(y=M.y, z=W.z, g=W.g)
"""

SCRIPTS["code that runs regularly on parts of a group"] = """
G = NeuronGroup(8, '''v : 1
                      n : integer''')
A, B = G[:3], G[3:6]
A.run_regularly('v += 0.5', dt=1*ms)
B.run_regularly('''n += i
                   v = n*scale''', dt=2*ms, when='end')
scale = 0.1
S = StateMonitor(G, ['v', 'n'], record=True, dt=0.5*ms)
run(7*ms)
result = dict(v=S.v, n=S.n)
"""

SCRIPTS["synapses that begin and end at synapses"] = """
G = SpikeGeneratorGroup(3, [0, 1, 2, 0, 1], [1, 2, 2, 5, 6]*ms)
T = NeuronGroup(4, 'x : 1')
S = Synapses(G, T, '''w : 1
                      total : 1
                      tag : integer''', on_pre='''x_post += w
                                                  w += 0.25''', name='lower')
S.connect('i != j')
S.w = '1 + 0.1*i + 0.01*j'
S.tag = 'j'
R = Synapses(G, S, on_pre='w_post += 0.5', name='upper')
R.connect('i == tag_post')
A = NeuronGroup(2, 'y : 1')
Q = Synapses(S, A, 'y_post = w_pre : 1 (summed)')
Q.connect(j='i % 2')
P = Synapses(A, S, 'total_post = y_pre : 1 (summed)')
P.connect(i=[0, 1, 1, 0], j=[2, 0, 5, 1])
M = StateMonitor(S, ['w', 'total'], record=True, dt=1*ms)
run(9*ms)
result = dict(w=M.w, total=M.total, x=T.x, y=A.y, n=[len(S), len(R), len(Q), len(P)], rj=R.j)
"""

SCRIPTS["a constant that means two things and changes"] = """
def make(tau, name):
    G = NeuronGroup(1, 'dv/dt = -v/tau : 1', method='exact', name=name, namespace=dict(tau=tau))
    G.v = 1
    return G
A, B = make(5*ms, 'quick'), make(20*ms, 'slow')
net = Network(A, B)
net.run(5*ms)
first = [A.v[0], B.v[0]]
B.namespace['tau'] = 40*ms
net.run(5*ms)
A.namespace['tau'] = B.namespace['tau'] = 10*ms
net.run(5*ms)
result = dict(first=first, a=A.v, b=B.v)
"""

SCRIPTS["noise in a subexpression"] = """
sigma = 0*mV
G = NeuronGroup(3, '''dv/dt = (drive - v)/tau + noise*hill : volt
                      noise = sigma*sqrt(2/tau)*xi_pop : volt*second**-1
                      hill = 1 + w : 1
                      drive : volt
                      w : 1''', method='euler')
tau = 8*ms
G.drive = 'i*mV'
run(10*ms)
result = dict(v=G.v)
"""

SCRIPTS["states of a network as a dictionary"] = """
G = NeuronGroup(3, '''dv/dt = -v/(10*ms) : volt
                      n : integer''', method='exact', name='cells')
S = Synapses(G, G, 'w : siemens', on_pre='', name='wires'); S.connect('i < j')
G.v = '(i + 1)*mV'
S.w = 'i*nS + j*nS'
net = Network(G, S)
net.run(5*ms)
states = net.get_states()
net.set_states({'cells': {'v': [3, 2, 1]*mV, 'n': [7, 8, 9]}})
net.run(5*ms)
result = dict(v=G.v, n=G.n, then=states['cells']['v'], w=states['wires']['w'], keys=len(states), one=G.get_states(['v'], units=False)['v'])
"""

SCRIPTS["values by slices, masks, arrays and strings"] = """
G = NeuronGroup(10, '''v : volt
                       w : 1
                       b : boolean
                       k : integer''')
G.v = np.arange(10)*mV
G.v[2:5] = 20*mV
G.v[[7, 9]] = [1, 2]*mV
G.v[np.arange(10) % 4 == 0] = -5*mV
level = 2*mV
G.v['i == 3 or v > 19.5*mV'] = 'v + level*i'
G.w = 'rand()'
G.b = 'w > 0.5'
G.k[:] = 'i**2 % 7'
run(0.1*ms)
before = dict(v=np.array(G.v), w=np.array(G.w), b=np.array(G.b), some=np.array(G.v['v > 0*mV']), one=float(G.v[3]))
G.v[:] += 1*mV
G.v[1:8:3] *= 2
G.w['b'] = 0.25
G.k += 1
G.v_[0] = 1.5
G.b[2] = not G.b[2]
run(0.1*ms)
result = dict(**before, v2=G.v, w2=G.w, b2=G.b, k=G.k, plain=G.v_[:3], sub=G.v[2:4])
"""

SCRIPTS["weights normalised between many runs"] = """
P = SpikeGeneratorGroup(4, [0, 1, 2, 3]*4, np.arange(16)*2*ms)
T = NeuronGroup(3, 'dv/dt = -v/(5*ms) : 1', threshold='v > 1', reset='v = 0', method='exact')
S = Synapses(P, T, 'w : 1', on_pre='''v_post += w
                                      w += 0.05''', on_post='w -= 0.02')
S.connect(); S.w = '0.2 + 0.1*((i + j) % 3)'
sums = []
for _ in range(5):
    run(6*ms)
    w = np.zeros((4, 3))
    w[S.i[:], S.j[:]] = S.w[:]
    sums.append(w.sum(axis=0))
    S.w[:] = (w/w.sum(axis=0))[S.i[:], S.j[:]]*1.5
    S.w['j == 2'] = 'w*0.5'
result = dict(sums=sums, w=S.w, v=T.v)
"""

SCRIPTS["switches of objects and pathways"] = """
G = NeuronGroup(2, 'dv/dt = 200*Hz : 1', threshold='v > 1', reset='v = 0', method='euler')
S = Synapses(G, G, 'c : 1', on_pre='c += 1', on_post='c += 100'); S.connect(j='i')
M = SpikeMonitor(G)
run(11*ms)
S.post.active = False
run(11*ms)
G.active = False
run(5*ms)
G.active = S.post.active = True
M.active = False
run(11*ms)
result = dict(c=S.c, v=G.v, t=M.t)
"""

SCRIPTS["rates that leave nothing to chance"] = """
P = PoissonGroup(3, 'i*1e4*Hz*int(t < 2*ms)')
Q = PoissonGroup(2, [0, 1e4]*Hz)
T = NeuronGroup(3, 'x : 1')
S = Synapses(P, T, on_pre='x_post += 1'); S.connect(j='i')
I = PoissonInput(T, 'x', N=3, rate=1e4*Hz, weight=0.25)
M, L = SpikeMonitor(P), SpikeMonitor(Q[1:])
run(3*ms)
Q.rates = 0*Hz
run(1*ms)
result = dict(t=M.t, i=M.i, u=L.t, x=T.x)
"""

SCRIPTS["monitors of synapses and of parts"] = """
G = NeuronGroup(6, 'dv/dt = (50 + 40*i)*Hz : 1', threshold='v > 1', reset='v = 0', method='euler')
S = Synapses(G, G, '''w : 1
                      dx/dt = -x/(4*ms) : 1 (clock-driven)''', on_pre='''x += 1
                                                                         w += 0.1''', method='exact')
S.connect('abs(i - j) == 1')
A = StateMonitor(S, ['w', 'x'], record=S[2, :])
B = StateMonitor(S, 'x', record=[1, 3], dt=1*ms, when='after_synapses')
C = StateMonitor(G[2:5], 'v', record=True)
D = SpikeMonitor(G[1:4], variables='v')
E = PopulationRateMonitor(G[3:])
run(20*ms)
result = dict(w=A.w, x=A.x, b=B.x, bt=B.t, c=C.v, t=D.t, i=D.i, v=D.v, r=E.rate, all=D.all_values()['t'][2], n=D.count)
"""

SCRIPTS["refractoriness by time steps, by an integer and with flags"] = """
G = NeuronGroup(4, '''dv/dt = 300*Hz*(1 + i) : 1 (unless refractory)
                      dw/dt = -w/(5*ms) : 1
                      k : integer''', threshold='v > 1', reset='''v = 0
                      w += 1
                      k += 1''', refractory='timestep(t - lastspike, dt) <= 2 + k', method='euler')
M, S = SpikeMonitor(G), StateMonitor(G, ['v', 'w', 'not_refractory'], record=True)
run(15*ms)
result = dict(t=M.t, i=M.i, v=S.v, w=S.w, nr=S.not_refractory, k=G.k, last=G.lastspike)
"""

SCRIPTS["operators and functions of the language"] = """
G = NeuronGroup(7, '''a : 1
                      b : 1
                      n : integer
                      c = exp(-a**2) + sin(a)*cos(b) + sqrt(abs(b)) + log(1 + a**2) : 1
                      d = floor(a*3) + ceil(b*2) + clip(a, -0.5, 0.5) + sign(b) : 1
                      m = int(a > b) + int(not (a > 0 and b > 0 or a < -1)) : integer
                      f = tanh(a) + arctan(b) + exprel(a) + log10(2 + a**2) + expm1(b/10) + log1p(abs(a)) : 1''')
G.a = 'i*0.4 - 1.3'
G.b = 'sin(i)'
G.run_regularly('''x = a % 0.3
                   y = n // 3
                   n += i % 4
                   a = a + 0.01*x - 0.001*y''', dt=0.3*ms)
S = StateMonitor(G, ['c', 'd', 'm', 'f', 'a', 'n'], record=True)
run(4*ms)
result = {name: getattr(S, name) for name in 'cdmfan'}
"""

SCRIPTS["exponential Euler and other methods of synapses"] = """
G = NeuronGroup(3, '''dv/dt = (-(v + 60*mV) + s*mV + I)/(10*ms) : volt
                      dm/dt = (1 - m)/(2*ms) - m/(3*ms) : 1
                      ds/dt = -s/(3*ms) : 1
                      I : volt''', threshold='v > -50*mV', reset='v = -60*mV', method='exponential_euler')
G.v = -60*mV
G.I = '(8 + 4*i)*mV'
S = Synapses(G, G, '''dg/dt = -g/(3*ms) + 0.1*h*Hz : 1 (clock-driven)
                      dh/dt = -h/(1*ms) : 1 (clock-driven)''', on_pre='''h += 1
                      s_post += 1''', method='rk4')
S.connect()
M = StateMonitor(G, ['v', 'm'], record=True)
run(30*ms)
result = dict(v=M.v, m=M.m, g=S.g, h=S.h)
"""

SCRIPTS["stochastic methods without noise"] = """
results = {}
for name in ('euler', 'heun', 'milstein'):
    G = NeuronGroup(2, '''dx/dt = -x/(10*ms) + s*xi*second**-0.5 : 1
                          s : 1''', method=name, name='with_' + name)
    G.x = [1, 2]
    results[name] = G
net = Network(*results.values())
net.run(10*ms)
result = {name: np.array(G.x) for name, G in results.items()}
"""

SCRIPTS["delays as arguments, drawn and per pathway"] = """
G = SpikeGeneratorGroup(3, [0, 1, 2], [1, 1, 2]*ms)
T = NeuronGroup(3, 'x : 1')
A = Synapses(G, T, on_pre='x_post += 1', delay=2*ms); A.connect()
B = Synapses(G, T, on_pre='x_post += 10'); B.connect(j='i'); B.delay = 'rand()*3*ms'
C = Synapses(G, T, on_pre={'a': 'x_post += 100', 'b': 'x_post += 1000'}, delay={'a': 1*ms}); C.connect(j='i')
C.b.delay = [1, 2, 3]*ms
M = StateMonitor(T, 'x', record=True)
run(3*ms)
A.delay = 0.5*ms
B.delay[1] = 0*ms
run(5*ms)
result = dict(x=M.x, d=B.delay, e=C.b.delay)
"""

SCRIPTS["delays that are longer than a run"] = """
G = SpikeGeneratorGroup(2, [0, 1, 0], [0.5, 1, 3]*ms)
T = NeuronGroup(2, 'x : 1')
S = Synapses(G, T, 'w : 1', on_pre='x_post += w'); S.connect(); S.w = '1 + i'
S.delay = '(4 + j)*ms'
seen = []
for _ in range(8):
    run(1*ms)
    seen.append(np.array(T.x))
result = dict(seen=seen)
"""

SCRIPTS["connections by generators with conditions and samples"] = """
G = NeuronGroup(20, 'x : 1', threshold='False')
pairs = {}
def made(name, **words):
    S = Synapses(G, G, on_pre='x_post += 1', name=name)
    S.connect(**words)
    pairs[name] = S
    return S
made('ring', j='(i + 1) % N_post')
made('window', j='k for k in range(i - 2, i + 3) if k != i and rand() < 0.5', skip_if_invalid=True)
made('drawn', j='k for k in sample(N_post, p=0.1)')
made('fixed', j='k for k in sample(N_post, size=3)')
made('back', i='j // 2')
made('several', condition='i == j', n='1 + i % 3')
made('distance', p='exp(-abs(i - j)/2.0)')
run(0.1*ms)
result = {name + way: np.array(getattr(S, way)) for name, S in pairs.items() for way in 'ij'}
"""

SCRIPTS["sums from several synapses and over sources"] = """
A = NeuronGroup(3, '''x : 1
                      back : 1''')
B = NeuronGroup(4, '''y : 1
                      z : 1
                      dv/dt = (y + z - v)/(5*ms) : 1''', method='euler')
A.x = '1 + i'
S = Synapses(A, B, '''w : 1
                      y_post = w*x_pre : 1 (summed)'''); S.connect('i <= j'); S.w = '0.1*(j + 1)'
R = Synapses(A, B[1:3], 'z_post = x_pre**2 : 1 (summed)'); R.connect()
Q = Synapses(A, B, 'back_pre = v_post : 1 (summed)'); Q.connect()
M = StateMonitor(B, ['y', 'z', 'v'], record=True)
run(4*ms)
A.x = 2
run(2*ms)
result = dict(y=M.y, z=M.z, v=M.v, back=A.back)
"""

SCRIPTS["parts of parts"] = """
G = NeuronGroup(12, '''dv/dt = (100 + 20*i)*Hz : 1
                       g : 1''', threshold='v > 1', reset='v = 0', method='euler')
H = G[2:10]
K = H[1:5]
K.g = 'i'
S = Synapses(K, H, 'w : 1', on_pre='g_post += w'); S.connect('i != j and j < 4'); S.w = '0.1*i + j'
T = Synapses(G[6:], G[:3], on_pre='g_post += 0.001'); T.connect(); T.delay = '0.1*i*ms'
M = SpikeMonitor(K)
run(15*ms)
result = dict(g=G.g, k=K.g, t=M.t, i=M.i, si=S.i, sj=S.j, w=S.w, n=[len(H), K.N], d=T.delay, out=S.N_outgoing_pre)
"""

SCRIPTS["synapses between custom events"] = """
G = NeuronGroup(3, '''dv/dt = (100 + 50*i)*Hz : 1
                      c : 1''', threshold='v > 1', reset='v = 0', events={'middle': 'v > 0.5 and v < 0.5 + 150*Hz*dt'}, method='euler')
S = Synapses(G, G, 'w : 1', on_pre='c_post += 1', on_post='w += 1', on_event={'pre': 'middle', 'post': 'spike'})
S.connect('i != j')
E = EventMonitor(G, 'middle', record=False)
F = EventMonitor(G, 'middle', variables=['v', 'c'])
run(25*ms)
result = dict(c=G.c, w=S.w, n=E.count, t=F.t, i=F.i, v=F.v, fc=F.c)
"""

SCRIPTS["events in slots of one's choice"] = """
G = NeuronGroup(2, '''dv/dt = 400*Hz : 1
                      n : integer''', threshold='v > 1', reset='v = 0', events={'late': 'v > 0.9'}, method='euler')
G.run_on_event('late', 'n += 1', when='end')
G.set_event_schedule('late', when='before_end')
M = EventMonitor(G, 'late')
run(8*ms)
result = dict(n=G.n, t=M.t, i=M.i)
"""

SCRIPTS["names of namespaces and of the run"] = """
a = 5
G = NeuronGroup(2, 'dv/dt = (a*k - v)/tau : 1', method='exact', namespace={'a': 2.0, 'k': 3, 'tau': 10*ms})
H = NeuronGroup(2, 'dv/dt = (a - v)/tau : 1', method='exact')
net = Network(G, H)
net.run(10*ms, namespace={'a': 7, 'tau': 5*ms})
def inner(net):
    a, tau = 9, 20*ms
    net.run(5*ms)
inner(net)
result = dict(g=G.v, h=H.v)
"""

SCRIPTS["equations put together"] = """
eqs = Equations('dv/dt = (ge + gi - v)/tau_m : volt', tau_m=20*ms)
eqs += Equations('dg/dt = -g/tau : volt', g='ge', tau=5*ms) + Equations('dg/dt = -g/tau : volt', g='gi', tau=10*ms)
P = NeuronGroup(3, eqs, threshold='v > 5*mV', reset='v = 0*mV', method='exact')
P.ge = '(10 + 30*i)*mV'
P.gi = -3*mV
M = StateMonitor(P, True, record=True)
run(15*ms)
result = dict(v=M.v, ge=M.ge, gi=M.gi)
"""

SCRIPTS["shared variables of synapses and of groups, changed between runs"] = """
G = SpikeGeneratorGroup(2, [0, 1, 0, 1], [1, 2, 11, 12]*ms)
T = NeuronGroup(2, '''x : 1
                      gain : 1 (shared)
                      out = x*gain : 1''')
S = Synapses(G, T, '''w : 1
                      eta : 1 (shared)
                      twice = 2*eta : 1 (shared)
                      first : 1 (shared, constant)''', on_pre='x_post += w*twice + first')
S.connect(); S.w = '1 + i + j'; S.eta = 0.5; S.first = 0.25; T.gain = 3
M = StateMonitor(T, 'out', record=True)
run(10*ms)
S.eta = 1.5
T.gain = -1
run(5*ms)
result = dict(out=M.out, x=T.x, eta=S.eta, w=S.w)
"""

SCRIPTS["single precision"] = """
G = NeuronGroup(4, '''dv/dt = (1.5 - v)/(8*ms) : 1
                      n : integer''', threshold='v > 1', reset='''v = 0
                      n += 1''', dtype={'v': np.float32}, method='euler')
G.v = 'i*0.1'
run(3*ms)
kind = np.dtype(G.v[:].dtype).itemsize
result = dict(v=np.asarray(G.v[:], np.float32), n=G.n, kind=kind)
"""

SCRIPTS["a scope that begins anew"] = """
def one():
    G = NeuronGroup(2, 'dv/dt = 1/second : 1', method='euler')
    run(2*ms)
    return np.array(G.v), defaultclock.t/ms
first = one()
start_scope()
G = NeuronGroup(3, 'dv/dt = 2/second : 1', method='euler')
run(1*ms)
run(1*ms)
result = dict(first=first[0], t=first[1], v=G.v, now=defaultclock.t)
"""

SCRIPTS["networks that are collected and share nothing"] = """
G = NeuronGroup(2, 'dv/dt = 100*Hz : 1', threshold='v > 1', reset='v = 0', method='euler')
H = NeuronGroup(2, 'du/dt = 50*Hz : 1', threshold='u > 1', reset='u = 0', method='euler')
M, L = SpikeMonitor(G), SpikeMonitor(H)
one, other = Network(G, M), Network(H, L)
one.run(15*ms)
other.run(5*ms)
one.run(10*ms)
other.run(40*ms)
result = dict(t=M.t, u=L.t, v=G.v, w=H.u, now=[float(one.t), float(other.t)])
"""

SCRIPTS["a network that is collected"] = """
G = NeuronGroup(2, 'dv/dt = 100*Hz : 1', threshold='v > 1', reset='v = 0', method='euler')
monitors = [SpikeMonitor(G), StateMonitor(G, 'v', record=True)]
net = Network(collect())
net.add(monitors)
net.run(25*ms)
result = dict(t=monitors[0].t, v=monitors[1].v, n=len(net.objects))
"""

SCRIPTS["spike generators in any order, and late ones"] = """
order = [3, 0, 2, 1, 0]
G = SpikeGeneratorGroup(4, order, [4.05, 1, 3.99, 1, 0.2]*ms, dt=0.2*ms)
M = SpikeMonitor(G)
run(2*ms)
G.set_spikes([2, 1, 2], [6, 2.6, 3]*ms, period=7*ms)
run(10*ms)
result = dict(t=M.t, i=M.i)
"""

SCRIPTS["timed arrays in resets, rates and synapses"] = """
level = TimedArray([0, 0.25, 0.5]*mV, dt=5*ms)
on = TimedArray([[0, 1e4], [1e4, 0]]*Hz, dt=2*ms)
G = NeuronGroup(2, 'dv/dt = 0.5*mV/ms : volt', threshold='v > 1*mV', reset='v = level(t)', method='euler')
P = PoissonGroup(2, 'on(t, i)')
S = Synapses(G, G, 'w : volt', on_pre='w += level(t + 1*ms)*2'); S.connect()
M, L = SpikeMonitor(G), SpikeMonitor(P)
run(13*ms)
result = dict(t=M.t, v=G.v, w=S.w, u=L.t, k=L.i)
"""

SCRIPTS["results of a parameter scan by restore"] = """
G = NeuronGroup(5, '''dv/dt = (I - v)/(10*ms) : 1
                      I : 1''', threshold='v > 1', reset='v = 0', method='exact')
S = Synapses(G, G, 'w : 1', on_pre='v_post += w', delay=1*ms); S.connect('i != j')
M = SpikeMonitor(G)
store('start')
table = []
for w in (0, 0.05, 0.1):
    for drive in (1.1, 1.4):
        restore('start')
        S.w = w
        G.I = 'drive + 0.02*i'
        run(25*ms)
        table.append((w, drive, M.num_spikes, float(np.mean(G.v))))
result = dict(table=table)
"""

SCRIPTS["a run with a report and a profile"] = """
G = NeuronGroup(2, 'dv/dt = 100*Hz : 1', method='euler')
calls = []
def told(elapsed, completed, start, duration):
    calls.append((completed, float(start), float(duration)))
run(3*ms, report=told, report_period=1*second)
run(2*ms, profile=True)
info = profiling_summary()
result = dict(first=calls[0], last=calls[-1], v=G.v, some=len(str(info)) > 10)
"""

SCRIPTS["the time of the last update and event-driven noise"] = """
G = SpikeGeneratorGroup(2, [0, 1, 0], [1, 3, 6]*ms)
T = NeuronGroup(2, 'x : 1')
S = Synapses(G, T, '''last : second
                      dq/dt = (1 - q)/(4*ms) : 1 (event-driven)
                      dr/dt = -r/(2*ms) : 1 (event-driven)''', on_pre='''x_post += q + r*(t - last)/ms
                      q *= 0.5
                      r += 1
                      last = t''')
S.connect(); S.q = 1
S.last = -1*ms
run(9*ms)
result = dict(x=T.x, q=S.q, r=S.r, last=S.last)
"""

SCRIPTS["a neuron with a shape"] = """
morpho = Cylinder(diameter=2*um, length=60*um, n=6)
morpho.axon = Cylinder(diameter=1*um, length=300*um, n=30)
morpho.dendrite = Section(diameter=[3, 2, 1.5]*um, length=[20, 30]*um, n=2)
morpho.dendrite.L = Cylinder(diameter=1*um, x=[0, 40]*um, y=[0, 10]*um, n=4)
morpho.dendrite.R = Cylinder(diameter=0.7*um, length=50*um, n=5)
gL, EL, Es, taus = 1e-4*siemens/cm**2, -70*mV, 0*mV, 2*ms
neuron = SpatialNeuron(morpho, '''Im = gL*(EL - v) + gNa*m**3*(50*mV - v) : amp/meter**2
                                   dm/dt = (1/(1 + exp(-(v + 40*mV)/(6*mV))) - m)/(1*ms) : 1
                                   I = gs*(Es - v) : amp (point current)
                                   dgs/dt = -gs/taus : siemens
                                   J : amp (point current)
                                   gNa : siemens/meter**2''',
                       threshold='v > -45*mV', refractory='v > -50*mV', threshold_location=morpho.axon[250*um],
                       Cm=1*uF/cm**2, Ri=100*ohm*cm, method='exponential_euler', namespace=dict(gL=gL, EL=EL, Es=Es, taus=taus))
neuron.v = EL
neuron.axon.gNa = 3e-3*siemens/cm**2
neuron.dendrite.gNa = '1e-4*siemens/cm**2*exp(-distance/(100*um))'
neuron.Cm[0:3] = 2*uF/cm**2
source = SpikeGeneratorGroup(2, [0, 1, 0], [1, 3, 8]*ms)
S = Synapses(source, neuron, on_pre='gs += 1.5*nS')
S.connect(i=0, j=morpho.dendrite.R[20*um])
S.connect(i=1, j=morpho.dendrite.L[2])
M = StateMonitor(neuron, ['v', 'Im'], record=[0, 20, 40])
D = StateMonitor(neuron.axon, 'm', record=morpho.axon[100*um])
L = SpikeMonitor(neuron)
run(5*ms)
for current in [0.2*nA]:
    # A name that is a word of a flag, too.
    neuron.axon[50*um:100*um].J = current
run(2*ms)
neuron.J = 0*nA
run(8*ms)
result = dict(v=M.v, im=M.Im, t=L.t, i=L.i, m=D.m, end=neuron.v, ic=neuron.Ic, dend=neuron.dendrite.v, space=neuron.space_constant,
              area=neuron.area, x=neuron.distance, cm=neuron.Cm, part=neuron.axon[50*um:100*um].v)
"""

SCRIPTS["a neuron of points, with spikes everywhere"] = """
points = [(1, 'soma', 0, 0, 0, 2, -1), (2, 'soma', 6, 0, 0, 2, 1), (3, 'axon', 20, 0, 0, 1, 2), (4, 'axon', 40, 5, 0, 1, 3),
          (5, 'dend', -10, 0, 0, 2, 2), (6, 'dend', -20, 5, 0, 1, 5), (7, 'dend', -20, -5, 0, 1, 5)]
morpho = Morphology.from_points(points)
neuron = SpatialNeuron(morpho, 'Im = 2e-4*siemens/cm**2*(-65*mV - v) + 20*uA/cm**2 : amp/meter**2', threshold='v > -50*mV', reset='v = -65*mV')
neuron.v = -65*mV
P = PopulationRateMonitor(neuron)
L = SpikeMonitor(neuron.dend)
neuron.run_regularly('v += 0.1*mV', dt=1*ms)
run(20*ms)
neuron.area = 'area*2'
run(5*ms)
result = dict(rate=P.rate, t=L.t, i=L.i, v=neuron.v, x=neuron.x, y=neuron.y)
"""

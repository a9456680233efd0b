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

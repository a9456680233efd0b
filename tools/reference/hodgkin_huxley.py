"""Runs fixtures/models/hodgkin_huxley.yaml's model in Brian 2 and writes its trace (exact hexadecimal floats).

    python tools/reference/hodgkin_huxley.py > fixtures/reference/hodgkin_huxley.json
"""
import json

from brian2 import *

prefs.codegen.target = "numpy"
defaultclock.dt = 0.01 * ms

Cm, gNa, gK, gL = 1 * uF / cm**2, 120 * msiemens / cm**2, 36 * msiemens / cm**2, 0.3 * msiemens / cm**2
ENa, EK, EL, on, off = 115 * mV, -12 * mV, 10.613 * mV, 5 * ms, 45 * ms
axon = NeuronGroup(
    5,
    """
    dv/dt = (I - gNa*m**3*h*(v - ENa) - gK*n**4*(v - EK) - gL*(v - EL))/Cm : volt
    dm/dt = alpha_m*(1 - m) - beta_m*m : 1
    dh/dt = alpha_h*(1 - h) - beta_h*h : 1
    dn/dt = alpha_n*(1 - n) - beta_n*n : 1
    alpha_m = 1/exprel((25*mV - v)/(10*mV))/ms : Hz
    beta_m = 4*exp(-v/(18*mV))/ms : Hz
    alpha_h = 0.07*exp(-v/(20*mV))/ms : Hz
    beta_h = 1/(exp((30*mV - v)/(10*mV)) + 1)/ms : Hz
    alpha_n = 0.1/exprel((10*mV - v)/(10*mV))/ms : Hz
    beta_n = 0.125*exp(-v/(80*mV))/ms : Hz
    I = strength*int(t >= on)*int(t < off) : amp/metre**2
    strength : amp/metre**2 (constant)
    """,
    threshold="v > 50*mV",
    refractory="v > 50*mV",
    method="exponential_euler",
)
axon.m, axon.h, axon.n = 0.0529, 0.5961, 0.3177
axon.strength = [0, 3, 6.5, 10, 20] * uA / cm**2
trace = StateMonitor(axon, ["v", "m"], record=True, dt=0.1 * ms)
spikes = SpikeMonitor(axon)
run(60 * ms)

print(
    json.dumps(
        {
            "source": "Brian 2 " + __import__("brian2").__version__ + ", numpy target, exponential_euler, dt 0.01 ms",
            "v": [[float(x).hex() for x in row] for row in trace.v_],
            "m": [[float(x).hex() for x in row] for row in trace.m_],
            "spike_i": [int(i) for i in spikes.i],
            "spike_step": [int(round(t / 1e-5)) for t in spikes.t_],
        }
    )
)

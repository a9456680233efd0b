#!/usr/bin/env python3
"""Single and repeated steps of Brian 2's integrators, as exact numbers.

Run with a Python that has Brian 2: python tools/reference/integrators.py fixtures/reference/integrators.json
Each case holds equations, method, constants (SI), initial values, and the values after 1 and after 50 steps (hex floats).
"""
import json
import sys

from brian2 import *  # noqa: F403

prefs.codegen.target = "numpy"
BrianLogger.suppress_name("method_choice")



def step_of(name, method):
    """Explicit methods need short steps for Hodgkin-Huxley neurons."""
    return 1e-5 if name == "hh" and method != "exponential_euler" else 1e-4


CUBA = """
dv/dt = (ge+gi-(v-El))/taum : volt (unless refractory)
dge/dt = -ge/taue : volt
dgi/dt = -gi/taui : volt
"""
HH = """
dv/dt = (gl*(El-v) - g_na*(m*m*m)*h*(v-ENa) - g_kd*(n*n*n*n)*(v-EK) + I)/Cm : volt
dm/dt = 0.32*(mV**-1)*4*mV/exprel((13.*mV-v+VT)/(4*mV))/ms*(1-m) - 0.28*(mV**-1)*5*mV/exprel((v-VT-40.*mV)/(5*mV))/ms*m : 1
dn/dt = 0.032*(mV**-1)*5*mV/exprel((15.*mV-v+VT)/(5.*mV))/ms*(1.-n) - .5*exp((10.*mV-v+VT)/(40.*mV))/ms*n : 1
dh/dt = 0.128*exp((17.*mV-v+VT)/(18.*mV))/ms*(1.-h) - 4./(1+exp((40.*mV-v+VT)/(5.*mV)))/ms*h : 1
I : amp
"""
MORRIS = """
dv/dt = (-gl*(v-El) - gca*0.5*(1+tanh((v-V1)/V2))*(v-ECa) - gk*w*(v-EK) + I)/C : volt
dw/dt = (0.5*(1+tanh((v-V3)/V4)) - w)/tau : 1
I : amp
"""
CUBA_CONSTANTS = dict(El=-49e-3, taum=20e-3, taue=5e-3, taui=10e-3)
HH_CONSTANTS = dict(gl=1e-8, El=-60e-3, EK=-90e-3, ENa=50e-3, g_na=2e-5, g_kd=6e-6, VT=-63e-3, Cm=2e-10)
ML_CONSTANTS = dict(gl=2e-3, El=-60e-3, gca=4e-3, ECa=120e-3, gk=8e-3, EK=-80e-3, C=20e-6, V1=-1.2e-3, V2=18e-3, V3=12e-3, V4=17e-3, tau=15e-3)
UNITS = dict(El=volt, EK=volt, ENa=volt, ECa=volt, VT=volt, V1=volt, V2=volt, V3=volt, V4=volt, taum=second, taue=second, taui=second, tau=second,
             tau2=second, gl=siemens, g_na=siemens, g_kd=siemens, gca=siemens, gk=siemens, Cm=farad, C=farad, f=hertz, a=1, b=1)

CASES = [
    ("cuba", "exact", CUBA, CUBA_CONSTANTS, dict(v=-55e-3, ge=1.62e-3, gi=-9e-3), True),
    ("leak", "exact", "dv/dt = (El-v)/tau : volt", dict(El=-70e-3, tau=10e-3), dict(v=-51e-3), False),
    ("alpha", "exact", "dv/dt = (y-v)/taum : 1\ndy/dt = (x-y)/tau : 1\ndx/dt = -x/tau : 1", dict(tau=5e-3, taum=20e-3), dict(v=0.25, y=0.5, x=1.0), False),
    ("alpha pair", "exact", "dy/dt = (x-y)/tau : 1\ndx/dt = -x/tau : 1", dict(tau=5e-3), dict(y=0.0, x=1.0), False),
    ("two coupled", "exact", "dv/dt = (w-v)/tau : 1\ndw/dt = (v-2*w)/tau2 : 1", dict(tau=10e-3, tau2=7e-3), dict(v=1.0, w=-0.5), False),
    ("two coupled, driven", "exact", "dv/dt = (w-v+a)/tau : 1\ndw/dt = (v-2*w+b)/tau2 : 1", dict(tau=10e-3, tau2=7e-3, a=0.3, b=-0.2), dict(v=1.0, w=-0.5), False),
    ("parameters", "exact", "dv/dt = (p-v)/q : 1\np : 1\nq : second (constant)", {}, dict(v=0.1, p=2.5, q=12e-3), False),
    ("hh", "exponential_euler", HH, HH_CONSTANTS, dict(v=-58e-3, m=0.05, n=0.3, h=0.6, I=7e-10), False),
    ("hh", "euler", HH, HH_CONSTANTS, dict(v=-58e-3, m=0.05, n=0.3, h=0.6, I=7e-10), False),
    ("hh", "rk2", HH, HH_CONSTANTS, dict(v=-58e-3, m=0.05, n=0.3, h=0.6, I=7e-10), False),
    ("hh", "rk4", HH, HH_CONSTANTS, dict(v=-58e-3, m=0.05, n=0.3, h=0.6, I=7e-10), False),
    ("hh", "heun", HH, HH_CONSTANTS, dict(v=-58e-3, m=0.05, n=0.3, h=0.6, I=7e-10), False),
    ("hh", "milstein", HH, HH_CONSTANTS, dict(v=-58e-3, m=0.05, n=0.3, h=0.6, I=7e-10), False),
    ("morris-lecar", "exponential_euler", MORRIS, ML_CONSTANTS, dict(v=-40e-3, w=0.1, I=90e-6), False),
    ("morris-lecar", "rk4", MORRIS, ML_CONSTANTS, dict(v=-40e-3, w=0.1, I=90e-6), False),
    ("driven by time", "euler", "dv/dt = (sin(2*pi*f*t)-v)/tau : 1", dict(tau=10e-3, f=40.0), dict(v=0.2), False),
    ("driven by time", "rk2", "dv/dt = (sin(2*pi*f*t)-v)/tau : 1", dict(tau=10e-3, f=40.0), dict(v=0.2), False),
    ("driven by time", "rk4", "dv/dt = (sin(2*pi*f*t)-v)/tau : 1", dict(tau=10e-3, f=40.0), dict(v=0.2), False),
    ("constant slope", "exponential_euler", "dv/dt = 1/tau : 1\ndw/dt = -w/tau : 1", dict(tau=10e-3), dict(v=0.2, w=1.0), False),
    ("constant slope", "euler", "dv/dt = 1/tau : 1", dict(tau=10e-3), dict(v=0.2), False),
]


def run_case(name, method, equations, constants, initial, refractory):
    namespace = {k: v * UNITS[k] for k, v in constants.items()}
    options = dict(refractory=5 * ms, threshold="v > 10*volt", reset="") if refractory else {}
    step = step_of(name, method)
    group = NeuronGroup(1, equations, method=method, namespace=namespace, dt=step * second, **options)
    network = Network(group)
    for key, value in initial.items():
        getattr(group, key + "_")[:] = value
    variables = sorted(group.equations.diff_eq_names)
    after = []
    for steps in (1, 49):
        network.run(steps * step * second, namespace={})
        after.append({k: float(getattr(group, k + "_")[0]).hex() for k in variables})
    return dict(name=name, method=method, step=step.hex(), equations=equations, refractory=refractory, constants={k: float(v).hex() for k, v in constants.items()},
                initial={k: float(v).hex() for k, v in initial.items()}, after1=after[0], after50=after[1])


if __name__ == "__main__":
    with open(sys.argv[1], "w") as out:
        json.dump(dict(source="Brian " + __import__("brian2").__version__ + ", numpy target", cases=[run_case(*c) for c in CASES]), out, indent=1)
        out.write("\n")

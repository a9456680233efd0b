"""Mean firing rates of fixtures/models/cuba.yaml's network in Brian 2 over several seeds, 1 s each.

    python tools/reference/cuba_rates.py > fixtures/reference/cuba_rates.json
"""
import json

from brian2 import *

prefs.codegen.target = "numpy"


def rate(number):
    start_scope()
    seed(number)
    Vr, Vt, El = -60 * mV, -50 * mV, -49 * mV
    P = NeuronGroup(
        4000,
        """dv/dt  = (ge + gi - (v - El))/(20*ms) : volt (unless refractory)
           dge/dt = -ge/(5*ms) : volt
           dgi/dt = -gi/(10*ms) : volt""",
        threshold="v > Vt", reset="v = Vr", refractory=5 * ms, method="exact",
        namespace={"Vt": Vt, "Vr": Vr, "El": El},
    )
    P.v = "Vr + rand()*(Vt - Vr)"
    exc = Synapses(P[:3200], P, on_pre="ge += 1.62*mV")
    exc.connect(p=0.02)
    inh = Synapses(P[3200:], P, on_pre="gi -= 9*mV")
    inh.connect(p=0.02)
    spikes = SpikeMonitor(P)
    run(1 * second)
    counts = array(spikes.count)
    return {"seed": number, "mean_rate_hz": spikes.num_spikes / 4000.0, "synapses": len(exc) + len(inh),
            "rate_of_first_200_ms_hz": float(sum(spikes.t_ < 0.2)) / 4000 / 0.2,
            "rate_standard_deviation_over_neurons_hz": float(counts.std())}


print(json.dumps({"source": "Brian 2 " + __import__("brian2").__version__ + ", numpy target",
                  "runs": [rate(n) for n in range(1, 13)]}, indent=1))

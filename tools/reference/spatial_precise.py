"""Writes fixtures/reference/spatial_soma.json: a soma with an axon and a sharp spike, solved with numbers of 80 bits.

Brian 2 loses digits at a soma, whose conductance towards its axon is taken as that of a metre of cytoplasm; this tells who is right. The model is that of
Brette (2013), doi:10.1371/journal.pcbi.1003338, figure 3. Implicit Euler for v, exponential Euler for m, as in the reference.

    .venv/bin/python tools/reference/spatial_precise.py
"""
import json
from pathlib import Path

import numpy as np

TARGET = Path(__file__).parents[2] / "fixtures/reference/spatial_soma.json"
R = np.longdouble
PI = R("3.14159265358979323846264338327950288")

COUNT, CHANNEL, DT, STEPS, ON = 300, 41, R("0.025e-3"), 2400, 400
length, diameter, soma = R("1e-6"), R("1e-6"), R("50e-6")
area = np.array([PI * soma**2] + [PI * diameter * length] * COUNT, R)
half = np.array([R(1)] + [PI / 2 * diameter**2 / length] * COUNT, R)
Cm, Ri, gL, EL, ENa = R("0.0075"), R("1.5"), R(1) / R(3), R("-0.075"), R("0.06")
ka, va, tau, gNa = R("0.006"), R("-0.04"), R("0.1e-3"), 2 * R("7.85e-9") * (R(1) / R(3))
joint = np.concatenate([[R(0)], 1 / (Ri / half[:-1] + Ri / half[1:])])
channel = np.zeros(COUNT + 1, R)
channel[CHANNEL] = gNa / area[CHANNEL]

v, m, current = np.full(COUNT + 1, EL), R(0), R(0)
trace = []
for step in range(STEPS):
    if step == ON:
        current = gL * R("0.02") * area[0]
    if step % 40 == 0:
        trace.append([float(v[0]), float(v[CHANNEL])])
    inf = 1 / (1 + np.exp((va - v[CHANNEL]) / ka))
    m = inf + (m - inf) * np.exp(-DT / tau)
    ground = (Cm / DT + gL + channel * m) * area
    source = (Cm / DT * v + gL * EL + channel * m * ENa) * area
    source[0] += current
    share, value = np.zeros(COUNT + 1, R), np.zeros(COUNT + 1, R)
    for row in range(COUNT, 0, -1):
        total = ground[row] + joint[row]
        share[row], value[row] = joint[row] / total, source[row] / total
        ground[row - 1] += ground[row] * share[row]
        source[row - 1] += source[row] * share[row]
    v = v.copy()
    v[0] = source[0] / ground[0]
    for row in range(1, COUNT + 1):
        v[row] = value[row] + share[row] * v[row - 1]
TARGET.write_text(json.dumps({"every_ms": 1, "v": trace}, separators=(",", ":")) + "\n")

"""Brian 2's cable equation solved with numbers of 80 bits: the same system of equations, of the same doubles, without the digits that Brian 2 loses.

Brian 2 solves each section alone, with potentials of 0 and 1 at its ends, and joins the sections by differences of these solutions. At a soma, whose half
conductances are those of a metre of cytoplasm, the differences are of numbers that agree in nine digits. Here the compartments and the points where
sections meet are one tree, and are eliminated from its tips to its root, where only positive conductances are added. Everything else of a step, such as
channels, `gtot__private`, `I0__private` and `Ic`, stays Brian 2's own code.

    with exact_cable():
        network.run(10*ms)

Needs an x86 processor, whose `numpy.longdouble` has 64 bits of mantissa.
"""
from contextlib import contextmanager

import numpy as np
from brian2.codegen.runtime.numpy_rt import NumpyCodeObject
from jinja2 import ChoiceLoader, DictLoader

NAME = "spatialstateupdate.py_"
R = np.longdouble


def solve(v, gtot, I0, Cm, Ri, area, r_length_1, r_length_2, dt, starts, ends, parents):
    """The potentials behind a step of implicit Euler, as doubles; `parents` are numbers of sections, counted from 1, 0 for the first one's."""
    count = len(v)
    long = lambda values: [R(x) for x in np.broadcast_to(np.asarray(values, dtype=float), (count,))]
    v, gtot, I0, Cm, area, first_half, second_half = map(long, (v, gtot, I0, Cm, area, r_length_1, r_length_2))
    Ri, dt = R(np.asarray(Ri).ravel()[0]), R(np.asarray(dt).ravel()[0])
    # Rows are compartments and, behind them, the end of each section, which has no membrane.
    ground = [(Cm[k] / dt + gtot[k]) * area[k] for k in range(count)] + [R(0)] * len(starts)
    source = [(Cm[k] / dt * v[k] + I0[k]) * area[k] for k in range(count)] + [R(0)] * len(starts)
    order, parent, joint = [], [-1] * len(ground), [R(0)] * len(ground)
    for section, (start, end) in enumerate(zip(starts, ends)):
        for row in range(start, end):
            if row > start:
                parent[row], joint[row] = row - 1, 1 / (Ri / second_half[row - 1] + Ri / first_half[row])
            elif section > 0:
                parent[row], joint[row] = count + parents[section] - 1, first_half[row] / Ri
        order += [*range(start, end), count + section]
        parent[count + section], joint[count + section] = end - 1, second_half[end - 1] / Ri
    share, value = [R(0)] * len(ground), [R(0)] * len(ground)
    for row in reversed(order[1:]):
        total = ground[row] + joint[row]
        share[row], value[row] = joint[row] / total, source[row] / total
        ground[parent[row]] += ground[row] * share[row]
        source[parent[row]] += source[row] * share[row]
    potential = [R(0)] * len(ground)
    root = order[0]
    potential[root] = source[root] / ground[root]
    for row in order[1:]:
        potential[row] = value[row] + share[row] * potential[parent[row]]
    return np.array([float(x) for x in potential[:count]])


def template(text):
    """Brian 2's template with another solution in it: from where the old potential is kept to where `Ic` is made."""
    begin, end = text.index("# Particular solution"), text.index("{{Ic}}[:] =")
    call = """from exact_cable import solve as _solve
{{v}}[:] = _solve({{v}}, _gtot, _I0, {{Cm}}, {{Ri}}, {{area}}, {{r_length_1}}, {{r_length_2}}, {{dt}},
                  {{_starts}}, {{_ends}}, {{_morph_parent_i}})

"""
    return text[:begin] + call + text[end:]


@contextmanager
def exact_cable():
    """What is run inside is solved exactly."""
    templater = NumpyCodeObject.templater
    usual = templater.env.loader

    def use(loader):
        templater.env.loader = loader
        templater.env.cache.clear()
        templater.templates._templates.pop(NAME.removesuffix(templater.extension), None)

    use(ChoiceLoader([DictLoader({NAME: template(usual.get_source(templater.env, NAME)[0])}), usual]))
    try:
        yield
    finally:
        use(usual)

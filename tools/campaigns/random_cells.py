"""Neurons with a shape made by chance: their equations, channels, currents, thresholds and first values."""
import re

from random_trees import Tree


class Cell:
    """What the rest of a model must know of a neuron with a shape."""

    def __init__(self, tree, names, spikes, is_linked):
        self.tree, self.names, self.spikes, self.is_linked = tree, names, spikes, is_linked


class CellMaker:
    """What makes neurons with a shape, for a `random_models.Model`."""

    def mV(self, low, high):
        return self.number_in(low, high, 3) + "*mV"

    # --------------------------------------------------------------------------------------------------------- cells

    def cell(self, name):
        tree = Tree(self.r, name)
        self.files.update(tree.files)
        item = {"kind": "SpatialNeuron", "name": name, "morphology": tree.node}
        names, lines, membrane, initial = set(), [], ["gL*(EL - v)"], {}
        spikes = self.chance(0.75)
        # Whether each compartment that reaches the threshold falls back.
        self.falls = spikes and self.chance(0.4)
        self.drive(tree, names, lines, membrane, initial)
        self.channels(tree, names, lines, membrane, initial)
        self.point_currents(tree, names, lines, initial)
        if self.groups and self.chance(0.3):
            self.linked_input(tree, item, names, lines)
        limit = self.r.uniform(8, 16)
        threshold = "EL + %s" % self.mV(limit, limit + 1)
        if self.chance(0.3):
            lines.append("cnt : integer")
            names.add("cnt")
        if self.chance(0.3):
            lines.append(self.pick(["above = v > %s : boolean" % threshold, "level = 100*(v - EL)/mV : integer", "place = distance/area : 1/meter",
                                    "tip = i*int(v > EL) : 1"]))
            names.add(lines[-1].split()[0])
        if spikes:
            self.spike(tree, item, names, lines, initial, threshold)
        lines.insert(0, "Im = %s : amp/meter**2" % " + ".join(membrane))
        item["model"] = "\n".join(lines) + "\n"
        if any(line.startswith("d") and "/dt" in line for line in lines):
            gated = names & {"m", "h", "nk"}
            method = self.pick(["exponential_euler", "exponential_euler", "euler", "rk2", "rk4", "heun", None] + ([] if gated else ["exact", "exact"]))
            if method:
                item["method"] = method
            if method not in ("euler", "rk2", "rk4", "heun"):
                # See LEFT_OUT in random_shapes.py.
                item["model"] = re.sub(r"0\.1/exprel\(-\((.*?)\)/\(10\*mV\)\)", r"0.1*exp((\1)/(20*mV))", item["model"])
        if self.chance(0.6):
            item["Cm"] = self.number_in(0.6, 1.6, 2) + " uF/cm**2"
        if self.chance(0.6):
            item["Ri"] = self.number_in(60, 250, 1) + " ohm*cm"
        item["initial"] = {"v": self.pick(["EL", "EL + i*0.31*mV", "EL + %s*sin(distance/(17*um))" % self.mV(1, 4), self.number_in(-72, -60) + " mV"]), **initial}
        self.regional(tree, item["initial"])
        if self.chance(0.35):
            item["dt"] = self.some_dt()
        self.clock_of[name] = item.get("dt", self.dt)
        self.custom_event(item, names)
        if self.chance(0.4):
            code = {"code": self.pick(["v += %s*int(i < 3)" % self.mV(0.05, 0.4), "v += %s*exp(-distance/(30*um))" % self.mV(0.05, 0.4), "v = EL + (v - EL)*0.99"]
                                      + (["I = 0.004*nA*sin(t/(1.7*ms))*int(i == 1)"] if "I" in names else []) + (["cnt += int(v > EL)"] if "cnt" in names else [])
                                      + (["J += 0.3*pA; v -= 0.01*mV"] if "J" in names else []))}
            if self.chance(0.6):
                code["dt"] = self.some_dt()
            if self.chance(0.4):
                code["when"] = self.pick(["start", "before_groups", "after_groups", "end", "before_resets"])
            item["run_regularly"] = code
        self.objects.append(item)
        self.sizes[name] = tree.count
        self.variables[name] = names
        self.cells[name] = Cell(tree, names, spikes, "link" in item)
        if self.chance(0.15):
            self.objects.append({"kind": "Subgroup", "name": "part_" + name, "of": name + tree.part().text})

    def drive(self, tree, names, lines, membrane, initial):
        strong = self.number_in(4, 11)
        kind = self.pick(["formula", "formula", "parameter", "wave"] + ["array"] * 2 * self.has_stimulus)
        formula = {
            "formula": "%s*uA/cm**2*exp(-distance/(%s*um))" % (strong, self.number_in(30, 120)),
            "parameter": None,
            "wave": "%s*uA/cm**2*(1 + 0.2*sin(t/(2.3*ms)) + 0.01*i)" % strong,
            "array": "stim(t)*2*uA/cm**2",
        }[kind]
        if formula:
            lines.append("drive = %s : amp/meter**2" % formula)
        else:
            lines.append("drive : amp/meter**2" + self.pick(["", " (constant)"]))
            initial["drive"] = "%s*uA/cm**2" % strong
            initial[self.inside(tree) + "drive"] = self.pick(["0.5*uA/cm**2*(1 + i)", "%s uA/cm**2" % self.number_in(3, 8)])
        names.add("drive")
        membrane.append("drive")
        if self.chance(0.25):
            lines.append("slow = %s*uA/cm**2*%s : amp/meter**2 (constant over dt)" % (
                self.number_in(0.3, 1.5), self.pick(["sin(v/(9*mV))", "int(v > EL)", "(v - EL)/(10*mV)"])))
            names.add("slow")
            membrane.append("slow")
        if self.chance(0.2):
            lines.append("E2 : volt (shared)")
            initial["E2"] = self.number_in(-80, -50) + " mV"
            membrane.append("0.2*gL*(E2 - v)")

    def channels(self, tree, names, lines, membrane, initial):
        """Gating variables, instantaneous channels, and what is not linear in `v`."""
        def conductance(name, low, high):
            lines.append("%s : siemens/meter**2%s" % (name, self.pick(["", " (constant)"])))
            for place in range(self.pick([1, 1, 2])):
                initial[self.inside(tree) + name] = self.pick(
                    ["%s msiemens/cm**2" % self.number_in(low, high), "%s*msiemens/cm**2*exp(-distance/(40*um))" % self.number_in(low, high)])

        if self.chance(0.45):
            conductance("gx", 0.3, 4)
            power = self.pick(["m**3*h", "m", "m**2"])
            lines.append("dm/dt = (m_inf - m)/(%s) : 1" % self.time(0.2, 1))
            lines.append("m_inf = 1/(1 + exp(-(v + %s)/(%s))) : 1" % (self.mV(35, 45), self.mV(4, 8)))
            names |= {"m", "m_inf"}
            if "h" in power:
                lines.append("dh/dt = (1/(1 + exp((v + %s)/(%s))) - h)/(%s) : 1" % (self.mV(50, 60), self.mV(5, 8), self.time(2, 6)))
                initial["h"] = self.number_in(0.3, 0.9)
                names.add("h")
            membrane.append("gx*%s*(ENa - v)" % power)
        if self.chance(0.35):
            conductance("gk", 0.3, 3)
            lines.append("dnk/dt = alpha*(1 - nk) - beta*nk : 1")
            lines.append("alpha = 0.1/exprel(-(v + %s)/(10*mV))/ms : Hz" % self.mV(45, 55))
            lines.append("beta = 0.125*exp(-(v - EL)/(80*mV))/ms : Hz")
            initial["nk"] = self.pick([self.number_in(0.2, 0.5), "0.1 + 0.02*i"])
            names |= {"nk", "alpha"}
            membrane.append("gk*nk**%s*(EK - v)" % self.pick(["4", "2"]))
        # What grows without bound needs a reset.
        kind = self.pick(["none", "none", "instant", "square"] + ["exponential"] * 2 * self.falls)
        if kind == "instant":
            conductance("gp", 0.05, 0.6)
            membrane.append("gp/(1 + exp(-(v + %s)/(%s)))*(ENa - v)" % (self.mV(40, 50), self.mV(4, 8)))
        elif kind == "square":
            membrane.append("%s*msiemens/cm**2/volt*(v - EL)**2" % self.number_in(0.3, 1.2))
        elif kind == "exponential":
            membrane.append("gL*%s*exp((v - EL - %s)/(%s))" % (self.mV(1, 3), self.mV(12, 18), self.mV(5, 8)))

    def inside(self, tree):
        """A part in front of a variable, as `initial` of the neuron itself names it: `axon.`, `[2:4].`."""
        return tree.part().text.removeprefix(".") + "."

    def point_currents(self, tree, names, lines, initial):
        if self.chance(0.5):
            lines.append("I : amp (point current)")
            place = tree.place()[0].removeprefix(".")
            initial[place + ".I"] = self.pick(["%s nA", "%s*nA*(1 + 0.1*i)"]) % self.number_in(0.005, 0.03)
            names.add("I")
        if self.chance(0.6):
            lines.append("Is = gs*(%s - v) : amp (point current)" % self.pick(["0*mV", "EK", "ENa"]))
            lines.append("dgs/dt = -gs/(%s) : siemens" % self.time(1, 5))
            names |= {"gs", "Is"}
        if self.chance(0.35):
            lines.append("dJ/dt = -J/(%s) : amp (point current)" % self.time(1, 6))
            names.add("J")
            if self.chance(0.5):
                initial[self.inside(tree) + "J"] = "%s*pA" % self.number_in(1, 10)
        if self.chance(0.4):
            lines.append("Ig : amp (point current)")
            names.add("Ig")
        if self.chance(0.25):
            lines += ["gsum : siemens", "Isum = gsum*(ENa - v) : amp (point current)"]
            names |= {"gsum", "Isum"}

    def linked_input(self, tree, item, names, lines):
        source = self.pick(self.groups)
        link = {"to": "%s.v" % source}
        if self.sizes[source] not in (1, tree.count) or self.chance(0.3):
            link["index"] = [str(self.r.randrange(self.sizes[source])) for _ in range(tree.count)]
        lines.append("lk : 1 (linked)")
        lines.append(self.pick(["Il = lk*%s*pA : amp (point current)" % self.number_in(0.5, 3), "Il = lk*%s*uA/cm**2 : amp/meter**2" % self.number_in(0.5, 3)]))
        if "point" not in lines[-1]:
            lines.append("Ilk = Il*area : amp (point current)")
        names |= {"Il"}
        item["link"] = {"lk": link}
        if self.cells and self.chance(0.5):
            other = self.pick(sorted(self.cells))
            lines += ["vo : volt (linked)", "Io = %se-3*nS*(vo - v) : amp (point current)" % self.number_in(5, 60)]
            names.add("Io")
            count = self.cells[other].tree.count
            item["link"]["vo"] = {"to": "%s.v" % other, "index": [str(self.r.randrange(count)) for _ in range(tree.count)]}

    def spike(self, tree, item, names, lines, initial, threshold):
        item["threshold"] = self.pick(["v > %s" % threshold, "v > %s + 0.013*i*mV" % threshold, "v > %s and t > 0.35*ms" % threshold]
                                      + (["m > %s" % self.number_in(0.2, 0.6)] if "m" in names and not self.falls else []))
        place = not self.falls and self.chance(0.5)
        if place:
            text, number = tree.place()
            item["threshold_location"] = self.pick([str(number), text.removeprefix(".")] if text.startswith(".") else [str(number)])
        reset = []
        if self.falls or self.chance(0.4):
            reset.append(self.pick(["v = EL", "v = EL - 2*mV", "v -= 9.7*mV"]))
        if "cnt" in names:
            reset.append(self.pick(["cnt += 1", "cnt = (cnt + 2) % 7"]))
        if "J" in names and self.chance(0.5):
            reset.append(self.pick(["J -= %s*pA" % self.number_in(0.5, 4), "J *= 0.7"]))
        if "gs" in names and self.chance(0.3):
            reset.append("gs *= 0.4")
        refractory = self.pick(["1.13 ms", "ref", "%s + 0.11*i*ms" % self.time(0.5, 2), "v > %s - 3*mV" % threshold] * (not self.falls)
                               + ["1.13 ms"] + [None, None] * (self.falls or place))
        if refractory:
            item["refractory"] = refractory
        if refractory == "ref":
            lines.append("ref : second")
            initial["ref"] = "(%s + 0.11*i)*ms" % self.number_in(0.5, 2)
        if refractory and self.chance(0.5):
            names |= {"not_refractory"}
        if reset:
            item["reset"] = "; ".join(reset)

    def regional(self, tree, initial):
        """Values of parts, by a condition and by distance."""
        if self.chance(0.5):
            initial[self.inside(tree) + "v"] = self.pick(["EL + %s" % self.mV(1, 5), "EL + 0.7*i*mV", "%s mV" % self.number_in(-66, -60)])
        if self.chance(0.3):
            condition = self.pick(["i > 2", "distance > 20.5*um", "i % 2 == 0", "v > EL and diameter < 2*um"])
            initial["v['%s']" % condition] = self.pick(["EL + %s" % self.mV(1, 4), "v + 1.1*mV"])
        if self.chance(0.35):
            initial[self.pick(["Cm", self.inside(tree) + "Cm"])] = self.pick(["1.3 uF/cm**2", "(0.9 + 0.05*i)*uF/cm**2", "1*uF/cm**2*(1 + distance/(100*um))"])
        if self.chance(0.1):
            initial["Ri"] = "%s ohm*cm" % self.number_in(70, 200)

    def custom_event(self, item, names):
        if not self.chance(0.25):
            return
        item["events"] = {"high": "v > EL + %s" % self.mV(4, 9)}
        if self.chance(0.6):
            item["run_on_event"] = {"high": self.pick(["v -= 0.05*mV"] + ["J += 0.02*pA"] * ("J" in names) + ["cnt += 1"] * ("cnt" in names))}

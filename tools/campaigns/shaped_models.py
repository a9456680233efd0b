"""Random models with neurons that have a shape, beside the point neurons, generators, links and sums of `random_models.Model`."""
import random

from random_cells import CellMaker
from random_models import Model


class ShapedModel(CellMaker, Model):
    """Model number k with at least one neuron with a shape; made from k alone."""

    def __init__(self, number):
        self.r = random.Random(7_000_003 * number + 29)
        self.number = number
        self.objects, self.groups, self.spiking, self.synapses, self.monitors = [], [], [], [], []
        self.sizes, self.variables, self.clock_of = {}, {}, {}
        self.fixed = set()
        self.cells, self.files = {}, {}
        self.dt = self.pick(["0.1 ms"] * 4 + ["0.2 ms", "0.05 ms"])
        self.constants = {"gL": self.number_in(1, 4, 2) + "e-4 siemens/cm**2", "EL": self.number_in(-75, -62, 2) + " mV", "ENa": "52.5 mV", "EK": "-88.5 mV"}
        self.has_stimulus = self.chance(0.3)
        if self.has_stimulus:
            self.objects.append({"kind": "TimedArray", "name": "stim", "values": [self.number_in(0, 6) for _ in range(self.r.randint(3, 9))],
                                 "dt": self.pick(["1.5 ms", "2 ms", "4 ms"])})
        for k in range(self.pick([0, 1, 1, 2])):
            self.group("G%d" % k)
        if self.chance(0.6):
            self.generator("gen")
        for k in range(self.pick([1, 1, 2])):
            self.cell("cell%d" % k)
        if self.groups and self.chance(0.25):
            self.link()
        if self.chance(0.4):
            self.link_of_cell()
        if self.groups and self.chance(0.4):
            self.connection("S0")
        for k in range(self.pick([0, 1, 1, 2, 2, 3])):
            self.cell_connection("C%d" % k)
        for k in range(self.pick([0, 0, 1, 1, 2])):
            self.sum_of_cells("D%d" % k)
        self.recordings()
        self.cell_recordings()
        self.steps_of_cells()

    @property
    def file(self):
        return {"name": "shape%d" % self.number, "dt": self.dt, "constants": self.constants, "objects": self.objects, "run": self.run}

    def link_of_cell(self):
        """Point neurons that look at compartments."""
        cell = self.pick(sorted(self.cells))
        size, count = self.pick([1, 2, 4]), self.cells[cell].tree.count
        lines = ["cv : volt (linked)", "acc : 1", "twice = 2*(cv - EL)/mV + i : 1", "drate/dt = ((cv - EL)/(6*mV) - rate)/(%s) : 1" % self.time(2, 6)]
        item = {"kind": "NeuronGroup", "name": "look", "N": str(size), "model": "\n".join(lines) + "\n", "method": self.pick(["euler", "rk2"]),
                "link": {"cv": {"to": cell + ".v", "index": [str(self.r.randrange(count)) for _ in range(size)]}},
                "run_regularly": {"code": "acc += %s*twice" % self.number_in(0.01, 0.05), "when": self.pick(["start", "end", "after_groups"])}}
        if self.chance(0.3):
            item["dt"] = self.some_dt()
        if self.chance(0.7):
            item.update(threshold="rate > %s" % self.number_in(0.6, 1.2), reset="rate = 0; acc -= 1")
            self.spiking.append("look")
        self.objects.append(item)
        self.sizes["look"] = size
        self.variables["look"] = {"acc", "rate", "twice"}
        self.clock_of["look"] = item.get("dt", self.dt)

    # ------------------------------------------------------------------------------------------------------- synapses

    def end(self, name):
        """A whole group or a part of it, as text, with its number of elements."""
        if name in self.cells:
            if self.chance(0.4):
                return name, self.sizes[name]
            part = self.cells[name].tree.part()
            return name + part.text, part.size
        return self.part(name)

    def part(self, name):
        # Brian 2 makes no part of a group with a variable that is linked by an index.
        return (name, self.sizes[name]) if name in ("look", "L") else super().part(name)

    def pairs(self, source_size, target_size, few=40):
        """Connections that are not more than a few."""
        kind = self.pick(["all", "condition", "arrays", "generator"])
        if kind == "all" and source_size * target_size <= few:
            return "true"
        if kind == "condition":
            return {"condition": self.pick(["i == j", "abs(i - j) < 2", "j < 2 and i < 5", "i == 2*j"])}
        if kind == "generator":
            return {"j": "k for k in range(i, i + 2)", "skip_if_invalid": "true"}
        chosen = [(self.r.randrange(source_size), self.r.randrange(target_size)) for _ in range(self.r.randint(1, 8))]
        return {"i": [str(a) for a, _ in chosen], "j": [str(b) for _, b in chosen]}

    def cell_connection(self, name):
        """Synapses that begin or end at a compartment."""
        firing = [c for c in sorted(self.cells) if self.cells[c].spikes]
        sources = sorted(set(self.spiking) | set(firing))
        if not sources:
            return
        source_name = self.pick(sources)
        inner = sorted(self.cells) if source_name not in self.cells or self.chance(0.6) or not self.groups else self.groups
        target_name = self.pick(inner)
        (source, source_size), (target, target_size) = self.end(source_name), self.end(target_name)
        item = {"kind": "Synapses", "name": name, "source": source, "target": target}
        is_cell, names = target_name in self.cells, self.variables[target_name]
        if is_cell:
            into = self.pick(["v"] + ["gs"] * 4 * ("gs" in names) + ["J"] * 2 * ("J" in names))
            unit = {"v": "mV", "gs": "nS", "J": "pA"}[into]
            own_unit = {"v": "volt", "gs": "siemens", "J": "amp"}[into]
            low, high = {"v": (0.1, 0.8), "gs": (0.02, 0.4), "J": (0.5, 4)}[into]
        else:
            into, unit, own_unit, low, high = self.pick(["v"] + ["g"] * ("g" in names)), "1", "1", 0.01, 0.1
        amount = lambda: "%s*%s" % (self.number_in(low, high), unit)
        lines, initial, pre, post, own = [], {}, [], [], set()
        mode = self.pick(["plain", "weight", "weight", "stdp", "trace", "clock"])
        if mode == "plain":
            pre.append("%s_post += %s" % (into, amount()))
        else:
            lines.append("w : " + own_unit)
            own.add("w")
            initial["w"] = self.pick(["%s*(1 + 0.1*i + 0.03*j)" % amount()] + ["%s*exp(-distance_post/(50*um))" % amount()] * is_cell)
            pre.append("%s_post += w" % into)
        if mode == "stdp":
            lines += ["dxs/dt = -xs/(%s) : 1 (event-driven)" % self.time(5, 20), "dys/dt = -ys/(%s) : 1 (event-driven)" % self.time(5, 20)]
            pre += ["xs += %s" % self.number_in(0.01, 0.1), "w = clip(w - ys*%s, 0*%s, %s*%s)" % (amount(), unit, 2 * high, unit)]
            post += ["ys += %s" % self.number_in(0.01, 0.1), "w = clip(w + xs*%s, 0*%s, %s*%s)" % (amount(), unit, 2 * high, unit)]
            own |= {"xs", "ys"}
        elif mode == "trace":
            lines.append("du/dt = (%s - u)/(%s) : 1 (event-driven)" % (self.number_in(0.2, 0.8), self.time(10, 40)))
            pre = ["%s_post += w*u" % into, "u -= %s*u" % self.number_in(0.1, 0.5)]
            initial["u"] = self.number_in(0.2, 0.9)
            own.add("u")
        elif mode == "clock":
            lines.append("ds/dt = -s/(%s) : 1 (clock-driven)" % self.time(2, 9))
            pre.append("s += %s" % self.number_in(0.1, 0.5))
            item["method"] = self.pick(["euler", "exact", "rk2"])
            own.add("s")
            if "gsum" in names and ("gsum", target_name) not in self.fixed:
                self.fixed.add(("gsum", target_name))
                lines.append("gsum_post = s*%s*nS : siemens (summed)" % self.number_in(0.02, 0.2))
        if self.chance(0.25):
            lines.append("far = %s : meter" % self.pick(["distance_post"] * is_cell + ["distance_pre"] * (source_name in self.cells) + ["i*1*um"]))
            own.add("far")
        if lines:
            item["model"] = "\n".join(lines) + "\n"
        item["on_pre"] = "; ".join(pre)
        can_post = target_name in self.spiking or is_cell and self.cells[target_name].spikes
        if post and can_post:
            item["on_post"] = "; ".join(post)
        if self.chance(0.2):
            item["on_pre"] = {"pre": item["on_pre"], "late": "%s_post += %s" % (into, amount())}
            item["delay"] = {"late": "%s ms" % self.pick([0.4, 1.2, 2.6])}
        elif self.chance(0.3):
            item["delay"] = "%s ms" % self.pick([0.2, 0.6, 1, 1.4, 3])
        elif self.chance(0.4):
            initial["delay"] = "(%s + %s*j)*ms" % (self.pick(["0.2", "1.0"]), self.pick(["0.2", "0.6"]))
        item["connect"] = self.pairs(source_size, target_size)
        if "model" in item and self.chance(0.2):
            item["dt"] = self.some_dt()
        if initial:
            item["initial"] = initial
        if "w" in own and self.chance(0.2):
            item["run_regularly"] = {"code": self.pick(["w *= 0.995", "w = clip(w, 0*%s, %s*%s)" % (unit, high, unit)]), "dt": self.some_dt()}
        if len({self.clock_of[source_name], self.clock_of[target_name], item.get("dt", self.dt)}) > 1 and "model" in item:
            item["model"] = item["model"].replace("(event-driven)", "(clock-driven)")
        self.objects.append(item)
        self.synapses.append((name, own, source_size, target_size))

    def sum_of_cells(self, name):
        """Gap junctions and other sums: between compartments, and with point neurons."""
        ends = []
        for target in sorted(self.cells):
            if "Ig" in self.variables[target] and ("Ig", target) not in self.fixed:
                ends += [(source, target, "Ig") for source in sorted(self.cells)] + [(source, target, "Ig") for source in self.groups]
        ends += [(source, target, "total") for source in sorted(self.cells) for target in self.groups
                 if "total" in self.variables[target] and ("total", target) not in self.fixed]
        if not ends:
            return
        source_name, target_name, variable = self.pick(ends)
        self.fixed.add((variable, target_name))
        (source, source_size), (target, target_size) = self.end(source_name), self.end(target_name)
        weight = self.chance(0.5)
        factor = self.number_in(5, 70)
        if variable == "total":
            formula, unit = "%s(v_pre - EL)/(100*mV)" % ("w*" * weight), "1"
        elif source_name in self.cells:
            formula, unit = "%s%se-3*nS*(v_pre - v_post)" % ("w*" * weight, factor), "amp"
        else:
            formula, unit = "%s%s*pA*v_pre" % ("w*" * weight, self.number_in(0.3, 2)), "amp"
        item = {"kind": "Synapses", "name": name, "source": source, "target": target,
                "model": ("w : 1\n" if weight else "") + "%s_post = %s : %s (summed)\n" % (variable, formula, unit),
                "connect": self.pairs(source_size, target_size, 12)}
        if weight:
            item["initial"] = {"w": "0.5 + 0.02*i + 0.01*j"}
        if self.chance(0.25):
            item["dt"] = self.some_dt()
        self.objects.append(item)
        self.synapses.append((name, {"w"} if weight else set(), source_size, target_size))

    # ----------------------------------------------------------------------------------------------------- recordings

    def recordings(self):
        """Those of the point neurons; a cell has its own."""
        sizes, self.sizes = self.sizes, {name: size for name, size in self.sizes.items() if name not in self.cells}
        super().recordings()
        self.sizes = sizes
        # Of these two kinds of monitors the reference made one for each group of point neurons.
        self.objects = [o for o in self.objects if not (o["kind"] == "EventMonitor" and o["source"] in self.cells)]

    def cell_recordings(self):
        for name, cell in self.cells.items():
            tree = cell.tree
            for number in range(self.pick([1, 1, 2])):
                choices = sorted(cell.names) + ["Im", "Ic", "v", "time_constant", "Cm"] + ["x"] * tree.has_places
                wanted = sorted({"v", "Im"} | {v for v in choices if self.chance(0.5)}) if number == 0 else ["v"]
                record = self.pick(["true", "numbers", "part", "range"])
                monitor = {"kind": "StateMonitor", "name": "m%s_%d" % (name, number), "source": name, "variables": wanted, "record": "true"}
                if record == "numbers":
                    monitor["record"] = [str(k) for k in sorted(self.r.sample(range(tree.count), min(2, tree.count)))]
                elif record == "part" and not cell.is_linked:
                    monitor["record"] = name + tree.part().text
                elif record == "range" and tree.count > 3:
                    monitor["record"] = "1:3"
                if self.chance(0.2):
                    monitor.update(source=name + tree.part().text, record="true")
                    if cell.is_linked:
                        # Brian 2 cannot look at linked variables by a part of a neuron.
                        monitor["variables"] = ["v"]
                if self.chance(0.5):
                    monitor["dt"] = self.some_dt()
                if self.chance(0.5):
                    monitor["when"] = self.pick(["start", "end", "after_resets", "thresholds", "before_synapses"])
                self.objects.append(monitor)
            if any(o["name"] == "part_" + name for o in self.objects):
                self.objects.append({"kind": "StateMonitor", "name": "mpart_" + name, "source": "part_" + name, "variables": ["v"], "record": "true"})
            if cell.spikes:
                source, _ = self.end(name)
                monitor = {"kind": "SpikeMonitor", "name": "s" + name, "source": source}
                if self.chance(0.5):
                    monitor["variables"] = sorted({"v"} | cell.names & {"cnt", "m", "gs", "drive", "above", "level"})
                self.objects.append(monitor)
                if self.chance(0.25):
                    self.objects.append({"kind": "PopulationRateMonitor", "name": "r" + name, "source": self.end(name)[0]})
            if any(o["name"] == name and "events" in o for o in self.objects):
                self.objects.append({"kind": "EventMonitor", "name": "e" + name, "source": name, "event": "high"})

    # ---------------------------------------------------------------------------------------------------------- steps

    def steps_of_cells(self):
        length = lambda: "%s ms" % self.pick([6, 9.5, 12, 18])
        name = self.pick(sorted(self.cells))
        cell = self.cells[name]
        run = [{"run": length()}]
        kind = self.pick(["one", "two", "set", "set", "restore", "restore", "dt", "active", "membrane"])
        if kind == "two":
            run.append({"run": length()})
        elif kind == "set":
            # Brian 2 makes no part of a neuron after a variable of it was linked.
            target = name + ("" if cell.is_linked else cell.tree.part().text)
            values = {"%s.v" % target: self.pick(["-63.3 mV", "EL + 0.3*i*mV", "v + 1.7*mV"])}
            if "I" in cell.names and not cell.is_linked:
                values["%s.I" % name] = "0 nA"
                values["%s%s.I" % (name, cell.tree.place()[0])] = "%s nA" % self.number_in(0.002, 0.02)
            run += [{"set": values}, {"run": length()}]
        elif kind == "restore" and not cell.is_linked:
            run += [{"store": "a"}, {"run": length()}, {"restore": "a"}, {"set": {"%s%s.v" % (name, cell.tree.part().text): "EL + 2.9*mV"}}, {"run": length()}]
        elif kind == "dt" and self.dt == "0.1 ms":
            mixed = any("event-driven" in o.get("model", "") for o in self.objects) and any("dt" in o for o in self.objects)
            run = run if mixed else [{"run": "6 ms"}, {"dt": "0.05 ms"}, {"run": "6 ms"}]
        elif kind == "active" and any("run_regularly" in o for o in self.objects):
            item = self.pick([o for o in self.objects if "run_regularly" in o])
            item["run_regularly"]["name"] = "op_" + item["name"]
            run += [{"active": {"op_" + item["name"]: "false"}}, {"run": length()}]
        elif kind == "membrane":
            run += [{"set": {"%s%s.Cm" % (name, self.pick([""] + [cell.tree.part().text] * (not cell.is_linked))): "1.7 uF/cm**2"}}, {"run": length()}]
        self.run = run

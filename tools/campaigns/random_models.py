"""Random models without chance, run by Engram and by Brian 2, and compared: events equal in cell and step, traces and final
values within 1e-9 of their scale.

    python tools/campaigns/random_models.py [--count 200] [--first 0] [--engram .build/release/engram] [--keep DIR]
    python tools/campaigns/random_models.py --write fixtures/reference/random 3 17 26   # the smoke version, for the test suite

Model number k is the same everywhere: it is made from k alone. A difference is told with the number; `--keep` leaves the model
file there. Needs what tools/reference/requirements.txt names (Brian 2.9, with its numpy target).

What is left out because the two are known to differ, with reason, is said in `LEFT_OUT`.
"""
import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools/reference"))

LEFT_OUT = {
    "an integer formula of floats that other code reads": "Brian 2's numpy target does not cut it there, its C++ target and Engram do; recording cuts in all",
    "spikes that fall together when dt grows": "Brian 2 loses all but one of them (SYN-44)",
    "expressions assigned to refractory elements": "Brian 2 suppresses them, Engram writes them (REF-6)",
    "restores of parts of a checkpoint": "Brian 2 has none",
    "event-driven equations of synapses with another clock than the groups": "Brian 2 takes the time of the synapses' clock, which lags behind or "
        "is ahead of the spike; Engram takes the time of the spike (SYN-7)",
}


class Model:
    """One random model as a model file."""

    def __init__(self, number):
        self.r = random.Random(1_000_003 * number + 17)
        self.number = number
        # Texts of files that lie beside the model file, by name.
        self.files = {}
        self.objects, self.groups, self.spiking, self.synapses, self.monitors = [], [], [], [], []
        self.sizes, self.variables, self.clock_of = {}, {}, {}
        self.fixed = set()
        self.dt = self.pick(["0.1 ms"] * 4 + ["0.2 ms", "0.05 ms"])
        for k in range(self.r.choice([1, 2, 2, 3])):
            self.group("G%d" % k)
        if self.chance(0.5):
            self.generator("gen")
        if self.chance(0.35):
            self.link()
        for k in range(self.r.choice([0, 1, 1, 2, 2, 3])):
            self.connection("S%d" % k)
        self.recordings()
        self.steps()

    # ------------------------------------------------------------------------------------------------------- chance

    def chance(self, p):
        return self.r.random() < p

    def pick(self, options):
        return self.r.choice(options)

    def number_in(self, low, high, digits=4):
        """Odd numbers in the sense that nothing lands exactly on a threshold."""
        return repr(round(self.r.uniform(low, high), digits))

    def time(self, low, high):
        return "%s*ms" % self.number_in(low, high)

    def some_dt(self):
        return self.pick(["0.05 ms", "0.1 ms", "0.2 ms", "0.3 ms", "0.5 ms"])

    # ------------------------------------------------------------------------------------------------------- groups

    def group(self, name):
        size = self.pick([1, 2, 3, 4, 5, 7])
        lines, initial = [], {}
        item = {"kind": "NeuronGroup", "name": name, "N": str(size)}
        refractory = self.pick([None, None, "1.13 ms", "ref", "%s + 0.31*i*ms" % self.time(0.4, 1.2), "v > 0.6*vr"])
        unless = " (unless refractory)" if refractory and self.chance(0.6) else ""
        tau = self.pick([self.time(4, 15), "tau"])
        if tau == "tau":
            lines.append("tau : second (constant)" if self.chance(0.7) else "tau : second")
            initial["tau"] = "(%s + %s*i)*ms" % (self.number_in(4, 9), self.number_in(0.3, 1.3))
        drive = self.pick(["%s + %s*i" % (self.number_in(1.05, 1.4), self.number_in(0.02, 0.2)), "I", "shared_drive + %s*i" % self.number_in(0.02, 0.2)])
        if drive == "I":
            lines.append("I = %s + %s*i + %s*k1 : 1" % (self.number_in(1.05, 1.3), self.number_in(0.02, 0.1), self.number_in(0.01, 0.1)))
            lines.append("k1 = %s : 1" % self.pick(["i % 3", "int(i > 1)", "2*int(v > 0.5)", "i // 2", "-i"]))
        elif "shared_drive" in drive:
            lines.append("shared_drive : 1 (shared)")
            initial["shared_drive"] = self.number_in(1.05, 1.4)
        extra = ""
        if self.chance(0.5):
            lines.append("dg/dt = -g/(%s) : 1" % self.time(2, 8))
            extra = " + g"
        if self.chance(0.35):
            lines.append("total : 1")
            extra += " + %s*total" % self.number_in(0.05, 0.3)
        if self.chance(0.2) and size > 1:
            lines.append("inner = %s*%s : 1 (constant over dt)" % (self.number_in(0.05, 0.2), self.pick(["v**2", "int(v > 0.4)", "sin(v)"])))
            extra += " + inner"
        nonlinear = self.chance(0.25)
        body = "(%s%s - v%s)/(%s)" % (drive, extra, " + %s*v**2" % self.number_in(0.05, 0.3) if nonlinear else "", tau)
        lines.append("dv/dt = %s : 1%s" % (body, unless))
        if self.chance(0.4):
            lines.append("n : integer")
        if self.chance(0.3):
            lines.append("flag : boolean")
        if self.chance(0.4):
            lines.append("level = %s : integer" % self.pick(["%s*i" % self.number_in(1.1, 2.9), "7*v", "-3.7*v", "int(v > 0.3) + i", "i*i - 3"]))
        if self.chance(0.3):
            lines.append("above = v > %s : boolean" % self.number_in(0.2, 0.8))
        if refractory == "ref":
            lines.append("ref : second")
            initial["ref"] = "(%s + 0.21*i)*ms" % self.number_in(0.5, 2)
        lines.append("vr : 1 (shared)" if self.chance(0.5) else "vr : 1")
        initial["vr"] = self.number_in(-0.1, 0.2)
        names = {line.split()[0].removeprefix("d").split("/")[0] if line.startswith("d") and "/dt" in line else line.split()[0] for line in lines}
        method = self.pick(["euler", "rk2", "rk4", "exponential_euler"] + (["exact"] * 2 if not nonlinear and tau != "tau" and drive != "I" else []))
        if nonlinear and method == "exponential_euler":
            method = "rk4"
        if drive == "I" and method == "exponential_euler":
            method = "rk2"
        spikes = self.chance(0.85)
        if spikes:
            item["threshold"] = self.pick(["v > 1", "v > %s" % self.number_in(0.9, 1.02), "v > 1 + 0.013*i", "v >= 1 and t > 0.35*ms"])
            reset = ["v = vr"]
            if "n" in names:
                reset.append(self.pick(["n += 1", "n = n + 1", "n += 2", "n = (n + 3) % 5"]))
            if "flag" in names:
                reset.append("flag = not flag")
            if "g" in names and self.chance(0.4):
                reset.append("g *= %s" % self.number_in(0.3, 0.9))
            item["reset"] = "; ".join(reset)
            if refractory:
                item["refractory"] = refractory
        item["model"] = "\n".join(lines) + "\n"
        item["method"] = method
        initial["v"] = self.pick(["%s*i" % self.number_in(0.05, 0.2), self.number_in(0, 0.8), "%s/(1.0 + i)" % self.number_in(0.2, 0.9)])
        if "g" in names:
            initial["g"] = self.number_in(0, 0.5)
        if "n" in names and self.chance(0.5):
            initial["n"] = self.pick(["i", "3", "i % 2"])
        if "flag" in names and self.chance(0.5):
            initial["flag"] = self.pick(["i % 2 == 0", "true"])
        item["initial"] = initial
        if not spikes:
            item["model"] = item["model"].replace(" (unless refractory)", "")
        if self.chance(0.35):
            item["dt"] = self.some_dt()
        self.clock_of[name] = item.get("dt", self.dt)
        events = {}
        if self.chance(0.25):
            events["high"] = "v > %s" % self.number_in(0.3, 0.7)
            item["events"] = events
            if self.chance(0.6):
                item["run_on_event"] = {"high": self.pick(["g += 0.013" if "g" in names else "vr_ = 1", "n += 1" if "n" in names else "v += 0.003"]).replace("vr_ = 1", "v -= 0.002")}
        if self.chance(0.4):
            code = {"code": self.pick(["v += %s" % self.number_in(0.005, 0.05), "vr += 0.0013" if "vr : 1 (shared)" not in item["model"] else "v *= 1.01",
                                       "v = v*%s" % self.number_in(0.97, 1.02)] + (["n += int(v > 0.5)"] if "n" in names else [])
                                      + (["flag = v > 0.5 and not flag"] if "flag" in names else []))}
            if self.chance(0.6):
                code["dt"] = self.some_dt()
            if self.chance(0.4):
                code["when"] = self.pick(["start", "before_groups", "after_groups", "end", "before_resets"])
            item["run_regularly"] = code
        self.objects.append(item)
        self.groups.append(name)
        self.sizes[name] = size
        self.variables[name] = names | ({"lastspike", "not_refractory"} if spikes and refractory else set())
        if spikes:
            self.spiking.append(name)

    def generator(self, name):
        size = self.pick([1, 2, 3])
        count = self.r.randint(2, 12)
        pairs = set()
        while len(pairs) < count:
            pairs.add((self.r.randrange(size), self.r.randint(1, 150)))
        pairs = sorted(pairs, key=lambda p: (p[1], p[0]))
        item = {"kind": "SpikeGeneratorGroup", "name": name, "N": str(size), "indices": [str(i) for i, _ in pairs],
                "times": ["%s ms" % round(0.2 * t, 4) for _, t in pairs]}
        if self.chance(0.2):
            item["period"] = "30.2 ms"
        self.objects.append(item)
        self.sizes[name] = size
        self.variables[name] = set()
        self.spiking.append(name)
        self.clock_of[name] = self.dt

    def link(self):
        source = self.pick(self.groups)
        size = self.pick([1, 2, 4])
        name = "L"
        lines = ["lv : 1 (linked)", "acc : 1", "twice = 2*lv + i : 1"]
        link = {"to": "%s.v" % source}
        if self.sizes[source] != size and self.sizes[source] != 1:
            link["index"] = [str(self.r.randrange(self.sizes[source])) for _ in range(size)]
        elif self.chance(0.4):
            link["index"] = [str(self.r.randrange(self.sizes[source])) for _ in range(size)]
        item = {"kind": "NeuronGroup", "name": name, "N": str(size), "model": "\n".join(lines) + "\n", "link": {"lv": link},
                "run_regularly": {"code": "acc += %s*twice" % self.number_in(0.01, 0.05), "when": self.pick(["start", "end", "after_groups"])}}
        if self.chance(0.3):
            item["dt"] = self.some_dt()
        if self.chance(0.4):
            item["model"] += "dw/dt = (lv - w)/(%s) : 1\n" % self.time(3, 9)
            item["method"] = self.pick(["euler", "rk2"])
        self.objects.append(item)
        self.sizes[name] = size
        self.variables[name] = {"acc", "twice"} | ({"w"} if "dw/dt" in item["model"] else set())
        self.clock_of[name] = item.get("dt", self.dt)

    # ----------------------------------------------------------------------------------------------------- synapses

    def part(self, name):
        size = self.sizes[name]
        if name == "gen" or size < 3 or not self.chance(0.3):
            return name, size
        low = self.r.randrange(0, size - 1)
        high = self.r.randint(low + 1, size)
        return "%s[%d:%d]" % (name, low, high), high - low

    def connection(self, name):
        if not self.spiking:
            return
        source_name = self.pick(self.spiking)
        target_name = self.pick(self.groups)
        source, source_size = self.part(source_name)
        target, target_size = self.part(target_name)
        item = {"kind": "Synapses", "name": name, "source": source, "target": target}
        lines, initial, pre, post = [], {}, [], []
        into = self.pick(["v"] + (["g"] * 2 if "g" in self.variables[target_name] else []))
        mode = self.pick(["plain", "plain", "weight", "weight", "stdp", "trace", "clock"])
        own = {"w"}
        if mode == "plain":
            own = set()
            pre.append("%s_post += %s" % (into, self.number_in(0.01, 0.15)))
        else:
            lines.append("w : 1")
            initial["w"] = "%s + %s*i + %s*j" % (self.number_in(0.01, 0.1), self.number_in(0.001, 0.02), self.number_in(0.001, 0.02))
            pre.append("%s_post += w" % into)
        if mode == "stdp":
            lines += ["dx/dt = -x/(%s) : 1 (event-driven)" % self.time(5, 20), "dy/dt = -y/(%s) : 1 (event-driven)" % self.time(5, 20)]
            pre += ["x += %s" % self.number_in(0.01, 0.1), "w = clip(w - %s*y, 0, 0.3)" % self.number_in(0.02, 0.2)]
            post += ["y += %s" % self.number_in(0.01, 0.1), "w = clip(w + %s*x, 0, 0.3)" % self.number_in(0.02, 0.2)]
            own |= {"x", "y"}
        if mode == "trace":
            lines.append("du/dt = (%s - u)/(%s) : 1 (event-driven)" % (self.number_in(0.2, 0.8), self.time(10, 40)))
            pre = ["%s_post += w*u" % into, "u -= %s*u" % self.number_in(0.1, 0.5)]
            initial["u"] = self.number_in(0.2, 0.9)
            own.add("u")
        if mode == "clock":
            lines.append("ds/dt = -s/(%s) : 1 (clock-driven)" % self.time(2, 9))
            pre.append("s += %s" % self.number_in(0.1, 0.5))
            item["method"] = self.pick(["euler", "exact", "rk2"])
            own.add("s")
        if self.chance(0.3):
            lines.append("count : integer")
            pre.append("count += 1")
            own.add("count")
        if self.chance(0.25):
            formula = self.pick(["0.1*(i + 1)", "2*int(i > j)", "i - j"])
            lines.append("form = %s : 1" % formula)
            own.add("form")
            pre.append("v_post += 0.003*form")
        summed = "total" in self.variables[target_name] and ("total", target_name) not in self.fixed and source_name in self.groups and self.chance(0.6)
        if summed:
            self.fixed.add(("total", target_name))
            term = self.pick(["v_pre", "%s*(v_pre - v_post)" % self.number_in(0.5, 2), "v_pre*(1 + j)"] + (["w*v_pre"] if "w" in own else []) + (["s"] if "s" in own else []))
            lines.append("total_post = %s : 1 (summed)" % term)
        if lines:
            item["model"] = "\n".join(lines) + "\n"
        item["on_pre"] = "; ".join(pre)
        if post and target_name in self.spiking:
            item["on_post"] = "; ".join(post)
        elif self.chance(0.2) and target_name in self.spiking and "w" in own:
            item["on_post"] = "w *= %s" % self.number_in(0.97, 1.01)
        if self.chance(0.25):
            item["on_pre"] = {"pre": item["on_pre"], "late": self.pick(["v_post -= 0.0071", "v_post += 0.0043"])}
            item["delay"] = {"late": "%s ms" % self.pick([0.4, 1.2, 2.6])}
        elif self.chance(0.3):
            item["delay"] = "%s ms" % self.pick([0.2, 0.6, 1, 1.4, 3])
        elif self.chance(0.4):
            initial["delay"] = "(%s + %s*j)*ms" % (self.pick(["0.2", "1.0"]), self.pick(["0.2", "0.6"]))
        pairs = [(a, b) for a in range(source_size) for b in range(target_size)]
        kind = self.pick(["all", "condition", "arrays", "generator", "generator_range"])
        if kind == "all":
            item["connect"] = "true"
        elif kind == "condition":
            item["connect"] = {"condition": self.pick(["i != j", "(i + j) % 2 == 0", "i <= j", "j < 2", "abs(i - j) < 2"])}
            if self.chance(0.2):
                item["connect"]["n"] = "2"
        elif kind == "arrays":
            chosen = [self.pick(pairs) for _ in range(self.r.randint(1, 8))]
            item["connect"] = {"i": [str(a) for a, _ in chosen], "j": [str(b) for _, b in chosen]}
        elif kind == "generator":
            item["connect"] = {"j": self.pick(["k for k in range(N_post) if k != i", "k for k in range(0, N_post, 2)", "(i + k) %% N_post for k in range(%d)" % self.r.randint(1, 2)])}
        else:
            item["connect"] = {"j": "k for k in range(i - 1, i + 2)", "skip_if_invalid": "true"}
        if "model" in item and self.chance(0.2):
            item["dt"] = self.some_dt()
        if initial:
            item["initial"] = initial
        if "w" in own and self.chance(0.25):
            item["run_regularly"] = {"code": self.pick(["w *= 0.995", "w += 0.0003*i", "w = clip(w, 0, 0.25)"]), "dt": self.some_dt()}
        if len({self.clock_of[source_name], self.clock_of[target_name], item.get("dt", self.dt)}) > 1 and "model" in item:
            item["model"] = item["model"].replace("(event-driven)", "(clock-driven)")
        self.objects.append(item)
        self.synapses.append((name, own, source_size, target_size))

    # --------------------------------------------------------------------------------------------------- recordings

    def recordings(self):
        for name in [g for g in self.sizes if g != "gen"]:
            wanted = [v for v in sorted(self.variables[name]) if v not in ("tau", "ref", "shared_drive", "vr", "lastspike") and self.chance(0.8)]
            if wanted:
                monitor = {"kind": "StateMonitor", "name": "m" + name, "source": name, "variables": wanted, "record": "true"}
                if self.chance(0.5):
                    monitor["dt"] = self.some_dt()
                if self.chance(0.5):
                    monitor["when"] = self.pick(["start", "end", "after_resets", "thresholds", "before_synapses"])
                if self.sizes[name] > 2 and self.chance(0.4):
                    monitor["record"] = [str(k) for k in sorted(self.r.sample(range(self.sizes[name]), 2))]
                self.objects.append(monitor)
        for name in self.spiking:
            source, _ = self.part(name)
            monitor = {"kind": "SpikeMonitor", "name": "s" + name, "source": source}
            if name != "gen" and self.chance(0.5):
                known = sorted(v for v in self.variables[name] if v in ("v", "n", "g", "level", "above", "flag", "k1"))
                if known:
                    monitor["variables"] = known
            self.objects.append(monitor)
            if self.chance(0.25):
                self.objects.append({"kind": "PopulationRateMonitor", "name": "r" + name, "source": name})
        for item in list(self.objects):
            if item["kind"] == "NeuronGroup" and "events" in item:
                self.objects.append({"kind": "EventMonitor", "name": "e" + item["name"], "source": item["name"], "event": "high"})

    # -------------------------------------------------------------------------------------------------------- steps

    def steps(self):
        length = lambda: "%s ms" % self.pick([6, 9.5, 12, 18])
        kind = self.pick(["one", "one", "two", "set", "restore", "dt", "active"])
        run = [{"run": length()}]
        target = self.pick(self.groups)
        if kind == "two":
            run.append({"run": length()})
        elif kind == "set":
            run += [{"set": {"%s.v" % target: self.pick([self.number_in(0, 0.9), "%s*i" % self.number_in(0.05, 0.15)])}}, {"run": length()}]
            if self.variables[target] & {"lastspike"}:
                run[1] = {"set": {"%s.v" % target: self.number_in(0, 0.9)}}
        elif kind == "restore":
            run += [{"store": "a"}, {"run": length()}, {"restore": "a"}, {"run": length()}]
        elif kind == "dt":
            # Times must fit: both are multiples of the new step, which is shorter.
            mixed = any("event-driven" in o.get("model", "") for o in self.objects) and any("dt" in o for o in self.objects)
            run = [{"run": "6 ms"}, {"dt": "0.05 ms"}, {"run": "6 ms"}] if self.dt == "0.1 ms" and not mixed else run
        elif kind == "active" and any("run_regularly" in o for o in self.objects):
            item = self.pick([o for o in self.objects if "run_regularly" in o])
            item["run_regularly"]["name"] = "op_" + item["name"]
            run += [{"active": {"op_" + item["name"]: "false"}}, {"run": length()}]
        self.run = run

    @property
    def file(self):
        return {"name": "random%d" % self.number, "dt": self.dt, "objects": self.objects, "run": self.run}

    @property
    def text(self):
        import yaml

        class Dumper(yaml.SafeDumper):
            pass

        # Texts of several lines as blocks, as people write them.
        Dumper.add_representer(str, lambda d, t: d.represent_scalar("tag:yaml.org,2002:str", t, style="|" if "\n" in t else None))
        return yaml.dump(self.file, Dumper=Dumper, sort_keys=False, width=200)


# ------------------------------------------------------------------------------------------------------------- the two sides

def reference(text, known=None):
    """What Brian 2 makes of it, as deterministic.py records it; kept in the file `known` for the next time."""
    if known and known.exists():
        stored = json.loads(known.read_text())
        if stored["text"] == text:
            return stored["results"]
    import logging
    from deterministic import outcome
    from model_file import load
    logging.disable(logging.WARNING)
    experiment = load(text).run()
    results = {name: outcome(thing) for name, thing in experiment.objects.items()}
    results = {name: result for name, result in results.items() if result}
    if known:
        known.parent.mkdir(parents=True, exist_ok=True)
        known.write_text(json.dumps({"text": text, "results": results}))
    return results


def decoded(text):
    import base64
    import numpy as np
    return np.frombuffer(base64.b64decode(text), "<f8")


def ours(text, engram, folder):
    import h5py
    path = Path(folder) / "model.yaml"
    path.write_text(text)
    run = Path(folder) / "m.engram"
    for command in ([engram, "run", str(path), "--in", str(run), "--quiet"], [engram, "export", str(run), "-o", str(Path(folder) / "m.h5")]):
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        if done.returncode != 0:
            raise RuntimeError((done.stderr or done.stdout).strip())
    return h5py.File(Path(folder) / "m.h5", "r")


def differences(expected, file, tolerance=1e-9, rounding=None):
    """Every quantity that differs by more than `tolerance` of its scale; `rounding` has what it may differ by beside that, by its name."""
    import numpy as np
    found = []

    def compare(name, ours, theirs):
        ours, theirs = np.asarray(ours, dtype=float).ravel(), np.asarray(theirs, dtype=float).ravel()
        if ours.shape != theirs.shape:
            return found.append("%s: %d values, reference %d" % (name, ours.size, theirs.size))
        finite = theirs[np.isfinite(theirs)]
        scale = np.abs(finite).max() if finite.size else 0
        wrong = ~((ours == theirs) | (np.isnan(ours) & np.isnan(theirs)) | (np.abs(ours - theirs) <= max(tolerance * scale, (rounding or {}).get(name, 0))))
        if wrong.any():
            at = int(np.argmax(wrong))
            found.append("%s: value %d is %r, reference %r (%d of %d differ)" % (name, at, ours[at], theirs[at], wrong.sum(), ours.size))

    for name, result in sorted(expected.items()):
        kind = result["kind"]
        if kind == "values":
            group = file["objects"].get(name)
            for variable, text in result["variables"].items():
                values = group.get(variable.replace(".", "/")) if group is not None else None
                if values is None:
                    # Numbers of elements and counts of synapses follow from what is stored.
                    if variable in ("i", "N_incoming", "N_outgoing") or decoded(text).size == 0:
                        continue
                    found.append("%s.%s is missing" % (name, variable))
                    continue
                compare("%s.%s" % (name, variable), values[()], decoded(text))
            continue
        monitor = file["recordings"].get(name)
        if monitor is None:
            found.append("%s is missing" % name)
        elif kind == "events":
            ours_i, ours_t, theirs_t = monitor["i"][:], monitor["t"][:], decoded(result["t"])
            if list(ours_i) != result["i"] or np.abs(ours_t - theirs_t).max(initial=0) > 1e-9:
                found.append("%s: %d events, reference %d" % (name, len(ours_i), len(result["i"])))
            else:
                for variable, text in result["variables"].items():
                    compare("%s.%s" % (name, variable), monitor[variable][:], decoded(text))
        elif kind == "trace":
            compare(name + ".t", monitor["t"][:], decoded(result["t"]))
            for variable, text in result["variables"].items():
                # Time first here, elements first there.
                compare("%s.%s" % (name, variable), monitor[variable][()].T, decoded(text))
        else:
            compare(name + ".rate", monitor["rate"][:], decoded(result["rate"]))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--engram", default=str(ROOT / ".build/release/engram"))
    parser.add_argument("--keep", help="folder for the models that differ")
    parser.add_argument("--cache", help="folder that keeps Brian 2's results: most of the time is theirs")
    parser.add_argument("--print", type=int, dest="show", help="print one model")
    parser.add_argument("--write", nargs="+", metavar=("FOLDER", "NUMBER"), help="write models with Brian 2's results")
    options = parser.parse_args()
    if options.show is not None:
        return print(Model(options.show).text)
    if options.write:
        return write(Path(options.write[0]), [int(n) for n in options.write[1:]], options.cache)
    started, different, refused, spikes = time.monotonic(), [], [], 0
    for number in range(options.first, options.first + options.count):
        text = Model(number).text
        problem = []
        with tempfile.TemporaryDirectory() as folder:
            try:
                expected = reference(text, options.cache and Path(options.cache) / ("%d.json" % number))
            except Exception as error:
                cause = error.__cause__ or ""
                refused.append(number)
                print("%d: the reference: %s: %s %s" % (number, type(error).__name__, str(error)[:200], str(cause)[:200]), flush=True)
                continue
            spikes += sum(len(r["i"]) for r in expected.values() if r["kind"] == "events")
            try:
                problem = differences(expected, ours(text, options.engram, folder))
            except Exception as error:
                problem = ["%s: %s" % (type(error).__name__, error)]
        if problem:
            different.append(number)
            print("%d: %s" % (number, "\n    ".join(problem[:6])), flush=True)
            if options.keep:
                Path(options.keep).mkdir(parents=True, exist_ok=True)
                (Path(options.keep) / ("%d.yaml" % number)).write_text(text)
    print("%d models, %d events, %d different, %d not run by the reference, %.0f s" % (
        options.count, spikes, len(different), len(refused), time.monotonic() - started))
    return 1 if different else 0


def write(folder, numbers, cache):
    folder.mkdir(parents=True, exist_ok=True)
    for number in numbers:
        text = Model(number).text
        path = folder / ("random%d.yaml" % number)
        path.write_text(text)
        results = reference(text, cache and Path(cache) / ("%d.json" % number))
        out = json.dumps({"source": "Brian 2, numpy target", "covers": [], "tolerance": 1e-9, "objects": results},
                         separators=(",", ":")).replace('},"', '},\n"')
        path.with_suffix(".json").write_text(out + "\n")
        print(number, len(out), "bytes")


if __name__ == "__main__":
    sys.exit(main())

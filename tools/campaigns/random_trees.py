"""Shapes of neurons made by chance, as model files have them, with the names and the numbers of their parts as Brian 2 knows them."""
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "tools/reference"))

NAMES = ["axon", "dendrite", "apical", "trunk", "a", "b", "L", "R", "third"]


class Part:
    """A part of a neuron: the text that names it behind the neuron's name, and the compartments that it has."""

    def __init__(self, text, start, stop):
        self.text, self.start, self.stop = text, start, stop

    @property
    def size(self):
        return self.stop - self.start


class Tree:
    """A shape: `node` is what stands at `morphology`, `files` what must lie beside the model file."""

    def __init__(self, random, name):
        self.r = random
        self.files = {}
        kind = random.choice(["sections"] * 6 + ["points", "swc", "points and sections"])
        if kind == "sections":
            self.node = self.sections()
        else:
            points = self.points()
            if kind == "swc":
                file = name + ".swc"
                self.files[file] = "# made by chance\n" + "".join(
                    "%d %d %s %s %s %s %d\n" % (p[0], {"soma": 1, "axon": 2, "dend": 3, "apic": 4, "none": 5}[p[1]], *p[2:5], p[5] / 2, p[6]) for p in points)
                self.node = {"swc": file}
            else:
                self.node = {"points": [[str(x) for x in p] for p in points]}
            if random.random() < 0.2 and points[2][1] == "soma" and points[2][6] == 2:
                self.node["spherical_soma"] = "false"
        if kind == "points and sections":
            self.node["sections"] = [{"shape": "cylinder", "name": "extra", "parent": random.choice(["axon", "dend"]), **self.thickness("cylinder", 2),
                                      "length": self.um(8, 30), "n": "2"}]
        self.measure()

    def number(self, low, high, digits=2):
        return repr(round(self.r.uniform(low, high), digits))

    def um(self, low, high):
        return self.number(low, high) + " um"

    # ----------------------------------------------------------------------------------------------------- sections

    def thickness(self, shape, count):
        return {"diameter": self.um(0.4, 3) if shape == "cylinder" else [self.um(0.4, 3) for _ in range(count + 1)]}

    def extent(self, shape, count, placed):
        """The lengths, or the coordinates, of a section."""
        if not placed:
            return {"length": self.um(4 * count, 14 * count) if shape == "cylinder" else [self.um(4, 14) for _ in range(count)]}
        axes = self.r.sample("xyz", self.r.choice([1, 2, 3]))
        if shape == "cylinder":
            return {axis: ["0 um", self.um(5 * count, 14 * count)] for axis in axes}
        found = {axis: ["0 um"] for axis in axes}
        for step in range(count):
            for axis in axes:
                found[axis].append("%s um" % round(float(found[axis][-1].split()[0]) + self.r.uniform(2, 12), 2))
        return found

    def sections(self):
        """A root and branches, each at a section that is there already."""
        r = self.r
        places = r.choice(["none"] * 5 + ["all", "some", "made"])
        is_placed = lambda: places == "all" or places == "some" and r.random() < 0.5
        root = r.choice(["soma"] * 3 + ["cylinder", "section"])
        if places in ("made", "some"):
            root = "soma"
        items, taken, paths = [], {"": set()}, [""]
        for k in range(r.choice([1, 2, 3, 3, 4, 5, 6, 7])):
            shape = root if k == 0 else r.choice(["cylinder"] * 3 + ["section"] * 2 + ["soma"] * (r.random() < 0.1))
            count = r.choice([1, 2, 3, 4, 5]) if shape != "soma" else 1
            item = {"shape": shape}
            if shape == "soma":
                item["diameter"] = self.um(8, 30)
                if is_placed():
                    item.update({axis: self.um(-5, 5) for axis in "xyz"} if k == 0 else {axis: self.um(5, 9) for axis in "x"})
            else:
                item.update(self.thickness(shape, count))
                item.update(self.extent(shape, count, is_placed()))
                if shape == "cylinder":
                    item["n"] = str(count)
            if k > 0:
                parent = r.choice(paths)
                name = r.choice([n for n in NAMES if n not in taken[parent]])
                if parent:
                    item["parent"] = parent
                if r.random() < 0.85:
                    item["name"] = name
                else:
                    name = str(len(taken[parent]) + 1)
                taken[parent].add(name)
                path = parent + "." + name if parent else name
                paths.append(path)
                taken[path] = set()
            items.append(item)
        return {"sections": items, "generate_coordinates": "true"} if places == "made" else items

    # ------------------------------------------------------------------------------------------------------- points

    def points(self):
        """A soma of one or three points, an axon and a dendrite with branches."""
        r = self.r
        size = float(self.number(8, 20))
        rows = [(1, "soma", 0.0, 0.0, 0.0, size, -1)]
        soma = r.choice(["one", "one", "three", "chain"])
        if soma == "three":
            rows += [(2, "soma", 0.0, -size / 2, 0.0, size, 1), (3, "soma", 0.0, size / 2, 0.0, size, 1)]
        elif soma == "chain":
            rows += [(2, "soma", 0.0, 0.0, 4.0, size * 1.2, 1), (3, "soma", 0.0, 1.0, 8.0, size * 0.9, 2)]
        tips = []
        for kind, side in (("axon", 1), ("dend", -1)):
            index = len(rows) + 1
            rows.append((index, kind, side * float(self.number(size / 2, size)), float(self.number(-3, 3)), 0.0, float(self.number(1, 2)), 3 if soma == "chain" else 1))
            tips.append((index, kind, side))
        for _ in range(r.randint(4, 18)):
            parent, kind, side = tips.pop(r.randrange(len(tips)))
            for branch in range(r.choice([1, 1, 1, 2, 3])):
                index = len(rows) + 1
                _, _, x, y, z, diameter, _ = rows[parent - 1]
                rows.append((index, kind, round(x + side * r.uniform(2, 8), 3), round(y + r.uniform(-5, 5), 3), round(z + r.uniform(-2, 2), 3),
                             round(max(0.4, diameter * r.uniform(0.8, 1.05)), 4), parent))
                tips.append((index, kind, side))
        return rows

    # ------------------------------------------------------------------------------------------------------- parts

    def measure(self):
        """Asks Brian 2 for the sections and the numbers of their compartments."""
        import logging
        from model_file import Experiment
        logging.disable(logging.WARNING)
        with tempfile.TemporaryDirectory() as folder:
            for name, text in self.files.items():
                (Path(folder) / name).write_text(text)
            morphology = Experiment({}, folder).morphology(self.node)
        self.count = int(morphology.total_compartments)
        self.has_places = False
        self.wholes, self.stretches, self.lone = [], [], []
        self.count_sections = 0

        def walk(section, path, start):
            """Behind the last compartment of a section and all that grows from it."""
            self.count_sections += 1
            self.has_places = self.has_places or section.x is not None
            own, stop = section.n, start + section.n
            for child in section.children:
                stop = walk(child, path + "." + section.children.name(child), stop)
            if path:
                self.wholes.append(Part(path, start, stop))
            self.wholes.append(Part(path + ".main", start, start + own))
            ends = [0.0]
            for length in section.length:
                ends.append(ends[-1] + float(length) * 1e6)
            place = self.r.randrange(own)
            inside = lambda k: round(ends[k] + self.r.uniform(0.2, 0.8) * (ends[k + 1] - ends[k]), 2)
            # A soma has a place, and no distances along it.
            if path:
                self.lone.append((path + "[%d]" % place, start + place))
                if own > 1:
                    self.lone.append((path + "[%s um]" % inside(place), start + place))
            if own >= 3:
                low = self.r.randrange(own - 1)
                high = self.r.randint(low + 1, own - 1)
                self.stretches.append(Part(path + "[%s um:%s um]" % (inside(low), inside(high)), start + low, start + high + 1))
            return stop

        end = walk(morphology, "", 0)
        assert end == self.count, (end, self.count)
        if self.count > 3:
            low = self.r.randrange(self.count - 2)
            self.wholes.append(Part("[%d:%d]" % (low, low + 2), low, low + 2))

    def part(self):
        """Some part, which may have a single compartment."""
        return self.r.choice(self.wholes + self.stretches)

    def place(self):
        """The text of a single compartment, and its number."""
        number = self.r.randrange(self.count)
        return self.r.choice(self.lone + [("[%d]" % number, number)])

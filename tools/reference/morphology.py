"""Writes fixtures/reference/morphology.json: shapes of neurons with the measures that Brian 2 gives their compartments.

Run with a Python environment that has Brian 2: .venv/bin/python tools/reference/morphology.py
"""

import json
import random
import re
import tempfile
from pathlib import Path

import numpy as np
from brian2 import Cylinder, Morphology, Section, Soma, SpatialNeuron, meter, um

TARGET = Path(__file__).parents[2] / "fixtures/reference/morphology.json"

# Lengths in micrometres.
SHAPES = {
    "cylinder": [{"kind": "cylinder", "diameter": 1, "length": 300, "n": 7}],
    "ball and stick": [
        {"kind": "soma", "diameter": 30},
        {"kind": "cylinder", "parent": 0, "name": "axon", "diameter": 1, "length": 100, "n": 10},
    ],
    "tree": [
        {"kind": "soma", "diameter": 25, "x": 3, "y": -2},
        {"kind": "cylinder", "parent": 0, "name": "axon", "diameter": 1.5, "x": [0, 40], "y": [0, 30], "n": 4},
        {"kind": "section", "parent": 1, "name": "L", "diameter": [1.5, 1.2, 0.7], "x": [0, 10, 25], "z": [0, 1, -4]},
        {"kind": "section", "parent": 1, "name": "R", "diameter": [1.5, 1.0, 0.5, 0.4], "length": [10, 20, 5]},
        {"kind": "cylinder", "parent": 3, "name": "L", "diameter": 0.4, "length": 12, "n": 3},
        {"kind": "cylinder", "parent": 3, "name": "R", "diameter": 0.3, "length": 11, "n": 2},
        {"kind": "cylinder", "parent": 0, "name": "dendrite", "diameter": 3, "length": 50, "n": 5},
        {"kind": "cylinder", "parent": 6, "name": "a", "diameter": 2, "length": 10, "n": 1},
        {"kind": "cylinder", "parent": 6, "name": "b", "diameter": 2, "length": 20, "n": 2},
        {"kind": "cylinder", "parent": 6, "name": "c", "diameter": 2, "length": 30, "n": 3},
    ],
    "soma in the middle": [
        {"kind": "cylinder", "diameter": 2, "length": 20, "n": 2},
        {"kind": "soma", "parent": 0, "name": "body", "diameter": 10},
        {"kind": "cylinder", "parent": 1, "name": "out", "diameter": 1, "length": 20, "n": 2},
    ],
}

# Paths of a model file, beside what they are in Python: `N` is the neuron.
PATHS = {
    "cylinder": {
        "[50 um:200 um]": "N[50*um:200*um]", "[:100 um]": "N[:100*um]" , "[2:5]": "N[2:5]", "[3]": "N[3]", "main": "N.main",
    },
    "tree": {
        "axon": "N.axon", "axon.main": "N.axon.main", "axon.L": "N.axon.L", "axon.R.L": "N.axon.R.L", "dendrite.b": "N.dendrite.b",
        "axon[10 um:30 um]": "N.axon[10*um:30*um]", "axon.R[10 um:30 um]": "N.axon.R[10*um:30*um]", "axon[5]": "N.axon[5]",
        "axon[2:8]": "N.axon[2:8]", "axon[12.5 um:25 um]": "N.axon[12.5*um:25*um]", "main": "N.main", "axon.LR": None,
        "dendrite[30 um]": "N[M.dendrite[30*um]]", "dendrite[20 um]": "N[M.dendrite[20*um]]", "axon.2.main": "N.axon['2']", "dendrite.3": "N[M.dendrite['3']]",
    },
}  # fmt: skip

SWC = {
    "sphere and branches": """# a soma of one point
1 1 0 0 0 10 -1
2 2 12 0 0 0.8 1
3 2 20 0.5 0 0.7 2
4 2 30 0 1 0.6 3
5 2 35 5 1 0.4 4
6 2 36 -6 1 0.4 4
7 3 -11 0 0 1.5 1
8 3 -20 0 0 1.4 7
9 4 -22 6 0 1.0 8
10 4 -25 12 0 0.9 9
11 3 -28 -2 0 1.1 8
12 3 0 11 0 1.1 1
13 3 0 25 0 1.0 12
14 7 5 30 0 0.7 13
15 7 -5 30 0 0.7 13
16 7 0 30 5 0.7 13
""",
    "soma of three points": """1 1 0 0 0 6 -1
2 1 0 -6 0 6 1
3 1 0 6 0 6 1
4 3 7 0 0 1 1
5 3 17 2 0 0.9 4

6 2 -7 0 0 0.5 1
""",
    "soma of several points": """1 1 0 0 0 4 -1
2 1 0 4 0 6 1
3 1 0 8 0 5 2
4 3 0 14 0 1 3
5 3 3 20 0 1 4
""",
    "no soma": """5 3 0 0 0 1 -1
6 3 10 0 0 1.5 5
7 3 20 0 0 1 6
8 3 25 3 0 0.5 7
9 3 25 -3 0 0.5 7
""",
}


def grown(seed: int, points: int) -> str:
    """A neuron that grows by chance, with the statistics of none: for sizes and depths that nobody writes by hand."""
    rng = random.Random(seed)
    rows = [(1, 1, 0.0, 0.0, 0.0, 8.0, -1)]
    tips = []
    for kind, angle in [(2, 0.0), (3, 2.0), (3, 4.0), (4, 5.0)]:
        index = len(rows) + 1
        rows.append((index, kind, round(9 * np.cos(angle), 3), round(9 * np.sin(angle), 3), 0.0, 1.5, 1))
        tips.append((index, kind, angle))
    while len(rows) < points:
        place = rng.randrange(len(tips))
        parent, kind, angle = tips.pop(place)
        for _ in range(2 if rng.random() < 0.12 else 1):
            turned = angle + rng.gauss(0, 0.4)
            _, _, x, y, z, radius, _ = rows[parent - 1]
            step = rng.uniform(1.5, 6)
            index = len(rows) + 1
            rows.append(
                (
                    index, kind, round(x + step * np.cos(turned), 3), round(y + step * np.sin(turned), 3), round(z + rng.gauss(0, 1), 3),
                    round(max(0.15, radius * rng.uniform(0.93, 1.01)), 4), parent,
                )
            )  # fmt: skip
            tips.append((index, kind, turned))
    return "# A neuron grown by chance, for tests: tools/reference/morphology.py\n" + "".join(" ".join(map(str, row)) + "\n" for row in rows)


def built(sections):
    made = []
    for section in sections:
        sizes = {
            key: section[key] * um if np.isscalar(section[key]) else np.array(section[key], dtype=float) * um
            for key in ("diameter", "length", "x", "y", "z")
            if key in section
        }
        match section["kind"]:
            case "soma":
                new = Soma(**sizes)
            case "cylinder":
                new = Cylinder(n=section["n"], **sizes)
            case _:
                new = Section(n=len(section["diameter"]) - 1, **sizes)
        if "parent" in section:
            made[section["parent"]][section["name"]] = new
        made.append(new)
    return made[0]


def measures(morphology):
    flat = SpatialNeuron(morphology, "Im = 0*amp/meter**2 : amp/meter**2").flat_morphology
    sections = []
    walk = [(morphology, -1)]
    while walk:
        section, parent = walk.pop(0)
        place = len(sections)
        sections.append({"n": section.n, "parent": parent})
        walk = [(child, place) for child in section.children] + walk
    names = ("length", "distance", "area", "volume", "diameter", "r_length_1", "r_length_2")
    result = {name: [float(x) for x in getattr(flat, name)] for name in names}

    def of_sections(name):
        found, open_sections = [], [morphology]
        while open_sections:
            section = open_sections.pop(0)
            if isinstance(section, Soma):
                found += [float(section.diameter[0] / meter)]
            else:
                found += [float(x) for x in np.asarray(getattr(section, name))]
            open_sections = list(section.children) + open_sections
        return found

    result["start_diameter"], result["end_diameter"] = of_sections("start_diameter"), of_sections("end_diameter")
    for name in ("start_x", "start_y", "start_z", "x", "y", "z", "end_x", "end_y", "end_z"):
        values = getattr(flat, name)
        result[name] = None if values is None else [None if np.isnan(x) else float(x) for x in values]
    result["sections"] = sections
    result["topology"] = str(morphology.topology())
    return result


def paths(morphology, wanted):
    neuron = SpatialNeuron(morphology, "Im = 0*amp/meter**2 : amp/meter**2")
    found = {}
    for path, python in wanted.items():
        if python is None:
            continue
        python = re.sub(r"N\.axon\['2'\]", "N[M.axon['2']]", python)
        python = python.replace("N[:100*um]", "N[0*um:100*um]")
        part = eval(python, {"N": neuron, "M": neuron.morphology, "um": um})
        found[path] = [int(part.start), int(part.stop)]
    return found


def from_text(text):
    with tempfile.NamedTemporaryFile("w", suffix=".swc") as file:
        file.write(text)
        file.flush()
        return Morphology.from_file(file.name)


def main():
    shapes = []
    for name, sections in SHAPES.items():
        morphology = built(sections)
        # The reference gives places only to what begins with a soma.
        has_soma = sections[0]["kind"] == "soma"
        placed = measures(built(sections).generate_coordinates(overwrite_existing=True)) if has_soma else None
        shapes.append(
            {
                "name": name, "sections": sections, "expected": measures(morphology), "paths": paths(morphology, PATHS.get(name, {})),
                "placed": placed and {key: placed[key] for key in ("x", "y", "z", "end_x", "end_y", "end_z")},
            }
        )  # fmt: skip
    files = [{"name": name, "text": text, "expected": measures(from_text(text))} for name, text in (SWC | {"grown": grown(7, 900)}).items()]
    TARGET.write_text(json.dumps({"shapes": shapes, "files": files}, indent=None, separators=(",", ":")) + "\n")
    (TARGET.parents[1] / "inputs/neuron.swc").write_text(grown(7, 900))


if __name__ == "__main__":
    main()

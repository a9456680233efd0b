#!/usr/bin/env python3
"""Writes Sources/EngramUnits/UnitConstants.swift: the units Swift code can name (UNI-3).

Full names come with every prefix; metres also squared and cubed. Symbols come with every prefix, except that symbols of
one letter are left out, because a global `N` or `s` would be a trap, and `as`, a keyword. Powers of other units are written `mV*mV`.

    python3 tools/generate_units.py
"""
from pathlib import Path

PREFIXES = {"": 0, "y": -24, "z": -21, "a": -18, "f": -15, "p": -12, "n": -9, "u": -6, "m": -3, "c": -2, "d": -1,
            "da": 1, "h": 2, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18, "Z": 21, "Y": 24}

# names, symbol, Swift type, power of ten, whether prefixes apply
STEMS = [
    (["metre", "meter"], "m", "Length", 0, True),
    (["kilogram", "kilogramme"], "kg", "Mass", 0, False),
    (["gram", "gramme"], "g", "Mass", -3, True),
    (["second"], "s", "Time", 0, True),
    (["amp", "ampere"], "A", "Current", 0, True),
    (["kelvin"], "K", "Temperature", 0, False),
    (["mole", "mol"], "mol", "Substance", 0, True),
    (["candle"], "cd", "LuminousIntensity", 0, True),
    (["molar"], "M", "Concentration", 3, True),
    (["radian"], "rad", "Angle", 0, True),
    (["steradian"], "sr", "Angle", 0, True),
    (["hertz"], "Hz", "Frequency", 0, True),
    (["newton"], "N", "Force", 0, True),
    (["pascal"], "Pa", "Pressure", 0, True),
    (["joule"], "J", "Energy", 0, True),
    (["watt"], "W", "Power", 0, True),
    (["coulomb"], "C", "Charge", 0, True),
    (["volt"], "V", "Voltage", 0, True),
    (["farad"], "F", "Capacitance", 0, True),
    (["ohm"], "ohm", "Resistance", 0, True),
    (["siemens"], "S", "Conductance", 0, True),
    (["weber"], "Wb", "MagneticFlux", 0, True),
    (["tesla"], "T", "MagneticFluxDensity", 0, True),
    (["henry"], "H", "Inductance", 0, True),
    (["lumen"], "lm", "LuminousIntensity", 0, True),
    (["lux"], "lx", "Illuminance", 0, True),
    (["becquerel"], "Bq", "Frequency", 0, True),
    (["gray"], "Gy", "AbsorbedDose", 0, True),
    (["sievert"], "Sv", "AbsorbedDose", 0, True),
    (["katal"], "kat", "CatalyticActivity", 0, True),
    (["litre", "liter"], "l", "Volume", -3, True),
]

POWERS = {2: "Area", 3: "Volume"}


def main():
    lines = {}

    def add(name, kind, exponent):
        line = f"public var {name}: {kind} {{ {kind}(si: 1e{exponent}) }}"
        if lines.setdefault(name, line) != line:
            raise SystemExit(f"two units are called {name}:\n{lines[name]}\n{line}")

    for names, symbol, kind, scale, takes_prefixes in STEMS:
        for prefix, exponent in PREFIXES.items():
            if prefix and not takes_prefixes:
                continue
            for text in names + [symbol]:
                if len(prefix + text) == 1 or prefix + text == "as":
                    continue
                add(prefix + text, kind, scale + exponent)
                if kind == "Length":
                    for power, power_kind in POWERS.items():
                        add(f"{prefix}{text}{power}", power_kind, (scale + exponent) * power)

    head = ["// Written by tools/generate_units.py; change that script, not this file.", ""]
    target = Path(__file__).resolve().parent.parent / "Sources/EngramUnits/UnitConstants.swift"
    target.write_text("\n".join(head + list(lines.values())) + "\n")
    print(f"{len(lines)} units")


if __name__ == "__main__":
    main()

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

POWERS = {2: ("Area", "Square", "m²"), 3: ("Volume", "Cubic", "m³")}

# For the comments: what a prefix is called, and in what the value of a type counts.
PREFIX_WORDS = {"y": "yocto", "z": "zepto", "a": "atto", "f": "femto", "p": "pico", "n": "nano", "u": "micro", "m": "milli", "c": "centi",
                "d": "deci", "da": "deca", "h": "hecto", "k": "kilo", "M": "mega", "G": "giga", "T": "tera", "P": "peta", "E": "exa",
                "Z": "zetta", "Y": "yotta", "": ""}
SI_UNITS = {"Mass": "kg", "Concentration": "mol/m³", "Angle": "", "Volume": "m³", "AbsorbedDose": "J/kg"}


def main():
    lines = {}

    def add(name, kind, exponent, words, unit):
        value = f"1e{exponent}" if exponent else "1"
        line = f"/// {words.capitalize()}: {value} {unit}".rstrip() + f".\npublic var {name}: {kind} {{ {kind}(si: 1e{exponent}) }}"
        if lines.setdefault(name, line) != line:
            raise SystemExit(f"two units are called {name}:\n{lines[name]}\n{line}")

    for names, symbol, kind, scale, takes_prefixes in STEMS:
        for prefix, exponent in PREFIXES.items():
            if prefix and not takes_prefixes:
                continue
            for text in names + [symbol]:
                if len(prefix + text) == 1 or prefix + text == "as":
                    continue
                words = PREFIX_WORDS[prefix] + names[0]
                add(prefix + text, kind, scale + exponent, words, SI_UNITS.get(kind, symbol))
                if kind == "Length":
                    for power, (power_kind, power_word, unit) in POWERS.items():
                        add(f"{prefix}{text}{power}", power_kind, (scale + exponent) * power, f"{power_word} {words}", unit)

    head = ["// Written by tools/generate_units.py; change that script, not this file.", ""]
    target = Path(__file__).resolve().parent.parent / "Sources/EngramUnits/UnitConstants.swift"
    target.write_text("\n".join(head + list(lines.values())) + "\n")
    print(f"{len(lines)} units")


if __name__ == "__main__":
    main()

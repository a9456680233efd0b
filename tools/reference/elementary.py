"""Reference values of elementary functions for the tests of CEngramMath, by mpmath.

Writes fixtures/maths/<function>.json: points as hexadecimal bit patterns of doubles. Each row is "x y low", or "x z y low"
for pow: the function at x is y + low, far beyond double precision. Run: python3 tools/reference/elementary.py
"""
import json, math, os, random, struct
from mpmath import mp, mpf
import mpmath

OUT = os.path.join(os.path.dirname(__file__), "..", "..", "fixtures", "maths")

def bits(x): return "%016x" % struct.unpack("<Q", struct.pack("<d", x))[0]

def uniform(r, low, high, count): return [r.uniform(low, high) for _ in range(count)]

def logarithmic(r, low, high, count, signed=True):
    """Magnitudes 2^low ... 2^high."""
    return [math.ldexp(r.uniform(1, 2), r.randrange(low, high)) * (r.choice((-1, 1)) if signed else 1) for _ in range(count)]

def near_multiples(unit, count, r):
    """Doubles next to multiples of a constant, where relative accuracy is hardest."""
    out = []
    for k in list(range(1, count)) + [r.randrange(1, 2 ** 40) for _ in range(count)]:
        x = float(mpf(k) * unit)
        out += [x, math.nextafter(x, math.inf), -x]
    return out

def points(r):
    mp.prec = 2000
    circle = uniform(r, -10, 10, 250) + uniform(r, -8e5, 8e5, 150) + logarithmic(r, 19, 1023, 150) + logarithmic(r, -60, 0, 60) \
        + near_multiples(mp.pi / 2, 30, r) + [math.ldexp(6381956970095103, 797), 5.319372648326541e255, 823549.0, 823549.5, 1e22, 1.7976931348623157e308]
    positive = uniform(r, 0.5, 2, 250) + logarithmic(r, -1070, 1023, 250, False) + uniform(r, 0.99, 1.01, 60) + [5e-324, 2.2250738585072014e-308, 1 + 2 ** -52, 1 - 2 ** -53, 1.7976931348623157e308] \
        + [math.ldexp(1.0, e) * math.sqrt(0.5) for e in range(-3, 4)]
    unit = uniform(r, -1, 1, 350) + logarithmic(r, -60, 0, 100) + [1 - 2 ** -k for k in range(2, 53, 3)] + [0.5, 0.49999999999999994, -0.5, 1.0, -1.0]
    exponential = uniform(r, -5, 5, 250) + uniform(r, -745, 709.7, 200) + logarithmic(r, -60, 3, 120) + [(k + 0.5) * math.log(2) for k in range(-5, 6)] + [709.782712893384, -708.4, -744.9, -745.13]
    return {
        "exp": exponential,
        "expm1": uniform(r, -2, 2, 250) + uniform(r, -60, 709.7, 150) + logarithmic(r, -60, 6, 200) + [709.782712893384],
        "exprel": uniform(r, -2, 2, 250) + uniform(r, -800, 716.3, 150) + logarithmic(r, -50, 6, 200) + [709.8, 712.5, 716.0, -1e300],
        "log": positive, "log10": positive + [10.0 ** k for k in range(-20, 23)],
        "log1p": uniform(r, -0.99, 3, 300) + logarithmic(r, -60, 0, 150) + logarithmic(r, 0, 1000, 80, False) + [-1 + 2 ** -53, -1 + 2 ** -40],
        "sin": circle, "cos": circle, "tan": circle, "asin": unit, "acos": unit,
        "atan": uniform(r, -4, 4, 300) + logarithmic(r, -60, 60, 150) + [0.4375, 0.6875, 1.1875, 2.4375, 1e300],
        "sinh": uniform(r, -3, 3, 250) + uniform(r, -710.4, 710.4, 150) + logarithmic(r, -60, 6, 150),
        "cosh": uniform(r, -3, 3, 250) + uniform(r, -710.4, 710.4, 150) + logarithmic(r, -60, 6, 100),
        "tanh": uniform(r, -3, 3, 300) + uniform(r, -25, 25, 150) + logarithmic(r, -60, 6, 150),
    }

def exact(name, x):
    x = mpf(x)
    if name == "exprel": return mpmath.expm1(x) / x
    if name == "log10": return mpmath.log(x) / mpmath.log(10)
    return getattr(mpmath, name)(x)

def row(values, y):
    high = float(y)
    return " ".join(bits(v) for v in (*values, high, float(y - mpf(high))))

def write(name, rows):
    with open(os.path.join(OUT, name + ".json"), "w") as f:
        json.dump({"function": name, "rows": rows}, f, indent=0)
        f.write("\n")

def main():
    os.makedirs(OUT, exist_ok=True)
    r = random.Random(20)
    for name, xs in points(r).items():
        mp.prec = 2400 if name in ("sin", "cos", "tan") else 260
        write(name, [row((x,), exact(name, x)) for x in xs if x != 0])
    mp.prec = 400
    pairs = []
    while len(pairs) < 900:
        kind = len(pairs) % 3
        x = math.ldexp(r.uniform(1, 2), r.randrange(-1074, 1023)) if kind == 0 else r.uniform(0.01, 10) if kind == 1 else 1 + r.uniform(-1, 1) * 2.0 ** -r.randrange(1, 40)
        y = r.uniform(-1060, 1020) / math.log2(x) if kind != 1 else r.choice((0.5, 2.0, 3.0, -1.0, 1 / 3, 10.0, r.uniform(-20, 20)))
        value = mpf(x) ** mpf(y)
        if mpf(2) ** -1074 < value < mpf(2) ** 1023.9: pairs.append((x, y, value))
    write("pow", [row((x, y), v) for x, y, v in pairs])

main()

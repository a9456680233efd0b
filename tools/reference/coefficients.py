"""Polynomial coefficients of CEngramMath's elementary functions.

Chebyshev interpolation in high precision (mpmath), rounded to doubles; prints C hex floats and, for each, the largest
relative error of the *function* that the rounded polynomial leaves. Run: python3 tools/reference/coefficients.py
"""
from mpmath import mp, mpf, chebyfit, polyval, sin, cos, sinh, cosh, atan, asin, sqrt, pi, log, factorial, ldexp, floor
mp.prec = 300

def series(f, n, centre):
    """f near 0 needs its Taylor value; centre gives it."""
    return lambda z: centre if z == 0 else f(z)

def show(name, f, degree, high, at_zero, weight):
    g = lambda z: at_zero if abs(z) < mpf(10) ** -60 else f(z)
    c = list(reversed(chebyfit(g, [mpf(10) ** -40, mpf(high)], degree + 1)))
    c = [mpf(float(v)) for v in c]
    worst = max(abs(weight(z) * (polyval(list(reversed(c)), z) - g(z))) for z in [mpf(high) * i / 400 for i in range(1, 401)])
    print(f"// {name}: degree {degree}, error 2^{float(log(worst, 2)):.1f}")
    print("{" + ", ".join(float(v).hex() for v in c) + "}")

q = mpf(pi) / 4 * mpf("1.0001")
show("sine", lambda z: (sin(sqrt(z)) / sqrt(z) - 1) / z, 6, q * q, -mpf(1) / 6, lambda z: z)
show("cosine", lambda z: (cos(sqrt(z)) - 1 + z / 2) / z ** 2, 6, q * q, mpf(1) / 24, lambda z: z * z)
h = mpf("0.3475") ** 2
show("hyperbolic sine", lambda z: (sinh(sqrt(z)) / sqrt(z) - 1) / z, 5, h, mpf(1) / 6, lambda z: z)
show("hyperbolic cosine", lambda z: (cosh(sqrt(z)) - 1 - z / 2) / z ** 2, 5, h, mpf(1) / 24, lambda z: z * z)
show("arc tangent", lambda z: (atan(sqrt(z)) / sqrt(z) - 1) / z, 11, mpf("0.4375") ** 2, -mpf(1) / 3, lambda z: z)
show("arc sine", lambda z: (asin(sqrt(z)) / sqrt(z) - 1) / z, 12, mpf("0.25"), mpf(1) / 6, lambda z: z)
w = mpf("0.0295")
show("logarithm tail", lambda z: (2 * mp.atanh(sqrt(z)) / sqrt(z) - 2 - 2 * z / 3) / z ** 2, 8, w, mpf(2) / 5, lambda z: z * z / 2)

def split(name, x, bits):
    """Leading parts with the given numbers of bits, then the rest."""
    out = []
    for b in bits:
        e = int(floor(log(abs(x), 2)))
        part = floor(x * mpf(2) ** (b - 1 - e)) / mpf(2) ** (b - 1 - e) if b < 53 else mpf(float(x))
        out.append(float(part)); x -= part
    print(f"// {name}\n" + ", ".join(v.hex() for v in out))

split("pi/2 33+33+33+53", pi / 2, [33, 33, 33, 53])
split("pi/2 53+53", pi / 2, [53, 53]); split("pi 53+53", +pi, [53, 53])
split("ln 2 42+53", log(mpf(2)), [42, 53]); split("1/ln 2", 1 / log(mpf(2)), [53]); split("2/pi", 2 / pi, [53])
split("log10(2) 40+53", log(mpf(2)) / log(mpf(10)), [40, 53]); split("1/ln 10 21+53", 1 / log(mpf(10)), [21, 53])
split("2/3", mpf(2) / 3, [53, 53])
for v in ("0.5", "1", "1.5"): split("atan " + v, atan(mpf(v)), [53, 53])
mp.prec = 2000
digits = int(floor(2 / pi * mpf(2) ** 1280))
print("// 2/pi, bits after the point, 64 each")
print(", ".join("0x%016x" % ((digits >> (64 * (19 - i))) & (2 ** 64 - 1)) for i in range(20)))
mp.prec = 200
from mpmath import loggamma
print("// log k! - Stirling (k+.5)log(k+1)... corrections, k = 0..9")
print(", ".join(float(loggamma(k + 1) - ((k + mpf(1)/2) * log(mpf(k + 1)) - (k + 1) + log(2 * pi) / 2)).hex() for k in range(10)))

"""Exact quantiles of Poisson and binomial distributions at chosen uniform numbers, for the tests of CEngramMath, by mpmath.

Writes fixtures/maths/quantiles.json: for each distribution rows "u k", u as the hexadecimal bit pattern of a multiple of
2^-53 and k the smallest number with u < P(X <= k). The uniform numbers are the first and the last that there are, powers of
two from both ends, and the neighbours of each bound: next to it in the upper tail, 64 places away elsewhere.
Run: python3 tools/reference/quantiles.py
"""
import json, os, struct
from mpmath import mp, mpf

OUT = os.path.join(os.path.dirname(__file__), "..", "..", "fixtures", "maths", "quantiles.json")
mp.prec = 600
GRID = 2 ** 53

POISSON = [1e-17, 1.2e-16, 3e-9, 0.1, 0.7, 2.5, 10.0, 17.3, 24.0, 24.999]
BINOMIAL = [(1, 0.3), (2, 0.5), (7, 0.5), (19, 0.5), (30, 0.3), (100, 0.099), (800, 0.0025), (1000, 0.002), (1000, 0.0005), (10 ** 9, 3e-9), (10 ** 15, 9e-15)]

def bits(x): return "%016x" % struct.unpack("<Q", struct.pack("<d", x))[0]

def poisson(mean):
    """P(X <= k) for k = 0, 1, ..."""
    p = mp.exp(-mpf(mean))
    total, k = mpf(0), 0
    while True:
        total += p
        yield total
        k += 1
        p = p * mpf(mean) / k

def binomial(n, p):
    p = mpf(p)
    term, total = (1 - p) ** n, mpf(0)
    for k in range(min(n, 500) + 1):
        total += term
        yield total if k < n else mpf(1)
        if k < n: term = term * (n - k) / (k + 1) * p / (1 - p)

def rows(sums):
    bounds = []
    for total in sums:
        bounds.append(total)
        if total >= 1 or 1 - total < mpf(2) ** -60: break
    places = set(range(1, 41)) | {GRID - m for m in range(1, 41)} | {0}
    places |= {GRID >> k for k in range(1, 53)} | {GRID - (GRID >> k) for k in range(1, 53)}
    for total in bounds:
        near = int(mp.floor(total * GRID))
        reach = 1 if 1 - total < mpf(2) ** -30 or total < mpf(2) ** -30 else 64
        places |= {near - reach, near + reach + 1}
        if reach == 1: places |= {near, near + 1}
    out = []
    for place in sorted(p for p in places if 0 <= p < GRID):
        u = mpf(place) / GRID
        out.append("%s %d" % (bits(place / GRID), next(k for k, total in enumerate(bounds) if u < total)))
    return out

def main():
    result = {"source": "mpmath, 600 bits",
              "poisson": [{"mean": bits(m), "rows": rows(poisson(m))} for m in POISSON],
              "binomial": [{"trials": n, "probability": bits(p), "rows": rows(binomial(n, p))} for n, p in BINOMIAL]}
    text = json.dumps(result, separators=(",", ":")).replace('},{', '},\n{')
    open(OUT, "w").write(text + "\n")
    print(len(text), "bytes")

main()

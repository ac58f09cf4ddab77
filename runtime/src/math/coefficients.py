#!/usr/bin/env python3
"""Writes coefficients.rs: the polynomials and split constants of the elementary functions.

    python3 coefficients.py > coefficients.rs        (needs mpmath; about ten seconds)

Each polynomial P of degree n minimises the largest |weight(x) (P(x) - target(x))| on an interval. It is found by
Remez' exchange in 60 digits, then its coefficients are rounded, lowest power first, the others fitted again after each
rounding where the interval allows it. The error written beside each table is that of the rounded coefficients,
as a power of two; weights are chosen so that it is relative to the function that the caller computes.
"""

import struct
import sys

from mpmath import mp, mpf, matrix, lu_solve, pi, exp, log, sqrt, sin, cos, sinh, cosh, atan, atanh, erf, erfc

mp.dps = 60


def rounded(value, bits):
    """The nearest number with `bits` significant bits."""
    with mp.workprec(bits):
        return +mpf(value)


def truncated(value, bits):
    """`value` cut to `bits` significant bits, toward zero."""
    from mpmath.libmp import from_man_exp, round_down
    value = mpf(value)
    sign, man, e, bc = value._mpf_
    return mp.make_mpf(from_man_exp(-man if sign else man, e, bits, round_down))


def literal(value, bits):
    """The shortest decimal literal that reads back as `value`."""
    if bits == 53:
        return repr(float(value))
    single = struct.unpack("f", struct.pack("f", float(value)))[0]
    assert mpf(single) == value, (value, single)
    for digits in range(1, 12):
        text = f"{single:.{digits}g}"
        if struct.unpack("f", struct.pack("f", float(text)))[0] == single:
            if "e" in text:
                mantissa, exponent = text.split("e")
                return (mantissa if "." in mantissa else mantissa + ".0") + "e" + str(int(exponent))
            return text if "." in text else text + ".0"
    raise ValueError(value)


def polynomial(coefficients, x):
    result = mpf(0)
    for c in reversed(coefficients):
        result = result * x + c
    return result


def remez(target, weight, a, b, powers):
    """Coefficients of the given powers of x, minimax for weight * (P - target) on [a, b]."""
    n = len(powers)
    nodes = [(a + b) / 2 - (b - a) / 2 * cos(pi * (2 * i + 1) / (2 * n + 2)) for i in range(n + 1)]
    grid = [(a + b) / 2 - (b - a) / 2 * cos(pi * (i + mpf(1) / 2) / (40 * n)) for i in range(40 * n)]
    grid = [a] + grid + [b]
    values = [(x, target(x), abs(weight(x))) for x in grid]
    solution = None
    for _ in range(12):
        system, right = matrix(n + 1, n + 1), matrix(n + 1, 1)
        for row, x in enumerate(nodes):
            for column, power in enumerate(powers):
                system[row, column] = x**power
            system[row, n] = (-1) ** row / abs(weight(x))
            right[row] = target(x)
        solution = lu_solve(system, right)
        error = [w * (sum(solution[i] * x**p for i, p in enumerate(powers)) - f) for x, f, w in values]
        # One extremum in each run of equal sign, then the n + 1 consecutive ones with the largest least error.
        runs = []
        for i, e in enumerate(error):
            if runs and (e > 0) == (error[runs[-1]] > 0):
                if abs(e) > abs(error[runs[-1]]):
                    runs[-1] = i
            else:
                runs.append(i)
        while len(runs) > n + 1:
            runs.pop(0 if abs(error[runs[0]]) < abs(error[runs[-1]]) else -1)
        if len(runs) < n + 1:
            break
        nodes = [grid[i] for i in runs]
        high = max(abs(error[i]) for i in runs)
        low = min(abs(error[i]) for i in runs)
        if high < low * mpf("1.0005"):
            break
    return [solution[i] for i in range(n)]


def fit(target, weight, a, b, degree, bits, split):
    """Rounded coefficients and their error. `a` is None for an interval that is symmetric about 0.

    Intervals that start at 0 are fitted again after each rounding."""
    b = mpf(b)
    one_sided = a == 0
    a = -b if a is None else (b * mpf(10) ** -9 if one_sided else mpf(a))
    coefficients = remez(target, weight, a, b, list(range(degree + 1)))
    done = []
    for k in range(degree + 1):
        done.append(rounded(coefficients[k], bits))
        if split and k == 0:
            done[0] += rounded(coefficients[0] - done[0], bits)
        elif one_sided and k < degree:
            rest = remez(lambda x: target(x) - polynomial(done, x), weight, a, b, list(range(k + 1, degree + 1)))
            coefficients = done + rest
    count = 400
    grid = [a + (b - a) * i / count for i in range(count + 1)]
    error = max(abs(weight(x) * (polynomial(done, x) - target(x))) for x in grid)
    if split:
        high = rounded(done[0], bits)
        done[:1] = [high, done[0] - high]
    return done, error


def at_zero(function, value):
    """`function`, with its limit at 0 given."""
    return lambda x: function(x) if abs(x) > 1e-15 else mpf(value)


def exponent(error):
    return float(log(error, 2))


def table(name, doc, target, weight, a, b, degrees, split=False):
    """Fits and prints one table. `b` may be a pair, and `target` and `weight` may be pairs: f32, f64.

    With `split`, the constant coefficient is two numbers, high and low part."""
    pair = lambda v: v if isinstance(v, tuple) else (v, v)
    fitted = []
    for bits, degree, f, w, end in zip((24, 53), degrees, pair(target), pair(weight), pair(b)):
        coefficients, error = fit(f, w, a, end, degree, bits, split)
        print(f"{name:14} f{8 * (bits // 6)} degree {degree:2} error 2^{exponent(error):.1f}", file=sys.stderr)
        fitted.append((bits, coefficients, error))
    (_, _, single), (_, _, double) = fitted
    print(f"/// {doc}")
    print("///")
    print(f"/// Error 2^{exponent(single):.1f} (f32), 2^{exponent(double):.1f} (f64).")
    write(name, [(bits, coefficients) for bits, coefficients, _ in fitted])


def parts(name, doc, value, single, double):
    """`value` as a sum; all parts but the last are cut to the given widths, so that integers times them are exact."""
    columns = []
    for bits, widths in ((24, single), (53, double)):
        rest, column = mpf(value), []
        for width in widths[:-1]:
            column.append(truncated(rest, width))
            rest -= column[-1]
        column.append(rounded(rest, widths[-1]))
        columns.append((bits, column))
    print(f"/// {doc}")
    write(name, columns)


def write(name, columns):
    print(f"pub(super) const {name}: Constants<{len(columns[0][1])}, {len(columns[1][1])}> = Constants {{")
    for field, (bits, values) in zip(("single", "double"), columns):
        print(f"    {field}: [")
        for value in values:
            print(f"        {literal(value, bits)},")
        print("    ],")
    print("};\n")


def erfcx(y):
    return exp(y * y) * erfc(y)


def tail(function, center):
    """(1 + y) function(y) as a function of t = (y - center) / (y + center)."""
    def target(t):
        y = center * (1 + t) / (1 - t)
        return (1 + y) * function(y)
    return target


def mapped(y, center):
    return (mpf(y) - center) / (mpf(y) + center)


def main():
    print("""//! Polynomials and split constants of the elementary functions, written by `coefficients.py`: do not edit.
//!
//! Coefficients stand in order of rising powers.

use super::polynomial::Constants;
""")
    half_ln2 = log(2) / 2
    root = lambda f: lambda z: f(sqrt(z))
    inverse = lambda f: lambda x: 1 / f(x)
    spread = (mpf("1.0001"), mpf("1.0000001"))
    reduced = tuple(half_ln2 * s for s in spread)

    parts("LN_2", "ln 2. The first part times an integer below 2¹¹ (f32: 2⁹) is exact.", log(2), (14, 24), (41, 53))
    parts("PI_OVER_2", "π/2. All parts but the last times an integer below 2¹⁷ (f32: 2¹³) are exact.",
          pi / 2, (11, 11, 11, 24), (36, 36, 53))
    parts("PI_OVER_4", "π/4, high and low part.", pi / 4, (24, 24), (53, 53))
    parts("LOG2_E", "1 / ln 2.", 1 / log(2), (24,), (53,))
    parts("TWO_OVER_PI", "2/π.", 2 / pi, (24,), (53,))
    parts("THIRD", "1/3, high and low part.", mpf(1) / 3, (24, 24), (53, 53))

    table("EXP", "(eʳ − 1 − r) / r² on |r| ≤ ln 2 / 2, error relative to eʳ − 1.",
          at_zero(lambda r: (exp(r) - 1 - r) / r**2, "0.5"), at_zero(lambda r: r**2 / (exp(r) - 1), "1e-50"),
          None, reduced, (5, 10))
    table("SINH", "(sinh r − r) / r³ in z = r², |r| ≤ ln 2 / 2, error relative to sinh r.",
          root(lambda r: (sinh(r) - r) / r**3), root(lambda r: r**3 / sinh(r)), 0, tuple(r**2 for r in reduced), (2, 4))
    table("COSH", "(cosh r − 1) / r² in z = r², |r| ≤ ln 2 / 2, error relative to cosh r.",
          root(lambda r: (cosh(r) - 1) / r**2), root(lambda r: r**2 / cosh(r)), 0, tuple(r**2 for r in reduced), (2, 4))
    table("SIN", "(sin r − r) / r³ in z = r², |r| ≤ π/4, error relative to sin r.",
          root(lambda r: (sin(r) - r) / r**3), root(lambda r: r**3 / sin(r)), 0,
          ((pi / 4 * mpf("1.002"))**2, (pi / 4 * mpf("1.00001"))**2), (2, 5))
    table("COS", "(cos r − 1 + r²/2) / r⁴ in z = r², |r| ≤ π/4, error relative to cos r.",
          root(lambda r: (cos(r) - 1 + r**2 / 2) / r**4), root(lambda r: r**4 / cos(r)), 0,
          ((pi / 4 * mpf("1.002"))**2, (pi / 4 * mpf("1.00001"))**2), (2, 5))
    table("LOG", "(ln(1 + f) − f + f²/2) / f³ on √½ − 1 ≤ f ≤ √2 − 1, error relative to ln(1 + f).",
          at_zero(lambda f: (log(1 + f) - f + f**2 / 2) / f**3, mpf(1) / 3), at_zero(lambda f: f**3 / log(1 + f), "1e-50"),
          sqrt(mpf(1) / 2) - 1, sqrt(mpf(2)) - 1, (8, 19))
    table("ATANH", "(atanh s − s) / s³ in z = s², 0 ≤ s ≤ 1/3, error relative to atanh s.",
          root(lambda s: (atanh(s) - s) / s**3), root(lambda s: s**3 / atanh(s)), 0, mpf(1) / 9, (3, 9))
    table("ATANH_TAIL", "(atanh s − s − s³/3) / s⁵ in z = s², 0 ≤ s ≤ 3 − √8, error relative to atanh s.",
          root(lambda s: (atanh(s) - s - s**3 / 3) / s**5), root(lambda s: s**5 / atanh(s)), 0,
          ((3 - sqrt(mpf(8)))**2 * mpf("1.00001")), (2, 7))
    table("ATAN", "(atan t − t) / t³ in z = t², 0 ≤ t ≤ 1/2, error relative to atan t.",
          root(lambda t: (atan(t) - t) / t**3), root(lambda t: t**3 / atan(t)), 0, mpf(1) / 4, (4, 11))
    table("ERF", "erf x / x in z = x², 0 ≤ x ≤ 1/2, error relative to erf x. High and low part, then rising powers.",
          root(lambda x: erf(x) / x), root(lambda x: x / erf(x)), 0, mpf(1) / 4, (4, 8), split=True)
    f, g = tail(erfcx, mpf(3)), tail(erfcx, mpf(4))
    table("ERFC_TAIL", "(1 + y) exp(y²) erfc y in t = (y − c)/(y + c), c = 3 (f32), 4 (f64), y ≥ 0, relative error. "
          "High and low part, then rising powers.",
          (f, g), (inverse(f), inverse(g)), -1, (mapped("10.1", 3), mapped("27.3", 4)), (11, 23), split=True)
    normal = lambda y: erfcx(y / sqrt(mpf(2))) / 2
    f, g = tail(normal, mpf(4)), tail(normal, mpf(6))
    table("NORMAL_TAIL", "(1 + y) exp(y²/2) Φ(−y) in t = (y − c)/(y + c), c = 4 (f32), 6 (f64), y ≥ 0, relative error. "
          "High and low part, then rising powers.",
          (f, g), (inverse(f), inverse(g)), -1, (mapped("14.3", 4), mapped("38.6", 6)), (11, 23), split=True)


if __name__ == "__main__":
    main()

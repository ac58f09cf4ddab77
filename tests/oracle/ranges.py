"""Series of activations far from 1, for the test `ranges`.

To regenerate `tests/data/ranges.json`, from the root of the repository (a minute; mpmath is enough):

    python tests/oracle/ranges.py

The name in jetc, then for each x and scale s, both exact in single precision or both in double, the Taylor coefficients
s^k g^(k)(x)/k! of g(x + s t) in t, k = 0 to 8, by mpmath's numerical differentiation in 120 digits, rounded to float64; null
where that overflows; x and s are strings, for readers of JSON may be one digit off. No recurrence is involved.
"""

import json
import math
import sys
from pathlib import Path

from mpmath import mp, mpf

mp.dps = 120
OUTPUT = Path(__file__).resolve().parents[1] / "data" / "ranges.json"
ORDERS = 9


def sigmoid(x):
    return 1 / (1 + mp.exp(-x))


def softplus(x):
    return mp.log1p(mp.exp(x)) if x < 5000 else x


def gelu_tanh(x):
    v = mp.sqrt(2 / mp.pi) * (x + mpf(0.044715) * x**3)
    return x * sigmoid(2 * v) if abs(v) < 10**6 else (x if x > 0 else mpf(0))


def gelu(x):
    return x * mp.erfc(-x / mp.sqrt(2)) / 2 if abs(x) < 10**4 else (x if x > 0 else mpf(0))


def quiet(function, left, right):
    """The function with its limits far out, where its tails are below everything."""
    return lambda x: function(x) if abs(x) < 10**4 else (left(x) if x < 0 else right(x))


def elu(alpha, width, scale=1.0):
    return lambda x: mpf(scale) * (x if x > 0 else mpf(alpha) * mp.expm1(max(x / mpf(width), -mpf(10) ** 4)))


def scaled_softplus(beta, threshold):
    return lambda x: x if beta * x > threshold else mp.log1p(mp.exp(max(mpf(beta) * x, -mpf(10) ** 4))) / mpf(beta)


EXPONENTS = [17, 33, 66, 100, 120, 266, 498, 990]
BOTH_WAYS = [1.25 * 2.0**e for n in EXPONENTS for e in (n, -n)]
SIZED = [(x, 2.0 ** math.floor(math.log2(x))) for x in BOTH_WAYS]
LARGE = [(sign * x, s) for x, s in SIZED for sign in (1, -1)]
FAR = [(x, s) for x, s in LARGE if abs(x) > 1]
STEEP = [(x, 2.0**40) for x in (-80.0, -20.0, -2.0, 0.0, 0.5, 3.0)]
EDGE = [(sign * (1 - 2.0**-n), 2.0**-n) for n in (8, 20, 50) for sign in (1, -1)] + [(0.25, 2.0**33), (0.0, 2.0**33)]

zero, one, same = (lambda x: mpf(0)), (lambda x: mpf(1)), (lambda x: x)
FUNCTIONS = {
    "log": (mp.log, SIZED), "sqrt": (mp.sqrt, SIZED), "rsqrt": (lambda x: 1 / mp.sqrt(x), SIZED),
    "reciprocal": (lambda x: 1 / x, LARGE),
    "power(2.5)": (lambda x: x ** mpf(2.5), SIZED), "power(-2.5)": (lambda x: x ** mpf(-2.5), SIZED),
    "power(-0.75)": (lambda x: x ** mpf(-0.75), SIZED), "power(-3)": (lambda x: x**-3, LARGE),
    "power(0.1)": (lambda x: x ** mpf(0.1), SIZED), "square": (lambda x: x**2, LARGE), "cube": (lambda x: x**3, LARGE),
    "power(5)": (lambda x: x**5, LARGE), "identity": (same, LARGE),
    "atan": (mp.atan, LARGE + STEEP), "asinh": (mp.asinh, LARGE + STEEP),
    "acosh": (mp.acosh, [(x, s) for x, s in FAR if x > 0] + [(1 + 2.0**-n, 2.0**-n) for n in (8, 20, 50)]),
    "softsign": (lambda x: x / (1 + abs(x)), LARGE),
    "asin": (mp.asin, EDGE), "acos": (mp.acos, EDGE), "atanh": (mp.atanh, EDGE),
    "tan": (mp.tan, [(1.57079637050628662109375, 2.0**-25), (1.5707963267948966, 2.0**-54), (1.5, 0.125), (0.0, 2.0**40)]),
    "exp": (quiet(mp.exp, zero, lambda x: mp.inf), [(-x, s) for x, s in FAR if x > 0] + STEEP[:3]),
    "exp2": (quiet(lambda x: mpf(2) ** x, zero, lambda x: mp.inf), [(-x, s) for x, s in FAR if x > 0] + STEEP[:3]),
    "gaussian": (quiet(lambda x: mp.exp(-x * x), zero, zero), FAR + STEEP[1:] + [(8.5, 2.0**40)]),
    "erf": (quiet(mp.erf, lambda x: -mpf(1), one), FAR + STEEP[1:] + [(8.5, 2.0**40)]),
    "erfc": (quiet(mp.erfc, lambda x: mpf(2), zero), FAR + STEEP[1:] + [(8.5, 2.0**40)]),
    "tanh": (quiet(mp.tanh, lambda x: -mpf(1), one), FAR + STEEP),
    "tanhshrink": (quiet(lambda x: x - mp.tanh(x), lambda x: x + 1, lambda x: x - 1), FAR + STEEP),
    "sin": (mp.sin, STEEP), "cos": (mp.cos, STEEP), "sinh": (mp.sinh, STEEP[3:]), "cosh": (mp.cosh, STEEP[3:]),
    "sigmoid": (quiet(sigmoid, zero, one), FAR + STEEP),
    "log-sigmoid": (lambda x: -softplus(-x) if -x > -(10**4) else mpf(0), FAR + STEEP),
    "softplus": (lambda x: softplus(x) if x > -(10**4) else mpf(0), FAR + STEEP),
    "silu": (quiet(lambda x: x * sigmoid(x), zero, same), FAR + STEEP),
    "gelu": (gelu, FAR + STEEP[2:]), "gelu-tanh": (gelu_tanh, FAR + STEEP[2:]),
    "mish": (quiet(lambda x: x * mp.tanh(mp.log1p(mp.exp(x))), zero, same), FAR + STEEP),
    "elu(1.5)": (elu(1.5, 1.0), FAR + [c for c in STEEP if c[0]]),
    "selu": (elu(1.6732632423543772, 1.0, 1.0507009873554805), FAR + [c for c in STEEP if c[0]]),
    "celu(0.5)": (elu(0.5, 0.5), FAR + [c for c in STEEP if c[0]]),
    f"celu({2.0**-33})": (elu(2.0**-33, 2.0**-33), [(-1.25 * 2.0**-33, 2.0**-33), (3.0, 1.0)]),
    f"celu({2.0**40})": (elu(2.0**40, 2.0**40), [(-1.25 * 2.0**40, 2.0**40), (3.0, 1.0)]),
    f"scaled-softplus({2.0**33}, 20)": (scaled_softplus(2.0**33, 20), [(s * 2.0**-33, 2.0**-33) for s in (-1.5, 0.0, 2.0)]),
    f"scaled-softplus({2.0**-40}, 20)": (scaled_softplus(2.0**-40, 20), [(s * 2.0**40, 2.0**40) for s in (-1.5, 0.0, 2.0)]),
    "relu": (lambda x: max(x, mpf(0)), FAR), "leaky-relu(0.25)": (lambda x: x if x > 0 else x / 4, FAR),
    "abs": (abs, FAR), "hard-swish": (lambda x: x if x > 0 else mpf(0), FAR), "clip(-1, 2)": (lambda x: mpf(2 if x > 0 else -1), FAR),
    "sign": (lambda x: mpf(1 if x > 0 else -1), FAR), "step": (lambda x: mpf(1 if x > 0 else 0), FAR),
    "hard-sigmoid": (lambda x: mpf(1 if x > 0 else 0), FAR), "softshrink(0.5)": (lambda x: x - mpf(0.5) * mp.sign(x), FAR),
}


# Polynomials, by their degree; all functions but these are straight lines beyond 10^4.
POLYNOMIALS = {"square": 2, "cube": 3, "power(5)": 5}
CURVED = ("log", "sqrt", "rsqrt", "reciprocal", "power", "atan", "asinh", "acosh", "softsign", "celu", "scaled")


def degree(name, x):
    is_curved = name.startswith(CURVED) and name not in ("celu(0.5)", "log-sigmoid")
    return POLYNOMIALS.get(name, math.inf if is_curved or abs(x) < 1e4 and name != "identity" else 1)


def written(value):
    return float(value) if abs(value) < mpf(sys.float_info.max) else None


def coefficient(name, function, x, s, k):
    x, s = mpf(x), mpf(s)
    if k == 0:
        return written(function(x))
    if k > degree(name, x):
        return 0.0
    # Differences in t, with a step far below the distance over which the function varies.
    h = mpf(10) ** -30 * min(1, max(abs(x), mpf(10) ** -3) / s)
    value = mp.diff(lambda t: function(x + s * t), 0, k, h=h) / mp.factorial(k)
    return written(value)


def series(name, function, x, s):
    coefficients = [coefficient(name, function, x, s, k) for k in range(ORDERS)]
    # At 0 the step leaves something of a coefficient that vanishes.
    largest = max(abs(c) for c in coefficients if c is not None)
    return [0.0 if x == 0 and c is not None and abs(c) < 1e-110 * largest else c for c in coefficients]


def main():
    data = {}
    for name, (function, cases) in FUNCTIONS.items():
        print(name, file=sys.stderr)
        data[name] = [[repr(x), repr(s), series(name, function, x, s)] for x, s in cases]
    text = json.dumps(data, separators=(",", ":"))
    OUTPUT.write_text(text.replace("]],[", "]],\n[").replace(']],"', ']],\n"') + "\n")
    print(len(text), file=sys.stderr)


main()

"""Series of activations in fifty digits, for the tests of `runtime/src/activation`.

To regenerate `tests/data/activations.json`, from the root of the repository (two minutes):

    pip install -r tests/oracle/requirements.txt
    python tests/oracle/activations.py

`smooth`: the name in jetc, then for each x the Taylor coefficients g^(k)(x)/k!, k = 0 to 8, by mpmath's numerical
differentiation in 400 digits, rounded to float64. No recurrence is involved; points at which a coefficient overflows are left out. `kinks`: the value and the first two
derivatives where a function has a kink or a jump, by torch 2 in float64; null where torch refuses.
"""

import json
import math
import sys
from pathlib import Path

import torch
from mpmath import mp, mpf

mp.dps = 400
F = torch.nn.functional
OUTPUT = Path(__file__).resolve().parents[1] / "data" / "activations.json"
ORDERS = 9


def sigmoid(x):
    return 1 / (1 + mp.exp(-x))


def gelu_tanh(x):
    return x / 2 * (1 + mp.tanh(mp.sqrt(2 / mp.pi) * (x + mpf(0.044715) * x**3)))


ANY = [-40.25, -8.5, -2.125, -0.75, -1e-3, 0.0, 1e-9, 0.3, 1.0, 3.5, 12.0, 38.0]
POSITIVE = [1e-150, 1e-5, 0.37, 1.0, 2.5, 40.0, 1e10, 1e100]
INSIDE = [-0.999, -0.7, -1e-4, 0.0, 1e-12, 0.5, 0.9375]

SMOOTH = {
    "log": (mp.log, POSITIVE[1:]),
    "sqrt": (mp.sqrt, POSITIVE[1:]),
    "rsqrt": (lambda x: 1 / mp.sqrt(x), POSITIVE[1:]),
    "reciprocal": (lambda x: 1 / x, [-3.0, -1e-5, *POSITIVE[1:]]),
    "power(2.5)": (lambda x: x ** mpf(2.5), POSITIVE[1:]),
    "power(-0.75)": (lambda x: x ** mpf(-0.75), POSITIVE[1:]),
    "power(5)": (lambda x: x**5, [-7.0, *POSITIVE[1:]]),
    "power(-3)": (lambda x: x**-3, [-7.0, *POSITIVE[1:-1]]),
    "exp": (mp.exp, ANY), "exp2": (lambda x: mpf(2) ** x, ANY),
    "gaussian": (lambda x: mp.exp(-x * x), [-20.0, *ANY[1:-2]]),
    "erf": (mp.erf, [-20.0, *ANY[1:-2]]), "erfc": (mp.erfc, [-3.0, *ANY[1:-2]]),
    "tanh": (mp.tanh, ANY), "sin": (mp.sin, ANY), "cos": (mp.cos, ANY), "tan": (mp.tan, ANY),
    "asin": (mp.asin, INSIDE), "acos": (mp.acos, INSIDE), "atanh": (mp.atanh, INSIDE),
    "atan": (mp.atan, [*ANY, 1e8, -1e20]), "asinh": (mp.asinh, [*ANY, 1e8]),
    "sinh": (mp.sinh, ANY), "cosh": (mp.cosh, ANY),
    "acosh": (mp.acosh, [1.001, 1.5, 3.0, 40.0, 1e8]),
    "sigmoid": (sigmoid, ANY), "log-sigmoid": (lambda x: mp.log(sigmoid(x)), ANY),
    "softplus": (lambda x: mp.log1p(mp.exp(x)), ANY),
    "scaled-softplus(2, 20)": (lambda x: x if x > 10 else mp.log1p(mp.exp(2 * x)) / 2, ANY),
    "silu": (lambda x: x * sigmoid(x), ANY),
    "gelu": (lambda x: x * mp.erfc(-x / mp.sqrt(2)) / 2, ANY[1:-1]),
    "gelu-tanh": (gelu_tanh, ANY[1:-1]),
    "mish": (lambda x: x * mp.tanh(mp.log1p(mp.exp(x))), ANY),
    "tanhshrink": (lambda x: x - mp.tanh(x), ANY),
    "softsign": (lambda x: x / (1 + abs(x)), [x for x in ANY if x] + [1e30]),
    "elu(1.5)": (lambda x: x if x > 0 else mpf(1.5) * mp.expm1(x), [x for x in ANY if x]),
    "selu": (
        lambda x: mpf(1.0507009873554805) * (x if x > 0 else mpf(1.6732632423543772) * mp.expm1(x)),
        [x for x in ANY if x],
    ),
    "celu(0.5)": (lambda x: x if x > 0 else mp.expm1(2 * x) / 2, [x for x in ANY if x]),
}

KINKS = {
    "relu": (F.relu, [0.0]), "abs": (torch.abs, [0.0]), "sign": (torch.sign, [0.0]),
    "leaky-relu(0.25)": (lambda x: F.leaky_relu(x, 0.25), [0.0]),
    "elu(2)": (lambda x: F.elu(x, 2.0), [0.0]), "selu": (F.selu, [0.0]), "celu(2)": (lambda x: F.celu(x, 2.0), [0.0]),
    "clip(-1, 2)": (lambda x: F.hardtanh(x, -1.0, 2.0), [-1.0, 2.0]), "relu6": (F.relu6, [0.0, 6.0]),
    "step": (lambda x: torch.heaviside(x, torch.zeros_like(x)), [0.0]),
    "hard-sigmoid": (F.hardsigmoid, [-3.0, 3.0]), "hard-swish": (F.hardswish, [-3.0, 0.0, 3.0]),
    "softshrink(0.5)": (lambda x: F.softshrink(x, 0.5), [-0.5, 0.0, 0.5]),
    "hardshrink(0.5)": (lambda x: F.hardshrink(x, 0.5), [-0.5, 0.0, 0.5]),
    "thresholded-relu(1, 0.5)": (lambda x: F.threshold(x, 1.0, 0.5), [1.0]),
    "softsign": (F.softsign, [0.0]), "scaled-softplus(2, 4)": (lambda x: F.softplus(x, 2.0, 4.0), [2.5]),
    "floor": (torch.floor, [1.0, -0.5]), "ceil": (torch.ceil, [1.0, -0.5]),
    "round": (torch.round, [0.5, 1.5, 2.5, -0.5]),
}

# torch's second derivative of these is not that of the branch which its first derivative takes.
FIRST_ONLY = {"elu(2)", "selu", "celu(2)", "hard-swish"}


def smooth(function, x):
    # Derivatives one-sided enough not to cross a kink: the step is far below any distance in float64.
    mp.dps = 400
    h = mpf(10) ** -45 * max(abs(mpf(x)), mpf(10) ** -12)
    coefficients = []
    for k in range(ORDERS):
        value = mp.diff(function, mpf(x), k, h=h) / mp.factorial(k) if k else function(mpf(x))
        # At 0 the step leaves something of a coefficient that vanishes.
        coefficients.append(0.0 if x == 0 and abs(value) < 1e-40 else float(value))
    return coefficients


def kink(function, x):
    x = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    y = function(x)
    values = [y.item()]
    while len(values) < 3:
        try:
            (y,) = torch.autograd.grad(y, x, create_graph=True)
        except RuntimeError:
            break
        values.append(y.item())
    return values + [None] * (3 - len(values))


def main():
    # Points at which a coefficient overflows are left out.
    finite = lambda cases: [case for case in cases if all(map(math.isfinite, case[1]))]
    data = {
        "smooth": {n: finite([[x, smooth(f, x)] for x in xs]) for n, (f, xs) in SMOOTH.items()},
        "kinks": {
            n: [[x, kink(f, x)[: 2 if n in FIRST_ONLY else 3]] for x in xs] for n, (f, xs) in KINKS.items()
        },
    }
    text = json.dumps(data, indent=None, separators=(",", ":"))
    OUTPUT.write_text(text.replace('],"', '],\n"').replace("]],[", "]],\n[") + "\n")
    print(len(text), file=sys.stderr)


main()

"""Verify the stored reference data by Cauchy's integral formula.

Run after `reference.py`, in the same environment:

    python tests/oracle/check_reference.py

The activations are analytic, so a partial derivative of the network is an
integral over a torus of complex points around x,

    d^alpha f(x) = alpha! / r^|alpha| * mean over theta of
                   f(x + r exp(i theta)) exp(-i alpha.theta),

and the mean over equally spaced angles converges exponentially. This uses no
differentiation at all, neither automatic nor by finite differences, and shares
no code with `reference.py`: the networks, points and operators are read back
from the files, and the evaluation is plain numpy in extended precision.

The tolerance has two parts. The stored values come from float64 arithmetic
whose rounding is relative to the terms that cancel in them, so errors are
measured against the sum of |coefficient * derivative| over the terms of the
operator, and 1e-13 of that (some hundred roundings of float64) is allowed. The
integral has a rounding error of about eps * alpha! / r^|alpha|, and a truncation
error of order (r / R)^samples, R being the distance to the nearest singularity.
With the circles below and the extended precision of x86-64 (eps = 1e-19) the
two are below 1e-14 of the terms in the sixth order, and below 1e-15 otherwise,
as seen by taking more samples. Where numpy's longdouble is no wider than
float64 the rounding would be too large, and the script says so and stops.
"""

import json
import math
import re
import sys
from itertools import product
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

DATA = Path(__file__).resolve().parents[1] / "data" / "reference"
TOLERANCE = 1e-13
REAL, COMPLEX = np.longdouble, np.clongdouble
# Number of variables to differentiate by -> radius r, samples per circle.
CIRCLES = {1: (REAL(0.3), 64), 2: (REAL(0.3), 48), 3: (REAL(0.125), 24)}


def erf(z):
    """Taylor series, converged to below 1e-19 for the |z| < 4 met here."""
    term, total = z, z
    for k in range(1, 80):
        term = -term * z * z / k
        total = total + term / (2 * k + 1)
    return 2 / np.sqrt(4 * np.arctan(REAL(1))) * total


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


ACTIVATIONS = {
    "tanh": lambda z: (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z)),
    "sin": np.sin,
    "cos": np.cos,
    "sigmoid": sigmoid,
    "softplus": lambda z: np.log(1 + np.exp(z)),
    "silu": lambda z: z * sigmoid(z),
    "gelu": lambda z: z * (1 + erf(z / np.sqrt(REAL(2)))) / 2,
    "exp": np.exp,
    "identity": lambda z: z,
}


def evaluate(net, activation, points):
    """The network outputs [K, m] at complex points [K, n]."""
    z = points
    numbers = sorted(int(name.split(".")[0]) for name in net if name.endswith("weight"))
    for number in numbers:
        if number > 0:
            z = activation(z)
        z = z @ net[f"{number}.weight"].astype(COMPLEX).T
        if f"{number}.bias" in net:
            z = z + net[f"{number}.bias"]
    return z


def derivative(f, x, alpha):
    """d^alpha f(x) [m] for f from [K, n] to [K, m] and exponents alpha [n]."""
    active = [i for i, exponent in enumerate(alpha) if exponent > 0]
    radius, samples = CIRCLES[len(active)]
    steps = np.arange(samples) * (8 * np.arctan(REAL(1)) / samples)
    angles = np.stack(np.meshgrid(*[steps] * len(active)), axis=-1).reshape(-1, len(active))
    points = np.tile(x.astype(COMPLEX), (len(angles), 1))
    points[:, active] += radius * np.exp(1j * angles)
    exponents = np.array([alpha[i] for i in active], dtype=REAL)
    mean = (f(points) * np.exp(-1j * (angles @ exponents))[:, None]).mean(axis=0)
    factorial = math.prod(math.factorial(exponent) for exponent in alpha)
    return (factorial * mean / radius ** sum(alpha)).real


def power_of_laplacian(n, power):
    """(sum d_i^2)^power by the multinomial theorem."""
    return [
        (
            math.factorial(power) / math.prod(math.factorial(k) for k in exponents),
            tuple(2 * k for k in exponents),
        )
        for exponents in product(range(power + 1), repeat=n)
        if sum(exponents) == power
    ]


def terms_of(operator, case):
    """An operator of `case.json` as a list of (coefficient, exponents)."""
    coordinates = case["coordinates"]
    n = len(coordinates)
    powers = {"laplacian": 1, "biharmonic": 2, "triharmonic": 3}
    if operator in powers:
        return power_of_laplacian(n, powers[operator])
    if operator == "weighted-laplacian":
        terms = []
        for i, j in product(range(n), repeat=2):
            exponents = tuple((k == i) + (k == j) for k in range(n))
            terms.append((sum(v[i] * v[j] for v in case["directions"]), exponents))
        return [(c, exponents) for c, exponents in terms if c != 0]
    terms = []
    pattern = r"([+-]?)(?:(\d+)(?:/(\d+))?\*)?u_([a-z]+)"
    text = operator.replace(" ", "")
    assert re.fullmatch(f"(?:{pattern})+", text), f"not understood: {operator}"
    for sign, numerator, denominator, letters in re.findall(pattern, text):
        coefficient = int(numerator or 1) / int(denominator or 1)
        exponents = tuple(letters.count(name) for name in coordinates)
        assert sum(exponents) == len(letters), f"unknown coordinate in {operator}"
        terms.append((-coefficient if sign == "-" else coefficient, exponents))
    return terms


def check_case(directory):
    """Print and return the largest relative error of each operator."""
    case = json.loads((directory / "case.json").read_text())
    net = load_file(directory / "net.safetensors")
    reference = load_file(directory / "reference.safetensors")
    points = reference.pop("points")
    assert reference.keys() == case["operators"].keys()

    def network(z):
        return evaluate(net, ACTIVATIONS[case["activation"]], z)

    worst = 0.0
    for key, operator in case["operators"].items():
        terms = terms_of(operator, case)
        largest, of_value = 0.0, 0.0
        for x, stored in zip(points, reference[key]):
            parts = np.array([c * derivative(network, x, alpha) for c, alpha in terms])
            error = np.abs(parts.sum(axis=0) - stored)
            scale = np.abs(parts).sum(axis=0)
            if not stored.any():
                # All derivatives vanish (identity network), and the parts are
                # but the rounding of the integral: take the error as absolute.
                scale = np.ones_like(scale)
            largest = max(largest, float((error / scale).max()))
            if stored.all():
                of_value = max(of_value, float((error / np.abs(stored)).max()))
        print(f"{directory.name}/{key}: {largest:.1e} of the terms, {of_value:.1e} of the value")
        worst = max(worst, largest)
    return worst


def main():
    if np.finfo(REAL).eps > 1e-18:
        sys.exit("this check needs a longdouble wider than float64")
    directories = sorted(path.parent for path in DATA.glob("*/case.json"))
    assert directories, "no reference data; run reference.py first"
    worst = max(check_case(directory) for directory in directories)
    print(f"largest error relative to the terms: {worst:.1e}")
    if not worst <= TOLERANCE:
        sys.exit(f"above the tolerance of {TOLERANCE:.0e}")


if __name__ == "__main__":
    main()

"""The differential operators of the reference models, as terms and as formulas.

An operator is a list of terms (coefficient, indices), where the indices name
the coordinates to differentiate by: (-2, (0, 0, 1)) stands for -2 u_xxy.
"""

from dataclasses import dataclass
from itertools import combinations

ALL_FOURTH_ORDERS = 6  # coordinates up to which the full biharmonic is computed


@dataclass
class Operator:
    id: str  # a built-in operator of jetc, or a formula in its language
    terms: list


def laplacian(n):
    return [(1, (i, i)) for i in range(n)]


def biharmonic(n):
    pure = [(1, (i, i, i, i)) for i in range(n)]
    return pure + [(2, (i, i, j, j)) for i, j in combinations(range(n), 2)]


def formula(terms, coordinates):
    """The terms as jetc writes them, for example `u_xxy - 2*u_z + 3*u`."""
    text = ""
    for coefficient, indices in terms:
        derivative = "u" + "_" * bool(indices) + "".join(coordinates[i] for i in indices)
        factor = "" if abs(coefficient) == 1 else f"{abs(coefficient)}*"
        sign = " - " if coefficient < 0 else " + "
        text += sign + factor + derivative
    return text.removeprefix(" + ")


def operators(coordinates):
    """Key in `reference.safetensors` -> operator."""
    n = len(coordinates)
    mixed = [(1, (0, 0, 1 if n <= 3 else n - 1)), (-2, (min(2, n - 1),)), (3, ())]
    if n <= ALL_FOURTH_ORDERS:
        fourth = Operator("biharmonic", biharmonic(n))
    else:
        fourth = Operator(formula(biharmonic(3), coordinates), biharmonic(3))
    return {
        "value": Operator("u", [(1, ())]),
        "laplacian": Operator("laplacian", laplacian(n)),
        "biharmonic": fourth,
        "mixed": Operator(formula(mixed, coordinates), mixed),
    }

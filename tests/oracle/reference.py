"""Reference values for jetc: differential operators by nested first-order AD.

Every derivative here is a nesting of first-order forward-mode derivatives
(`jax.jacfwd` of a function of one real variable) in float64. No Taylor
arithmetic and no finite differences are involved, so the numbers are
independent of the method that jetc uses.

To regenerate the data, from the root of the repository:

    python -m venv oracle-env && . oracle-env/bin/activate
    pip install -r tests/oracle/requirements.txt
    python tests/oracle/reference.py

Networks and points come from numpy's PCG64 with fixed seeds and are therefore
the same everywhere; the operator values may differ in the last digits between
versions of JAX or processors. `check_reference.py` verifies the stored values
by another method.

The script writes, for each case, the directory `tests/data/reference/<case>/`:

`net.safetensors`
    The network, float64, named like the state dict of a PyTorch
    `nn.Sequential(Linear, activation, Linear, ..., Linear)`: `0.weight`
    [out, in], `0.bias` [out], `2.weight`, ... The activation stands between
    the linear layers, not after the last. A layer without a bias has no
    `bias` entry.

`reference.safetensors`
    `points` [N, n], and for each operator one tensor [N, m]: the operator
    applied to each of the m network outputs at each of the N points. All
    float64.

`case.json`
    activation   name of the activation (`gelu` is the exact form, with erf)
    coordinates  names of the n inputs, in order
    operators    key in `reference.safetensors` -> the operator: a name
                 (`laplacian`, `biharmonic`, `triharmonic`,
                 `weighted-laplacian`), or a sum of partial derivatives such
                 as `u_xxyz - 2*u_z`
    directions   only with `weighted-laplacian`: the vectors v_r (the columns
                 of S) of sum_r f''[v_r, v_r] = sum_ij (S S^T)_ij d_i d_j f
"""

import json
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
from safetensors.numpy import save_file

jax.config.update("jax_enable_x64", True)

OUTPUT = Path(__file__).resolve().parents[1] / "data" / "reference"
POINTS_PER_CASE = 4

ACTIVATIONS = {
    "tanh": jnp.tanh,
    "sin": jnp.sin,
    "cos": jnp.cos,
    "sigmoid": jax.nn.sigmoid,
    "softplus": jax.nn.softplus,
    "silu": jax.nn.silu,
    "gelu": lambda z: jax.nn.gelu(z, approximate=False),
    "exp": jnp.exp,
    "identity": lambda z: z,
}


# Networks: a list of layers (weight, bias), where bias may be None.


def random_network(rng, sizes, scale=1.0, without_bias=()):
    """Layers with weights ~ scale * N(0, 1/fan_in), biases ~ 0.3 * N(0, 1)."""
    layers = []
    for index, (fan_in, fan_out) in enumerate(zip(sizes, sizes[1:])):
        weight = scale * rng.standard_normal((fan_out, fan_in)) / np.sqrt(fan_in)
        bias = 0.3 * rng.standard_normal(fan_out)
        layers.append((weight, None if index in without_bias else bias))
    return layers


def evaluate(layers, activation, x):
    """The network outputs [m] at one point x [n]."""
    for index, (weight, bias) in enumerate(layers):
        if index > 0:
            x = activation(x)
        x = weight @ x
        if bias is not None:
            x = x + bias
    return x


def state_dict(layers):
    """The layers under the names of a PyTorch nn.Sequential."""
    tensors = {}
    for index, (weight, bias) in enumerate(layers):
        tensors[f"{2 * index}.weight"] = np.ascontiguousarray(weight, dtype=np.float64)
        if bias is not None:
            tensors[f"{2 * index}.bias"] = np.ascontiguousarray(bias, dtype=np.float64)
    return tensors


# Operators: a list of terms (coefficient, indices), where the indices name the
# coordinates to differentiate by: (-2.0, (0, 0, 1)) stands for -2 u_xxy.


def partial_derivative(f, index):
    """The function x -> df/dx_index, for f from R^n to R^m."""

    def derivative(x):
        direction = jnp.zeros_like(x).at[index].set(1.0)
        return jax.jacfwd(lambda t: f(x + t * direction))(0.0)

    return derivative


def apply_operator(terms, f):
    """The function x -> sum of coefficient * nested partial derivatives of f."""

    def applied(x):
        total = 0.0
        for coefficient, indices in terms:
            derivative = f
            for index in indices:
                derivative = partial_derivative(derivative, index)
            total = total + coefficient * derivative(x)
        return total

    return applied


def laplacian(n):
    return [(1.0, (i, i)) for i in range(n)]


def compose(first, second):
    """The product of two operators, with equal derivatives collected."""
    coefficients = Counter()
    for a, left in first:
        for b, right in second:
            coefficients[tuple(sorted(left + right))] += a * b
    return [(c, indices) for indices, c in coefficients.items()]


def biharmonic(n):
    return compose(laplacian(n), laplacian(n))


def triharmonic(n):
    return compose(biharmonic(n), laplacian(n))


def weighted_laplacian(directions):
    """sum_ij (S S^T)_ij d_i d_j, where the given directions are the columns of S."""
    rows = np.array(directions)
    matrix = rows.T @ rows
    n = len(matrix)
    return [
        (float(matrix[i, j]), (i, j))
        for i in range(n)
        for j in range(n)
        if matrix[i, j] != 0.0
    ]


# Cases


@dataclass
class Operator:
    id: str
    terms: list
    # The symbol p of the operator, written by hand: L exp(k.x) = p(k) exp(k.x).
    # Only `check_plane_waves` uses it.
    symbol: Callable


@dataclass
class Case:
    name: str
    activation: str
    coordinates: list
    hidden: list
    outputs: int
    operators: dict  # key in reference.safetensors -> Operator
    scale: float = 1.0
    without_bias: tuple = ()
    directions: list | None = None

    @property
    def inputs(self):
        return len(self.coordinates)


def laplacian_operator(n):
    return Operator("laplacian", laplacian(n), lambda k: k @ k)


def biharmonic_operator(n):
    return Operator("biharmonic", biharmonic(n), lambda k: (k @ k) ** 2)


def activation_case(activation, hidden, **options):
    """Three inputs, two outputs, derivatives up to the fourth order."""
    operators = {
        "laplacian": laplacian_operator(3),
        "biharmonic": biharmonic_operator(3),
        "u_xyz": Operator(
            "u_xyz",
            [(1.0, (0, 1, 2))],
            lambda k: k[0] * k[1] * k[2],
        ),
        "mixed": Operator(
            "u_xxyz - 2*u_z",
            [(1.0, (0, 0, 1, 2)), (-2.0, (2,))],
            lambda k: k[0] ** 2 * k[1] * k[2] - 2.0 * k[2],
        ),
    }
    return Case(activation, activation, ["x", "y", "z"], hidden, 2, operators, **options)


def numbered(n):
    return [f"x{i}" for i in range(1, n + 1)]


def cases():
    yield activation_case("tanh", [12, 10])
    yield activation_case("sin", [12, 10], without_bias=(1,))
    yield activation_case("cos", [8, 8, 8])
    # Flat activations get larger weights, the exponential smaller ones, so that
    # the derivatives are neither tiny nor huge.
    yield activation_case("sigmoid", [16, 12], scale=2.0)
    yield activation_case("softplus", [12, 10], scale=1.5)
    yield activation_case("silu", [10, 8, 8], scale=1.5, without_bias=(3,))
    yield activation_case("gelu", [12, 10], scale=1.5)
    yield activation_case("exp", [10, 8], scale=0.5)
    yield activation_case("identity", [8, 8])

    yield Case(
        name="laplacian-10d",
        activation="tanh",
        coordinates=numbered(10),
        hidden=[16, 12],
        outputs=1,
        operators={"laplacian": laplacian_operator(10)},
    )
    yield Case(
        name="biharmonic-5d",
        activation="tanh",
        coordinates=numbered(5),
        hidden=[12, 10],
        outputs=1,
        operators={"biharmonic": biharmonic_operator(5)},
    )
    yield Case(
        name="triharmonic-2d",
        activation="tanh",
        coordinates=["x", "y"],
        hidden=[10, 8],
        outputs=1,
        operators={
            "triharmonic": Operator("triharmonic", triharmonic(2), lambda k: (k @ k) ** 3),
            "sixth_order": Operator(
                "u_xxxxxx + u_yyyyyy",
                [(1.0, (0,) * 6), (1.0, (1,) * 6)],
                lambda k: k[0] ** 6 + k[1] ** 6,
            ),
        },
    )
    directions = [[1.0, 2.0, 0.0, -1.0], [0.0, 0.5, 3.0, 1.0]]
    yield Case(
        name="weighted-laplacian-4d",
        activation="sin",
        coordinates=numbered(4),
        hidden=[12, 10],
        outputs=1,
        operators={
            "weighted_laplacian": Operator(
                "weighted-laplacian",
                weighted_laplacian(directions),
                lambda k: (k[0] + 2.0 * k[1] - k[3]) ** 2
                + (0.5 * k[1] + 3.0 * k[2] + k[3]) ** 2,
            )
        },
        directions=directions,
    )
    yield Case(
        name="kuramoto-sivashinsky",
        activation="tanh",
        coordinates=["x", "t"],
        hidden=[10, 10, 8],
        outputs=1,
        operators={
            "kuramoto_sivashinsky": Operator(
                "u_t + u_xx + u_xxxx",
                [(1.0, (1,)), (1.0, (0, 0)), (1.0, (0, 0, 0, 0))],
                lambda k: k[1] + k[0] ** 2 + k[0] ** 4,
            ),
            "heat": Operator(
                "u_t - 2/5*u_xx",
                [(1.0, (1,)), (-0.4, (0, 0))],
                lambda k: k[1] - 0.4 * k[0] ** 2,
            ),
            "wave": Operator(
                "u_tt - 4*u_xx",
                [(1.0, (1, 1)), (-4.0, (0, 0))],
                lambda k: k[1] ** 2 - 4.0 * k[0] ** 2,
            ),
        },
    )


def check_plane_waves(case, rng):
    """Check the operators of a case on a network whose derivatives are known.

    For u = sum_j a_j sin(w_j.x + b_j) and an operator L with symbol p,

        L u = sum_j a_j Im(p(i w_j) exp(i (w_j.x + b_j))),

    for example -sum_j a_j |w_j|^2 sin(w_j.x + b_j) for the Laplacian.

    The tolerance: put M = sum_j |a_j| sum_terms |c| prod_i |w_ji|, the largest
    value that the terms could add up to. Every rounding on the way (at most 6
    factors, at most 15 terms, 16 units) costs at most about eps * M, and so
    does each of the n + 1 <= 11 roundings of a phase of size about 1, since
    sine and cosine are Lipschitz with constant 1. That is well below 100
    roundings, for the two sides together.

    Returns the largest error seen, in units of eps * M.
    """
    units = 16
    frequency = rng.standard_normal((units, case.inputs))
    phase = rng.standard_normal(units)
    amplitude = rng.standard_normal(units)
    layers = [(frequency, phase), (amplitude[None, :], None)]
    x = rng.uniform(-1.0, 1.0, case.inputs)
    wave = np.exp(1j * (frequency @ x + phase))

    worst = 0.0
    for key, operator in case.operators.items():
        symbols = np.array([operator.symbol(1j * w) for w in frequency])
        expected = amplitude @ (symbols * wave).imag
        value = apply_operator(operator.terms, lambda p: evaluate(layers, jnp.sin, p))(x)
        bound = np.abs(amplitude) @ sum(
            abs(c) * np.abs(frequency[:, list(indices)]).prod(axis=1)
            for c, indices in operator.terms
        )
        error = abs(float(value[0]) - expected) / (np.finfo(np.float64).eps * bound)
        assert error <= 100.0, f"{case.name}/{key}: off by {error} roundings"
        worst = max(worst, error)
    return worst


def write_case(case):
    rng = np.random.Generator(np.random.PCG64(zlib.crc32(case.name.encode())))
    sizes = [case.inputs, *case.hidden, case.outputs]
    layers = random_network(rng, sizes, case.scale, case.without_bias)
    points = rng.uniform(-1.0, 1.0, (POINTS_PER_CASE, case.inputs))
    rounding = check_plane_waves(case, rng)
    print(f"{case.name}: plane waves off by at most {rounding:.2g} roundings")

    def network(x):
        return evaluate(layers, ACTIVATIONS[case.activation], x)

    tensors = {"points": points}
    for key, operator in case.operators.items():
        values = jax.jit(jax.vmap(apply_operator(operator.terms, network)))(points)
        assert values.shape == (POINTS_PER_CASE, case.outputs)
        assert values.dtype == jnp.float64
        tensors[key] = np.ascontiguousarray(values)
        magnitude = np.abs(tensors[key])
        print(f"    {key}: |value| from {magnitude.min():.3g} to {magnitude.max():.3g}")

    description = {
        "activation": case.activation,
        "coordinates": case.coordinates,
        "operators": {key: operator.id for key, operator in case.operators.items()},
    }
    if case.directions is not None:
        description["directions"] = case.directions

    directory = OUTPUT / case.name
    directory.mkdir(parents=True, exist_ok=True)
    save_file(state_dict(layers), directory / "net.safetensors")
    save_file(tensors, directory / "reference.safetensors")
    (directory / "case.json").write_text(json.dumps(description, indent=2) + "\n")


def main():
    for case in cases():
        write_case(case)


if __name__ == "__main__":
    main()

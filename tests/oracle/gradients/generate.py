"""Reference values for jetc: derivatives of operators of networks by nested AD.

Operators are nestings of first-order forward-mode derivatives in the points
(`derivatives.py`); what is differentiated by parameters, points and unknowns
goes through reverse mode once more, or forward mode for J v. Everything is
float64, without Taylor arithmetic and without jetc.

To regenerate the data, from the root of the repository:

    python -m venv gradients-env && . gradients-env/bin/activate
    pip install -r tests/oracle/gradients/requirements.txt
    python tests/oracle/gradients/generate.py [case ...]

which takes a few minutes. Without names of cases it makes all.
Networks, points and vectors come from numpy's PCG64, seeded by the name of the
case, and are the same everywhere; the values may differ in the last digits
between versions of JAX or processors.

The script writes, for each case, the directory `tests/data/gradients/<case>/`:

`operator.yaml`
    The operator.

`net.safetensors`, `model.yaml` with `weights.safetensors`, or `model.onnx`
    The network: a state dict like that of `nn.Sequential`, a model file, or a
    graph. One of the three.

`reference.safetensors`, float64
    points [N, n], targets g [N, columns], cotangents w [N, columns]
    unknowns [U], if there are any: their values
    results r [N, columns]
    loss [1]                 L = 1/N sum (r - g)^2
    gradient/<name>          dL by the parameter of that name, in its shape
    of_points [N, n]         d sum(w*r) by the points
    of_unknowns [U]          d sum(w*r) by the unknowns
    row<i>/<name>            row i of J = dr/dparameters
    direction/<name>         v, in the shape of each parameter
    jvp [N, columns]         J v

`case.json`
    network     the file
    activation  of the state dict, else null
    rows        the rows of J that are stored, counted point by point
    constants   names of tensors that are no parameters

Before anything is written, forward mode is compared with reverse mode, and
both with differences of order six (`check.py`).
"""

import json
import sys
import zlib
from pathlib import Path

import jax

jax.config.update("jax_enable_x64", True)

import jax.numpy as jnp
import numpy as np
from safetensors.numpy import save_file

from cases import cases
from check import check
from layers import Weights

OUTPUT = Path(__file__).resolve().parents[2] / "data" / "gradients"


def as_function(case, constants):
    """The results [N, columns] as a function of parameters, points [N, n] and unknowns."""

    def results(parameters, points, unknowns):
        tensors = parameters | constants

        def field(index):
            return lambda x: case.network.function(tensors, x)[index]

        (width,) = jax.eval_shape(lambda x: case.network.function(tensors, x), points[0]).shape
        fields = [field(index) for index in range(width)]
        return jax.vmap(lambda x: jnp.stack(case.operator.columns(fields, x, unknowns)))(points)

    return jax.jit(results)


def values(case, rng):
    """All tensors of `reference.safetensors`, the rows, and those of the network's file."""
    weights = Weights(rng)
    case.network.weights(weights)
    tensors = weights.tensors
    constants = {name: tensors[name] for name in case.network.constants}
    theta = {name: tensors[name] for name in tensors if name not in constants}
    points = rng.uniform(case.low, case.high, (case.points, case.operator.inputs))
    unknowns = np.array(list(case.operator.unknowns.values()))
    function = as_function(case, constants)
    results = np.asarray(function(theta, points, unknowns))
    targets = results.std() * rng.standard_normal(results.shape)
    cotangents = rng.standard_normal(results.shape)
    direction = {name: rng.standard_normal(value.shape) for name, value in theta.items()}

    def loss(theta):
        return jnp.sum((function(theta, points, unknowns) - targets) ** 2) / len(points)

    value, gradient = jax.value_and_grad(loss)(theta)
    _, pull = jax.vjp(function, theta, points, unknowns)
    _, of_points, of_unknowns = pull(cotangents)
    rows = [int(row) for row in sorted(rng.choice(results.size, 2, replace=False))]
    units = np.eye(results.size).reshape(-1, *results.shape)
    of_rows = {row: pull(units[row])[0] for row in rows}
    jvp = jax.jvp(lambda theta: function(theta, points, unknowns), (theta,), (direction,))[1]

    stored = {"points": points, "targets": targets, "cotangents": cotangents}
    stored |= {"results": results, "loss": value[None], "of_points": of_points, "jvp": jvp}
    if len(unknowns):
        stored |= {"unknowns": unknowns, "of_unknowns": of_unknowns}
    stored |= {f"gradient/{name}": value for name, value in gradient.items()}
    stored |= {f"direction/{name}": value for name, value in direction.items()}
    for row in rows:
        stored |= {f"row{row}/{name}": value for name, value in of_rows[row].items()}
    check(case.name, function, (theta, points, unknowns), stored, rows)
    return {name: as_array(value) for name, value in stored.items()}, rows, tensors


def as_array(value):
    array = np.ascontiguousarray(value)
    assert array.dtype == np.float64 and np.isfinite(array).all()
    return array


def write_network(network, tensors, directory):
    """Returns the name of the file."""
    if network.onnx is not None:
        (directory / "model.onnx").write_bytes(network.onnx(tensors))
        return "model.onnx"
    tensors = {name: np.ascontiguousarray(value) for name, value in tensors.items()}
    if network.layers is None:
        save_file(tensors, directory / "net.safetensors")
        return "net.safetensors"
    save_file(tensors, directory / "weights.safetensors")
    (directory / "model.yaml").write_text("weights: weights.safetensors\n" + network.layers)
    return "model.yaml"


def main():
    for case in cases():
        if sys.argv[1:] and case.name not in sys.argv[1:]:
            continue
        rng = np.random.Generator(np.random.PCG64(zlib.crc32(case.name.encode())))
        stored, rows, tensors = values(case, rng)
        directory = OUTPUT / case.name
        directory.mkdir(parents=True, exist_ok=True)
        (directory / "operator.yaml").write_text(case.operator.text)
        save_file(stored, directory / "reference.safetensors")
        description = {
            "network": write_network(case.network, tensors, directory),
            "activation": case.network.activation,
            "rows": rows,
            "constants": list(case.network.constants),
        }
        (directory / "case.json").write_text(json.dumps(description, indent=2) + "\n")


if __name__ == "__main__":
    main()

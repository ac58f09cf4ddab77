"""Reference models for jetc: ONNX files, and operators of what they compute.

To regenerate the data, from the root of the repository:

    python -m venv models-env && . models-env/bin/activate
    pip install -r tests/oracle/models/requirements.txt
    python tests/oracle/models/export.py

The script writes, for each case, the directory `tests/data/models/<case>/`:

`<exporter>-<opset>.onnx`
    The same network each time. `torchscript` and `dynamo` are the two
    exporters of PyTorch; `hand-written` stands for files made node by node.
    Stack traces are removed, as they name files of the machine.

`model.yaml`, `state.safetensors`
    For some cases, the same network as a model file, written by hand, and the
    state dict whose tensors it names (`states.py`).

`reference.safetensors`
    `points` [N, n], and for each operator one tensor [N, m]: the operator
    applied to each of the m network outputs at each of the N points. All
    float64. Several inputs are columns of the points in order, and several
    outputs columns of the results.

`case.json`
    coordinates  names of the n columns, in order
    operators    key in `reference.safetensors` -> the operator: a name
                 (`laplacian`, `biharmonic`), or a formula such as
                 `u_xxy - 2*u_z + 3*u`, as operator files have it
    models       list of the files: `file`, `exporter`, `opset`, `dtype` of the
                 network, `batch` (null: of any size), and `inputs` and `outputs`
                 in order, each with `name` and `width`

The operators are computed with the weights as the files hold them, in float64
(`truth.py`). Every file is evaluated at the points by ONNX's reference
evaluator, after `float32` has been replaced by `float64` in it, and must give
the same values; and by onnxruntime as it is, where that knows the operators.

At the end the script writes `node-types.md`: the types of the nodes in the
files, and the exports that failed.
"""

import json
import logging
import warnings

import numpy as np
import onnx
import torch
from safetensors.numpy import save_file

import files
import hand_written
import summary
import truth
from cases import cases
from check import check_values
from exporters import export
from operators import operators
from states import MODEL, filled, write_state

POINTS = 4
DTYPES = {torch.float32: "float32", torch.float64: "float64"}
DERIVATIVE_TOLERANCE = 1e-8


def reference(function, coordinates, points):
    """The points and the operators of a function, by the key of the operator."""
    tensors = {"points": points}
    batch = torch.from_numpy(points)
    for key, operator in operators(coordinates).items():
        worst = truth.check_derivatives(operator.terms, function, batch)
        assert worst <= DERIVATIVE_TOLERANCE, f"{key}: derivatives off by {worst:.2g}"
        values = truth.apply_operator(operator.terms, function, batch)
        tensors[key] = np.ascontiguousarray(values.numpy())
        magnitude = np.abs(tensors[key])
        print(f"    {key}: |value| from {magnitude.min():.3g} to {magnitude.max():.3g}")
    return tensors


def save_model(model, path, external):
    if external:
        onnx.save_model(
            model,
            path,
            save_as_external_data=True,
            location=path.stem + ".data",
            size_threshold=0,
        )
    else:
        onnx.save_model(model, path)


def describe(model, name, exporter, dtype):
    def columns(values):
        return [
            {"name": value.name, "width": value.type.tensor_type.shape.dim[1].dim_value}
            for value in values
        ]

    batch = model.graph.input[0].type.tensor_type.shape.dim[0].dim_value or None
    return {
        "file": name,
        "exporter": exporter,
        "opset": files.opset(model),
        "dtype": dtype,
        "batch": batch,
        "inputs": columns(model.graph.input),
        "outputs": columns(model.graph.output),
    }


def write(name, coordinates, tensors, models, dtype, external=False):
    """The directory of a case, from its models by exporter and opset."""
    directory = files.OUTPUT / name
    directory.mkdir(parents=True, exist_ok=True)
    for old in directory.iterdir():
        if old.name != MODEL:
            old.unlink()
    descriptions = []
    for (exporter, opset), model in models.items():
        file = f"{exporter}-{opset}.onnx"
        error, runtime_error = check_values(model, dtype, tensors["points"], tensors["value"])
        runtime = "cannot run it" if runtime_error is None else f"{runtime_error:.2g}"
        print(f"    {file}: off by {error:.2g}, onnxruntime {runtime}")
        descriptions.append(describe(model, file, exporter, dtype))
        save_model(model, directory / file, external)
    save_file(tensors, directory / "reference.safetensors")
    description = {
        "coordinates": coordinates,
        "operators": {key: operator.id for key, operator in operators(coordinates).items()},
        "models": descriptions,
    }
    (directory / "case.json").write_text(json.dumps(description, indent=2) + "\n")


def write_case(case):
    """Returns the exports that failed, each with what the exporter said."""
    print(case.name)
    module, rng = filled(case)
    points = rng.uniform(case.low, case.high, (POINTS, len(case.coordinates)))
    if case.dtype == torch.float32:
        points = points.astype(np.float32).astype(np.float64)
    function = truth.as_function(module, list(case.widths.values()))
    models, failures = {}, []
    for exporter, opset in case.exports:
        try:
            models[exporter, opset] = export(case, module, exporter, opset)
        except Exception as error:  # whatever the exporters raise is what we report
            reason = next(line.strip() for line in str(error).splitlines() if line.strip())
            print(f"    {exporter}-{opset}: {reason}")
            failures.append((case.name, exporter, opset, reason))
    tensors = reference(function, case.coordinates, points)
    write(case.name, case.coordinates, tensors, models, DTYPES[case.dtype], case.external)
    write_state(module, files.OUTPUT / case.name)
    return failures


def main():
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    torch.set_num_threads(1)
    torch.backends.mha.set_fastpath_enabled(False)
    failures = []
    for case in cases():
        failures += write_case(case)
    for name, coordinates, model, function, points, dtype in hand_written.models():
        print(name)
        tensors = reference(function, coordinates, points)
        write(name, coordinates, tensors, {("hand-written", files.opset(model)): model}, dtype)
    (files.OUTPUT / "node-types.md").write_text(summary.markdown(files.OUTPUT, failures))


if __name__ == "__main__":
    main()

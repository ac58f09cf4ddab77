"""From PyTorch modules to ONNX models, by the two exporters of PyTorch."""

import contextlib
import io

import onnx
import torch

import files


def export(case, module, exporter, opset):
    """The module as an ONNX model."""
    arguments = tuple(
        torch.zeros(case.batch or 3, width, dtype=case.dtype) + 0.5
        for width in case.widths.values()
    )
    target = io.BytesIO()
    options = {
        "input_names": list(case.widths),
        "output_names": list(case.outputs),
        "opset_version": opset,
    }
    if exporter == "torchscript":
        names = [*case.widths, *case.outputs]
        axes = None if case.batch else {name: {0: "batch"} for name in names}
        options |= {"dynamo": False, "dynamic_axes": axes}
    else:
        shapes = None if case.batch else tuple({0: "batch"} for _ in arguments)
        options |= {"dynamo": True, "dynamic_shapes": shapes, "verbose": False}
    with contextlib.redirect_stdout(io.StringIO()):
        torch.onnx.export(module, arguments, target, **options)
    model = onnx.load_from_string(target.getvalue())
    if files.opset(model) != opset:
        raise ValueError(f"the exporter wrote opset {files.opset(model)} in place of {opset}")
    files.remove_traces(model)
    onnx.checker.check_model(model, full_check=True)
    return model

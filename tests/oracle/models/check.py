"""Do the files compute what the module computes?"""

import numpy as np
import onnx
import onnxruntime

import files

# The reference evaluator differs from PyTorch by roundings of float64.
TOLERANCE = 1e-12
# onnxruntime keeps some constants in float32.
RUNTIME_TOLERANCE = {"float32": 1e-5, "float64": 1e-7}


def check_values(model, dtype, points, values):
    """Compare what the model computes with the values.

    Returns the largest error, and that of onnxruntime or None where it has no
    implementation of the model in this precision.
    """
    error = np.abs(files.evaluate(files.promote(model), points) - values).max()
    scale = np.abs(values).max()
    assert error <= TOLERANCE * scale, f"reference evaluator: {error:.2g}"
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    try:
        session = onnxruntime.InferenceSession(model.SerializeToString(), options)
    except onnxruntime.capi.onnxruntime_pybind11_state.NotImplemented:
        return error, None
    single = model.graph.input[0].type.tensor_type.elem_type == onnx.TensorProto.FLOAT
    inputs = points.astype(np.float32 if single else np.float64)
    outputs = files.in_batches(model, inputs, lambda feed: session.run(None, feed))
    runtime_error = np.abs(outputs - values).max()
    assert runtime_error <= RUNTIME_TOLERANCE[dtype] * scale, f"onnxruntime: {runtime_error:.2g}"
    return error, runtime_error

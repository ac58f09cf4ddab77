"""Gemm with factors, a convolution with padding, Gemm without bias: ONNX, made node by node."""

import jax.numpy as jnp
import numpy as np
from onnx import TensorProto, helper, numpy_helper

from case import Network

INPUTS, LENGTH, CHANNELS = 3, 5, 2


def function(p, x):
    h = jnp.tanh(0.75 * p["first"] @ x + 1.5 * p["first.bias"])
    padded = jnp.concatenate([jnp.zeros(1), h, jnp.zeros(1)])
    windows = jnp.stack([padded[k : k + LENGTH] for k in range(3)])
    h = jnp.tanh(p["kernel"][:, 0, :] @ windows + p["kernel.bias"][:, None])
    return h.reshape(-1) @ p["last"]


def weights(w):
    w.normal("first", (LENGTH, INPUTS), 0.9)
    w.normal("first.bias", LENGTH, 0.3)
    w.normal("kernel", (CHANNELS, 1, 3), 0.8)
    w.normal("kernel.bias", CHANNELS, 0.3)
    w.normal("last", (CHANNELS * LENGTH, 1), 0.5)


def model(tensors):
    initializers = [numpy_helper.from_array(values, name) for name, values in tensors.items()]
    shapes = {"signal": [0, 1, LENGTH], "flat": [0, CHANNELS * LENGTH]}
    initializers += [
        numpy_helper.from_array(np.array(values, dtype=np.int64), name)
        for name, values in shapes.items()
    ]
    node = helper.make_node
    nodes = [
        node("Gemm", ["x", "first", "first.bias"], ["a"], alpha=0.75, beta=1.5, transB=1),
        node("Tanh", ["a"], ["h"]),
        node("Reshape", ["h", "signal"], ["h.signal"]),
        node("Conv", ["h.signal", "kernel", "kernel.bias"], ["b"], pads=[1, 1]),
        node("Tanh", ["b"], ["c"]),
        node("Reshape", ["c", "flat"], ["c.flat"]),
        node("Gemm", ["c.flat", "last"], ["psi"]),
    ]
    inputs = [helper.make_tensor_value_info("x", TensorProto.DOUBLE, ["batch", INPUTS])]
    outputs = [helper.make_tensor_value_info("psi", TensorProto.DOUBLE, ["batch", 1])]
    graph = helper.make_graph(nodes, "convolution", inputs, outputs, initializers)
    opsets = [helper.make_opsetid("", 17)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=10).SerializeToString()


def network():
    return Network(function, weights, onnx=model)

"""Gemm with factors, a convolution with padding, Gemm without bias: ONNX, made node by node."""

import jax.numpy as jnp
from onnx import helper

import onnx_file
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
    shapes = {"signal": [0, 1, LENGTH], "flat": [0, CHANNELS * LENGTH]}
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
    return onnx_file.serialised("convolution", tensors, shapes, nodes, ("x", INPUTS), ("psi", 1))


def network():
    return Network(function, weights, onnx=model)

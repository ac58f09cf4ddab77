"""A transformer block on one token for each coordinate, as an ONNX file made node by node."""

import jax.numpy as jnp
import numpy as np
from onnx import helper, numpy_helper

import layers
import onnx_file
from case import Network

TOKENS, WIDTH, HEADS = 3, 4, 2
EPSILON = 2.0**-5  # attributes of ONNX are float32


def function(p, x):
    h = x[:, None] * p["embed"] + p["position"]
    normal = jnp.stack([layers.layer_norm(row, p["gain"], p["offset"], EPSILON) for row in h])

    def heads(name):
        """[tokens, width] to [heads, tokens, width / heads]."""
        return (normal @ p[name]).reshape(TOKENS, HEADS, -1).transpose(1, 0, 2)

    scores = heads("query") @ heads("key").transpose(0, 2, 1) / np.sqrt(WIDTH / HEADS)
    mixed = layers.softmax(scores) @ heads("value")
    h = h + mixed.transpose(1, 0, 2).reshape(TOKENS, WIDTH) @ p["merge"]
    h = h + jnp.tanh(h @ p["up"] + p["up.bias"]) @ p["down"]
    return h.reshape(-1) @ p["decode"]


def weights(w):
    w.normal("embed", (1, WIDTH))
    w.normal("position", (TOKENS, WIDTH))
    w.normal("gain", WIDTH, 0.2, 1.0)
    w.normal("offset", WIDTH, 0.2)
    for name in ("query", "key", "value", "merge"):
        w.normal(name, (WIDTH, WIDTH), 1.2 / np.sqrt(WIDTH))
    w.normal("up", (WIDTH, 6), 0.6)
    w.normal("up.bias", 6, 0.3)
    w.normal("down", (6, WIDTH), 0.4)
    w.normal("decode", (TOKENS * WIDTH, 1), 0.3)


def model(tensors):
    integers = {
        "column": [0, TOKENS, 1],
        "split": [0, TOKENS, HEADS, WIDTH // HEADS],
        "joined": [0, TOKENS, WIDTH],
        "flat": [0, TOKENS * WIDTH],
    }
    # In a node: numbers among the initializers are parameters.
    root = numpy_helper.from_array(np.sqrt(np.float64(WIDTH / HEADS)))
    node = helper.make_node
    nodes = [
        node("Constant", [], ["root"], value=root),
        node("Reshape", ["x", "column"], ["tokens"]),
        node("MatMul", ["tokens", "embed"], ["embedded"]),
        node("Add", ["embedded", "position"], ["h0"]),
        node("LayerNormalization", ["h0", "gain", "offset"], ["n"], epsilon=EPSILON),
    ]
    for name, order in (("query", (0, 2, 1, 3)), ("key", (0, 2, 3, 1)), ("value", (0, 2, 1, 3))):
        nodes += [
            node("MatMul", ["n", name], [f"{name}.all"]),
            node("Reshape", [f"{name}.all", "split"], [f"{name}.split"]),
            node("Transpose", [f"{name}.split"], [f"{name}.heads"], perm=order),
        ]
    nodes += [
        node("MatMul", ["query.heads", "key.heads"], ["products"]),
        node("Div", ["products", "root"], ["scores"]),
        node("Softmax", ["scores"], ["shares"], axis=-1),
        node("MatMul", ["shares", "value.heads"], ["mixed"]),
        node("Transpose", ["mixed"], ["mixed.back"], perm=(0, 2, 1, 3)),
        node("Reshape", ["mixed.back", "joined"], ["mixed.joined"]),
        node("MatMul", ["mixed.joined", "merge"], ["merged"]),
        node("Add", ["h0", "merged"], ["h1"]),
        node("MatMul", ["h1", "up"], ["wide"]),
        node("Add", ["wide", "up.bias"], ["wide.biased"]),
        node("Tanh", ["wide.biased"], ["active"]),
        node("MatMul", ["active", "down"], ["narrow"]),
        node("Add", ["h1", "narrow"], ["h2"]),
        node("Reshape", ["h2", "flat"], ["h2.flat"]),
        node("MatMul", ["h2.flat", "decode"], ["u"]),
    ]
    return onnx_file.serialised("attention", tensors, integers, nodes, ("x", TOKENS), ("u", 1))


def network():
    return Network(function, weights, onnx=model)

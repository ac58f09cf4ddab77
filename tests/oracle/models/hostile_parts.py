"""The sound parts that the hostile models are made of."""

import numpy as np
from onnx import TensorProto, helper, numpy_helper


def tensor(name, values):
    return numpy_helper.from_array(np.asarray(values), name)


def weight(rows=2, columns=1, name="w"):
    return tensor(name, np.full((rows, columns), 0.5))


def value(name, shape):
    return helper.make_tensor_value_info(name, TensorProto.DOUBLE, shape)


def model(nodes, initializers=(), inputs=None, outputs=None, opset=17, domains=()):
    """A model x [batch, 2] -> u [batch, 1], unless other inputs or outputs are given."""
    graph = helper.make_graph(
        nodes,
        "network",
        inputs or [value("x", ["batch", 2])],
        outputs or [value("u", ["batch", 1])],
        list(initializers),
    )
    opsets = [helper.make_opsetid("", opset)] + [helper.make_opsetid(d, 1) for d in domains]
    return helper.make_model(graph, opset_imports=opsets, ir_version=8)


def node(kind, inputs, outputs, **attributes):
    """`node("Add", "a b", "c")`: the names of values are separated by blanks."""
    return helper.make_node(kind, inputs.split(), outputs.split(), **attributes)


def affine():
    return model([node("MatMul", "x w", "u")], [weight()])

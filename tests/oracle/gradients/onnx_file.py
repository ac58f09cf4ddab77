"""ONNX files made node by node: tensors of a network, integers such as shapes, and nodes from one input to one output."""

import numpy as np
from onnx import TensorProto, helper, numpy_helper


def serialised(name, tensors, integers, nodes, inputs, outputs):
    """The bytes of a model; `inputs` and `outputs` are a name and a width, behind the batch axis."""
    integers = {key: np.array(values, dtype=np.int64) for key, values in integers.items()}
    initializers = [
        numpy_helper.from_array(values, key) for key, values in {**tensors, **integers}.items()
    ]

    def value(name, width):
        return helper.make_tensor_value_info(name, TensorProto.DOUBLE, ["batch", width])

    graph = helper.make_graph(nodes, name, [value(*inputs)], [value(*outputs)], initializers)
    opsets = [helper.make_opsetid("", 17)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=10).SerializeToString()

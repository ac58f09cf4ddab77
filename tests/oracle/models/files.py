"""ONNX files: what is stored in them, and what they compute."""

import collections
import math
from pathlib import Path

import numpy as np
import onnx
from onnx import AttributeProto, TensorProto, inliner, numpy_helper
from onnx.reference import ReferenceEvaluator
from onnx.reference.op_run import OpRun

OUTPUT = Path(__file__).resolve().parents[2] / "data" / "models"

erf = np.vectorize(math.erf, otypes=[np.float64])


class Erf(OpRun):
    """The evaluator's own rounds to float32."""

    def _run(self, x):
        return (erf(x).astype(x.dtype),)


class Gelu(OpRun):
    """The evaluator's own has constants of float32."""

    def _run(self, x, approximate=None):
        if approximate == "tanh":
            inner = np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))
        else:
            inner = erf(x / math.sqrt(2))
        return ((x * (1 + inner) / 2).astype(x.dtype),)


def graphs(model):
    """All graphs of a model: its own, those nested in nodes, and its functions."""
    waiting = [model.graph, *model.functions]
    while waiting:
        graph = waiting.pop()
        yield graph
        for node in graph.node:
            for attribute in node.attribute:
                waiting += [attribute.g] if attribute.HasField("g") else attribute.graphs


def declared(graph):
    """What a graph says of its values; functions give names alone."""
    sides = [] if isinstance(graph, onnx.FunctionProto) else [*graph.input, *graph.output]
    return [*sides, *graph.value_info]


def remove_traces(model):
    """Remove what the exporters note of the machine: stack traces and source paths."""
    places = [model]
    for graph in graphs(model):
        places += [graph, *graph.node, *declared(graph)]
        places += getattr(graph, "initializer", [])
    for place in places:
        place.doc_string = ""
        kept = [entry for entry in place.metadata_props if "stack_trace" not in entry.key]
        del place.metadata_props[:]
        place.metadata_props.extend(kept)


def opset(model):
    return next(entry.version for entry in model.opset_import if entry.domain in ("", "ai.onnx"))


def count_types(model):
    """How many nodes there are of each type, `domain.Type` outside the standard domain."""
    return collections.Counter(
        f"{node.domain}.{node.op_type}" if node.domain not in ("", "ai.onnx") else node.op_type
        for graph in graphs(model)
        for node in graph.node
    )


def promote(model):
    """A copy of a float32 model that computes the same function in float64."""
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    for graph in graphs(copy):
        for tensor in getattr(graph, "initializer", []):
            _promote_tensor(tensor)
        for value in declared(graph):
            if value.type.tensor_type.elem_type == TensorProto.FLOAT:
                value.type.tensor_type.elem_type = TensorProto.DOUBLE
        for node in graph.node:
            for attribute in node.attribute:
                _promote_attribute(node, attribute)
    return copy


def _promote_tensor(tensor):
    if tensor.data_type == TensorProto.FLOAT:
        values = numpy_helper.to_array(tensor).astype(np.float64)
        tensor.CopyFrom(numpy_helper.from_array(values, tensor.name))


def _promote_attribute(node, attribute):
    if attribute.type == AttributeProto.TENSOR:
        _promote_tensor(attribute.t)
    elif node.op_type == "Constant" and attribute.name in ("value_float", "value_floats"):
        values = attribute.f if attribute.name == "value_float" else list(attribute.floats)
        tensor = numpy_helper.from_array(np.array(values, dtype=np.float64))
        attribute.CopyFrom(onnx.helper.make_attribute("value", tensor))
    elif node.op_type == "Cast" and attribute.name == "to" and attribute.i == TensorProto.FLOAT:
        attribute.i = TensorProto.DOUBLE


def evaluate(model, points):
    """The outputs [N, m] by ONNX's reference evaluator, in the precision of the inputs.

    The columns of the points are shared out among the inputs; the outputs are
    concatenated. A model for a batch of 1 is run once for each point.
    """
    # The evaluator cannot hand an attribute on to every type of node.
    model = inliner.inline_local_functions(model)
    evaluator = ReferenceEvaluator(model, new_ops=[Erf, Gelu])
    return in_batches(model, points, lambda feed: evaluator.run(None, feed))


def in_batches(model, points, run):
    """Run a model on points, by `run(inputs by name) -> list of outputs`."""
    shapes = [value.type.tensor_type.shape.dim for value in model.graph.input]
    widths = [shape[1].dim_value for shape in shapes]
    pieces = np.split(points, np.cumsum(widths)[:-1], axis=1)
    names = [value.name for value in model.graph.input]
    size = shapes[0][0].dim_value or len(points)
    outputs = []
    for start in range(0, len(points), size):
        feed = {name: piece[start : start + size] for name, piece in zip(names, pieces)}
        outputs.append(np.concatenate(run(feed), axis=1))
    return np.concatenate(outputs)

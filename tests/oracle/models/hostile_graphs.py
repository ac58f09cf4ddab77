"""Hostile files whose graphs are not sound, or compute what has no jets."""

from onnx import TensorProto, helper

import hostile_parts as parts
from hostile_parts import node


def cycle():
    """The values a and b are computed from each other."""
    nodes = [node("Add", "x b", "a"), node("Tanh", "a", "b"), node("MatMul", "b w", "u")]
    return parts.model(nodes, [parts.weight()])


def out_of_order():
    """The nodes stand in the wrong order: h is used before it is computed. As every order
    of nodes has one meaning, this one may be read all the same."""
    nodes = [node("Tanh", "h", "u"), node("MatMul", "x w", "h")]
    return parts.model(nodes, [parts.weight()])


def missing_initializer():
    """The weight w is nowhere."""
    return parts.model([node("MatMul", "x w", "u")])


def missing_output():
    """The output u is computed nowhere."""
    return parts.model([node("MatMul", "x w", "h")], [parts.weight()])


def duplicate_names():
    """Two nodes compute a value h."""
    nodes = [node("Tanh", "x", "h"), node("Sin", "x", "h"), node("MatMul", "h w", "u")]
    return parts.model(nodes, [parts.weight()])


def no_opset():
    """No opset is imported, so that no node has a meaning."""
    model = parts.affine()
    del model.opset_import[:]
    return model


def future_opset():
    """Opset 9999 is imported."""
    model = parts.affine()
    model.opset_import[0].version = 9999
    return model


def unsupported_types():
    """Two nodes at once of types that do not exist: `Frobnicate` and `acme.Swizzle`."""
    nodes = [
        node("Frobnicate", "x", "a"),
        node("Swizzle", "a", "b", domain="acme"),
        node("MatMul", "b w", "u"),
    ]
    return parts.model(nodes, [parts.weight()], domains=["acme"])


def missing_attribute():
    """A Concat node without its axis."""
    nodes = [node("Concat", "x x", "h"), node("MatMul", "h w", "u")]
    return parts.model(nodes, [parts.weight(4)])


def missing_operand():
    """A MatMul node with one input."""
    return parts.model([node("MatMul", "x", "u")])


def shapes_disagree():
    """A product of [batch, 2] with [3, 1]."""
    return parts.model([node("MatMul", "x w", "u")], [parts.weight(3)])


def axis_range():
    """A ReduceSum over axis 7 of a matrix."""
    nodes = [node("ReduceSum", "x axes", "u", keepdims=1)]
    return parts.model(nodes, [parts.tensor("axes", [7])])


def reduce_batch():
    """The mean over the batch: the value at a point depends on the other points."""
    nodes = [
        node("ReduceMean", "x", "mean", axes=[0], keepdims=1),
        node("Sub", "x mean", "h"),
        node("MatMul", "h w", "u"),
    ]
    return parts.model(nodes, [parts.weight()])


def mix_batch():
    """x (x^T x): the value at a point depends on the other points."""
    nodes = [
        node("Transpose", "x", "t", perm=[1, 0]),
        node("MatMul", "t x", "gram"),
        node("MatMul", "x gram", "h"),
        node("MatMul", "h w", "u"),
    ]
    return parts.model(nodes, [parts.weight()])


def data_dependent_branch():
    """An If node whose condition depends on the points."""
    branches = {
        f"{name}_branch": helper.make_graph(
            [node(kind, "x", name)], name, [], [parts.value(name, ["batch", 2])]
        )
        for name, kind in (("then", "Sin"), ("else", "Tanh"))
    }
    nodes = [
        node("ReduceSum", "x", "sum", keepdims=0),
        node("Greater", "sum zero", "condition"),
        node("If", "condition", "h", **branches),
        node("MatMul", "h w", "u"),
    ]
    return parts.model(nodes, [parts.weight(), parts.tensor("zero", 0.0)])


def data_dependent_shape():
    """NonZero: the number of values depends on the points."""
    nodes = [node("NonZero", "x", "i"), node("Cast", "i", "u", to=TensorProto.DOUBLE)]
    return parts.model(nodes)


def random_values():
    """RandomNormalLike: every evaluation gives other values."""
    nodes = [node("RandomNormalLike", "x", "r"), node("MatMul", "r w", "u")]
    return parts.model(nodes, [parts.weight()])


def huge_constant():
    """ConstantOfShape makes 10^12 numbers of the shape [10^6, 10^6]."""
    nodes = [
        node("ConstantOfShape", "shape", "c"),
        node("ReduceSum", "c", "sum", keepdims=0),
        node("MatMul", "x w", "h"),
        node("Add", "h sum", "u"),
    ]
    return parts.model(nodes, [parts.weight(), parts.tensor("shape", [10**6, 10**6])])


def doubling():
    """60 Concat nodes, each of which doubles the width, to 2^61."""
    nodes = [node("Concat", f"h{i} h{i}", f"h{i + 1}", axis=1) for i in range(60)]
    nodes[0].input[:] = ["x", "x"]
    nodes.append(node("ReduceSum", "h60 axes", "u", keepdims=1))
    return parts.model(nodes, [parts.tensor("axes", [1])])


def negative_width():
    """The input is declared as [batch, -2]."""
    return parts.model(
        [node("MatMul", "x w", "u")], [parts.weight()], inputs=[parts.value("x", ["batch", -2])]
    )


def recursive_function():
    """A function of the model that calls itself."""
    model = parts.model(
        [node("Loop", "x", "h", domain="local"), node("MatMul", "h w", "u")],
        [parts.weight()],
        domains=["local"],
    )
    body = [node("Loop", "a", "b", domain="local")]
    opsets = [helper.make_opsetid("local", 1)]
    model.functions.append(helper.make_function("local", "Loop", ["a"], ["b"], body, opsets))
    return model


GRAPHS = [
    cycle,
    out_of_order,
    missing_initializer,
    missing_output,
    duplicate_names,
    no_opset,
    future_opset,
    unsupported_types,
    missing_attribute,
    missing_operand,
    shapes_disagree,
    axis_range,
    reduce_batch,
    mix_batch,
    data_dependent_branch,
    data_dependent_shape,
    random_values,
    huge_constant,
    doubling,
    negative_width,
    recursive_function,
]

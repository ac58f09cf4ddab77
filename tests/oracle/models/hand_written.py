"""Models made node by node, in ways that PyTorch's exporters do not use."""

import numpy as np
import torch
from onnx import AttributeProto, TensorProto, helper, numpy_helper

from weights import generator


def models():
    """(name, coordinates, model, function in float64, points, dtype of the weights)."""
    yield jax_style()
    yield general_products()
    yield local_functions()


def random_layers(rng, sizes):
    """Weights [in, out] and biases [out]."""
    for fan_in, fan_out in zip(sizes, sizes[1:]):
        weight = rng.standard_normal((fan_in, fan_out)) * 1.5 / np.sqrt(fan_in)
        yield weight, 0.3 * rng.standard_normal(fan_out)


def single(values):
    """Rounded to float32, so that both precisions hold the same numbers."""
    return values.astype(np.float32).astype(np.float64)


def constant(name, values):
    return helper.make_node("Constant", [], [name], value=numpy_helper.from_array(values))


def make_model(nodes, inputs, outputs, initializers=(), opset=21):
    graph = helper.make_graph(list(nodes), "network", inputs, outputs, list(initializers))
    opsets = [helper.make_opsetid("", opset)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=10)


def jax_style():
    """tanh(x W + b) ... as converters from JAX write it.

    MatMul and Add with weights [in, out]; all weights in Constant nodes, one of
    them float32; Casts to float64, Identity nodes, no shapes of inner values.
    """
    rng = generator("jax-style")
    layers = list(random_layers(rng, [2, 10, 8, 1]))
    layers[1] = single(layers[1][0]), layers[1][1]
    nodes = [helper.make_node("Cast", ["x"], ["h0"], to=TensorProto.DOUBLE)]
    for index, (weight, bias) in enumerate(layers):
        names = {key: f"{key}{index}" for key in ("h", "w", "b", "product", "sum", "active")}
        if index == 1:
            nodes.append(constant("single", weight.astype(np.float32)))
            nodes.append(helper.make_node("Cast", ["single"], [names["w"]], to=TensorProto.DOUBLE))
        else:
            nodes.append(constant(names["w"], weight))
        nodes.append(constant(names["b"], bias))
        nodes.append(helper.make_node("MatMul", [names["h"], names["w"]], [names["product"]]))
        nodes.append(helper.make_node("Add", [names["product"], names["b"]], [names["sum"]]))
        last = index == len(layers) - 1
        activation = "Identity" if last else "Tanh"
        nodes.append(helper.make_node(activation, [names["sum"]], [names["active"]]))
        following = "u" if last else f"h{index + 1}"
        nodes.append(helper.make_node("Identity", [names["active"]], [following]))
    model = make_model(
        nodes,
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["batch", 2])],
        [helper.make_tensor_value_info("u", TensorProto.DOUBLE, ["batch", 1])],
    )
    tensors = [(torch.from_numpy(weight), torch.from_numpy(bias)) for weight, bias in layers]

    def function(points):
        h = points
        for weight, bias in tensors[:-1]:
            h = torch.tanh(h @ weight + bias)
        return h @ tensors[-1][0] + tensors[-1][1]

    return "jax-style", ["x", "y"], model, function, single(rng.uniform(-1, 1, (4, 2))), "float64"


def general_products():
    """Gemm with factors, transposed and without bias; sums, maxima and means of several values."""
    rng = generator("general-products")
    (w0, b0), (w1, b1), (w2, _) = random_layers(rng, [3, 8, 6, 2])
    row = rng.standard_normal((1, 6))
    names = {"w0": w0.T, "b0": b0[None, :], "w1": w1, "b1": b1, "w2": w2, "row": row}
    initializers = [
        numpy_helper.from_array(np.ascontiguousarray(values), name)
        for name, values in names.items()
    ]
    bounds = {"start": [0], "end": [6], "axis": [1]}
    initializers += [
        numpy_helper.from_array(np.array(value, dtype=np.int64), name)
        for name, value in bounds.items()
    ]
    nodes = [
        helper.make_node("Gemm", ["x", "w0", "b0"], ["a"], alpha=0.5, beta=2.0, transB=1),
        helper.make_node("Sin", ["a"], ["s"]),
        helper.make_node("Slice", ["s", "start", "end", "axis"], ["s_part"]),
        helper.make_node("Gemm", ["s", "w1"], ["b"], alpha=2.0),
        helper.make_node("Sum", ["b", "b1", "row"], ["c"]),
        helper.make_node("Softplus", ["c"], ["p"]),
        helper.make_node("Neg", ["p"], ["n"]),
        constant("zero", np.zeros(())),
        helper.make_node("Max", ["p", "n", "zero"], ["m"]),
        helper.make_node("Mean", ["m", "s_part", "row"], ["mean"]),
        helper.make_node("Transpose", ["mean"], ["columns"], perm=[1, 0]),
        helper.make_node("Gemm", ["columns", "w2"], ["u"], transA=1),
    ]
    model = make_model(
        nodes,
        [helper.make_tensor_value_info("x", TensorProto.DOUBLE, ["batch", 3])],
        [helper.make_tensor_value_info("u", TensorProto.DOUBLE, ["batch", 2])],
        initializers,
        opset=17,
    )
    t = {name: torch.from_numpy(np.ascontiguousarray(values)) for name, values in names.items()}

    def function(points):
        s = torch.sin(0.5 * points @ t["w0"].T + 2.0 * t["b0"])
        p = torch.log(1 + torch.exp(2.0 * s @ t["w1"] + t["b1"] + t["row"]))
        return (p + s[:, :6] + t["row"]) / 3 @ t["w2"]

    points = rng.uniform(-1, 1, (4, 3))
    return "general-products", ["x", "y", "z"], model, function, points, "float64"


def local_functions():
    """Functions of the model, one of which calls the other and hands an attribute on.

    Dense(x, w, b; slope) = Bent(x w + b; slope), Bent(z; slope) = tanh(z) + leaky(z; slope).
    """
    rng = generator("local-functions")
    (w0, b0), (w1, b1), (w2, _) = random_layers(rng, [2, 8, 8, 1])
    slopes = (0.125, 0.5)
    leaky = helper.make_node("LeakyRelu", ["z"], ["kink"])
    inner = helper.make_node("Bent", ["sum"], ["y"], domain="local")
    for node in (leaky, inner):
        name = "alpha" if node is leaky else "slope"
        node.attribute.add(name=name, type=AttributeProto.FLOAT, ref_attr_name="slope")
    standard, local = helper.make_opsetid("", 18), helper.make_opsetid("local", 1)
    bent = [
        helper.make_node("Tanh", ["z"], ["a"]),
        leaky,
        helper.make_node("Add", ["a", "kink"], ["y"]),
    ]
    dense = [
        helper.make_node("MatMul", ["x", "w"], ["product"]),
        helper.make_node("Add", ["product", "b"], ["sum"]),
        inner,
    ]
    names = {"w0": w0, "b0": b0, "w1": w1, "b1": b1, "w2": w2}
    model = make_model(
        [
            helper.make_node("Dense", ["x", "w0", "b0"], ["h"], domain="local", slope=slopes[0]),
            helper.make_node("Dense", ["h", "w1", "b1"], ["y"], domain="local", slope=slopes[1]),
            helper.make_node("MatMul", ["y", "w2"], ["u"]),
        ],
        [helper.make_tensor_value_info("x", TensorProto.DOUBLE, ["batch", 2])],
        [helper.make_tensor_value_info("u", TensorProto.DOUBLE, ["batch", 1])],
        [numpy_helper.from_array(values, name) for name, values in names.items()],
        opset=18,
    )
    model.opset_import.append(local)
    model.functions.extend(
        [
            helper.make_function("local", "Bent", ["z"], ["y"], bent, [standard], ["slope"]),
            helper.make_function(
                "local", "Dense", ["x", "w", "b"], ["y"], dense, [standard, local], ["slope"]
            ),
        ]
    )
    t = {name: torch.from_numpy(values) for name, values in names.items()}

    def function(points):
        h = points
        for weight, bias, slope in (("w0", "b0", slopes[0]), ("w1", "b1", slopes[1])):
            z = h @ t[weight] + t[bias]
            h = torch.tanh(z) + torch.where(z > 0, z, slope * z)
        return h @ t["w2"]

    return "local-functions", ["x", "y"], model, function, rng.uniform(-1, 1, (4, 2)), "float64"

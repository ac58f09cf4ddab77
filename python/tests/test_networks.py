"""Networks from layers, files and bytes, and their parameters."""

import pickle
import struct
from pathlib import Path

import numpy as np
import pytest
from conftest import make_layers

import jetc


def save_safetensors(path, tensors):
    """The format by hand: a length, a JSON header, the bytes."""
    header, data = [], b""
    for name, array in tensors.items():
        raw = array.astype("<f8").tobytes()
        header.append(f'"{name}":{{"dtype":"F64","shape":{list(array.shape)},"data_offsets":[{len(data)},{len(data) + len(raw)}]}}')
        data += raw
    text = ("{" + ",".join(header) + "}").encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def varint(number):
    found = b""
    while number > 127:
        found, number = found + bytes([number & 127 | 128]), number >> 7
    return found + bytes([number])


def field(number, value):
    """One field of a protocol buffer: a number, or bytes."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    value = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(value)) + value


def onnx_of(layers):
    """A model of Gemm and Tanh nodes, message by message."""

    def tensor(name, array):
        dims = b"".join(field(1, size) for size in array.shape)
        return field(5, dims + field(2, 11) + field(8, name) + field(9, array.astype("<f8").tobytes()))

    def value(name, *sizes):
        shape = b"".join(field(1, field(2, size) if isinstance(size, str) else field(1, size)) for size in sizes)
        return field(1, name) + field(2, field(1, field(1, 11) + field(2, shape)))

    nodes, tensors, last = b"", b"", "x"
    for number, (weight, bias) in enumerate(layers):
        tensors += tensor(f"w{number}", weight) + tensor(f"b{number}", bias)
        transposed = field(5, field(1, "transB") + field(3, 1) + field(20, 2))
        inputs = b"".join(field(1, name) for name in (last, f"w{number}", f"b{number}"))
        last = "u" if number + 1 == len(layers) else f"h{number}"
        nodes += field(1, inputs + field(2, last) + field(4, "Gemm") + transposed)
        if last != "u":
            nodes += field(1, field(1, last) + field(2, f"t{number}") + field(4, "Tanh"))
            last = f"t{number}"
    boundary = field(11, value("x", "batch", layers[0][0].shape[1])) + field(12, value("u", "batch", 1))
    return field(1, 8) + field(7, nodes + field(2, "g") + tensors + boundary) + field(8, field(1, "") + field(2, 17))


def test_files_and_bytes_are_the_network_of_their_layers(tmp_path, layers, points):
    tensors = {f"{2 * i}.{name}": part for i, layer in enumerate(layers) for name, part in zip(("weight", "bias"), layer)}
    save_safetensors(tmp_path / "net.safetensors", tensors)
    np.savez(tmp_path / "net.npz", **tensors)
    (tmp_path / "net.onnx").write_bytes(onnx_of(layers))
    (tmp_path / "net.yaml").write_text(
        "weights: net.safetensors\nlayers: [linear: '0', tanh, linear: '2', tanh, linear: '4']\n"
    )
    networks = [
        jetc.Network.open(tmp_path / "net.safetensors", "tanh"),
        jetc.Network.open(tmp_path / "net.npz", "tanh"),
        jetc.Network.from_safetensors(str(tmp_path / "net.safetensors"), "tanh"),
        jetc.Network.open(tmp_path / "net.yaml"),
        jetc.Network.open(tmp_path / "net.onnx"),
        jetc.Network.from_onnx(tmp_path / "net.onnx"),
        jetc.Network.from_onnx(onnx_of(layers)),
        jetc.Network.from_layers([(weight.T, bias) for weight, bias in layers], transpose=True),
        jetc.Network.from_layers(layers, ["tanh", "tanh"], names=[(f"{i}.w", f"{i}.b") for i in range(3)]),
    ]
    expected = jetc.Evaluator("laplacian", jetc.Network.from_layers(layers))(points)
    for network in networks:
        assert np.array_equal(jetc.Evaluator("laplacian", network)(points), expected), network
        assert network.parameters.size == 1185
    assert networks[0].parameters.names == ["0.weight", "0.bias", "2.weight", "2.bias", "4.weight", "4.bias"]
    assert networks[7].parameters["layers.0.weight"].shape == (2, 32)
    assert networks[8].parameters.names[:2] == ["0.w", "0.b"]
    for network in networks:
        again = pickle.loads(pickle.dumps(network))
        assert np.array_equal(again.parameters.flat, network.parameters.flat)


def test_parameters_are_views_of_one_vector(layers):
    network = jetc.Network.from_layers(layers)
    parameters = network.parameters
    assert parameters.size == 1185 and len(parameters) == 6
    assert parameters.offsets["layers.0.bias"] == 64
    assert np.array_equal(parameters["layers.1.weight"], layers[1][0])
    assert np.shares_memory(parameters["layers.1.weight"], parameters.flat)
    # No copy: another look shows the same memory.
    assert np.shares_memory(network.parameters.flat, parameters.flat)
    with pytest.raises(ValueError, match="read-only"):
        parameters.flat[0] = 1
    flat = network.parameters.flat
    del network, parameters
    assert np.isfinite(flat.sum())


def test_weights_of_any_type_and_order_are_read(layers, points):
    expected = jetc.Evaluator("laplacian", jetc.Network.from_layers(layers))(points)
    columns = [(np.asfortranarray(weight), bias[::-1].copy()[::-1]) for weight, bias in layers]
    assert np.array_equal(jetc.Evaluator("laplacian", jetc.Network.from_layers(columns))(points), expected)
    lists = [(weight.tolist(), bias.tolist()) for weight, bias in layers]
    assert np.array_equal(jetc.Evaluator("laplacian", jetc.Network.from_layers(lists))(points), expected)
    single = jetc.Network.from_layers([(weight.astype(np.float32), bias) for weight, bias in layers])
    assert single.parameters["layers.1.weight"].dtype == np.float64
    assert jetc.Network.from_layers([w for w, _ in layers]).parameters.size == 1185 - 65


def test_names_that_are_in_another_order_are_told(tmp_path, layers, points):
    save_safetensors(tmp_path / "net.safetensors", {"w": layers[0][0][:1]})
    (tmp_path / "net.yaml").write_text("weights: net.safetensors\ninputs: [t, x]\nlayers: [sin, linear: {weight: w}]\n")
    network = jetc.Network.open(tmp_path / "net.yaml")
    operator = jetc.Operator("u_x", coordinates=["x", "t"])
    with pytest.warns(UserWarning, match="by name"):
        evaluator = jetc.Evaluator(operator, network)
    np.testing.assert_allclose(evaluator(points)[:, 0], layers[0][0][0, 1] * np.cos(points[:, 0]), atol=1e-14)


POISSON = Path(__file__).parents[2] / "examples" / "poisson"


@pytest.mark.skipif(not POISSON.is_dir(), reason="the example is not beside the package")
def test_the_example_has_the_numbers_of_nested_differentiation():
    network = jetc.Network.open(POISSON / "poisson.safetensors", "tanh")
    points = np.loadtxt(POISSON / "points.csv", delimiter=",", skiprows=1)
    expected = np.loadtxt(POISSON / "laplacian.csv", skiprows=1)
    # 14 digits, as the front page has it.
    np.testing.assert_allclose(jetc.Evaluator("laplacian", network)(points)[:, 0], expected, rtol=1e-13, atol=1e-13)


def test_layers_that_do_not_fit_are_named(layers):
    with pytest.raises(jetc.ModelError, match="matrix|shape|features"):
        jetc.Network.from_layers([layers[0], layers[2], layers[1]])
    with pytest.raises(ValueError, match="1 activations for 2 gaps"):
        jetc.Network.from_layers(layers, ["tanh"])
    with pytest.raises(ValueError, match="did you mean `tanh`"):
        jetc.Network.from_layers(layers, "tanhh")
    with pytest.raises(ValueError, match="at least one layer"):
        jetc.Network.from_layers([])
    with pytest.raises(jetc.ModelError, match="must be finite"):
        jetc.Network.from_layers([(np.full((1, 2), np.nan), None)])


def test_files_that_are_no_networks_say_why(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere.onnx"):
        jetc.Network.open(tmp_path / "nowhere.onnx")
    with pytest.raises(jetc.ModelError, match="no ONNX model"):
        jetc.Network.from_onnx(b"not a model")
    (tmp_path / "net.yaml").write_text("layers: [tanhh]\n")
    with pytest.raises(jetc.SpecError, match=r"tanhh") as caught:
        jetc.Network.open(tmp_path / "net.yaml")
    assert caught.value.diagnostics[0].line == 1
    (tmp_path / "net.safetensors").write_bytes(b"")
    with pytest.raises(jetc.ModelError):
        jetc.Network.open(tmp_path / "net.safetensors", "tanh")

"""Hostile files in which a tensor is not what it says."""

import onnx
from onnx import TensorProto

import hostile_parts as parts


def with_dims(*dims, data=True):
    """x w with a weight of other dimensions than its data have."""
    model = parts.affine()
    weight = model.graph.initializer[0]
    del weight.dims[:]
    weight.dims.extend(dims)
    if not data:
        weight.ClearField("raw_data")
    return model


def with_location(location, **options):
    """x w with a weight in another file."""
    model = parts.affine()
    weight = model.graph.initializer[0]
    weight.ClearField("raw_data")
    weight.data_location = TensorProto.EXTERNAL
    for key, value in {"location": location, **options}.items():
        weight.external_data.add(key=key, value=str(value))
    return model


def dims_overflow():
    """The weight has dims [2^32, 2^32, 2^32]: their product overflows to zero in 64 bits."""
    return with_dims(2**32, 2**32, 2**32)


def huge_dims():
    """The weight has dims [10^6, 10^6] and no data."""
    return with_dims(10**6, 10**6, data=False)


def negative_dims():
    """The weight has dims [-2, -1], whose product fits its data."""
    return with_dims(-2, -1)


def data_length():
    """The weight has dims [2, 1] and 13 bytes of data."""
    model = parts.affine()
    model.graph.initializer[0].raw_data = b"\0" * 13
    return model


def data_twice():
    """The weight has its values twice, as raw data and as a list of other numbers."""
    model = parts.affine()
    model.graph.initializer[0].double_data.extend([1.0, 2.0])
    return model


def unknown_element_type():
    """The elements of the weight are of type 99, which does not exist."""
    model = parts.affine()
    model.graph.initializer[0].data_type = 99
    return model


def strings():
    """The weight is a tensor of strings."""
    model = parts.affine()
    weight = model.graph.initializer[0]
    weight.CopyFrom(onnx.helper.make_tensor("w", TensorProto.STRING, [2, 1], [b"0.5", b"0.5"]))
    return model


def not_finite():
    """A weight is NaN."""
    model = parts.affine()
    model.graph.initializer[0].CopyFrom(parts.tensor("w", [[float("nan")], [1.0]]))
    return model


def infinite():
    """A weight is infinite."""
    model = parts.affine()
    model.graph.initializer[0].CopyFrom(parts.tensor("w", [[float("inf")], [1.0]]))
    return model


def zero_size():
    """A layer has no neurons: the weights are [2, 0] and [0, 1]."""
    nodes = [parts.node("MatMul", "x w", "h"), parts.node("MatMul", "h v", "u")]
    return parts.model(nodes, [parts.weight(2, 0), parts.weight(0, 1, "v")])


def external_parent():
    """The weight lies in `../../x`, outside the folder of the model."""
    return with_location("../../x")


def external_absolute():
    """The weight lies in `/weights.data`, an absolute path."""
    return with_location("/weights.data")


def external_missing():
    """The weight lies in a file that is not there."""
    return with_location("missing.data")


def external_short():
    """The weight lies in `short.data`, from byte 8 on: 16 bytes, where 8 are left."""
    return with_location("short.data", offset=8, length=16)


def external_negative():
    """The weight lies in `short.data`, from byte -8 on."""
    return with_location("short.data", offset=-8, length=16)


TENSORS = [
    dims_overflow,
    huge_dims,
    negative_dims,
    data_length,
    data_twice,
    unknown_element_type,
    strings,
    not_finite,
    infinite,
    zero_size,
    external_parent,
    external_absolute,
    external_missing,
    external_short,
    external_negative,
]

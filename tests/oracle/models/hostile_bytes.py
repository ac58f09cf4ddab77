"""Hostile files whose bytes are no sound protobuf message, or a strange one."""

import numpy as np

import hostile_parts as parts

DEPTH = 10_000


def empty():
    """No bytes at all, which is a valid message without a graph."""
    return b""


def garbage():
    """Random bytes."""
    return np.random.Generator(np.random.PCG64(1)).bytes(512)


def web_page():
    """A web page, as downloads of a missing file give."""
    return b"<!DOCTYPE html>\n<html><head><title>404: Not Found</title></head></html>\n"


def truncated():
    """A sound file that ends in the middle of its weights."""
    whole = parts.affine().SerializeToString()
    return whole[: whole.index(np.float64(0.5).tobytes()) + 12]


def long_length():
    """A field that announces 2^63 - 1 bytes."""
    return parts.affine().SerializeToString() + b"\x3a" + b"\xff" * 8 + b"\x7f"


def endless_number():
    """A number whose encoding goes on for 64 bytes, where ten are the most."""
    return b"\x08" + b"\xff" * 64


def nested_graphs():
    """An If node in a branch of an If node, 10 000 deep."""
    graph = b""
    for _ in range(DEPTH):
        attribute = field(1, b"then_branch") + field(6, graph)
        graph = field(1, field(4, b"If") + field(5, attribute))
    model = parts.affine()
    model.graph.ClearField("node")
    # A second graph field is merged with the first.
    return model.SerializeToString() + field(7, graph)


def field(number, content):
    """A protobuf field of bytes: its key, its length as a varint, its content."""
    length, rest = b"", len(content)
    while rest > 0x7F:
        length += bytes([rest & 0x7F | 0x80])
        rest >>= 7
    return bytes([number << 3 | 2]) + length + bytes([rest]) + content


BROKEN = [empty, garbage, web_page, truncated, long_length, endless_number, nested_graphs]

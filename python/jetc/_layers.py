"""Lists of layers as the steps that the compiled part builds a network from.

A step is ("name of W", W, ("name of b", b) or None, whether W is [in, out]), or the name of an activation.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np


def steps(layers: Any, activation: Any, transpose: bool, names: Any) -> tuple[int, list[Any]]:
    """The number of inputs, and the steps."""
    layers = list(layers)
    if not layers:
        raise ValueError("a network has at least one layer")
    between = activations(activation, len(layers))
    if names is None:
        names = [(f"layers.{number}.weight", f"layers.{number}.bias") for number in range(len(layers))]
    if len(names) != len(layers):
        raise ValueError(f"{len(names)} pairs of names for {len(layers)} layers")
    found: list[Any] = []
    for number, (layer, (weight_name, bias_name)) in enumerate(zip(layers, names, strict=True)):
        weight, bias = pair(layer, number)
        weight = np.asarray(weight, dtype=np.float64)
        if weight.ndim != 2:
            raise ValueError(f"layer {number}: W has shape {list(weight.shape)}; expected two axes")
        bias = None if bias is None else (bias_name, np.asarray(bias, dtype=np.float64))
        if number > 0:
            found.append(between[number - 1])
        found.append((weight_name, weight, bias, transpose))
    first = np.asarray(found[0][1])
    return first.shape[0 if transpose else 1], found


def pair(layer: Any, number: int) -> tuple[Any, Any]:
    """W and b of a layer; b may be left out."""
    if hasattr(layer, "ndim") or not isinstance(layer, Sequence):
        return layer, None
    if len(layer) == 1:
        return layer[0], None
    if len(layer) == 2:
        return layer[0], layer[1]
    raise ValueError(f"layer {number} is no pair (W, b)")


def activations(activation: Any, layers: int) -> list[str]:
    """One name for each gap."""
    if activation is None:
        activation = "tanh"
    if isinstance(activation, str):
        return [activation] * (layers - 1)
    between = list(activation)
    if len(between) != layers - 1:
        raise ValueError(f"{len(between)} activations for {layers - 1} gaps between {layers} layers")
    return between

"""Evaluators from words, for compiled JAX: the operator, the layers and the settings as one text.

The text is an attribute of the compiled program and says everything, so that a program that was compiled in another process,
or is read from a cache, finds what it needs.
"""

from __future__ import annotations

import functools
import json
from typing import Any

import numpy as np

from ._jetc import Evaluator, Network, Operator


def describe(operator: Operator, layers: list[list[int | bool]], activation: Any, transpose: bool, settings: Any) -> str:
    """The text. A layer is [inputs, outputs, whether it has a bias]."""
    _, origin = operator.__reduce__()
    words = {"operator": origin, "layers": layers, "activation": activation, "transpose": transpose, "settings": settings}
    return json.dumps(words, sort_keys=True)


@functools.lru_cache(maxsize=256)
def evaluator(program: str) -> Evaluator:
    """The evaluator of a text, with weights that wait to be replaced at each call."""
    words = json.loads(program)
    # Entries of rank one at least in every layer, so that nothing is taken for idle.
    rng = np.random.default_rng(0)
    layers = []
    for inputs, outputs, has_bias in words["layers"]:
        weight = rng.normal(size=(inputs, outputs) if words["transpose"] else (outputs, inputs))
        layers.append((weight, np.zeros(outputs) if has_bias else None))
    network = Network.from_layers(layers, words["activation"], transpose=words["transpose"])
    is_builtin, name, text, folder, dimension, parameters = words["operator"]
    pairs = [(name, value) for name, value in parameters]
    operator = Operator._rebuild(is_builtin, name, text, folder, dimension, pairs)
    return Evaluator(operator, network, **words["settings"])

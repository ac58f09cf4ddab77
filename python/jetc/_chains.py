"""Chains of linear layers and activations in torch modules, read from their graph.

`torch.fx` runs `forward` on a stand-in for the points and notes what it calls: a chain is a graph in which each call takes
what the one before gave, and nothing else that varies.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any

import torch
from torch import fx, nn


class NoChain(Exception):
    """Why a module is no chain."""


#: Activations of torch without parameters of their own.
PLAIN: dict[type[nn.Module], str] = {
    nn.Tanh: "tanh",
    nn.Sigmoid: "sigmoid",
    nn.SiLU: "silu",
    nn.Mish: "mish",
    nn.SELU: "selu",
    nn.ReLU: "relu",
    nn.Softsign: "softsign",
    nn.Tanhshrink: "tanhshrink",
    nn.LogSigmoid: "log-sigmoid",
    nn.Hardsigmoid: "hard-sigmoid",
    nn.Hardswish: "hard-swish",
}

#: Those with parameters.
WITH_PARAMETERS: dict[type[nn.Module], Callable[[Any], str]] = {
    nn.GELU: lambda m: "gelu-tanh" if m.approximate == "tanh" else "gelu",
    nn.Softplus: lambda m: f"scaled-softplus({m.beta!r}, {m.threshold!r})",
    nn.ELU: lambda m: f"elu({m.alpha!r})",
    nn.CELU: lambda m: f"celu({m.alpha!r})",
    nn.LeakyReLU: lambda m: f"leaky-relu({m.negative_slope!r})",
    nn.Softshrink: lambda m: f"softshrink({m.lambd!r})",
    nn.Hardshrink: lambda m: f"hardshrink({m.lambd!r})",
}

#: Functions, and methods of tensors, of one argument.
FUNCTIONS: dict[str, str] = {
    name: name
    for name in ("tanh", "sin", "cos", "exp", "sinh", "cosh", "sigmoid", "erf", "square", "atan", "asinh", "relu", "silu")
} | {"softsign": "softsign", "mish": "mish", "selu": "selu"}


def shape(module: nn.Module) -> tuple[Any, ...]:
    """What a module is made of: if it changes, the module is read again."""
    return tuple((id(part), part.training and isinstance(part, nn.Dropout)) for part in module.modules())


def read(module: nn.Module) -> tuple[int, list[Any], dict[str, Callable[[], torch.Tensor]]]:
    """The number of inputs, the steps as in `_layers.py`, and where the parameters are."""
    try:
        graph = fx.symbolic_trace(module)
    except Exception as error:
        raise NoChain(f"its forward cannot be traced: {error}") from error
    steps: list[Any] = []
    tensors: dict[str, Callable[[], torch.Tensor]] = {}
    inputs, last = None, None
    for node in graph.graph.nodes:
        if node.op == "placeholder":
            if last is not None:
                raise NoChain("it has several inputs")
            last = node
            continue
        arguments = [argument for argument in node.all_input_nodes]
        if arguments != [last]:
            raise NoChain(f"`{node.name}` does not follow what stands before it")
        if node.op == "output":
            if node.args != (last,):
                raise NoChain("it has several outputs")
            break
        last = node
        if node.op == "call_module":
            part = module.get_submodule(node.target)
            if isinstance(part, nn.Linear):
                inputs = inputs or part.in_features
                steps.append(linear(node.target, part, tensors))
            elif (name := activation(part)) is not None:
                steps.append(name)
            elif not isinstance(part, nn.Identity) and not (isinstance(part, nn.Dropout) and not part.training):
                raise NoChain(f"there is a {type(part).__name__} in it")
        else:
            steps.append(function(node))
    if inputs is None:
        raise NoChain("there is no linear layer in it")
    return inputs, steps, tensors


def linear(name: str, part: nn.Linear, tensors: dict[str, Callable[[], torch.Tensor]]) -> tuple[Any, ...]:
    """A step, whose tensors are looked up anew at each call: they may be computed, or replaced."""
    prefix = f"{name}." if name else ""

    def numbers(tensor: torch.Tensor) -> Any:
        if tensor.device.type != "cpu":
            raise ValueError(f"the module is on {tensor.device}, jetc computes on the CPU: copy to the CPU first, with `.cpu()`")
        return tensor.detach().double().numpy()

    # Weak, as what is read is kept for as long as the module lives.
    here: Callable[[], Any] = weakref.ref(part)
    tensors[f"{prefix}weight"] = lambda: here().weight
    weight = numbers(part.weight)
    if part.bias is None:
        return f"{prefix}weight", weight, None, False
    tensors[f"{prefix}bias"] = lambda: here().bias
    return f"{prefix}weight", weight, (f"{prefix}bias", numbers(part.bias)), False


def activation(part: nn.Module) -> str | None:
    if type(part) in PLAIN:
        return PLAIN[type(part)]
    if type(part) in WITH_PARAMETERS:
        return WITH_PARAMETERS[type(part)](part)
    return None


def function(node: fx.Node) -> str:
    """The activation that a call of a function or a method is."""
    name = node.target if isinstance(node.target, str) else getattr(node.target, "__name__", str(node.target))
    has_more = len(node.args) > 1 or any(key != "inplace" for key in node.kwargs)
    if node.op not in ("call_function", "call_method") or name not in FUNCTIONS or has_more:
        raise NoChain(f"there is a `{name}` in it")
    return FUNCTIONS[name]

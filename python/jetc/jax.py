"""Operators of networks in JAX: under `jit`, and differentiable once by parameters and points.

>>> import jetc.jax
>>> def loss(params, points):                          # params: [(W, b), ...], W of shape [in, out]
...     return (jetc.jax.apply("laplacian", "tanh", params, points) ** 2).mean()
>>> jax.jit(jax.value_and_grad(loss))(params, points)

Calls go from the compiled program straight to jetc, over `jax.ffi`, without copies, on the CPU. Networks are given by their
layers: a list of pairs, or the parameters of Flax, Haiku or Equinox.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp

from . import _jetc
from ._jetc import Evaluator, Operator
from ._programs import describe
from ._programs import evaluator as evaluator_of

__all__ = ["apply", "evaluator"]

for _name, _capsule in _jetc.xla_targets().items():
    jax.ffi.register_ffi_target(_name, _capsule, platform="cpu")


class _Program(NamedTuple):
    """An operator on a network of some shape, in words."""

    text: str
    columns: int


def apply(
    operator: Operator | Any,
    activation: str | Sequence[str],
    params: Any,
    points: jax.Array,
    *,
    transpose: bool | None = None,
    strategy: str = "auto",
    threads: int | None = None,
    memory: int | str | None = None,
) -> jax.Array:
    """The operator at points, on the network of linear layers with this activation between them.

    points: [..., n] float32 or float64 -> [..., columns] of the same type. `params` are layers [(W, b), ...], a list of dicts, or
    what Flax, Haiku and Equinox have: a mapping with numbered layers of `kernel` and `bias`, `w` and `b`, or objects with
    `weight` and `bias`. W is [in, out] for JAX, Flax and Haiku, [out, in] for Equinox; `transpose` (True for [in, out]) says so
    where that is otherwise. `operator` is a `jetc.Operator` or what makes one.

    Differentiable once in reverse, by params and points. Under `vmap` it is called for one entry after another: give it whole
    batches of points instead.
    """
    if callable(activation) and not isinstance(activation, str):
        raise TypeError("a network is given by the name of its activation and its layers, not as a function of JAX")
    points = jnp.asarray(points)
    layers, is_transposed = _layers(params)
    is_transposed = is_transposed if transpose is None else transpose
    program = _program(operator, activation, layers, is_transposed, points.shape[-1], strategy, threads, memory)
    theta = jnp.concatenate([jnp.ravel(part) for layer in layers for part in layer if part is not None])
    return _evaluate(program, points, theta.astype(points.dtype))


def evaluator(
    operator: Operator | Any, activation: str | Sequence[str], params: Any, *, transpose: bool | None = None, **settings: Any
) -> Evaluator:
    """The `jetc.Evaluator` of the same operator and network, with these parameters."""
    layers, is_transposed = _layers(params)
    is_transposed = is_transposed if transpose is None else transpose
    network = _jetc.Network.from_layers(layers, activation, transpose=is_transposed)
    return Evaluator(operator, network, **settings)


def _program(
    operator: Any, activation: Any, layers: Any, transpose: bool, inputs: int, strategy: str, threads: Any, memory: Any
) -> _Program:
    operator = operator if isinstance(operator, Operator) else Operator(operator)
    shapes = [weight.shape for weight, _ in layers]
    if any(len(shape) != 2 for shape in shapes):
        raise ValueError(f"weights have shapes {shapes}; expected two axes each")
    sizes = [shape if transpose else shape[::-1] for shape in shapes]
    fits = sizes[0][0] == inputs and all(m == n for (_, m), (n, _) in zip(sizes, sizes[1:], strict=False))
    if not fits:
        form = "[in, out]" if transpose else "[out, in]"
        raise ValueError(
            f"weights of shapes {shapes} are no chain for {inputs} coordinates, as {form}; `transpose=True` says [in, out], "
            "`transpose=False` [out, in]"
        )
    described = [[n, m, bias is not None] for (n, m), (_, bias) in zip(sizes, layers, strict=True)]
    settings = {"strategy": strategy, "threads": threads, "memory": memory}
    activation = activation if isinstance(activation, str) else list(activation)
    text = describe(operator, described, activation, transpose, settings)
    return _Program(text, len(evaluator_of(text).columns))


def _layers(params: Any) -> tuple[list[tuple[Any, Any]], bool]:
    """Pairs (W, b), and whether W is [in, out]."""
    if hasattr(params, "layers"):
        params = params.layers
    if isinstance(params, Mapping):
        while len(params) == 1 and isinstance(inner := next(iter(params.values())), Mapping) and not _is_layer(inner):
            params = inner
        names = list(params)
        numbered = sorted(names, key=lambda name: [int(part) for part in re.findall(r"\d+", name)] or [-1])
        params = [params[name] for name in numbered]
    found = [_layer(layer) for layer in params]
    return [pair for pair, _ in found], all(is_transposed for _, is_transposed in found)


def _is_layer(layer: Mapping[str, Any]) -> bool:
    return "kernel" in layer or "w" in layer or "weight" in layer


def _layer(layer: Any) -> tuple[tuple[Any, Any], bool]:
    if isinstance(layer, Mapping):
        for weight, bias, is_transposed in (("kernel", "bias", True), ("w", "b", True), ("weight", "bias", False)):
            if weight in layer:
                return (layer[weight], layer.get(bias)), is_transposed
        raise ValueError(f"a layer has {', '.join(layer)}; expected kernel and bias, or w and b")
    if hasattr(layer, "weight"):
        return (layer.weight, getattr(layer, "bias", None)), False
    if isinstance(layer, Sequence) and len(layer) in (1, 2):
        return (layer[0], layer[1] if len(layer) == 2 else None), True
    raise ValueError(f"a layer is a pair (W, b), not {type(layer).__name__}")


@functools.partial(jax.custom_vjp, nondiff_argnums=(0,))
def _evaluate(program: _Program, points: jax.Array, theta: jax.Array) -> jax.Array:
    results = jax.ShapeDtypeStruct((*points.shape[:-1], program.columns), points.dtype)  # type: ignore[no-untyped-call]
    return jax.ffi.ffi_call("jetc_evaluate", results, vmap_method="sequential")(points, theta, program=program.text)


def _forward(program: _Program, points: jax.Array, theta: jax.Array) -> tuple[jax.Array, tuple[jax.Array, jax.Array]]:
    return _evaluate(program, points, theta), (points, theta)


def _backward(
    program: _Program, kept: tuple[jax.Array, jax.Array], cotangents: jax.Array
) -> tuple[jax.Array, jax.Array]:
    points, theta = kept
    shapes = [jax.ShapeDtypeStruct(array.shape, array.dtype) for array in kept]  # type: ignore[no-untyped-call]
    call = jax.ffi.ffi_call("jetc_pull_back", shapes, vmap_method="sequential")
    by_points, by_theta = call(points, theta, cotangents, program=program.text)
    return by_points, by_theta


_evaluate.defvjp(_forward, _backward)

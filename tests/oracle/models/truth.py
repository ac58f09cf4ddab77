"""Differential operators of a PyTorch module by nested first-order AD.

Every derivative is a nesting of `torch.func.jvp` of a function of one real
variable, in float64. No Taylor arithmetic is involved. Since the formulas that
PyTorch nests are its own, `check_derivatives` compares every derivative with
differences of the derivative one order below.
"""

import copy

import numpy as np
import torch
from torch.func import jvp
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.overrides import TorchFunctionMode

# ONNX holds the constants of selu as float32, and so do the files.
SELU_ALPHA = float(np.float32(1.6732632423543772))
SELU_GAMMA = float(np.float32(1.0507009873554805))

# Weights of (f(x + k h) - f(x - k h)) / h, k = 1, 2, 3, for f'(x) + O(h^6).
DIFFERENCES = {1: 3 / 4, 2: -3 / 20, 3: 1 / 60}


def selu(x, inplace=False):
    negative = SELU_ALPHA * torch.expm1(torch.minimum(x, torch.zeros_like(x)))
    return SELU_GAMMA * torch.where(x > 0, x, negative)


def layer_norm(x, shape, weight=None, bias=None, eps=1e-5):
    """By its definition: PyTorch 2.15 nests its own derivatives of it wrongly."""
    dimensions = tuple(range(-len(shape), 0))
    centred = x - x.mean(dimensions, keepdim=True)
    variance = centred.square().mean(dimensions, keepdim=True)
    return centred / torch.sqrt(variance + eps) * weight + bias


FORMULAS = {
    torch.selu: selu,
    torch.nn.functional.selu: selu,
    torch.nn.functional.layer_norm: layer_norm,
}


class Formulas(TorchFunctionMode):
    """Computes some functions by `FORMULAS` in place of PyTorch's own."""

    def __torch_function__(self, function, types, arguments=(), options=None):
        function = FORMULAS.get(function, function)
        return function(*arguments, **(options or {}))


def as_function(module, widths):
    """The module in float64 as a function [N, n] -> [N, m].

    Several inputs, of the given widths, are columns of the points; several
    outputs are concatenated.
    """
    module = copy.deepcopy(module).double().eval().requires_grad_(False)

    def function(points):
        with Formulas(), sdpa_kernel(SDPBackend.MATH):
            outputs = module(*points.split(widths, dim=1))
        return outputs if isinstance(outputs, torch.Tensor) else torch.cat(outputs, dim=1)

    return function


def partial_derivative(f, index):
    """The function x -> df/dx_index for batches x [N, n], the points being independent."""

    def derivative(points):
        direction = torch.zeros_like(points)
        direction[:, index] = 1.0
        zero, one = torch.zeros((), dtype=points.dtype), torch.ones((), dtype=points.dtype)
        return jvp(lambda t: f(points + t * direction), (zero,), (one,))[1]

    return derivative


def nested(f, indices):
    for index in indices:
        f = partial_derivative(f, index)
    return f


def apply_operator(terms, f, points):
    """sum of coefficient * nested partial derivatives of f, [N, m]."""
    return sum(c * nested(f, indices)(points) for c, indices in terms)


def check_derivatives(terms, f, points, step=2e-3):
    """Compare each derivative with differences of the derivative one order below.

    Returns the largest relative error. The formula is exact to O(h^6), and its
    rounding error is about eps / h = 1e-13.
    """
    worst = 0.0
    for _, indices in terms:
        if not indices:
            continue
        *inner, last = indices
        shift = torch.zeros_like(points)
        shift[:, last] = step
        lower = nested(f, inner)
        expected = sum(
            w / step * (lower(points + k * shift) - lower(points - k * shift))
            for k, w in DIFFERENCES.items()
        )
        value = nested(f, indices)(points)
        scale = expected.abs().max() + lower(points).abs().max()
        if scale > 0:
            worst = max(worst, float((value - expected).abs().max() / scale))
    return worst

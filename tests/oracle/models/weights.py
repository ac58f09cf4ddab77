"""Reproducible weights for any module: numpy's PCG64, seeded by the name of the case."""

import zlib

import numpy as np
import torch


def generator(name):
    return np.random.Generator(np.random.PCG64(zlib.crc32(name.encode())))


def initialise(module, rng, scale):
    """Fill all parameters and buffers, in the order in which the module names them.

    matrices       scale * N(0, 1/fan_in), the dimensions after the first being fan-in
    biases         0.3 * N(0, 1)
    other vectors  1 + 0.2 * N(0, 1), in multiples of 1/1024: gains, gates, decays.
                   (PyTorch's `torchscript` exporter computes 1 - alpha in float32.)
    buffers        N(0, 1); variances uniform in (1/2, 3/2); integers stay
    """
    with torch.no_grad():
        for name, parameter in module.named_parameters():
            values = rng.standard_normal(tuple(parameter.shape))
            if name.endswith("bias"):
                values *= 0.3
            elif values.ndim > 1:
                values *= scale / np.sqrt(values[0].size)
            else:
                values = 1.0 + np.round(1024 * 0.2 * values) / 1024
            parameter.copy_(torch.from_numpy(values))
        for name, buffer in module.named_buffers():
            if not buffer.is_floating_point():
                continue
            if name.endswith("var"):
                values = rng.uniform(0.5, 1.5, tuple(buffer.shape))
            else:
                values = rng.standard_normal(tuple(buffer.shape))
            buffer.copy_(torch.from_numpy(values))

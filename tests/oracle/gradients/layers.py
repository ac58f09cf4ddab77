"""Layers as functions of one point, and weights for them.

Tensors are in a dictionary `p` by the names and in the shapes that files have.
"""

import jax.numpy as jnp
import numpy as np

ACTIVATIONS = {
    "tanh": jnp.tanh,
    "sin": jnp.sin,
    "silu": lambda z: z / (1.0 + jnp.exp(-z)),
    "softplus": lambda z: jnp.log(1.0 + jnp.exp(z)),
}


class Weights:
    """Random tensors by name, drawn in the order in which they are asked for."""

    def __init__(self, rng):
        self.rng = rng
        self.tensors = {}

    def normal(self, name, shape, scale=1.0, shift=0.0):
        self.tensors[name] = shift + scale * self.rng.standard_normal(shape)

    def linear(self, name, fan_in, fan_out, scale=1.2):
        """`name.weight` [out, in] ~ scale * N(0, 1/in), `name.bias` [out]."""
        self.normal(f"{name}.weight", (fan_out, fan_in), scale / np.sqrt(fan_in))
        self.normal(f"{name}.bias", fan_out, 0.3)

    def sequential(self, sizes, scale=1.2, prefix=""):
        """The state dict of a PyTorch `Sequential(Linear, activation, Linear, ...)`."""
        for index, (fan_in, fan_out) in enumerate(zip(sizes, sizes[1:])):
            self.linear(f"{prefix}{2 * index}", fan_in, fan_out, scale)


def linear(p, name, x):
    return p[f"{name}.weight"] @ x + p[f"{name}.bias"]


def sequential(p, activation, layers, x, prefix=""):
    """The activation stands between the layers, not after the last."""
    x = linear(p, f"{prefix}0", x)
    for index in range(1, layers):
        x = linear(p, f"{prefix}{2 * index}", activation(x))
    return x


def layer_norm(x, weight, bias, epsilon):
    centred = x - jnp.mean(x)
    return centred / jnp.sqrt(jnp.mean(centred * centred) + epsilon) * weight + bias


def softmax(scores):
    """Along the last axis."""
    powers = jnp.exp(scores)
    return powers / jnp.sum(powers, axis=-1, keepdims=True)

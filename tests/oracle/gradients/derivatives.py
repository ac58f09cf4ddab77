"""Partial derivatives by nested first-order forward-mode AD.

No Taylor arithmetic is involved, and no formula for derivatives beyond the
first order: `D(f, 0, 0, 1)` differentiates three times, one inside the other.
"""

import jax
import jax.numpy as jnp


def along(f, direction):
    """The function x -> f'(x)[direction], for f from R^n to R."""

    def derivative(x):
        return jax.jvp(lambda t: f(x + t * direction(x)), (0.0,), (1.0,))[1]

    return derivative


def D(f, *indices):
    """The function x -> the partial derivative of f by the coordinates of these numbers."""
    for index in indices:
        f = along(f, lambda x, index=index: jnp.zeros_like(x).at[index].set(1.0))
    return f


def laplacian(f, n):
    """The function x -> the sum of the second derivatives by the first n coordinates."""
    return lambda x: sum(D(f, i, i)(x) for i in range(n))

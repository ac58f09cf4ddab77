"""What can be said of derivatives without knowing them.

Everything is moved at once: parameters along the stored v, points and unknowns
along random vectors. The derivative of sum(w*r) along that line is known three
times: from the stored tensors, which reverse mode made; in parts from forward
mode; and from differences.
"""

import zlib

import jax.numpy as jnp
import numpy as np

# Weights of (f(x + k h) - f(x - k h)) / h, k = 1, 2, 3, for f'(x) + O(h^6).
DIFFERENCES = {1: 3 / 4, 2: -3 / 20, 3: 1 / 60}
# The rounding error is about eps / STEP = 1e-13 of the values, and the seventh
# derivative along lines as long as these is large.
STEP = 5e-4


def dot(left, right):
    return float(jnp.sum(jnp.asarray(left) * jnp.asarray(right)))


def part(stored, prefix):
    """The tensors `prefix/<name>` by name."""
    start = prefix + "/"
    return {key[len(start) :]: value for key, value in stored.items() if key.startswith(start)}


def along_v(stored, prefix):
    v = part(stored, "direction")
    return sum(dot(value, v[name]) for name, value in part(stored, prefix).items())


def difference(f):
    return sum(w / STEP * (f(k * STEP) - f(-k * STEP)) for k, w in DIFFERENCES.items())


def check(name, function, at, stored, rows):
    """Prints and bounds the largest relative errors."""
    theta, points, unknowns = at
    rng = np.random.Generator(np.random.PCG64(zlib.crc32(name.encode()) + 1))
    of_points = rng.standard_normal(points.shape)
    of_unknowns = rng.standard_normal(unknowns.shape)
    v = part(stored, "direction")

    def results(t):
        moved = {name: value + t * v[name] for name, value in theta.items()}
        return function(moved, points + t * of_points, unknowns + t * of_unknowns)

    jvp = np.asarray(stored["jvp"])
    rest = dot(stored["of_points"], of_points)
    if len(unknowns):
        rest += dot(stored["of_unknowns"], of_unknowns)
    line = dot(stored["cotangents"], jvp) + rest
    scale = np.abs(jvp).max()
    modes = max(abs(along_v(stored, f"row{row}") - jvp.flat[row]) for row in rows) / scale
    residual = 2 / len(points) * (stored["results"] - stored["targets"])
    by_parameters = dot(residual, jvp)
    size = np.abs(residual * jvp).sum()
    modes = max(modes, abs(along_v(stored, "gradient") - by_parameters) / size)
    expected = difference(lambda t: dot(stored["cotangents"], results(t)))
    differences = abs(line - expected) / (np.abs(stored["cotangents"] * jvp).sum() + abs(rest))
    print(f"{name:22} modes {modes:.1e}, differences {differences:.1e}", flush=True)
    assert modes < 1e-12 and differences < 1e-10, name

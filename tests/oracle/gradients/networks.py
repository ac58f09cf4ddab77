"""Small networks, each as a function, as weights, and as a file that jetc reads."""

import jax.numpy as jnp
from jax.scipy.special import erf

import layers
from case import Network
from layers import ACTIVATIONS, linear


def perceptron(activation, sizes, scale=1.2):
    """A bare state dict."""
    function = ACTIVATIONS[activation]
    return Network(
        lambda p, x: layers.sequential(p, function, len(sizes) - 1, x),
        lambda w: w.sequential(sizes, scale),
        activation=activation,
    )


def weight_normalised():
    """W_i = g_i V_i / |V_i| for each row of the hidden layers, one g for the whole last matrix."""

    def gelu(z):
        return z * (1.0 + erf(z / jnp.sqrt(2.0))) / 2.0

    def function(p, x):
        for k in (0, 1):
            v, g = p[f"{k}.weight_v"], p[f"{k}.weight_g"]
            weight = g * v / jnp.sqrt(jnp.sum(v * v, axis=1, keepdims=True))
            x = gelu(weight @ x + p[f"{k}.bias"])
        v = p["last.v"]
        return p["last.g"][0] * v / jnp.sqrt(jnp.sum(v * v)) @ x

    def weights(w):
        for k, (fan_in, fan_out) in enumerate([(2, 8), (8, 6)]):
            w.normal(f"{k}.weight_v", (fan_out, fan_in))
            w.normal(f"{k}.weight_g", (fan_out, 1), 0.2, 1.2)
            w.normal(f"{k}.bias", fan_out, 0.3)
        w.normal("last.v", (1, 6))
        w.normal("last.g", 1, 0.2, 1.5)

    text = """layers:
  - linear: '0'
  - gelu
  - linear: '1'
  - gelu
  - linear: {direction: last.v, scale: last.g}
"""
    return Network(function, weights, layers=text)


def factorised():
    """W = diag(exp s) V, and diag(g) V in the last layer."""

    def function(p, x):
        for k in (0, 1):
            x = jnp.tanh(jnp.exp(p[f"s{k}"])[:, None] * p[f"V{k}"] @ x + p[f"b{k}"])
        return p["g"][:, None] * p["V2"] @ x + p["b2"]

    def weights(w):
        for k, (fan_in, fan_out) in enumerate([(2, 8), (8, 6), (6, 1)]):
            w.normal(f"V{k}", (fan_out, fan_in), fan_in**-0.5)
            w.normal(f"b{k}", fan_out, 0.3)
            w.normal(f"s{k}" if k < 2 else "g", fan_out, 0.3, 0.1 if k < 2 else 1.0)

    text = """layers:
  - linear: {factorised: {v: V0, s: s0}, bias: b0}
  - tanh
  - linear: {factorised: {v: V1, s: s1}, bias: b1}
  - tanh
  - linear: {factorised: {v: V2, g: g}, bias: b2}
"""
    return Network(function, weights, layers=text)


def gated_periodic():
    """Periodic in x, then the modified perceptron: h <- z U + (1 - z) V after each layer."""

    def function(p, x):
        phase = jnp.pi * x[0]
        x = jnp.stack([jnp.cos(phase), jnp.sin(phase), x[1]])
        u, v = jnp.tanh(linear(p, "U", x)), jnp.tanh(linear(p, "V", x))
        for name in ("hidden.0", "hidden.1"):
            z = jnp.tanh(linear(p, name, x))
            x = z * u + (1.0 - z) * v
        return linear(p, "last", x)

    def weights(w):
        for name in ("U", "V", "hidden.0"):
            w.linear(name, 3, 6)
        w.linear("hidden.1", 6, 6)
        w.linear("last", 6, 1)

    text = """inputs: [x, t]
layers:
  - periodic: {coordinate: x, period: 2}
  - gated:
      encoders: [[{linear: U}, tanh], [{linear: V}, tanh]]
      layers: [[{linear: hidden.0}, tanh], [{linear: hidden.1}, tanh]]
  - linear: last
"""
    return Network(function, weights, layers=text)


def piratenet():
    """Trainable Fourier features, two blocks with a trainable alpha each."""

    def function(p, x):
        phase = 1.5 * p["B"] @ x
        x = jnp.concatenate([jnp.cos(phase), jnp.sin(phase)])
        u, v = jnp.tanh(linear(p, "U", x)), jnp.tanh(linear(p, "V", x))
        for block in (0, 1):
            f = jnp.tanh(linear(p, f"{block}.F", x))
            z = f * u + (1.0 - f) * v
            g = jnp.tanh(linear(p, f"{block}.G", z))
            z = g * u + (1.0 - g) * v
            h = jnp.tanh(linear(p, f"{block}.H", z))
            x = p["alpha"][block] * h + (1.0 - p["alpha"][block]) * x
        return linear(p, "last", x)

    def weights(w):
        w.normal("B", (3, 2))
        w.normal("alpha", 2, 0.2, 0.4)
        for name in ("U", "V", *(f"{block}.{layer}" for block in (0, 1) for layer in "FGH")):
            w.linear(name, 6, 6)
        w.linear("last", 6, 1)

    text = """layers:
  - fourier: {matrix: B, scale: 3/2}
  - piratenet:
      encoders: [[{linear: U}, tanh], [{linear: V}, tanh]]
      blocks:
        - alpha: alpha[0]
          layers: [[{linear: 0.F}, tanh], [{linear: 0.G}, tanh], [{linear: 0.H}, tanh]]
        - alpha: alpha[1]
          layers: [[{linear: 1.F}, tanh], [{linear: 1.G}, tanh], [{linear: 1.H}, tanh]]
  - linear: last
"""
    return Network(function, weights, layers=text)


def normalised_features():
    """Fixed Fourier features, layer norms with and without gains, a mean-free norm."""

    def function(p, x):
        phase = p["B"].T @ x
        x = jnp.concatenate([jnp.sin(phase), jnp.cos(phase)])
        x = layers.layer_norm(linear(p, "0", x), p["norm.weight"], p["norm.bias"], 1e-2)
        x = layers.layer_norm(linear(p, "1", jnp.tanh(x)), 1.0, 0.0, 0.125)
        x = jnp.tanh(x)
        x = x / jnp.sqrt(jnp.mean(x * x) + 0.25) * p["gain"]
        return linear(p, "2", x)

    def weights(w):
        w.normal("B", (2, 4))
        w.linear("0", 8, 6)
        w.normal("norm.weight", 6, 0.2, 1.0)
        w.normal("norm.bias", 6, 0.2)
        w.linear("1", 6, 6)
        w.normal("gain", 6, 0.2, 1.0)
        w.linear("2", 6, 1)

    text = """layers:
  - fourier: {matrix: B, transpose: true, fixed: true, order: [sin, cos]}
  - linear: '0'
  - layer-norm: {weight: norm.weight, bias: norm.bias, epsilon: 1e-2}
  - tanh
  - linear: '1'
  - layer-norm: {epsilon: 0.125}
  - tanh
  - rms-norm: {weight: gain, epsilon: 0.25}
  - linear: '2'
"""
    return Network(function, weights, constants=("B",), layers=text)


def flow():
    """A trunk with two heads, three fields."""

    def function(p, x):
        h = jnp.tanh(linear(p, "trunk.2", jnp.tanh(linear(p, "trunk.0", x))))
        pressure = linear(p, "pressure.2", ACTIVATIONS["softplus"](linear(p, "pressure.0", h)))
        return jnp.concatenate([linear(p, "velocity", h), pressure])

    def weights(w):
        w.sequential([2, 8, 6], prefix="trunk.")
        w.linear("velocity", 6, 2)
        w.sequential([6, 5, 1], prefix="pressure.")

    text = """layers:
  - [{linear: trunk.0}, tanh, {linear: trunk.2}, tanh]
  - concat:
      - linear: velocity
      - [{linear: pressure.0}, softplus, {linear: pressure.2}]
"""
    return Network(function, weights, layers=text)


def hard_boundary():
    """(1 - x^2) u: zero where x is 1 or -1, whatever the network is."""

    def function(p, x):
        u = layers.sequential(p, ACTIVATIONS["silu"], 3, x)
        return (1.0 - x[0] ** 2) * u

    text = """inputs: [x, y]
layers: [{linear: '0'}, silu, {linear: '2'}, silu, {linear: '4'}]
output: (1 - x^2)*u
"""
    return Network(function, lambda w: w.sequential([2, 8, 7, 1], 1.8), layers=text)


def siren():
    """Sines with a frequency, a residual block, a matrix [in, out]."""

    def function(p, x):
        x = jnp.sin(1.5 * linear(p, "0", x))
        x = x + linear(p, "block.2", jnp.sin(linear(p, "block.0", x)))
        return p["last"].T @ x

    def weights(w):
        w.linear("0", 3, 7)
        w.sequential([7, 6, 7], prefix="block.")
        w.normal("last", (7, 1), 7**-0.5)

    text = """layers:
  - linear: '0'
  - sin(1.5)
  - residual: [{linear: block.0}, sin, {linear: block.2}]
  - linear: {weight: last, transpose: true}
"""
    return Network(function, weights, layers=text)


def adaptive():
    """Trainable slopes before each activation; the normalisation of the inputs is of the data."""

    def function(p, x):
        x = (x - p["mean"]) / p["std"]
        x = jnp.tanh(p["slope"][0] * linear(p, "0", x))
        x = jnp.tanh(p["slopes"] * linear(p, "1", x) + p["shift"])
        return linear(p, "2", x)

    def weights(w):
        w.normal("mean", 2, 0.2)
        w.normal("std", 2, 0.1, 1.2)
        w.linear("0", 2, 8)
        w.normal("slope", 1, 0.1, 1.2)
        w.linear("1", 8, 6)
        w.normal("slopes", 6, 0.2, 1.0)
        w.normal("shift", 6, 0.2)
        w.linear("2", 6, 1)

    text = """layers:
  - normalise: {mean: mean, std: std}
  - linear: '0'
  - scale: slope
  - tanh
  - linear: '1'
  - scale: slopes
  - shift: shift
  - tanh
  - linear: '2'
"""
    return Network(function, weights, constants=("mean", "std"), layers=text)


def tied():
    """One hidden layer, applied three times with the same weights."""

    def function(p, x):
        x = jnp.tanh(linear(p, "first", x))
        for _ in range(3):
            x = jnp.tanh(linear(p, "hidden", x))
        return linear(p, "last", x)

    def weights(w):
        w.linear("first", 2, 6)
        w.linear("hidden", 6, 6)
        w.linear("last", 6, 1)

    text = """layers:
  - [{linear: first}, tanh]
  - [{linear: hidden}, tanh, {linear: hidden}, tanh, {linear: hidden}, tanh]
  - linear: last
"""
    return Network(function, weights, layers=text)


def separable():
    """The scalar product of a branch for x, with batch normalisation, and a trunk for y."""

    def function(p, x):
        h = linear(p, "branch.0", x[:1])
        deviation = jnp.sqrt(p["norm.running_var"] + 0.125)
        h = (h - p["norm.running_mean"]) / deviation * p["norm.weight"] + p["norm.bias"]
        branch = linear(p, "branch.1", jnp.tanh(h))
        trunk = jnp.tanh(linear(p, "trunk.1", jnp.sin(linear(p, "trunk.0", x[1:]))))
        return jnp.sum(branch * trunk, keepdims=True)

    def weights(w):
        w.linear("branch.0", 1, 6)
        w.normal("norm.running_mean", 6, 0.2)
        w.tensors["norm.running_var"] = w.rng.uniform(0.5, 1.5, 6)
        w.normal("norm.weight", 6, 0.2, 1.0)
        w.normal("norm.bias", 6, 0.2)
        w.linear("branch.1", 6, 4)
        w.linear("trunk.0", 1, 6)
        w.linear("trunk.1", 6, 4)

    text = """inputs: 2
layers:
  - multiply:
      - - slice: {start: 0, stop: 1}
        - linear: branch.0
        - batch-norm: {name: norm, epsilon: 0.125}
        - tanh
        - linear: branch.1
      - [{slice: {start: 1, stop: 2}}, {linear: trunk.0}, sin, {linear: trunk.1}, tanh]
  - sum
"""
    constants = ("norm.running_mean", "norm.running_var")
    return Network(function, weights, constants=constants, layers=text)

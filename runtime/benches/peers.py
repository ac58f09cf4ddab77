"""Times what others use, on the networks of `evaluation.rs`: the numbers of `../speed.md`.

    pip install torch jax folx numpy
    python peers.py [FILTER]          # such as "float32 laplacian 2-"

- torch.compile of batched collapsed jets: all channels of a layer stacked into one product, first-layer channels not
  multiplied; for the biharmonic operator fourth-order jets along the directions of the interpolation, the highest
  coefficient weighted and summed.
- folx, the JAX forward Laplacian; nested for the biharmonic operator.

Prints the median over three seconds of calls, in milliseconds, and by how much the two differ. Two threads; run it on a
machine that does nothing else.
"""
import sys
import time

import jax
import jax.numpy as jnp
import numpy as np
import torch

import folx

torch.set_num_threads(2)
jax.config.update("jax_enable_x64", True)

CASES = [
    ("laplacian", 50, [768, 768, 512, 512], 128),
    ("laplacian", 50, [768, 768, 512, 512], 2048),
    ("biharmonic", 5, [768, 768, 512, 512], 32),
    ("biharmonic", 5, [768, 768, 512, 512], 256),
    ("laplacian", 2, [64, 64, 64], 10_000),
    ("biharmonic", 2, [64, 64, 64], 10_000),
    ("laplacian", 3, [128, 128, 128, 128], 10_000),
]


def directions(n):
    """The biharmonic operator as a weighted sum of fourth derivatives along directions:
    d_i^4 along e_i, and 2 d_i^2 d_j^2 = [(e_i+e_j)^4 + (e_i-e_j)^4 - 2 e_i^4 - 2 e_j^4] / 6."""
    rows, weights = [], []
    for i in range(n):
        rows.append(np.eye(n)[i])
        weights.append(1.0 - 2 * (n - 1) / 6)
        for j in range(i):
            for sign in (1, -1):
                rows.append(np.eye(n)[i] + sign * np.eye(n)[j])
                weights.append(1 / 6)
    return np.array(rows), np.array(weights)


def laplacian(layers, x):
    n, d = x.shape
    (w, b), *rest = layers
    h = x @ w.T + b
    jac = w.T[:, None, :].expand(d, n, w.shape[0])
    lap = torch.zeros_like(h)
    for w, b in rest:
        t = torch.tanh(h)
        d1 = 1 - t * t
        lap = d1 * lap - 2 * t * d1 * (jac * jac).sum(0)
        jac = d1 * jac
        z = torch.cat([t[None], jac, lap[None]]) @ w.T
        h, jac, lap = z[0] + b, z[1:-1], z[-1]
    return lap


def biharmonic(layers, x, rows, weights):
    """Collapsed jets in Taylor coefficients: h_k = u^(k)/k!; returns the fourth derivative, weighted and summed."""
    n, _ = x.shape
    r = rows.shape[0]
    (w, b), *rest = layers
    h = x @ w.T + b
    h1 = (rows @ w.T)[:, None, :].expand(r, n, w.shape[0])
    h2, h3 = torch.zeros_like(h1), torch.zeros_like(h1)
    h4 = torch.zeros_like(h)
    c = weights[:, None, None]
    for w, b in rest:
        t = torch.tanh(h)
        # tanh^(k) / k!
        g1 = 1 - t * t
        g2 = -t * g1
        g3 = g1 * (3 * t * t - 1) / 3
        g4 = t * g1 * (2 - 3 * t * t) / 3
        p = h1 * h1
        h4 = g1 * h4 + g2 * (c * (2 * h1 * h3 + h2 * h2)).sum(0) + g3 * (c * 3 * p * h2).sum(0) + g4 * (c * p * p).sum(0)
        o3 = g1 * h3 + g2 * 2 * h1 * h2 + g3 * p * h1
        o2 = g1 * h2 + g2 * p
        o1 = g1 * h1
        z = torch.cat([t[None], o1, o2, o3, h4[None]]) @ w.T
        h, h1, h2, h3, h4 = z[0] + b, z[1:1 + r], z[1 + r:1 + 2 * r], z[1 + 2 * r:1 + 3 * r], z[-1]
    return 24 * h4


def median(call):
    call(); call()
    times, start = [], time.perf_counter()
    while time.perf_counter() - start < 3 or len(times) < 5:
        t = time.perf_counter()
        call()
        times.append(time.perf_counter() - t)
    return 1e3 * sorted(times)[len(times) // 2]


def main():
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    for operator, d, hidden, n in CASES:
        widths = [d, *hidden, 1]
        for kind in ("float32", "float64"):
            name = f"{kind} {operator} {'-'.join(map(str, widths))} N={n}"
            if wanted not in name:
                continue
            rng = np.random.default_rng(0)
            weights = [(rng.normal(size=(o, i)) / np.sqrt(i), rng.normal(size=o)) for i, o in zip(widths, widths[1:])]
            points = rng.normal(size=(n, d))
            dtype = getattr(torch, kind)
            layers = [(torch.tensor(w, dtype=dtype), torch.tensor(b, dtype=dtype)) for w, b in weights]
            x = torch.tensor(points, dtype=dtype)
            with torch.no_grad():
                if operator == "laplacian":
                    f = torch.compile(laplacian, dynamic=False)
                    call = lambda: f(layers, x)
                else:
                    rows, c = (torch.tensor(a, dtype=dtype) for a in directions(d))
                    f = torch.compile(biharmonic, dynamic=False)
                    call = lambda: f(layers, x, rows, c)
                compiled = median(call)
                result = call().double().numpy().ravel()
            jw = [(jnp.asarray(w, dtype=kind), jnp.asarray(b, dtype=kind)) for w, b in weights]
            xs = jnp.asarray(points, dtype=kind)

            def net(y):
                for w, b in jw[:-1]:
                    y = jnp.tanh(w @ y + b)
                w, b = jw[-1]
                return (w @ y + b)[0]

            lap = lambda g: (lambda y: folx.forward_laplacian(g)(y).laplacian)
            op = lap(net) if operator == "laplacian" else lap(lap(net))
            g = jax.jit(jax.vmap(op))
            forward = median(lambda: g(xs).block_until_ready())
            error = np.abs(np.asarray(g(xs)).ravel() - result).max() / np.abs(result).max()
            print(f"{name:<52} torch.compile {compiled:9.2f}   folx {forward:9.2f}   differ by {error:.0e}", flush=True)


main()

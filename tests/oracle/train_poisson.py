"""Train the Poisson network of `examples/poisson`.

The network, 2 -> 32 -> 32 -> 1 with tanh, approximates the solution
u = sin(pi x) sin(pi y) of

    -laplacian(u) = 2 pi^2 sin(pi x) sin(pi y)   on (0, 1)^2,   u = 0 on the boundary,

by minimising the mean square of the residual at interior points plus that of u
at boundary points: first Adam, then L-BFGS (scipy), all in float64. Derivatives
in x are nested first-order derivatives, as in `reference.py`.

To run, in the environment that `reference.py` describes:

    python tests/oracle/train_poisson.py

It writes, in `examples/poisson/`:

`poisson.safetensors`  the network, named like a PyTorch nn.Sequential, float64
`points.csv`           64 points in the interior, header `x,y`
`laplacian.csv`        the Laplacian of the network there, header `laplacian`

and prints the errors quoted in the README there. A different processor or
version of JAX ends at slightly different weights, since training amplifies
rounding; the three files always belong together.
"""

from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
from jax.flatten_util import ravel_pytree
from safetensors.numpy import save_file
from scipy.optimize import minimize
from scipy.stats import qmc

from reference import apply_operator, evaluate, laplacian, random_network, state_dict

OUTPUT = Path(__file__).resolve().parents[2] / "examples" / "poisson"
SEED = 20240
SIZES = [2, 32, 32, 1]
INTERIOR_POINTS = 512
BOUNDARY_POINTS_PER_SIDE = 32
BOUNDARY_WEIGHT = 10.0
ADAM_STEPS = 1500
ADAM_RATE = 3e-3
LBFGS_STEPS = 2500


def exact(points):
    return jnp.sin(jnp.pi * points[:, 0]) * jnp.sin(jnp.pi * points[:, 1])


def network_values(layers, points):
    return jax.vmap(lambda x: evaluate(layers, jnp.tanh, x)[0])(points)


def network_laplacian(layers, points):
    applied = apply_operator(laplacian(2), lambda x: evaluate(layers, jnp.tanh, x)[0])
    return jax.vmap(applied)(points)


def boundary_points():
    """Midpoints of equal parts of the four sides, and the corners."""
    n = BOUNDARY_POINTS_PER_SIDE
    s = (np.arange(n) + 0.5) / n
    zero, one = np.zeros(n), np.ones(n)
    sides = [(s, zero), (s, one), (zero, s), (one, s)]
    corners = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    return np.concatenate([np.stack(side, axis=1) for side in sides] + [corners])


def grid(n):
    """The n * n cell midpoints of the unit square."""
    s = (np.arange(n) + 0.5) / n
    return np.stack(np.meshgrid(s, s, indexing="ij"), axis=-1).reshape(-1, 2)


def adam(loss_and_gradient, parameters):
    """Adam with a rate that falls to zero along a half cosine."""

    def step(state, k):
        parameters, mean, square = state
        gradient = loss_and_gradient(parameters)[1]
        mean = 0.9 * mean + 0.1 * gradient
        square = 0.999 * square + 0.001 * gradient**2
        rate = ADAM_RATE * 0.5 * (1.0 + jnp.cos(jnp.pi * k / ADAM_STEPS))
        move = (mean / (1.0 - 0.9**k)) / (jnp.sqrt(square / (1.0 - 0.999**k)) + 1e-8)
        return (parameters - rate * move, mean, square), None

    start = (parameters, jnp.zeros_like(parameters), jnp.zeros_like(parameters))
    steps = jnp.arange(1, ADAM_STEPS + 1)
    return jax.jit(lambda start: jax.lax.scan(step, start, steps)[0][0])(start)


def train():
    rng = np.random.Generator(np.random.PCG64(SEED))
    start, unflatten = ravel_pytree(random_network(rng, SIZES))
    interior = qmc.Sobol(2, rng=rng).random(INTERIOR_POINTS)
    boundary = boundary_points()
    source = 2.0 * jnp.pi**2 * exact(interior)
    scale = jnp.mean(source**2)

    def loss(parameters):
        layers = unflatten(parameters)
        residual = network_laplacian(layers, interior) + source
        on_boundary = network_values(layers, boundary)
        return jnp.mean(residual**2) / scale + BOUNDARY_WEIGHT * jnp.mean(on_boundary**2)

    loss_and_gradient = jax.jit(jax.value_and_grad(loss))

    after_adam = adam(loss_and_gradient, start)
    print(f"loss after Adam: {loss(after_adam):.3e}")

    def for_scipy(parameters):
        value, gradient = loss_and_gradient(parameters)
        return float(value), np.asarray(gradient)

    result = minimize(
        for_scipy,
        np.asarray(after_adam),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": LBFGS_STEPS, "maxfun": 2 * LBFGS_STEPS, "maxcor": 50,
                 "ftol": 1e-15, "gtol": 1e-10},
    )
    print(f"loss after L-BFGS: {result.fun:.3e} ({result.nit} steps, {result.message})")
    return unflatten(jnp.asarray(result.x))


def report_errors(layers):
    """Relative L2 errors, on a grid finer than and apart from the training points."""
    points = grid(100)
    u = exact(points)
    u_error = jnp.linalg.norm(network_values(layers, points) - u) / jnp.linalg.norm(u)
    target = -2.0 * jnp.pi**2 * u
    difference = network_laplacian(layers, points) - target
    laplacian_error = jnp.linalg.norm(difference) / jnp.linalg.norm(target)
    print(f"relative L2 error of u:             {u_error:.2e}")
    print(f"relative L2 error of the Laplacian: {laplacian_error:.2e}")
    print(f"largest residual:                   {jnp.abs(difference).max():.2e}")
    on_boundary = network_values(layers, boundary_points())
    print(f"largest |u| on the boundary:        {jnp.abs(on_boundary).max():.2e}")


def write_csv(path, header, rows):
    lines = [",".join(repr(float(value)) for value in row) for row in rows]
    path.write_text("\n".join([header, *lines]) + "\n")


def main():
    layers = train()
    report_errors(layers)
    points = grid(8)
    values = np.asarray(network_laplacian(layers, points))
    OUTPUT.mkdir(parents=True, exist_ok=True)
    save_file(state_dict(layers), OUTPUT / "poisson.safetensors")
    write_csv(OUTPUT / "points.csv", "x,y", points)
    write_csv(OUTPUT / "laplacian.csv", "laplacian", values[:, None])


if __name__ == "__main__":
    main()

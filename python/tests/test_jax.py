"""Operators in JAX against JAX's own nested differentiation."""

import numpy as np
import pytest

import jetc

jax = pytest.importorskip("jax")
jnp = jax.numpy
jax.config.update("jax_enable_x64", True)
jj = pytest.importorskip("jetc.jax")

BURGERS = jetc.Operator("u_t + u*u_x - nu*u_xx", coordinates=["x", "t"], parameters={"nu": 0.1})


def make(widths, seed=0, dtype=np.float64):
    rng = np.random.default_rng(seed)
    pairs = zip(widths, widths[1:])
    return [(jnp.asarray(rng.normal(size=(n, m)) / np.sqrt(n), dtype), jnp.asarray(0.1 * rng.normal(size=m), dtype)) for n, m in pairs]


def network(params, x):
    for weight, bias in params[:-1]:
        x = jnp.tanh(x @ weight + bias)
    return x @ params[-1][0] + params[-1][1]


def residual_by_jax(params, points):
    def one(x):
        u = lambda x: network(params, x)[0]
        value, gradient, hessian = u(x), jax.grad(u)(x), jax.hessian(u)(x)
        return jnp.array([gradient[1] + value * gradient[0] - 0.1 * hessian[0, 0]])

    return jax.vmap(one)(points)


@pytest.fixture
def points():
    return jnp.asarray(np.random.default_rng(1).uniform(-1, 1, (200, 2)))


def ours(params, points):
    return jj.apply(BURGERS, "tanh", params, points)


def test_values_and_gradients_are_those_of_jax(points):
    params = make([2, 20, 20, 1])
    # Two ways through the same sums of some hundred numbers of size one.
    np.testing.assert_allclose(jax.jit(ours)(params, points), residual_by_jax(params, points), rtol=0, atol=1e-12)
    np.testing.assert_allclose(ours(params, points), residual_by_jax(params, points), rtol=0, atol=1e-12)

    def loss(residual):
        return lambda params, points: (residual(params, points) ** 3).sum()

    found = jax.jit(jax.grad(loss(ours), argnums=(0, 1)))(params, points)
    expected = jax.grad(loss(residual_by_jax), argnums=(0, 1))(params, points)
    for mine, other in zip(jax.tree.leaves(found), jax.tree.leaves(expected)):
        np.testing.assert_allclose(mine, other, rtol=1e-9, atol=1e-9)


def test_the_bits_are_those_of_the_evaluator(points):
    params = make([2, 20, 1])
    evaluator = jj.evaluator(BURGERS, "tanh", params)
    assert np.array_equal(jax.jit(ours)(params, points), evaluator(np.asarray(points)))


def test_single_precision_stays_single(points):
    params = make([2, 16, 1], dtype=np.float32)
    found = jax.jit(ours)(params, points.astype(np.float32))
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, ours(make([2, 16, 1]), points), rtol=0, atol=2e-5)


def test_new_weights_and_shapes_under_one_jit(points):
    compiled = jax.jit(ours)
    for seed in range(3):
        params = make([2, 16, 1], seed)
        for count in (1, 200, 7):
            np.testing.assert_allclose(
                compiled(params, points[:count]), residual_by_jax(params, points[:count]), rtol=0, atol=1e-12
            )


def test_training_descends(points):
    params = make([2, 16, 1])
    step = jax.jit(jax.value_and_grad(lambda params: (ours(params, points) ** 2).mean()))
    losses = []
    for _ in range(50):
        loss, gradient = step(params)
        losses.append(float(loss))
        params = jax.tree.map(lambda p, g: p - 0.05 * g, params, gradient)
    assert losses[-1] < 0.5 * losses[0]


def test_vmap_maps(points):
    params = make([2, 16, 1])
    batches = points.reshape(4, 50, 2)
    expected = ours(params, points).reshape(4, 50, 1)
    assert np.array_equal(ours(params, batches), expected)
    assert np.array_equal(jax.vmap(ours, (None, 0))(params, batches), expected)
    several = [make([2, 16, 1], seed) for seed in range(3)]
    stacked = jax.tree.map(lambda *parts: jnp.stack(parts), *several)
    found = jax.vmap(ours, (0, None))(stacked, points)
    assert np.array_equal(found, np.stack([ours(params, points) for params in several]))


def test_layers_of_other_libraries_are_read(points):
    params = make([2, 16, 16, 1])
    expected = ours(params, points)
    flax = {"params": {f"Dense_{i}": {"kernel": weight, "bias": bias} for i, (weight, bias) in enumerate(params)}}
    haiku = {f"mlp/~/linear_{i}": {"w": weight, "b": bias} for i, (weight, bias) in enumerate(params)}

    class Linear:
        def __init__(self, weight, bias):
            self.weight, self.bias = weight.T, bias

    class Equinox:
        layers = [Linear(weight, bias) for weight, bias in params]

    for other in (flax, haiku, Equinox(), [{"w": weight, "b": bias} for weight, bias in params]):
        np.testing.assert_allclose(ours(other, points), expected, rtol=0, atol=1e-13)
    turned = [(weight.T, bias) for weight, bias in params]
    np.testing.assert_allclose(jj.apply(BURGERS, "tanh", turned, points, transpose=False), expected, rtol=0, atol=1e-13)
    with pytest.raises(ValueError, match="no chain for 2 coordinates"):
        ours(turned, points)


def test_a_second_derivative_raises(points):
    params = make([2, 8, 1])
    with pytest.raises(Exception, match="(?i)differentiat"):
        jax.grad(lambda x: jax.grad(lambda x: ours(params, x).sum())(x).sum())(points)


def test_types_that_are_mixed_are_refused(points):
    params = make([2, 8, 1])
    with pytest.raises(Exception, match="float32"):
        jax.block_until_ready(jj.apply("laplacian", "tanh", params, points.astype(np.float16)))


def test_threads_run_compiled_code(points):
    from concurrent.futures import ThreadPoolExecutor

    params, many = make([2, 64, 64, 1]), jnp.tile(points, (20, 1))
    compiled = jax.jit(ours)
    expected = compiled(params, many)
    with ThreadPoolExecutor(4) as pool:
        assert all(np.array_equal(found, expected) for found in pool.map(lambda _: compiled(params, many), range(20)))

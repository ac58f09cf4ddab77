"""Derivatives against central differences, and against each other."""

import numpy as np
import pytest
from conftest import make_layers

import jetc

BURGERS = jetc.Operator("u_t + u*u_x - nu*u_xx", coordinates=["x", "t"], unknown=["nu"])


@pytest.fixture(scope="module")
def burgers():
    network = jetc.Network.from_layers(make_layers([2, 12, 12, 1], seed=5), activation="sin")
    return jetc.Evaluator(BURGERS, network, unknowns={"nu": 0.1})


@pytest.fixture(scope="module")
def batch():
    return np.random.default_rng(6).uniform(-1, 1, (40, 2))


def central(function, at, step=1e-5):
    """The gradient by central differences: errors of step² and of roundings over step, 1e-10 each for numbers of size one."""
    gradient = np.zeros_like(at)
    for index in np.ndindex(at.shape):
        up, down = at.copy(), at.copy()
        up[index] += step
        down[index] -= step
        gradient[index] = (function(up) - function(down)) / (2 * step)
    return gradient


def test_the_gradient_of_the_loss_is_that_of_differences(burgers, batch):
    targets = np.sin(batch[:, :1])
    loss, gradient = burgers.value_and_grad(batch, targets)
    results = burgers(batch)
    assert loss == pytest.approx(((results - targets) ** 2).sum() / 40, rel=1e-13)

    def loss_at(theta):
        return ((burgers(batch, parameters=theta) - targets) ** 2).sum() / 40

    np.testing.assert_allclose(gradient, central(loss_at, burgers.parameters.flat.copy()), rtol=0, atol=1e-8)
    assert burgers.value_and_grad(batch)[0] == pytest.approx((results**2).mean(), rel=1e-13)


def test_cotangents_go_back_to_points_parameters_and_unknowns(burgers, batch):
    weights = np.cos(np.arange(40.0))[:, None]
    theta, x, nu = burgers.vjp(batch, weights, ("parameters", "points", "unknowns"))
    assert np.array_equal(burgers.vjp(batch, weights), theta)
    assert np.array_equal(burgers.vjp(batch, weights, "points"), x)
    # At the end of a sum of forty results the differences have a tenth of their digits.
    np.testing.assert_allclose(x, central(lambda x: (weights * burgers(x)).sum(), batch), rtol=0, atol=1e-8)
    other = jetc.Evaluator(BURGERS, burgers.network, unknowns={"nu": 1.1})
    # The residual is affine in ν.
    np.testing.assert_allclose(nu, [(weights * (other(batch) - burgers(batch))).sum()], rtol=1e-11)
    with pytest.raises(ValueError, match="wrt is `weights`"):
        burgers.vjp(batch, weights, "weights")


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-12), (np.float32, 1e-4)])
def test_products_with_the_jacobian_are_those_of_its_rows(dtype, tolerance):
    network = jetc.Network.from_layers(make_layers([2, 12, 2], seed=7))
    evaluator = jetc.Evaluator({"coordinates": ["x", "y"], "fields": ["u", "v"], "outputs": {"a": "lap(u)", "b": "v_x*u"}}, network)
    rng = np.random.default_rng(8)
    points = rng.uniform(-1, 1, (600, 2)).astype(dtype)
    jacobian = evaluator.jacobian(points)
    size = network.parameters.size
    assert jacobian.shape == (600, 2, size) and jacobian.dtype == dtype
    direction, weights = rng.normal(size=size).astype(dtype), rng.normal(size=(600, 2)).astype(dtype)
    results, products = evaluator.jvp(points, direction)
    assert np.array_equal(results, evaluator(points))
    np.testing.assert_allclose(products, jacobian @ direction, rtol=0, atol=tolerance * 10)
    np.testing.assert_allclose(
        evaluator.vjp(points, weights), np.einsum("nc,ncp->p", weights, jacobian), rtol=0, atol=tolerance * 100
    )
    rows = jacobian[:50].reshape(100, size)
    np.testing.assert_allclose(evaluator.gram(points[:50]), rows @ rows.T, rtol=0, atol=tolerance * 100)
    # A row has the same bits whatever rows go with it.
    assert np.array_equal(evaluator.jacobian(points[17:18]), jacobian[17:18])


def test_threads_do_not_change_a_bit(burgers):
    points = np.random.default_rng(9).uniform(-1, 1, (3000, 2))
    expected = burgers.value_and_grad(points)
    for threads in (1, 2, 3):
        other = jetc.Evaluator(BURGERS, burgers.network, unknowns=[0.1], threads=threads)
        loss, gradient = other.value_and_grad(points)
        assert loss == expected[0] and np.array_equal(gradient, expected[1])


def test_descent_descends(burgers, batch):
    evaluator = jetc.Evaluator(BURGERS, burgers.network, unknowns=[0.1])
    theta = evaluator.parameters.flat.copy()
    losses = []
    for _ in range(30):
        loss, gradient = evaluator.value_and_grad(batch)
        losses.append(loss)
        theta -= 0.002 * gradient
        evaluator.set_parameters(theta)
    assert losses[-1] < 0.5 * losses[0]


def test_shapes_that_do_not_go_together_are_named(burgers, batch):
    with pytest.raises(jetc.EvaluationError, match=r"targets have shape \[39, 1\]; expected \[40, 1\]"):
        burgers.value_and_grad(batch, np.zeros((39, 1)))
    with pytest.raises(TypeError, match="cotangents are float32; expected float64"):
        burgers.vjp(batch, np.zeros((40, 1), np.float32))
    with pytest.raises(jetc.EvaluationError, match="numbers of the direction"):
        burgers.jvp(batch, np.zeros(3))
    loss, gradient = burgers.value_and_grad(batch[:0])
    assert loss == 0 and not gradient.any()


def test_gradients_are_named_by_split(burgers, batch):
    _, gradient = burgers.value_and_grad(batch)
    parts = burgers.parameters.split(gradient)
    assert list(parts) == burgers.parameters.names
    assert parts["layers.1.weight"].shape == (12, 12)
    assert np.shares_memory(parts["layers.1.weight"], gradient)
    assert burgers.parameters.split(burgers.jacobian(batch))["layers.0.bias"].shape == (40, 1, 12)

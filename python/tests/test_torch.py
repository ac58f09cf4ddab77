"""Operators of torch modules against torch's own nested differentiation."""

import gc
import weakref

import numpy as np
import pytest

import jetc

torch = pytest.importorskip("torch")
jt = pytest.importorskip("jetc.torch")

nn = torch.nn
BURGERS = jetc.Operator("u_t + u*u_x - nu*u_xx", coordinates=["x", "t"], parameters={"nu": 0.1})


def mlp(widths, activation=nn.Tanh, dtype=torch.float64, seed=0):
    torch.manual_seed(seed)
    parts = []
    for n, m in zip(widths, widths[1:]):
        parts += [nn.Linear(n, m, dtype=dtype), activation()]
    return nn.Sequential(*parts[:-1])


def residual_by_torch(module, points):
    """Nested first-order differentiation."""
    points = points if points.requires_grad else points.detach().requires_grad_()
    u = module(points)
    (du,) = torch.autograd.grad(u.sum(), points, create_graph=True)
    (dux,) = torch.autograd.grad(du[:, 0].sum(), points, create_graph=True)
    return du[:, 1:2] + u * du[:, :1] - 0.1 * dux[:, :1]


@pytest.fixture
def points():
    return torch.rand(200, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(1)) * 2 - 1


class Own(nn.Module):
    """A forward of one's own, with a layer that is used twice."""

    def __init__(self):
        super().__init__()
        self.first = nn.Linear(2, 16, dtype=torch.float64)
        self.middle = nn.Linear(16, 16, dtype=torch.float64)
        self.last = nn.Linear(16, 1, bias=False, dtype=torch.float64)

    def forward(self, x):
        x = torch.tanh(self.first(x))
        for _ in range(2):
            x = self.middle(x).sin()
        return self.last(x)


@pytest.mark.parametrize("module", [mlp([2, 20, 20, 1]), mlp([2, 16, 1], nn.SiLU), mlp([2, 16, 1], nn.Softplus), Own()])
def test_values_and_gradients_are_those_of_nested_differentiation(module, points):
    points.requires_grad_()
    # Two ways through the same sums of some hundred numbers of size one: 1e-12 leaves room for all their roundings.
    found, expected = jt.apply(BURGERS, module, points), residual_by_torch(module, points)
    assert found.dtype == torch.float64 and found.shape == (200, 1)
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-12)
    leaves = [points, *module.parameters()]
    ours = torch.autograd.grad((found**3).sum(), leaves)
    theirs = torch.autograd.grad((expected**3).sum(), leaves, allow_unused=True)
    for mine, other in zip(ours, theirs):
        # The bias of the last layer has no part in the residual but by u.
        other = torch.zeros_like(mine) if other is None else other
        torch.testing.assert_close(mine, other, rtol=1e-9, atol=1e-9)


def test_training_takes_the_steps_of_torch(points):
    losses = {}
    for name, residual in (("torch", residual_by_torch), ("jetc", lambda m, x: jt.apply(BURGERS, m, x))):
        module = mlp([2, 16, 16, 1], seed=3)
        optimiser = torch.optim.Adam(module.parameters(), 1e-2)
        losses[name] = []
        for _ in range(50):
            optimiser.zero_grad()
            loss = (residual(module, points) ** 2).mean()
            loss.backward()
            optimiser.step()
            losses[name].append(loss.item())
    # Roundings grow a little with each step.
    np.testing.assert_allclose(losses["jetc"], losses["torch"], rtol=1e-7)
    assert losses["jetc"][-1] < 0.1 * losses["jetc"][0]


@pytest.mark.parametrize("has_targets", [False, True])
def test_the_mean_square_is_that_of_the_results(points, has_targets):
    module = mlp([2, 16, 1])
    targets = torch.cos(points[:, :1]) if has_targets else None
    loss = jt.mean_square(BURGERS, module, points, targets)
    expected = ((jt.apply(BURGERS, module, points) - (targets if has_targets else 0)) ** 2).mean()
    torch.testing.assert_close(loss, expected, rtol=1e-13, atol=0)
    leaves = list(module.parameters())
    for mine, other in zip(torch.autograd.grad(3 * loss, leaves), torch.autograd.grad(3 * expected, leaves)):
        torch.testing.assert_close(mine, other, rtol=1e-11, atol=1e-13)
    points.requires_grad_()
    by_points = [torch.autograd.grad(value, points)[0] for value in (
        jt.mean_square(BURGERS, module, points), (jt.apply(BURGERS, module, points) ** 2).mean()
    )]
    torch.testing.assert_close(*by_points, rtol=1e-11, atol=1e-13)


def test_single_precision_stays_single(points):
    module = mlp([2, 16, 1], dtype=torch.float32)
    found = jt.apply("laplacian", module, points.float())
    expected = jt.apply("laplacian", module.double(), points)
    assert found.dtype == torch.float32
    torch.testing.assert_close(found.double(), expected, rtol=0, atol=2e-5)
    with pytest.raises(TypeError, match="points are torch.float32, the module's parameters torch.float64"):
        jt.apply("laplacian", module, points.float())


def test_a_second_derivative_raises(points):
    module = mlp([2, 8, 1])
    points.requires_grad_()
    results = jt.apply("laplacian", module, points)
    (gradient,) = torch.autograd.grad(results.sum(), points, create_graph=True)
    with pytest.raises(RuntimeError, match="can be differentiated once"):
        gradient.sum().backward(retain_graph=True)
    # Beside other terms, it would be a silent zero.
    with pytest.raises(RuntimeError, match="can be differentiated once"):
        ((gradient**2).sum() + module(points).sum()).backward()


def test_weights_are_read_as_they_are(points):
    module = mlp([2, 8, 1])
    before = jt.apply("laplacian", module, points)
    with torch.no_grad():
        module[0].weight *= 0.5
    after = jt.apply("laplacian", module, points)
    torch.testing.assert_close(after, jetc_value(module, points), rtol=0, atol=1e-13)
    assert not torch.allclose(before, after)
    module[2] = nn.Linear(8, 1, dtype=torch.float64)
    torch.testing.assert_close(jt.apply("laplacian", module, points), jetc_value(module, points), rtol=0, atol=1e-13)


def jetc_value(module, points):
    return torch.from_numpy(jetc.Evaluator("laplacian", jetc.Network.from_torch(module))(points.numpy()))


def test_weights_that_are_computed_and_frozen_ones_are_fine(points):
    module = mlp([2, 8, 1])
    torch.nn.utils.parametrizations.weight_norm(module[0])
    module[2].weight.requires_grad_(False)
    (jt.apply("laplacian", module, points) ** 2).mean().backward()
    assert module[2].weight.grad is None
    assert all(parameter.grad is not None for parameter in module[0].parameters() if parameter is not module[0].bias)


def test_tensors_are_read_where_they_lie(points):
    module = mlp([2, 8, 1])
    columns = points.T.contiguous().T
    assert torch.equal(jt.apply("laplacian", module, columns), jt.apply("laplacian", module, points))
    with torch.no_grad():
        assert not jt.apply("laplacian", module, points).requires_grad


def test_other_devices_are_refused():
    with pytest.raises(ValueError, match="copy to the CPU first"):
        jt.apply("laplacian", mlp([2, 8, 1]), torch.empty(3, 2, device="meta"))
    with pytest.raises(ValueError, match="copy to the CPU first"):
        jt.apply("laplacian", mlp([2, 8, 1]).to("meta"), torch.zeros(3, 2, dtype=torch.float64))


def test_a_module_is_not_kept_alive(points):
    module = mlp([2, 8, 1])
    jt.apply("laplacian", module, points)
    seen = weakref.ref(module)
    del module
    gc.collect()
    assert seen() is None


def test_compiled_code_calls_it(points):
    module = mlp([2, 8, 1])

    @torch.compile(backend="eager")
    def loss(x):
        return (jt.apply("laplacian", module, x) ** 2).mean()

    expected = (jt.apply("laplacian", module, points) ** 2).mean()
    torch.testing.assert_close(loss(points), expected)


class Branching(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(2, 8, dtype=torch.float64)
        self.second = nn.Linear(8, 8, dtype=torch.float64)
        self.last = nn.Linear(8, 1, dtype=torch.float64)

    def forward(self, x):
        h = torch.tanh(self.first(x))
        return self.last(h + torch.tanh(self.second(h)))


def test_what_is_no_chain_goes_through_onnx(points):
    pytest.importorskip("onnxscript")
    torch.manual_seed(0)
    module = Branching()
    points.requires_grad_()
    found, expected = jt.apply(BURGERS, module, points), residual_by_torch(module, points)
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-12)
    leaves = [points, *module.parameters()]
    for mine, other in zip(torch.autograd.grad(found.sum(), leaves), torch.autograd.grad(expected.sum(), leaves, allow_unused=True)):
        torch.testing.assert_close(mine, torch.zeros_like(mine) if other is None else other, rtol=1e-9, atol=1e-9)


def test_what_cannot_be_carried_says_why():
    class Sorting(nn.Module):
        def forward(self, x):
            return x.sort(dim=-1).values

    with pytest.raises(jetc.ModelError, match="no chain of linear layers"):
        jt.network(Sorting())

"""Values: right, in place, in every type and shape, with the same bits whatever happens around them."""

import threading
import tracemalloc

import numpy as np
import pytest
from conftest import laplacian_of, make_layers

import jetc


@pytest.fixture(scope="module")
def laplacian(layers):
    return jetc.Evaluator("laplacian", jetc.Network.from_layers(layers))


def test_the_laplacian_is_that_of_the_textbook(laplacian, layers, points):
    results = laplacian(points)
    expected = laplacian_of(layers, points)
    assert results.shape == (1000, 1) and results.dtype == np.float64
    # A few hundred roundings in sums of numbers of size one.
    np.testing.assert_allclose(results, expected, rtol=0, atol=1e-13)


def test_column_major_points_are_read_row_by_row(laplacian, points):
    results = laplacian(points)
    assert np.array_equal(laplacian(np.asfortranarray(points)), results)
    assert np.array_equal(laplacian(np.ascontiguousarray(points.T).T), results)


def test_strides_of_any_kind_are_read(laplacian, points):
    results = laplacian(points)
    wide = np.zeros((1000, 4))
    wide[:, ::2] = points
    assert np.array_equal(laplacian(wide[:, ::2]), results)
    assert np.array_equal(laplacian(points[::-1]), results[::-1])
    shifted = np.zeros(points.nbytes + 1, np.uint8)[1:].view(np.float64).reshape(points.shape)
    shifted[...] = points
    assert not shifted.flags.aligned and np.array_equal(laplacian(shifted), results)


def test_the_type_of_the_points_is_that_of_the_results(laplacian, points):
    single = laplacian(points.astype(np.float32))
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, laplacian(points), rtol=0, atol=2e-5)


def test_types_are_never_converted_silently(layers, points):
    single = jetc.Evaluator("laplacian", jetc.Network.from_layers(layers), dtype=np.float32)
    with pytest.raises(TypeError, match="points are float64; expected float32"):
        single(points)
    with pytest.raises(TypeError, match="points are int64"):
        single(points.astype(np.int64))
    assert single([[0.5, 0.25]]).dtype == np.float32


def test_leading_axes_are_kept(laplacian, points):
    results = laplacian(points)
    assert np.array_equal(laplacian(points.reshape(10, 100, 2)), results.reshape(10, 100, 1))
    assert np.array_equal(laplacian(points[0]), results[0])
    assert laplacian(points[:0]).shape == (0, 1)


def test_row_major_arrays_are_not_copied(laplacian):
    points = np.random.default_rng(2).uniform(size=(200_000, 2))
    out = np.empty((200_000, 1))
    laplacian(points, out=out)

    def peak(points):
        tracemalloc.start()
        laplacian(points, out=out)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    assert peak(points) < 100_000
    assert peak(np.asfortranarray(points)) > points.nbytes // 2


def test_results_are_written_where_they_are_wanted(laplacian, points):
    out = np.full((1000, 1), np.nan)
    assert laplacian(points, out=out) is out
    assert np.array_equal(out, laplacian(points))
    for wrong in (np.empty((1000, 2)), np.empty((999, 1)), np.empty((1, 1000)).T[:, ::-1][::2]):
        with pytest.raises(ValueError, match="results in `out`"):
            laplacian(points, out=wrong)
    with pytest.raises(TypeError, match="results in `out` are float32"):
        laplacian(points, out=np.empty((1000, 1), np.float32))
    out.flags.writeable = False
    with pytest.raises(ValueError, match="cannot be written"):
        laplacian(points, out=out)
    both = np.zeros((10, 2))
    with pytest.raises(ValueError, match="cannot be written"):
        jetc.Evaluator({"coordinates": ["x", "y"], "outputs": {"a": "u_x", "b": "u_y"}}, laplacian.network)(both, out=both)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_threads_memory_and_company_do_not_change_a_bit(layers, dtype):
    network = jetc.Network.from_layers(make_layers([3, 48, 48, 2]))
    points = np.random.default_rng(3).uniform(-1, 1, (5000, 3)).astype(dtype)
    usual = jetc.Evaluator("biharmonic", network)(points)
    for settings in ({"threads": 1}, {"threads": 3}, {"memory": "256K"}, {"dtype": dtype}):
        assert np.array_equal(jetc.Evaluator("biharmonic", network, **settings)(points), usual), settings
    evaluator = jetc.Evaluator("biharmonic", network)
    for size in (1, 7, 33):
        parts = [evaluator(part) for part in np.array_split(points[:500], 500 // size)]
        assert np.array_equal(np.concatenate(parts), usual[:500])


def test_threads_share_an_evaluator(laplacian, points):
    rng = np.random.default_rng(4)
    vectors = [laplacian.parameters.flat * (1 + 0.1 * rng.normal()) for _ in range(8)]
    expected = [laplacian(points, parameters=vector) for vector in vectors]
    found = [None] * 8

    def work(number):
        found[number] = [laplacian(points, parameters=vectors[number]) for _ in range(20)]

    workers = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    for results, one in zip(found, expected):
        assert all(np.array_equal(result, one) for result in results)


def test_an_evaluator_says_what_it_is(laplacian):
    assert laplacian.columns == ["laplacian"] and laplacian.inputs == 2 and laplacian.channels == 4
    assert laplacian.plan.channels == 4 and laplacian.dtype is None
    assert repr(laplacian) == "<jetc.Evaluator laplacian: [N, 2] -> laplacian; 4 channels>"


def test_parameters_are_taken_flat_by_name_and_for_one_call(layers, points):
    network = jetc.Network.from_layers(layers)
    other = make_layers([2, 32, 32, 1], seed=9)
    expected = jetc.Evaluator("laplacian", jetc.Network.from_layers(other))(points)
    evaluator = jetc.Evaluator("laplacian", network)
    before = evaluator(points)
    flat = np.concatenate([part.ravel() for layer in other for part in layer])
    assert np.array_equal(evaluator(points, parameters=flat), expected)
    assert np.array_equal(evaluator(points), before)
    evaluator.set_parameters(flat)
    assert np.array_equal(evaluator(points), expected)
    assert np.array_equal(evaluator.parameters.flat, flat)
    evaluator.set_parameters(dict(network.parameters))
    assert np.array_equal(evaluator(points), before)
    evaluator.set_parameters({"layers.2.bias": np.ones(1)})
    assert evaluator.parameters["layers.2.bias"] == 1 and np.array_equal(evaluator(points), before)
    with pytest.raises(jetc.EvaluationError, match="has 1185 parameters, but 3 numbers"):
        evaluator.set_parameters(np.zeros(3))
    with pytest.raises(KeyError, match="no parameter 'nope'"):
        evaluator.set_parameters({"nope": 1})
    with pytest.raises(ValueError, match=r"layers.2.bias has shape \[2\]; expected \[1\]"):
        evaluator.set_parameters({"layers.2.bias": np.ones(2)})


def test_unknowns_get_values(layers, points):
    network = jetc.Network.from_layers(layers)
    open_ = jetc.Operator("u_t - nu*u_xx", coordinates=["x", "t"], unknown=["nu"])
    fixed = jetc.Operator("u_t - nu*u_xx", coordinates=["x", "t"], parameters={"nu": 0.3})
    evaluator = jetc.Evaluator(open_, network)
    with pytest.raises(jetc.EvaluationError, match="nu unknown"):
        evaluator(points)
    evaluator.set_unknowns({"nu": 0.3})
    np.testing.assert_allclose(evaluator(points), jetc.Evaluator(fixed, network)(points), atol=1e-13)
    assert np.array_equal(jetc.Evaluator(open_, network, unknowns=[0.3])(points), evaluator(points))
    with pytest.raises(KeyError, match="`mu` is no unknown"):
        evaluator.set_unknowns({"mu": 1})

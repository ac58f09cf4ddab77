"""What happens around a call: forks, signals, other threads, pickles."""

import multiprocessing
import pickle
import signal
import threading
import time

import numpy as np
import pytest
from conftest import make_layers

import jetc

LONG = 400_000


@pytest.fixture(scope="module")
def evaluator():
    return jetc.Evaluator("biharmonic", jetc.Network.from_layers(make_layers([3, 96, 96, 1])))


@pytest.fixture(scope="module")
def points():
    return np.random.default_rng(0).uniform(-1, 1, (LONG, 3))


def results_of(evaluator, points, queue):
    loss, gradient = evaluator.value_and_grad(points)
    queue.put((evaluator(points), loss, gradient))


@pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="there is no fork here")
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore:os.fork:RuntimeWarning")
def test_a_forked_child_computes(evaluator, points):
    few = points[:5000]
    expected, (loss, gradient) = evaluator(few), evaluator.value_and_grad(few)
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    child = context.Process(target=results_of, args=(evaluator, few, queue))
    child.start()
    try:
        found = queue.get(timeout=60)
    finally:
        child.join(10)
        child.kill()
    assert np.array_equal(found[0], expected) and found[1] == loss and np.array_equal(found[2], gradient)


class Alarm(Exception):
    pass


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there are no timers here")
@pytest.mark.parametrize("call", ["__call__", "value_and_grad", "jacobian"])
def test_a_signal_ends_a_call(evaluator, points, call):
    # Rows of a Jacobian are long: as many points as fit.
    points = points[:12_000] if call == "jacobian" else points

    def ring(*_):
        raise Alarm

    before = signal.signal(signal.SIGALRM, ring)
    start = time.monotonic()
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.1)
        with pytest.raises(Alarm):
            for _ in range(1000):
                getattr(evaluator, call)(points)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    # A whole call takes seconds; a block and a look for signals a twentieth each, on a machine that is not busy.
    assert time.monotonic() - start < 2.0
    # And the next one works.
    assert np.isfinite(evaluator(points[:100])).all()


def test_other_threads_run_during_a_call(evaluator, points):
    done, ticks = threading.Event(), []

    def tick():
        while not done.is_set():
            ticks.append(time.monotonic())
            time.sleep(0.002)

    thread = threading.Thread(target=tick)
    thread.start()
    evaluator(points[:60_000])
    done.set()
    thread.join()
    assert len(ticks) > 10


def test_an_evaluator_goes_through_a_pickle(evaluator, points):
    few = points[:100]
    settings = {"dtype": "float64", "threads": 1, "memory": "8M", "strategy": "collapsed"}
    other = jetc.Evaluator("biharmonic", evaluator.network, **settings)
    other.set_parameters(evaluator.parameters.flat * 1.5)
    again = pickle.loads(pickle.dumps(other))
    assert np.array_equal(again(few), other(few)) and again.plan.strategy == "collapsed" and again.dtype == "float64"


def test_a_spawned_pool_of_processes_computes(evaluator, points):
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        found = pool.map(evaluator, [points[:50], points[50:100]])
    assert np.array_equal(np.concatenate(found), evaluator(points[:100]))

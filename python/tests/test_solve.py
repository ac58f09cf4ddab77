"""Problems solved from Python."""

import signal

import numpy as np
import pytest

import jetc

DECAY = {
    "name": "decay",
    "coordinates": ["t"],
    "domain": {"t": [0, 1]},
    "equations": {"decay": "u_t = -u"},
    "conditions": {"start": {"at": "t = 0", "require": "u = 1"}},
    "solution": {"u": "exp(-t)"},
    "network": {"hidden": [8]},
}


def test_a_solution_is_a_network_with_its_history(tmp_path):
    seen = []
    solution = jetc.solve(DECAY, steps=30, folder=tmp_path / "decay", callback=seen.append)
    points = np.linspace(0, 1, 11)[:, None]
    assert solution.errors["u"] < 1e-4
    # The largest error is not far from the error in L².
    np.testing.assert_allclose(solution(points), np.exp(-points), atol=1e-3)
    assert np.abs(solution.evaluator("u_t + u")(points)).max() < 1e-2
    assert [state["step"] for state in seen] == list(range(1, 1 + solution.summary["steps"]))
    assert seen[-1]["loss"] == solution.loss and set(seen[-1]["terms"]) == {"decay", "start"}
    assert solution.history["loss"][-1] == solution.loss
    assert (tmp_path / "decay" / "checkpoint.safetensors").is_file()
    assert "<svg" in solution._repr_html_() and repr(solution).startswith("<jetc.Solution decay: ")


def test_texts_and_paths_are_problems_and_runs_go_on(tmp_path):
    text = "\n".join(f"{key}: {value}" for key, value in DECAY.items()).replace("'", "")
    (tmp_path / "decay.yaml").write_text(text)
    whole = jetc.solve(tmp_path / "decay.yaml", steps=12)
    jetc.solve(text, steps=5, folder=tmp_path / "run")
    parts = jetc.solve(text, steps=12, folder=tmp_path / "run", resume=True)
    assert np.array_equal(parts.network.parameters.flat, whole.network.parameters.flat)
    whole.save(tmp_path / "copy")
    assert (tmp_path / "copy" / "model.yaml").is_file()


def test_a_callback_ends_a_run():
    solution = jetc.solve(DECAY, time="60s", callback=lambda state: state["step"] == 3)
    assert solution.stopped == "interrupted" and solution.summary["steps"] == 3


def test_what_a_callback_raises_is_raised():
    def fail(state):
        raise LookupError("enough")

    with pytest.raises(LookupError, match="enough"):
        jetc.solve(DECAY, steps=10, callback=fail)


def test_a_signal_ends_a_run_and_leaves_its_files(tmp_path):
    problem = {**DECAY, "train": {"method": "adam"}}

    def ring(*_):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, ring)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        with pytest.raises(KeyboardInterrupt):
            jetc.solve(problem, 60, folder=tmp_path / "run")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert (tmp_path / "run" / "summary.json").is_file()


def test_mistakes_in_a_problem_are_underlined():
    with pytest.raises(jetc.SpecError, match=r"\^") as caught:
        jetc.solve({**DECAY, "equations": {"decay": "u_t = -v"}})
    assert caught.value.diagnostics
    with pytest.raises(ValueError, match="the time is `soon`"):
        jetc.solve(DECAY, "soon")


def test_losses_are_plotted():
    pytest.importorskip("matplotlib").use("Agg")
    axes = jetc.solve(DECAY, steps=3).plot()
    assert [line.get_label() for line in axes.get_lines()] == ["loss", "decay", "start"]

"""Differential equations solved by networks."""

from __future__ import annotations

import csv
import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import _jetc
from ._documents import read
from ._jetc import Evaluator, Network, Operator

#: What a listener hears of a step: step, seconds, method, loss, gradient_norm, terms, errors, unknowns.
State = dict[str, Any]


def solve(
    problem: Any,
    time: float | str | None = None,
    *,
    steps: int | None = None,
    folder: Any = None,
    resume: bool = False,
    threads: int | None = None,
    callback: Callable[[State], Any] | None = None,
    progress: bool | None = None,
) -> Solution:
    """Fits a network to a differential equation.

    `problem` is a problem file: YAML text, a path, or a dict of what the file would say. `time` (seconds, or "60s", "5min") and
    `steps` bound the run, in place of what the problem says. `folder` is filled with the network, the history, a summary,
    pictures and a checkpoint, from which `resume=True` goes on with the same bits; without it they are kept as long as the
    solution is.

    `callback` hears of every step, a dict with `step`, `seconds`, `method`, `loss`, `gradient_norm`, `terms`, `errors` and
    `unknowns`, and ends the run by returning True. `progress` shows a line about it; by default on terminals and in
    notebooks. Ctrl-C ends after the step at work, writes everything into `folder`, and raises KeyboardInterrupt.

    Mistakes in the problem raise `jetc.SpecError`, which underlines them.
    """
    name, text, beside = read(problem, "problem")
    seconds = _jetc.duration(time) if isinstance(time, str) else time
    kept = tempfile.TemporaryDirectory(prefix="jetc-") if folder is None else None
    where = Path(kept.name) if kept else Path(folder)
    line = Line(_is_watched() if progress is None else progress)

    def listen(reason: str | None, state: State) -> bool:
        line.show(reason, state)
        return reason is None and callback is not None and callback(state) is True

    try:
        summary, stopped, coordinates, fields = _jetc.solve(
            name, text, beside, str(where), seconds, steps, resume, threads, listen
        )
    finally:
        line.end()
    return Solution(where, json.loads(summary), stopped, coordinates, fields, kept)


class Solution:
    """A network that solves a problem, and how it was found.

    Called with points [..., n] in the order of `coordinates` it gives the fields, [..., fields]. `network` goes into any
    evaluator. `loss`, `errors` (relative in L², by field, where the solution is known), `unknowns`, `stopped` (why), `history`
    (arrays by name) and `summary` tell of the run; `folder` has its files.
    """

    def __init__(
        self, folder: Path, summary: dict[str, Any], stopped: str, coordinates: list[str], fields: list[str], kept: Any
    ) -> None:
        self.folder = folder
        self.summary = summary
        self.stopped = stopped
        self.coordinates = coordinates
        self.fields = fields
        self.network = Network.open(folder / "model.yaml")
        self._kept = kept
        self._values: Evaluator | None = None

    @property
    def loss(self) -> float:
        return float(self.summary["loss"])

    @property
    def errors(self) -> dict[str, float]:
        return dict(self.summary.get("relative_l2", {}))

    @property
    def unknowns(self) -> dict[str, float]:
        return dict(self.summary["unknowns"])

    @property
    def history(self) -> dict[str, NDArray[np.float64]]:
        """Columns of numbers by name: step, seconds, loss, and more."""
        with open(self.folder / "history.csv", newline="", encoding="utf-8") as file:
            names, *rows = csv.reader(file)
        table = np.array(rows, dtype=np.float64).reshape(-1, len(names))
        return dict(zip(names, table.T, strict=True))

    def __call__(self, points: Any) -> NDArray[Any]:
        """The fields at points: [..., n] -> [..., fields]."""
        if self._values is None:
            self._values = self.evaluator({field: field for field in self.fields})
        return self._values(points)

    def evaluator(self, outputs: str | Mapping[str, str], **settings: Any) -> Evaluator:
        """An evaluator of formulas in the coordinates and fields of the problem, such as "u_t - u_xx"."""
        operator = Operator(outputs, coordinates=self.coordinates, fields=self.fields)
        return Evaluator(operator, self.network, **settings)

    def save(self, folder: Any) -> None:
        """Copies everything into a folder."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)

    def plot(self, axes: Any = None) -> Any:
        """The loss of each term over the steps, by matplotlib."""
        from matplotlib import pyplot

        axes = pyplot.subplots()[1] if axes is None else axes
        history = self.history
        for name in ["loss", *self.summary["terms"]]:
            axes.semilogy(history["step"], history[name], label=name, linewidth=2 if name == "loss" else 1)
        axes.set_xlabel("step")
        axes.legend()
        return axes

    def _repr_html_(self) -> str:
        pictures = [self.folder / f"{name}.svg" for name in ("solution", "loss")]
        drawn = "".join(f"<div>{picture.read_text(encoding='utf-8')}</div>" for picture in pictures if picture.is_file())
        return f"<div>{repr(self)[1:-1]}</div>{drawn}"

    def __repr__(self) -> str:
        errors = "".join(f", error of {field} {error:.2e}" for field, error in self.errors.items())
        unknowns = "".join(f", {name} = {value:.8g}" for name, value in self.unknowns.items())
        steps = self.summary["steps"]
        return f"<jetc.Solution {self.summary['name']}: {self.stopped} after {steps} steps, loss {self.loss:.2e}{errors}{unknowns}>"


def _is_watched() -> bool:
    return sys.stderr.isatty() or "ipykernel" in sys.modules


class Line:
    """A line that says where the run stands, ten times a second at most."""

    def __init__(self, is_shown: bool) -> None:
        self._is_shown = is_shown
        self._shown = -1.0
        self._width = 0

    def show(self, reason: str | None, state: State) -> None:
        if not self._is_shown:
            return
        if reason is not None:
            print(reason, file=sys.stderr)
        if reason is None and state["seconds"] < self._shown + 0.1:
            return
        self._shown = state["seconds"]
        parts = [f"step {state['step']}", f"loss {state['loss']:.2e}"]
        parts += [f"error of {field} {error:.1e}" for field, error in state["errors"].items()]
        parts += [f"{name} {value:.8g}" for name, value in state["unknowns"].items()]
        text = "  ".join([*parts, f"{state['seconds']:.0f} s"])
        print("\r" + text.ljust(self._width), end="", file=sys.stderr, flush=True)
        self._width = len(text)

    def end(self) -> None:
        if self._is_shown:
            print(file=sys.stderr)
